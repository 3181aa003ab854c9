"""A live tenant on this machine, behind a proxy, with a certificate of its own authority."""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import trustme

from support.applied import one_width, project
from support.project import Project, copy_of_repository

__all__ = ["one_width", "project"]

DOMAIN = "hearthhollow-prod.tenants.invalid"
ENV = "environments/hearthhollow/prod.yaml"
PLAN, APPLY = ("plan-id", "plan-s3cret-canary"), ("apply-id", "apply-s3cret-canary")
VARIABLES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")
LIMIT = {"x-ratelimit-limit": "50", "x-ratelimit-remaining": "49", "x-ratelimit-reset": "0"}


@dataclass
class Tenant:
    """What the tenant says, and what it was asked."""

    scopes: dict[str, list[str]] = field(default_factory=dict)
    ahead: float = 0.0
    seconds: float = 0.0
    document: Any = field(default_factory=lambda: {"issuer": f"https://{DOMAIN}/"})
    limit: dict[str, str] = field(default_factory=lambda: dict(LIMIT))
    asked: list[tuple[str, str]] = field(default_factory=list)

    def answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        self.asked.append((method, path))
        if path == "/.well-known/openid-configuration":
            return 200, self.document
        if path == "/oauth/token":
            if (body["client_id"], body.get("client_secret")) not in {PLAN, APPLY}:
                return 401, {"error": "access_denied", "error_description": f"no: {body}"}
            scope = " ".join(self.scopes[body["client_id"]])
            return 200, {"access_token": "tok3n-canary", "expires_in": 60, "scope": scope}
        return 200, {"friendly_name": "Shop"}


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def tenant(authority, monkeypatch, tmp_path_factory) -> Iterator[Tenant]:
    """The tenant, and the proxy that leads there, set as a person would."""
    found = Tenant()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(DOMAIN).configure_cert(context)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_CONNECT(self) -> None:
            assert self.path == f"{DOMAIN}:443"
            self.send_response(200)
            self.end_headers()
            try:
                self.connection = context.wrap_socket(self.connection, server_side=True)
            except (ssl.SSLError, OSError):
                self.close_connection = True
                return
            self.rfile = self.connection.makefile("rb")
            self.wfile = self.connection.makefile("wb", buffering=0)
            with suppress(OSError):
                while not self.close_connection:
                    self.handle_one_request()
            self.rfile.close()
            self.wfile.close()
            self.connection.close()
            self.close_connection = True

        def date_time_string(self, timestamp: float | None = None) -> str:
            assert timestamp is None
            return formatdate(time.time() - found.ahead, usegmt=True)

        def _any(self) -> None:
            size = int(self.headers.get("content-length") or 0)
            body = json.loads(self.rfile.read(size) or b"null")
            time.sleep(found.seconds)
            status, said = found.answer(self.command, self.path.partition("?")[0], body)
            data = json.dumps(said).encode()
            self.send_response(status)
            for name, value in {**found.limit, "content-length": str(len(data))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = _any  # noqa: N815 - http.server looks for these

    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    trusted = tmp_path_factory.mktemp("authority") / "ca.pem"
    authority.cert_pem.write_to_path(trusted)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{server.server_address[1]}")
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        try:
            yield found
        finally:
            server.shutdown()
            thread.join(5)


@pytest.fixture(scope="session")
def needed(tmp_path_factory) -> dict[str, list[str]]:
    """The scopes that prod needs, by what for."""
    shop = copy_of_repository(tmp_path_factory.mktemp("scopes"))
    jobs = ("plan", "apply", "check")
    return {each: shop.ok("scopes", "prod", "--for", each).out.split() for each in jobs}


@pytest.fixture
def live(project: Project, tenant: Tenant, needed, monkeypatch) -> Project:
    """prod as an environment of that tenant, with credentials and secrets that are there."""
    path = project.root / ENV
    text = path.read_text().replace("domain: embedded", f"domain: {DOMAIN}")
    text = text.replace("from: generated", "from: env:SHOP_SECRET")
    credentials = (
        "\ncredentials:\n"
        "  plan: {client_id: env:PLAN_ID, client_secret: env:PLAN_SECRET}\n"
        "  apply: {client_id: env:APPLY_ID, client_secret: env:APPLY_SECRET}\n"
    )
    path.write_text(text + credentials)
    names = ("PLAN_ID", "PLAN_SECRET", "APPLY_ID", "APPLY_SECRET", "SHOP_SECRET")
    for name, value in zip(names, (*PLAN, *APPLY, "shop-s3cret-canary"), strict=True):
        monkeypatch.setenv(name, value)
    tenant.scopes = {PLAN[0]: sorted({*needed["plan"], *needed["check"]})}
    tenant.scopes[APPLY[0]] = list(needed["apply"])
    return project
