"""An editor's side of the real yaml-language-server, over its standard input and output."""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

VERSION = "1.19.2"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tenantctl"
COMMAND = CACHE / f"yaml-language-server-{VERSION}" / "node_modules/.bin/yaml-language-server"
TAGS = (
    *("!var scalar", "!secret scalar", "!ref scalar", "!row scalar", "!file scalar"),
    *("!template scalar", "!append sequence", "!without sequence", "!unmanaged scalar"),
)
SETTINGS = {
    "yaml": {
        "validate": True,
        "hover": True,
        "completion": True,
        "customTags": TAGS,
        "schemaStore": {"enable": False},
        "kubernetesCRDStore": {"enable": False},
    }
}
PATIENCE = 60.0
Json = Any


@dataclass(slots=True)
class Editor:
    """A session with the server. *notices* are the diagnostics of each document, newest last."""

    process: subprocess.Popen[bytes]
    messages: queue.Queue[Json]
    notices: dict[str, list[Json]] = field(default_factory=dict)
    last: int = 0

    def ask(self, method: str, **params: Json) -> Json:
        """The answer to a request."""
        self.last += 1
        self.send({"id": self.last, "method": method, "params": params})
        found = self.until(lambda message: message.get("id") == self.last)
        assert "error" not in found, found["error"]
        return found["result"]

    def tell(self, method: str, **params: Json) -> None:
        self.send({"method": method, "params": params})

    def send(self, message: Json) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def until(self, wanted: Any) -> Json:
        """The first message that is *wanted*; others are heard and answered on the way."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            message = self.messages.get(timeout=max(0.1, end - time.monotonic()))
            if message.get("method") == "textDocument/publishDiagnostics":
                params = message["params"]
                self.notices.setdefault(params["uri"], []).append(params["diagnostics"])
            elif "method" in message and "id" in message:
                self.send({"id": message["id"], "result": answer(message)})
            if ("method" not in message or "uri" in message.get("params", {})) and wanted(message):
                return message
        raise AssertionError("the server is silent")

    def open(self, uri: str, text: str) -> list[Json]:
        """What the server says of a document when it is opened."""
        item = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self.tell("textDocument/didOpen", textDocument=item)
        found = self.until(lambda each: each.get("params", {}).get("uri") == uri)
        return found["params"]["diagnostics"]

    def change(self, uri: str, text: str) -> None:
        """A document is another one from now on."""
        document = {"uri": uri, "version": 2}
        self.tell("textDocument/didChange", textDocument=document, contentChanges=[{"text": text}])

    def complete(self, uri: str, line: int, column: int) -> list[str]:
        """The labels that are offered at a place; lines and columns count from 0."""
        place = {"textDocument": {"uri": uri}, "position": {"line": line, "character": column}}
        found = self.ask("textDocument/completion", **place)
        return [each["label"] for each in (found or {}).get("items", [])]

    def hover(self, uri: str, line: int, column: int) -> str:
        place = {"textDocument": {"uri": uri}, "position": {"line": line, "character": column}}
        found = self.ask("textDocument/hover", **place)
        return found["contents"]["value"] if found else ""


def answer(message: Json) -> Json:
    """What an editor answers to a server's request."""
    if message["method"] != "workspace/configuration":
        return None
    return [SETTINGS.get(item.get("section", ""), {}) for item in message["params"]["items"]]


def command() -> Path:
    """The installed server; skips where it is not. `make peer` installs it where node is."""
    if shutil.which("node") is None:
        pytest.skip("needs node")
    if not COMMAND.exists():
        pytest.skip(f"needs yaml-language-server {VERSION}: make peer")
    return COMMAND


@contextmanager
def editing(root: Path) -> Iterator[Editor]:
    """An editor that has *root* open."""
    process = subprocess.Popen(
        [str(command()), "--stdio"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    messages: queue.Queue[Json] = queue.Queue()
    threading.Thread(target=_listen, args=(process, messages), daemon=True).start()
    editor = Editor(process, messages)
    capabilities = {
        "textDocument": {
            "completion": {"completionItem": {"snippetSupport": True}},
            "hover": {"contentFormat": ["markdown", "plaintext"]},
            "publishDiagnostics": {},
        },
        "workspace": {"configuration": True, "didChangeConfiguration": {}},
    }
    folder = {"uri": root.as_uri(), "name": root.name}
    editor.ask(
        "initialize",
        processId=os.getpid(),
        rootUri=root.as_uri(),
        workspaceFolders=[folder],
        capabilities=capabilities,
    )
    editor.tell("initialized")
    editor.tell("workspace/didChangeConfiguration", settings=SETTINGS)
    try:
        yield editor
    finally:
        process.kill()
        process.wait(timeout=10)
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()


def _listen(process: subprocess.Popen[bytes], messages: queue.Queue[Json]) -> None:
    assert process.stdout
    while True:
        size = 0
        try:
            while (line := process.stdout.readline().strip()) or not size:
                if not line and process.poll() is not None:
                    return
                name, _, value = line.partition(b":")
                size = int(value) if name.lower() == b"content-length" else size
            messages.put(json.loads(process.stdout.read(size)))
        except ValueError:  # the pipe was closed
            return
