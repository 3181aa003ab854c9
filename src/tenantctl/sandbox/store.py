"""The SQLite file of one tenant: documents by kind and id, events, counters of requests.

A document is the JSON of one object, with whatever the sandbox keeps for itself under keys that
start with an underscore. Every request is one transaction. The file is in WAL mode, so a process
that is killed leaves either all of a request or nothing of it.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from tenantctl.sandbox.refusal import SandboxError

Document = dict[str, Any]

VERSION = 2
KEPT_EVENTS = 5000
_EVENTS = """
create table events (
  sequence integer primary key autoincrement,
  id text not null unique, date text not null, type text not null, body text not null
);
create index events_by_date on events (date);
"""
_SCHEMA = (
    """
create table meta (name text primary key, value text not null);
create table documents (
  sequence integer primary key autoincrement,
  kind text not null, id text not null, parent text not null default '', body text not null
);
create unique index documents_by_id on documents (kind, id);
create index documents_by_parent on documents (kind, parent, sequence);
create table requests (
  method text not null, status integer not null, count integer not null,
  primary key (method, status)
);
"""
    + _EVENTS
)


@dataclass(frozen=True, slots=True)
class Row:
    """A stored document and where it stands: rows are listed in the order of `sequence`.

    The text is parsed when asked for: a page of a long list needs few of its documents.
    """

    sequence: int
    id: str
    parent: str
    text: str

    @property
    def document(self) -> Document:
        found: Document = json.loads(self.text)
        return found


class Store:
    """Documents of one tenant. Not safe for threads; the sandbox serializes its requests."""

    def __init__(self, path: Path | None) -> None:
        """Opens or creates the file; in memory where `path` is None.

        Raises SandboxError where the file is not a sandbox of this version.
        """
        self._connection = _connect(path)
        self._changed: list[tuple[str, str, Row | None]] = []
        self._last_write: list[tuple[str, str, Row | None]] = []

    def close(self) -> None:
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of the block or, where it raises, nothing."""
        self._connection.execute("begin immediate")
        self._changed = []
        try:
            yield
        except BaseException:
            self._connection.execute("rollback")
            raise
        self._connection.execute("commit")
        if self._changed:
            self._last_write = self._changed

    @contextmanager
    def before_last_write(self) -> Iterator[None]:
        """The tenant as it was before the last request that wrote: what a lagging replica shows."""
        self._connection.execute("begin immediate")
        try:
            for kind, id, row in reversed(self._last_write):
                self._connection.execute(
                    "delete from documents where kind = ? and id = ?", (kind, id)
                )
                if row is not None:
                    self._insert(kind, row)
            yield
        finally:
            self._connection.execute("rollback")

    def get(self, kind: str, id: str) -> Document | None:
        row = self.row(kind, id)
        return row.document if row else None

    def put(
        self, kind: str, id: str, document: Document, parent: str = "", *, noted: bool = True
    ) -> None:
        """Creates or replaces; a replaced document keeps its place in the order.

        `noted` is False for what the sandbox writes down while it reads: no lag shows that.
        """
        row = self.row(kind, id)
        if noted:
            self._changed.append((kind, id, row))
        if row is None:
            self._connection.execute(
                "insert into documents (kind, id, parent, body) values (?, ?, ?, ?)",
                (kind, id, parent, json.dumps(document)),
            )
        else:
            self._connection.execute(
                "update documents set body = ? where sequence = ?",
                (json.dumps(document), row.sequence),
            )

    def delete(self, kind: str, id: str) -> bool:
        """Whether there was something to delete."""
        row = self.row(kind, id)
        if row is None:
            return False
        self._changed.append((kind, id, row))
        self._connection.execute("delete from documents where sequence = ?", (row.sequence,))
        return True

    def rows(self, kind: str, parent: str | None = None) -> list[Row]:
        """Every row of a kind, oldest first; below one parent where it is given."""
        query = "select sequence, id, parent, body from documents where kind = ?"
        values = [kind]
        if parent is not None:
            query += " and parent = ?"
            values.append(parent)
        found = self._connection.execute(query + " order by sequence", values)
        return [Row(*values) for values in found]

    def find(self, kind: str, field: str, value: str, parent: str = "") -> Row | None:
        """The first row whose top-level field has this value."""
        found = self._connection.execute(
            "select sequence, id, parent, body from documents"
            " where kind = ? and parent = ? and json_extract(body, '$.' || ?) = ?"
            " order by sequence limit 1",
            (kind, parent, field, value),
        ).fetchone()
        return Row(*found) if found else None

    def everything(self) -> list[list[Any]]:
        """Kind, id, parent and body of every document, in order."""
        rows = self._connection.execute(
            "select kind, id, parent, body from documents order by sequence"
        )
        return [[kind, id, parent, json.loads(body)] for kind, id, parent, body in rows]

    def counts(self) -> dict[str, int]:
        """Number of documents by kind."""
        return dict(
            self._connection.execute(
                "select kind, count(*) from documents group by kind order by kind"
            )
        )

    def meta(self, name: str) -> str | None:
        found = self._connection.execute(
            "select value from meta where name = ?", (name,)
        ).fetchone()
        return str(found[0]) if found else None

    def set_meta(self, name: str, value: str) -> None:
        self._connection.execute("insert or replace into meta values (?, ?)", (name, value))

    def changes(self) -> list[tuple[str, str, Document | None, Document | None]]:
        """What this transaction has changed so far: kind, id, before and after, None for nothing.

        A document that changed more than once counts once, from first to last.
        """
        first: dict[tuple[str, str], Row | None] = {}
        for kind, id, row in self._changed:
            first.setdefault((kind, id), row)
        return [
            (kind, id, row.document if row else None, self.get(kind, id))
            for (kind, id), row in first.items()
        ]

    def add_event(self, id: str, date: str, type: str, document: Document) -> None:
        """Appends to the tenant's log, which forgets all but the newest events."""
        found = self._connection.execute(
            "insert into events (id, date, type, body) values (?, ?, ?, ?)",
            (id, date, type, json.dumps(document)),
        )
        oldest = (found.lastrowid or 0) - KEPT_EVENTS
        self._connection.execute("delete from events where sequence <= ?", (oldest,))

    def events(
        self, *, after: int = 0, limit: int = KEPT_EVENTS, newest_first: bool = False
    ) -> list[tuple[int, Document]]:
        """Events with their sequence numbers, those with a higher one than `after`."""
        order = "desc" if newest_first else "asc"
        found = self._connection.execute(
            f"select sequence, body from events where sequence > ? order by sequence {order} limit ?",  # noqa: S608, E501 - one of two words
            (after, limit),
        )
        return [(sequence, json.loads(body)) for sequence, body in found]

    def event(self, id: str) -> tuple[int, Document] | None:
        """The event of a log id, with its sequence number."""
        found = self._connection.execute(
            "select sequence, body from events where id = ?", (id,)
        ).fetchone()
        return (found[0], json.loads(found[1])) if found else None

    def next_event(self) -> int:
        """The sequence number that the next event will have."""
        found = self._connection.execute(
            "select seq from sqlite_sequence where name = 'events'"
        ).fetchone()
        return (found[0] if found else 0) + 1

    def version(self) -> int:
        """A number that changes when another process has written."""
        return int(self._connection.execute("pragma data_version").fetchone()[0])

    def count_request(self, method: str, status: int) -> None:
        self._connection.execute(
            "insert into requests values (?, ?, 1)"
            " on conflict (method, status) do update set count = count + 1",
            (method, status),
        )

    def request_counts(self) -> dict[tuple[str, int], int]:
        """Requests answered since the tenant was made, by method and status."""
        rows = self._connection.execute("select method, status, count from requests")
        return {(method, status): count for method, status, count in rows}

    def clear(self) -> None:
        """An empty tenant; identity and keys of the file stay."""
        self._connection.execute("delete from documents")
        self._connection.execute("delete from requests")
        self._connection.execute("delete from events")
        self._changed = []
        self._last_write = []

    def row(self, kind: str, id: str) -> Row | None:
        """A document together with its parent and its place in the order."""
        found = self._connection.execute(
            "select sequence, id, parent, body from documents where kind = ? and id = ?", (kind, id)
        ).fetchone()
        return Row(*found) if found else None

    def _insert(self, kind: str, row: Row) -> None:
        self._connection.execute(
            "insert into documents (sequence, kind, id, parent, body) values (?, ?, ?, ?, ?)",
            (row.sequence, kind, row.id, row.parent, row.text),
        )


