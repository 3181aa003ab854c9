"""As much of GitHub's REST API as comments and issues take, on 127.0.0.1, kept in memory."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from ci.git_server import answer

BOT = {"login": "github-actions[bot]", "type": "Bot"}
LONGEST = 65_536


@dataclass
class GitHub:
    """What the server holds, who asked for what, and what it is told to fail with."""

    url: str = ""
    comments: list[dict[str, Any]] = field(default_factory=list)
    issues: list[dict[str, Any]] = field(default_factory=list)
    requests: list[tuple[str, str]] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    failing: list[int] = field(default_factory=list)
    origin: Path | None = None
    contents: str = ""
    waiting: str = ""
    elsewhere: str = ""
    allowed: frozenset[str] = frozenset({"issues", "pull-requests"})

    def answer(self, method: str, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        """The status and the document for one request."""
        self.requests.append((method, path))
        if self.failing:
            return self.failing.pop(0), {"message": "as told"}
        parts = urlsplit(path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        match = re.fullmatch(r"/repos/octo/shop(/.*)", parts.path)
        if not match:
            return 404, {"message": "Not Found"}
        if method != "GET" and not self.allowed:
            return 403, {"message": "Resource not accessible by integration"}
        if len(str(body.get("body", ""))) > LONGEST:
            return 422, {"message": "body is too long"}
        return self._route(method, match[1], asked, body)

    def _route(
        self, method: str, path: str, asked: dict[str, str], body: dict[str, Any]
    ) -> tuple[int, Any]:
        if found := re.fullmatch(r"/issues/(\d+)/comments", path):
            mine = [each for each in self.comments if each["issue"] == int(found[1])]
            if method == "GET":
                return 200, page(mine, asked)
            return 201, self._keep(self.comments, {"issue": int(found[1]), **body})
        if found := re.fullmatch(r"/issues/comments/(\d+)", path):
            return self._change(self.comments, "id", int(found[1]), body)
        if found := re.fullmatch(r"/issues/(\d+)", path):
            return self._change(self.issues, "number", int(found[1]), body)
        if path == "/issues" and method == "GET":
            label = asked.get("labels")
            mine = [each for each in self.issues if each["state"] == asked.get("state", "open")]
            return 200, page([each for each in mine if label in each["labels"]], asked)
        if path == "/issues":
            number = 100 + len(self.issues)
            return 201, self._keep(self.issues, {"state": "open", "number": number, **body})
        return 404, {"message": "Not Found"}

    def _keep(self, where: list[dict[str, Any]], thing: dict[str, Any]) -> dict[str, Any]:
        where.append({"id": 1 + len(where), "user": BOT, **thing})
        return where[-1]

    def _change(
        self, where: list[dict[str, Any]], name: str, value: int, body: dict[str, Any]
    ) -> tuple[int, Any]:
        for each in where:
            if each[name] == value:
                each.update(body)
                return 200, each
        return 404, {"message": "Not Found"}


def page(things: list[dict[str, Any]], asked: dict[str, str]) -> list[dict[str, Any]]:
    size, number = int(asked.get("per_page", 30)), int(asked.get("page", 1))
    return things[(number - 1) * size : number * size]


@contextmanager
def served() -> Iterator[GitHub]:
    """A server of its own, gone with the context."""
    github = GitHub()

    class Handler(BaseHTTPRequestHandler):
        def do(self) -> None:
            if self.path.startswith("/oidc?"):  # who a job is, for whom it asks
                self.wfile.write(b'HTTP/1.0 200 OK\r\n\r\n{"value": "wh0-i-am"}')
                return
            if github.origin and ".git/" in self.path:
                answer(self, github.origin, github.contents)
                return
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else {}
            github.tokens.add(self.headers.get("Authorization", ""))
            status, document = github.answer(self.command, self.path, body)
            text = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            if github.waiting and status >= 400:
                self.send_header("Retry-After", github.waiting)
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_PATCH = do  # noqa: N815  (the names that the server looks for)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: the test says what matters."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    github.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield github
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
