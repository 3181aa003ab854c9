"""The front door: open a tenant, talk to it, look inside, and make it misbehave."""

import secrets
import time
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx

from tenantctl.sandbox import fresh, identity
from tenantctl.sandbox.api import COLLECTIONS, SINGLETONS
from tenantctl.sandbox.app import App, SandboxTransport, make_app
from tenantctl.sandbox.behaviour import Bucket, Clock, Delays, Fault, Hostility
from tenantctl.sandbox.copies import copied
from tenantctl.sandbox.documents import public
from tenantctl.sandbox.machine import Machine, Request, RequestHook, count_requests
from tenantctl.sandbox.recordings import Recorded, prepare
from tenantctl.sandbox.refusal import Refusal, SandboxError
from tenantctl.sandbox.settings import Settings, dumped, loaded, read_features, steered
from tenantctl.sandbox.snapshots import restored, seed, taken
from tenantctl.sandbox.store import Document, Store
from tenantctl.sandbox.subscriptions import included
from tenantctl.sandbox.tokens import EVERY_SCOPE, issue
from tenantctl.sandbox.wire import Call, Tenant

DAY = 24 * 3600


class Sandbox:
    """An Auth0 tenant in this process, kept in one SQLite file or in memory.

    `clock` gives seconds since the epoch; token lifetimes, rate limits and delays follow it.
    `on_request(n, phase)` is called around the n-th request, counted from 1, with `before` and
    `after`: what it raises ends the request there. `delays` and `faults` that are assigned are kept
    in the file, for whatever process opens it next; `delays` given here are not.

    Raises SandboxError where the file is not a sandbox of this version, or of another domain.
    """

    def __init__(
        self,
        domain: str,
        path: Path | None = None,
        *,
        clock: Clock = time.time,
        buckets: Iterable[Bucket] = (),
        delays: Delays | None = None,
        hostility: Hostility | None = None,
        on_request: RequestHook | None = None,
    ) -> None:
        self.domain = domain
        self.path = path
        self._store = Store(path)
        kept = self._store.meta("settings")
        settings = loaded(kept)
        now = steered(lambda: self._tenant.settings, clock)
        self._tenant = Tenant(self._store, domain, settings, now)
        key = self._open(domain)
        given = {"buckets": tuple(buckets), "delays": delays, "hostility": hostility}
        for name, value in given.items():
            if value:
                setattr(settings, name, value)
        self._machine = Machine(tenant=self._tenant, key=key, kept=kept, on_request=on_request)

    @cached_property
    def app(self) -> App:
        """The ASGI app, for a server or for a transport."""
        return make_app(self._machine)

    def transport(self, admitted: str = "") -> httpx.AsyncBaseTransport:
        """A transport for httpx into this tenant; faults are raised as httpx's exceptions.

        Whoever asks for a token is the client *admitted*, which may do everything and need not be
        there, where it is given.
        """
        token = self._issued(admitted, EVERY_SCOPE) if admitted else ""
        return SandboxTransport(self._machine, token)

    @property
    def log(self) -> list[Request]:
        """The last requests since this object was made, oldest first."""
        return list(self._machine.log)

    def clear_log(self) -> None:
        self._machine.log.clear()

    @property
    def faults(self) -> list[Fault]:
        """What goes wrong; each process that opens the file counts matching requests anew."""
        return self._tenant.settings.faults

    @faults.setter
    def faults(self, faults: list[Fault]) -> None:
        self._set(faults=faults)

    @property
    def buckets(self) -> tuple[Bucket, ...]:
        return self._tenant.settings.buckets

    @buckets.setter
    def buckets(self, buckets: Iterable[Bucket]) -> None:
        self._set(buckets=tuple(buckets))

    @property
    def delays(self) -> Delays:
        return self._tenant.settings.delays

    @delays.setter
    def delays(self, delays: Delays) -> None:
        self._set(delays=delays)

    @property
    def hostility(self) -> Hostility | None:
        return self._tenant.settings.hostility

    @hostility.setter
    def hostility(self, hostility: Hostility | None) -> None:
        self._set(hostility=hostility)

    @property
    def features(self) -> frozenset[str]:
        """What the subscription includes; raises SandboxError where a name is unknown."""
        return self._tenant.settings.features

    @features.setter
    def features(self, features: Iterable[str]) -> None:
        self._set(features=read_features(list(features)))

    def subscribe(self, subscription: str) -> None:
        """Features and rate limits of a subscription. Raises SandboxError where it is unknown."""
        features, buckets = included(subscription)
        self._set(features=features, buckets=buckets)

    def now(self) -> float:
        """The tenant's time, in seconds since the epoch."""
        return self._tenant.clock()

    def advance(self, seconds: float) -> None:
        """Moves the tenant's time on, or back."""
        settings = self._tenant.settings
        if settings.frozen is None:
            self._set(offset=settings.offset + seconds)
        else:
            self._set(frozen=settings.frozen + seconds)

    def freeze(self, at: float | None = None) -> None:
        """Stops the tenant's time, now or at a time of its own."""
        self._set(frozen=self.now() if at is None else at)

    def thaw(self) -> None:
        """Lets the tenant's time run with the real one again."""
        self._set(frozen=None, offset=0.0)

    def token(self, scopes: Iterable[str] | None = None) -> str:
        """An access token for the Management API, with these scopes or every one, for a day."""
        scope = EVERY_SCOPE if scopes is None else " ".join(scopes)
        return self._issued(self._tool().client_id, scope)

    def _issued(self, client_id: str, scope: str) -> str:
        return issue(
            self._tenant,
            self._machine.key,
            client_id,
            audience=self._tenant.audience,
            scope=scope,
            lifetime=DAY,
        )

    def serve_at(self, base: str) -> None:
        """Makes `base` another URL of the tenant: clients make audiences of the URL they call."""
        self._tenant.bases |= {base.rstrip("/")}

    def reset(self, recorded: Recorded | None = None) -> None:
        """A fresh tenant again, with the same credentials for the tool's own client.

        With `recorded`, a tenant in which a recording of Auth0's traffic can begin. Raises
        SandboxError where `recorded` is nothing of the sort, and changes nothing then.
        """
        before = self._tenant.settings
        try:
            with self._store.transaction():
                self._store.clear()
                self._tenant.settings = Settings()
                fresh.furnish(self._tenant, self._tool())
                if recorded is not None:
                    prepare(self._tenant, recorded)
                self._keep_settings()
        except BaseException:
            self._tenant.settings = before
            raise
        self.clear_log()

    def seed(self, documents: dict[str, dict[str, Document]]) -> None:
        """Documents by kind and id, stored past the API; those that are there are replaced.

        What a create fills in is filled in. A document that belongs to another carries the other's
        id as `_parent`. Raises SandboxError for kinds that the API does not have, and stores
        nothing then.
        """
        with self._store.transaction():
            seed(self._tenant, documents)

    def copy(self, reads: Iterable[Any], features: Iterable[str] | None = None) -> None:
        """The tenant in which *reads* (path, query, status, body) were answered, and no other.

        Nothing is in it that they did not show. It has these *features*, or every one, but for
        those that the reads show to be missing, and no rate limits. Raises SandboxError where they
        are no reads, or a feature is unknown, and changes nothing then.
        """
        before = self._tenant.settings
        try:
            with self._store.transaction():
                self._store.clear()
                self._tenant.settings = Settings()
                if features is not None:
                    self._tenant.settings.features = read_features(list(features))
                copied(self._tenant, reads)
                self._keep_settings()
        except BaseException:
            self._tenant.settings = before
            raise
        self.clear_log()

    def snapshot(self) -> Document:
        """Everything the tenant holds, secrets in clear, as JSON for `restore`."""
        return taken(self._tenant)

    def restore(self, snapshot: Document) -> None:
        """The tenant as it was when the snapshot was taken; its domain and credentials stay.

        Raises SandboxError where it is no snapshot of this version, and changes nothing then.
        """
        with self._store.transaction():
            self._tenant.settings = restored(self._tenant, snapshot)
            self._keep_settings()

    def status(self) -> dict[str, Any]:
        """What the tenant holds and how often it was asked; requests survive in the file.

        `requests` has a count per method, `TOKEN` for tokens given, and `writes` for the changes
        that succeeded.
        """
        return {
            "domain": self.domain,
            "path": str(self.path) if self.path else None,
            "time": identity.timestamp(self.now()),
            "features": sorted(self.features),
            "resources": self._store.counts(),
            "requests": count_requests(self._store),
        }

    def credentials(self) -> tuple[str, str]:
        """Client id and secret of the tool's own client, which may do everything."""
        tool = self._tool()
        assert tool.client_secret is not None
        return tool.client_id, tool.client_secret

    def provision(
        self, name: str, scopes: Iterable[str], public_key_pem: str | None = None
    ) -> tuple[str, str | None]:
        """Another machine-to-machine client with these scopes of the Management API.

        With a public key it authenticates by signed assertion, and has no secret.
        """
        with self._store.transaction():
            made = fresh.add_machine(self._tenant, {"name": name}, tuple(scopes), public_key_pem)
        return made.client_id, made.client_secret

    def documents(self, kind: str) -> dict[str, Document]:
        """Everything of a kind by id, secrets in clear: for tests that check what was done.

        A singleton stands under the empty id, with its defaults where nothing was written.
        """
        found = {row.id: public(row.document) for row in self._store.rows(kind)}
        singleton = SINGLETONS.get(kind)
        if singleton is not None and "{" not in singleton.path and not found:
            return {"": singleton.defaults}
        return found

    def put(self, kind: str, id: str, document: Document, *, parent: str = "") -> None:
        """Writes past the API, as if in the dashboard; nothing is checked or filled in."""
        collection = COLLECTIONS.get(kind)
        if collection is not None:
            document = {collection.id: id, **document}
        with self._store.transaction():
            self._store.put(kind, id, document, parent)

    def edit(self, kind: str, id: str, changes: Document) -> None:
        """Sets top-level fields past the API; None takes a field away.

        Raises SandboxError where there is nothing of that id.
        """
        with self._store.transaction():
            singleton = SINGLETONS.get(kind)
            old = self._store.get(kind, id) or (singleton.defaults if singleton else None)
            if old is None:
                raise SandboxError(f"the sandbox has no {kind} {id!r}")
            new = {name: value for name, value in {**old, **changes}.items() if value is not None}
            self._store.put(kind, id, {**new, "_writes": old.get("_writes", 0) + 1})

    def drop(self, kind: str, id: str) -> None:
        """Deletes past the API, with whatever hangs on it.

        Raises SandboxError where there is nothing of that id, or Auth0 would not let it go.
        """
        with self._store.transaction():
            document = self._store.get(kind, id)
            if document is None:
                raise SandboxError(f"the sandbox has no {kind} {id!r}")
            collection = COLLECTIONS.get(kind)
            if collection is not None:
                call = Call(self._tenant, "DELETE", {"id": id}, {}, None, frozenset())
                try:
                    collection.cascade(call, document)
                except Refusal as refusal:
                    raise SandboxError(refusal.message) from None
            self._store.delete(kind, id)

    def close(self) -> None:
        self._store.close()

    def _set(self, **changes: Any) -> None:
        """Changes settings, here and for whoever opens the file next."""
        with self._store.transaction():
            self._tenant.settings = replace(self._tenant.settings, **changes)
            self._keep_settings()

    def _keep_settings(self) -> None:
        self._machine.kept = dumped(self._tenant.settings)
        self._store.set_meta("settings", self._machine.kept)

    def _tool(self) -> fresh.Credentials:
        client_id = self._store.meta("client_id")
        assert client_id is not None
        return fresh.Credentials(client_id, self._store.meta("client_secret"))

    def _open(self, domain: str) -> bytes:
        """Makes a new tenant or greets an old one; answers the key that signs its tokens."""
        with self._store.transaction():
            known = self._store.meta("domain")
            if known is None:
                self._store.set_meta("domain", domain)
                self._store.set_meta("key", secrets.token_hex(32))
                self._store.set_meta("client_id", identity.alphanumeric())
                self._store.set_meta("client_secret", identity.secret())
                fresh.furnish(self._tenant, self._tool())
            elif known != domain:
                raise SandboxError(
                    f"{self.path} holds the tenant {known}, not {domain}. Name another file."
                )
            return bytes.fromhex(self._store.meta("key") or "")
