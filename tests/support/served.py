"""`tenantctl sandbox serve` in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

LONGEST = 30
"""Seconds that a server may take to end."""


@dataclass(frozen=True)
class Server:
    """A server that has told its tenants, and a client for each of them."""

    process: subprocess.Popen[str]
    tenants: dict[str, dict[str, Any]]

    def client(self, name: str, **options: Any) -> httpx.Client:
        """A client of a tenant's API with a token for everything."""
        told = self.tenants[name]
        return httpx.Client(
            base_url=told["base_url"],
            headers={"authorization": f"Bearer {told['token']}"},
            verify=context(told["ca_file"]) if told["ca_file"] else True,
            **options,
        )

    def tell(self, name: str, method: str, thing: str, given: Any = None) -> Any:
        """The answer of a tenant's administration."""
        with self.client(name) as client:
            answer = client.request(
                method, f"{self.tenants[name]['admin_url']}/{thing}", json=given
            )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def end(self, by: signal.Signals = signal.SIGTERM) -> int:
        """Ends the server; its exit code."""
        self.process.send_signal(by)
        return self.process.wait(LONGEST)


def context(ca_file: str) -> ssl.SSLContext:
    """Trust in one authority and no other."""
    return ssl.create_default_context(cafile=ca_file)


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "tenantctl", "sandbox", "serve", *arguments]


@contextmanager
def started(folder: Path, *arguments: str) -> Iterator[Server]:
    """A server in *folder* as soon as it is ready; it is killed if the test does not end it."""
    environ = {**os.environ, "PYTHONWARNINGS": "error"}
    with subprocess.Popen(
        command("--json", "--port", "0", *arguments),
        cwd=folder,
        stdout=subprocess.PIPE,
        text=True,
        env=environ,
    ) as process:
        try:
            assert process.stdout is not None
            first = json.loads(process.stdout.readline())
            count = sum(each == "--tenant" for each in arguments) or 1
            lines = [first, *(json.loads(process.stdout.readline()) for _ in range(count - 1))]
            yield Server(process, {line["tenant"]: line for line in lines})
        finally:
            process.kill()
