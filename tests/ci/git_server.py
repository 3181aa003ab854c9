"""A private repository over HTTP: Git's own server behind a token, as a host of Git has it."""

from __future__ import annotations

import os
import subprocess
from base64 import b64decode
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import urlsplit


def answer(request: BaseHTTPRequestHandler, origin: Path, access: str) -> None:
    """Answer one *request* to the bare repository *origin*; the token `token` has *access*.

    Without a token 401, with another one or too little of access 403, as GitHub.
    """
    word = request.headers.get("Authorization", "").rpartition(" ")[2]
    token = b64decode(word).decode().partition(":")[2]
    needs = {"write"} if "git-receive-pack" in request.path else {"read", "write"}
    if token != "token" or access not in needs:
        request.send_response(403 if token else 401)
        request.send_header("WWW-Authenticate", "Basic")
        request.end_headers()
        return
    body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
    head, _, rest = _asked(request, origin, body).partition(b"\r\n\r\n")
    lines = dict(line.split(": ", 1) for line in head.decode().splitlines())
    request.send_response(int(lines.pop("Status", "200").split()[0]))
    for name, value in lines.items():
        request.send_header(name, value)
    request.end_headers()
    request.wfile.write(rest)


def _asked(request: BaseHTTPRequestHandler, origin: Path, body: bytes) -> bytes:
    parts = urlsplit(request.path)
    inside = "/".join(parts.path.split("/")[3:])  # behind the owner and the repository
    environ = {
        "PATH": os.environ["PATH"],
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": request.headers.get("Content-Type", ""),
        "GIT_HTTP_EXPORT_ALL": "1",
        "GIT_PROTOCOL": request.headers.get("Git-Protocol", ""),
        "HTTP_CONTENT_ENCODING": request.headers.get("Content-Encoding", ""),
        "PATH_TRANSLATED": f"{origin}/{inside}",
        "PATH_INFO": f"/{inside}",
        "QUERY_STRING": parts.query,
        "REMOTE_USER": "token",  # without a user nothing is received
        "REQUEST_METHOD": request.command,
    }
    backend = ["git", "http-backend"]
    done = subprocess.run(backend, input=body, env=environ, capture_output=True, check=True)
    return done.stdout
