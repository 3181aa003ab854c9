"""Secrets: which keywords are some, and names in place of all values."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count, pairwise

from tenantctl.foreign.deploy_cli.asset import Piece
from tenantctl.foreign.deploy_cli.keywords import WHOLE, Keyword, adjacent
from tenantctl.foreign.deploy_cli.leaves import Spot, changed, leaves, variables, with_secrets
from tenantctl.foreign.item import Made, MadeList
from tenantctl.foreign.keys import named
from tenantctl.kinds import KINDS
from tenantctl.model import ABSENT, MASK, Note, Path, Secret, Text, Value, Var, dotted, is_secret

TELLING = {"SECRET", "SECRETS", "PASSWORD", "PASSWD", "PASS", "PWD", "PASSPHRASE", "CREDENTIALS"}
TELLING |= {"TOKEN", "APIKEY", "PRIVATEKEY", "PW"}
PAIRS = {
    ("PRIVATE", "KEY"),
    ("API", "KEY"),
    ("ACCESS", "KEY"),
    ("SIGNING", "KEY"),
    ("WRITE", "KEY"),
}
PAIRS |= {("SERVER", "KEY"), ("ENCRYPTION", "KEY"), ("MASTER", "KEY"), ("ACCOUNT", "KEY")}
HARMLESS = {"URL", "URI", "URLS", "URIS", "ENDPOINT", "LIFETIME", "POLICY", "ID", "IDS", "NAME"}
HARMLESS |= {"NAMES", "TTL", "EXPIRY", "EXPIRATION", "HOST", "ENABLED", "LENGTH", "SECONDS", "TYPE"}
HARMLESS |= {"MINUTES", "HOURS", "DAYS", "RESET", "PATH", "PAGE", "SUBJECT", "TEMPLATE", "AUDIENCE"}
HARMLESS |= {"DIALECT", "ALG", "SIZE", "HISTORY", "STRENGTH", "DOMAIN", "EMAIL", "SCOPE", "SCOPES"}
HIDDEN = "_VALUE_NOT_SHOWN_"
"""What exports have in place of secrets, or nothing at all."""
CODE = {"code", "html", "liquid"}
STANDS_FOR = re.compile(r"redacted|your[-_ ]|replace|change[-_ ]?me|example|<", re.IGNORECASE)
LONG = 10
"""Least length of a secret that is looked for in texts which are not known to be made of it."""


def says_secret(keyword: str) -> bool:
    """Whether the name of a keyword says that its value is secret."""
    parts = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", keyword).upper()
    words = [word for word in re.split(r"[^A-Z0-9]+", parts) if word]
    pairs = set(pairwise(words))
    return bool(words) and words[-1] not in HARMLESS and bool(TELLING & {*words} or PAIRS & pairs)


@dataclass(slots=True)
class Uses:
    """How variables are used: *told* secret by their names, as a *whole* secret field, in *public*.

    Code is none of these: what is secret elsewhere is secret there.
    """

    told: set[str] = field(default_factory=set)
    whole: set[str] = field(default_factory=set)
    public: set[str] = field(default_factory=set)

    def add(self, pieces: Iterable[Piece], keywords: Iterable[Keyword]) -> None:
        """What one environment uses."""
        self.told |= {v for k in keywords if says_secret(k.name) for v in _variables(k)}
        for piece in pieces:
            for spot, value in leaves(Spot(KINDS[piece.kind], piece.fields), piece.fields):
                names = set(variables(value))
                if not names or spot.rule.text in CODE:
                    continue
                whole = isinstance(value, Made) and not isinstance(value.source, Text)
                if spot.rule.secret and whole:
                    self.whole |= names
                elif not spot.rule.secret:
                    self.public |= names

    @property
    def secret(self) -> frozenset[str]:
        """The variables that are secret."""
        return frozenset(self.told | (self.whole - self.public))


def _variables(keyword: Keyword) -> Iterator[str]:
    """Of a keyword with a value that can be a secret."""
    if isinstance(keyword.value, str | list) and keyword.value:
        yield keyword.variable
        yield keyword.text_variable


def telling(value: str, public: Collection[str]) -> bool:
    """Whether a secret can be told by its *value* wherever it stands.

    It cannot if it is short, only stands for a value, or is that of a *public* keyword as well.
    """
    return len(value) >= LONG and value not in public and not STANDS_FOR.search(value)


def forms(value: str) -> Iterator[str]:
    """What of a *value* may stand somewhere: all of it, as JSON has it, and its parts in YAML.

    A part that is no mixture of letters and digits may as well be a word that anybody writes.
    """
    yield value
    yield json.dumps(value)[1:-1]
    parts = re.split(r"[\s,\[\]{}\"']+", value)
    yield from (part for part in parts if re.search(r"[0-9]", part) and re.search(r"\D", part))


@dataclass(slots=True)
class Names:
    """Names of secrets, the same in all environments for the same place."""

    taken: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def of_keywords(self, keywords: Iterable[str]) -> dict[str, str]:
        """The name of each keyword as a secret."""
        return {name: self.free(shouted(name), ("keyword", name)) for name in sorted(keywords)}

    def free(self, stem: str, place: tuple[str, ...]) -> str:
        names = (stem if n == 1 else f"{stem}_{n}" for n in count(1))
        name = next(n for n in names if self.taken.get(n, place) == place)
        self.taken[name] = place
        return name

    def of_place(self, piece: Piece, spot: Spot) -> str:
        """The name of the secret at a place: of what it belongs to, and what it is there."""
        owner = next((named(n) for n in (*piece.names, *piece.owners[:1])), piece.kind)
        words = [part for part in spot.said if not part.isdigit()]
        said = words[-2:] if words[-1] in {"value", "key", "secret", "password"} else words[-1:]
        stem = (
            owner if words == ["value"] else f"{owner}_{'_'.join(w for w in said if w != 'value')}"
        )
        return self.free(shouted(stem), (piece.kind, owner, *piece.owners[1:], *spot.said))


def shouted(text: str) -> str:
    words = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", text)
    name = re.sub(r"[^A-Za-z0-9]+", "_", words).strip("_").upper() or "SECRET"
    return f"S_{name}" if name[0].isdigit() else name


@dataclass(slots=True)
class Sealing:
    """One environment on its way: *secrets* are the names of secret variables, *names* of others.

    *values* are those of secret keywords, which must not stand anywhere; *texts* those of all
    variables.
    """

    secrets: Mapping[str, str]
    names: Names
    values: Collection[str]
    texts: Mapping[str, str]
    notes: list[Note] = field(default_factory=list)

    def sealed(self, piece: Piece) -> Iterator[Piece]:
        """*piece* without any secret's value, and what it needs besides."""
        added: dict[str, Secret] = {}
        piece = supplied(piece)
        kind = KINDS[piece.kind]

        def change(spot: Spot, value: Value) -> Value:
            if spot.rule.text in CODE and isinstance(value, str):
                return self.code(piece, spot, value, added)
            return self.leaf(piece, spot, value)

        fields = changed(Spot(kind, piece.fields), piece.fields, change)
        if added and piece.kind == "connections":
            options = fields["options"]
            configuration = {**options.get("configuration", {}), **added}
            fields = {**fields, "options": {**options, "configuration": configuration}}
        yield replace(piece, fields=fields)
        if piece.kind == "rules":
            for name, secret in added.items():
                yield Piece("rules_configs", {"value": secret}, piece.asset, (name,), (name,))

    def leaf(self, piece: Piece, spot: Spot, value: Value) -> Value:
        source = value.source if isinstance(value, Made | MadeList) else value
        source = with_secrets(source, self.secrets)
        if spot.rule.secret:
            return self.secret(piece, spot, value, source)
        if is_secret(source) or (isinstance(value, str) and self.holds(value)):
            message = f"{called(piece)}: {dotted(spot.said)} holds a secret that everybody can read"
            help = "it was left out: keep it where Auth0 hides it, or call the keyword otherwise"
            self.say(piece, spot, "mistake", message, help)
            return ABSENT
        if isinstance(value, str) and not isinstance(value, Made):
            return self.plain(piece, spot, value)
        return value

    def holds(self, text: str) -> bool:
        return any(each in text for each in self.values)

    def plain(self, piece: Piece, spot: Spot, value: str) -> Value:
        """A text that is no secret, unless an export or a marker only stands for one."""
        if WHOLE.fullmatch(value) and not any(part.isdigit() for part in spot.path):
            return ABSENT  # as there, and the marker itself has been noted
        if MASK.fullmatch(value) and "VALUE_NOT_SHOWN" in value:
            message = f"{called(piece)}: {dotted(spot.said)} was hidden by the export"
            self.say(piece, spot, "loss", message, "it was left out: write what it is")
            return ABSENT
        return value

    def secret(self, piece: Piece, spot: Spot, value: Value, source: Value) -> Value:
        """What stands where a secret belongs: its name. Nothing where nothing is said."""
        if is_secret(source):
            return source
        if isinstance(value, Secret) or value is None:
            return value
        if value in ("", [], {}) and not isinstance(value, Made):
            return ABSENT
        marker = isinstance(value, str) and not isinstance(value, Made) and WHOLE.fullmatch(value)
        if marker:
            name = self.names.free(shouted(value.strip("#@")), ("keyword", value.strip("#@")))
            why = "no mapping of this environment has the keyword"
        elif isinstance(value, Made):
            name, why = (
                self.names.of_place(piece, spot),
                "it is made of keywords that are used elsewhere",
            )
        else:
            name = self.names.of_place(piece, spot)
            hidden = isinstance(value, str) and MASK.fullmatch(value.strip())
            why = "no export shows it" if hidden else "its value stands in the file"
        message = f"{called(piece)}: {dotted(spot.said)} is a secret, and {why}"
        self.say(piece, spot, "secret", message, f"supply its value as {name}")
        return Secret(name)

    def code(self, piece: Piece, spot: Spot, value: str, added: dict[str, Secret]) -> Value:
        """Code and templates, which hold no secrets: scripts read them where Auth0 keeps them."""
        source = with_secrets(value.source, self.secrets) if isinstance(value, Made) else value
        if not is_secret(source):
            if not self.holds(value):
                return value
            source = None
        place = dotted(spot.said)
        can = piece.kind == "rules" or spot.path[:2] == ("options", "customScripts")
        found = configured(source) if can and isinstance(source, Text) else None
        if found is None:
            help = "it was left out: take the secret out of the file, and let Auth0 keep it"
            message = f"{called(piece)}: {place} holds a secret"
            self.say(piece, spot, "loss", message, help)
            return ABSENT
        message = f"{called(piece)}: {place} reads its secrets from configuration now"
        where = "settings of rules" if piece.kind == "rules" else "options.configuration"
        self.say(piece, spot, "guess", message, f"they are {where}, which Auth0 keeps to itself")
        parts, secrets = found
        added.update(secrets)
        text = "".join(self.texts[p.name] if isinstance(p, Var) else str(p) for p in parts)
        return text if len(parts) == 1 else Made.of(text, Text(parts))

    def say(self, piece: Piece, spot: Spot, level: str, message: str, help: str) -> None:
        note = piece.note(level, message, spot.path, help)
        if note not in self.notes:
            self.notes.append(note)


