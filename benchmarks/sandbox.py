"""What the sandbox answers in a second, in process and over TLS, and what memory it keeps.

The client runs on the same machine, so a rate over TLS is that of both together.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import ssl
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from tenantctl.sandbox import Sandbox

RUNS = 5
CONNECTIONS = 16
PER_RUN = 2000
LONG_RUN = 100_000


def in_process() -> float:
    """GET by id per second through httpx into the sandbox; the median of five runs."""
    return asyncio.run(_in_process())


async def _in_process() -> float:
    sandbox = Sandbox("bench.sandbox.invalid")
    headers = {"authorization": f"Bearer {sandbox.token(['read:clients'])}"}
    url = f"https://bench/api/v2/clients/{sandbox.credentials()[0]}"
    async with httpx.AsyncClient(transport=sandbox.transport(), headers=headers) as client:
        rates = []
        for _ in range(RUNS + 1):
            begun = time.perf_counter()
            for _ in range(PER_RUN):
                answer = await client.get(url)
            rates.append(PER_RUN / (time.perf_counter() - begun))
            if answer.status_code != 200:
                raise SystemExit(answer.text)
    sandbox.close()
    return statistics.median(rates[1:])


def served(requests: int = PER_RUN * RUNS) -> float:
    """GET by id per second over TLS with 16 connections; the median of five runs."""
    with _server() as (told, _):
        rates = [asyncio.run(_load(told, requests // RUNS)) for _ in range(RUNS + 1)]
    return statistics.median(rates[1:])


def memory(requests: int = LONG_RUN) -> tuple[float, float]:
    """Resident megabytes of a server after a tenth of the requests, and after all of them."""
    with _server() as (told, process):
        asyncio.run(_load(told, requests // 10))
        before = _resident(process)
        asyncio.run(_load(told, requests - requests // 10))
        return before, _resident(process)


@contextmanager
def _server() -> Iterator[tuple[dict[str, Any], int]]:
    """A server of a tenant in memory, and its process id."""
    command = [sys.executable, "-m", "tenantctl", "sandbox", "serve", "--memory", "--json"]
    with subprocess.Popen(  # noqa: S603 - our own command
        [*command, "--port", "0"], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline()), process.pid
        finally:
            process.terminate()


async def _load(told: dict[str, Any], requests: int) -> float:
    """Requests per second that the connections get answered, one at a time on each."""
    trust = ssl.create_default_context(cafile=told["ca_file"])
    base = urlsplit(told["base_url"])
    wanted = await _request(told, trust)
    share = requests // CONNECTIONS
    begun = time.perf_counter()
    await asyncio.gather(*(_ask(base.port or 0, trust, wanted, share) for _ in range(CONNECTIONS)))
    return share * CONNECTIONS / (time.perf_counter() - begun)


async def _request(told: dict[str, Any], trust: ssl.SSLContext) -> bytes:
    """The bytes of a GET of one client."""
    headers = {"authorization": f"Bearer {told['token']}"}
    async with httpx.AsyncClient(verify=trust, headers=headers) as client:
        listed = await client.get(f"{told['base_url']}/api/v2/clients", params={"per_page": 1})
    path = f"/api/v2/clients/{listed.json()[0]['client_id']}"
    lines = [f"GET {path} HTTP/1.1", "host: bench", f"authorization: {headers['authorization']}"]
    return "\r\n".join([*lines, "", ""]).encode()


async def _ask(port: int, trust: ssl.SSLContext, wanted: bytes, times: int) -> None:
    """The same request again and again over one connection; SystemExit unless it is answered."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trust)
    for _ in range(times):
        writer.write(wanted)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(head.decode())
        await reader.readexactly(int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]))
    writer.transport.abort()


def _resident(process: int) -> float:
    """Megabytes that a process holds in memory."""
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


def main() -> None:
    """Print every figure with its bound."""
    cores = os.cpu_count()
    print(f"sandbox: median of {RUNS} runs, client on the same {cores} cores")
    over_tls = f"GET by id over TLS, {CONNECTIONS} connections"
    print(f"{'GET by id in process':<45} {in_process():7.0f} /s   at least 1500 /s")
    print(f"{over_tls:<45} {served():7.0f} /s   at least 800 /s")
    if sys.platform == "linux":
        before, after = memory()
        told = f"{before:.0f} MB, then {after:.0f} MB"
        print(f"{f'{LONG_RUN:,} requests over TLS':<45} {told}   flat")


if __name__ == "__main__":
    main()