def _connect(path: Path | None) -> sqlite3.Connection:
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)  # it holds secrets; SQLite gives its side files the same mode
    try:
        connection = sqlite3.connect(
            path or ":memory:", isolation_level=None, check_same_thread=False, timeout=30
        )
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = normal")
        _prepare(connection, path)
    except sqlite3.DatabaseError as error:
        # What the disk refuses is no reason to delete a tenant.
        way = " Name another file, or delete this one to start with a fresh tenant."
        if isinstance(error, sqlite3.OperationalError):
            way = " Look at the space left on its disk, and at its owner."
        raise SandboxError(f"{path} cannot be used as a sandbox: {error}.{way}") from error
    return connection


def _prepare(connection: sqlite3.Connection, path: Path | None) -> None:
    """Makes the tables of a new file; refuses a file of another version."""
    connection.execute("begin immediate")
    try:
        version = connection.execute("pragma user_version").fetchone()[0]
        tables = connection.execute("select count(*) from sqlite_master").fetchone()[0]
        missing = _SCHEMA if version == 0 and tables == 0 else _EVENTS if version == 1 else ""
        for statement in filter(str.strip, missing.split(";")):
            connection.execute(statement)
        if missing:
            connection.execute(f"pragma user_version = {VERSION}")
        elif version != VERSION:
            _refuse_version(path, version)
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        connection.close()
        raise


def _refuse_version(path: Path | None, version: int) -> NoReturn:
    raise SandboxError(
        f"{path} holds a sandbox of version {version}, this tenantctl reads version {VERSION}."
        " Delete the file to start with a fresh tenant, or use the tenantctl that made it."
    )