def configured(source: Text) -> tuple[tuple[str | Value, ...], dict[str, Secret]] | None:
    """The parts of *source* with `configuration.K` for every literal that is a secret.

    And these secrets; None if one of them is no literal of its own.
    """
    parts = list(source.parts)
    found: dict[str, Secret] = {}
    for index, part in enumerate(parts):
        if not isinstance(part, Secret):
            continue
        before = parts[index - 1] if index else ""
        after = parts[index + 1] if index + 1 < len(parts) else ""
        if not isinstance(before, str) or not isinstance(after, str):
            return None
        quote = before[-1:]
        if quote not in {"'", '"', "`"} or after[:1] != quote:
            return None
        found[part.name] = part
        parts[index - 1], parts[index + 1] = before[:-1], after[1:]
        parts[index] = f"configuration.{part.name}"
    return adjacent(parts), found


def supplied(piece: Piece) -> Piece:
    """*piece* with a mask for every secret that is surely there, and that its file leaves out."""
    fields: Value = piece.fields
    for rule in KINDS[piece.kind].rules:
        if rule.secret and rule.sure_by and not set(rule.at) & {"[]", "*", "**"}:
            name, values = rule.sure_by
            shown = _at(fields, tuple(name.split("."))) if name else None
            if not name or (shown in values if values else shown is not None):
                fields = _with_mask(fields, rule.at)
    return replace(piece, fields=fields)


def _at(value: Value, path: Path) -> Value:
    for part in path:
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _with_mask(value: Value, path: Path) -> Value:
    """*value* with a mask at *path* if nothing stands there."""
    if not path:
        return HIDDEN if value is None else value
    inner = {} if value is None else value
    if not isinstance(inner, Mapping):
        return value
    return {**inner, path[0]: _with_mask(inner.get(path[0]), path[1:])}


def called(piece: Piece) -> str:
    """What people call what an item is made of."""
    name = next(iter((*piece.names, *piece.owners)), "")
    return named(name) if name else piece.kind
