"""Mapping files: the configuration of auth0-deploy-cli for one environment, or bare keywords."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from tenantctl.errors import FilesError, Problem
from tenantctl.foreign.deploy_cli.nodes import (
    Node,
    Unparsable,
    doubles,
    nearest,
    of_json,
    of_yaml,
    plain,
)
from tenantctl.model import Json, Note

KEYWORDS = "AUTH0_KEYWORD_REPLACE_MAPPINGS"
ACCESS = ("AUTH0_DOMAIN", "AUTH0_CLIENT_ID", "AUTH0_CLIENT_SECRET", "AUTH0_AUDIENCE")
"""Options that are as well the names of keywords in many a mapping."""
NAMED = {
    "AUTH0_EXCLUDED_RULES": "rules",
    "AUTH0_EXCLUDED_CLIENTS": "clients",
    "AUTH0_EXCLUDED_DATABASES": "databases",
    "AUTH0_EXCLUDED_CONNECTIONS": "connections",
    "AUTH0_EXCLUDED_RESOURCE_SERVERS": "resourceServers",
}
OPTIONS = (
    KEYWORDS,
    *NAMED,
    "AUTH0_ACCESS_TOKEN",
    "AUTH0_ALLOW_DELETE",
    "AUTH0_API_MAX_RETRIES",
    "AUTH0_BASE_PATH",
    "AUTH0_CLIENT_SIGNING_ALGORITHM",
    "AUTH0_CLIENT_SIGNING_KEY_PATH",
    "AUTH0_CONNECTIONS_DIRECTORY",
    "AUTH0_DEBUG",
    "AUTH0_DRY_RUN",
    "AUTH0_DRY_RUN_APPLY",
    "AUTH0_DRY_RUN_INTERACTIVE",
    "AUTH0_EXCLUDED",
    "AUTH0_EXCLUDED_DEFAULTS",
    "AUTH0_EXCLUDE_THIRD_PARTY_CLIENTS",
    "AUTH0_EXPERIMENTAL_EA",
    "AUTH0_EXPORT_IDENTIFIERS",
    "AUTH0_EXPORT_ORDERED",
    "AUTH0_EXPORT_SECRETS",
    "AUTH0_IGNORE_DRY_RUN_FIELDS",
    "AUTH0_INCLUDED_CONNECTIONS",
    "AUTH0_INCLUDED_ONLY",
    "AUTH0_INPUT_FILE",
    "AUTH0_LOG",
    "AUTH0_MAX_RETRIES",
    "AUTH0_PRESERVE_KEYWORDS",
    "AUTH0_RETRY_INITIAL_DELAY_MS",
    "AUTH0_RETRY_MAX_DELAY_MS",
    "EXCLUDED_PROPS",
    "INCLUDED_PROPS",
)
HASHES = re.compile(r"##(.+)##|@@(.+)@@")
HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(\.(?!-)[a-z0-9-]{1,63})+(:\d+)?")
PLACEHOLDER = re.compile(r"your|replace|change-?me|placeholder|^<|tenant-?name", re.IGNORECASE)
LARGEST = 5_000_000


@dataclass(frozen=True, slots=True)
class Settings:
    """What a mapping *file* says. *excluded* and *included* are types, *names* of one type.

    *base* is where files beside a YAML file are looked for, as it is written; *folder* that of the
    mapping file. *only_connections* is empty where all are meant.
    """

    keywords: Mapping[str, Json] = field(default_factory=dict)
    domain: str = ""
    excluded: frozenset[str] = frozenset()
    included: frozenset[str] = frozenset()
    names: Mapping[str, frozenset[str]] = field(default_factory=dict)
    only_connections: frozenset[str] = frozenset()
    first_party_only: bool = False
    base: str = ""
    connections_folder: str = ""
    file: str = ""
    places: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    folder: Path | None = None
    notes: tuple[Note, ...] = ()


def read_mapping(path: Path) -> Settings:
    """The settings of *path*. Raises FilesError where it is no such file."""
    root = _parsed(path)
    if not isinstance(root.value, dict):
        message = "a mapping must be an object of keywords, or the configuration of a0deploy"
        raise FilesError([Problem(path.name, root.line, root.column, message)])
    said = plain(root)
    reading = _Reading(path, root)
    configuration = _is_configuration(said)
    keywords = reading.keywords(said) if configuration else dict(said)
    if configuration and said.keys() <= set(ACCESS):
        keywords = {k: v for k, v in said.items() if k != "AUTH0_CLIENT_SECRET"}
    keywords = reading.without_hashes(keywords)
    options = said if configuration else {}
    notes = (*reading.notes, *_told(path, root, options)) if configuration else reading.notes
    names = {of: _texts(options.get(option)) for option, of in NAMED.items()}
    return Settings(
        keywords=keywords,
        domain=_domain(said.get("AUTH0_DOMAIN")) or _domain(keywords.get("AUTH0_DOMAIN")),
        excluded=_texts(options.get("AUTH0_EXCLUDED")),
        included=_texts(options.get("AUTH0_INCLUDED_ONLY")),
        names={of: each for of, each in names.items() if each},
        only_connections=_texts(options.get("AUTH0_INCLUDED_CONNECTIONS")),
        first_party_only=_true(options.get("AUTH0_EXCLUDE_THIRD_PARTY_CLIENTS")),
        base=_text(options.get("AUTH0_BASE_PATH")),
        connections_folder=_text(options.get("AUTH0_CONNECTIONS_DIRECTORY")),
        file=path.name,
        places={name: _place(root, name) for name in keywords},
        folder=path.resolve().parent,
        notes=tuple(notes),
    )


def _place(root: Node, keyword: str) -> tuple[int, int]:
    """Line and column of a keyword, as far as it has one in this file."""
    inside = nearest(root, (KEYWORDS,))
    home = inside if isinstance(inside.value, dict) else root
    marks = (keyword, f"##{keyword}##", f"@@{keyword}@@")
    found = next((home.value[mark] for mark in marks if mark in home.value), None)
    return (found.line, found.column) if found else (0, 0)


def _parsed(path: Path) -> Node:
    try:
        data = path.read_bytes()
    except OSError as error:
        message = f"the mapping cannot be read: {error.strerror}"
        raise FilesError([Problem(str(path), 0, 0, message)]) from None
    if len(data) > LARGEST:
        raise FilesError([Problem(str(path), 0, 0, f"a mapping of {len(data):,} bytes")])
    text = data.decode("utf-8-sig", "replace")
    try:
        return of_yaml(text) if path.suffix in {".yaml", ".yml"} else of_json(text)
    except Unparsable as error:
        help = "write an object of keywords, or the configuration of a0deploy, as JSON"
        problem = Problem(path.name, error.line, error.column, error.message, help)
        raise FilesError([problem]) from None


def _is_configuration(said: Mapping[str, Json]) -> bool:
    """Whether these are options of auth0-deploy-cli, and not keywords alone."""
    return bool(said.keys() & (set(OPTIONS) - set(ACCESS))) or (
        bool(said) and said.keys() <= set(ACCESS)
    )


@dataclass(slots=True)
class _Reading:
    """A mapping file on its way, and what is to be said of it."""

    path: Path
    root: Node
    notes: list[Note] = field(default_factory=list)

    def say(self, level: str, message: str, path: tuple[str, ...], help: str) -> None:
        at = nearest(self.root, path)
        self.notes.append(Note(level, message, self.path.name, at.line, at.column, help))

    def keywords(self, said: Mapping[str, Json]) -> dict[str, Json]:
        """The keywords of a configuration: an object, the JSON of one, or a file with one."""
        found = said.get(KEYWORDS)
        if isinstance(found, str) and found.strip():
            return self.elsewhere(found.strip())
        if found and not isinstance(found, Mapping):
            self.say("mistake", f"{KEYWORDS} must be an object", (KEYWORDS,), "")
        return dict(found) if isinstance(found, Mapping) else {}

    def elsewhere(self, said: str) -> dict[str, Json]:
        if said.startswith("{"):
            try:
                found = json.loads(said)
            except ValueError:
                found = None
        else:
            message = f"{KEYWORDS} is the name of a file, of which auth0-deploy-cli reads nothing"
            self.say("mistake", message, (KEYWORDS,), "put the keywords themselves there")
            found = self.file(said)
        if isinstance(found, dict):
            return found
        message = f"{KEYWORDS} holds no keywords that can be read"
        self.say("mistake", message, (KEYWORDS,), "write an object of keywords")
        return {}

    def file(self, name: str) -> Json:
        """The keywords in a file beside the mapping, or beside its folder."""
        home = self.path.resolve().parent
        for folder in (home, home.parent):
            place = (folder / name).resolve()
            if place.is_relative_to(home.parent) and place.is_file():
                return plain(_parsed(place))
        return None

    def without_hashes(self, keywords: Mapping[str, Json]) -> dict[str, Json]:
        """*keywords* by their names, also those that are written as markers."""
        found = {}
        for name, value in keywords.items():
            marker = HASHES.fullmatch(name)
            if marker:
                bare = marker[1] or marker[2]
                path = (KEYWORDS, name) if KEYWORDS in self.root.value else (name,)
                message = f"the keyword {name} is written as a marker, so nothing is replaced by it"
                self.say("mistake", message, path, f"write {bare}, as which it was read here")
                name = bare  # noqa: PLW2901
            if name:
                found[name] = value
        for name, line, column in doubles(self.root):
            message = f"{name} stands twice, the last one counts"
            self.notes.append(Note("mistake", message, self.path.name, line, column))
        return found


def _told(path: Path, root: Node, options: Mapping[str, Json]) -> Iterator[Note]:
    """What a person should know about the options of a configuration."""

    def note(level: str, message: str, option: str, help: str = "") -> Note:
        at = nearest(root, (option,))
        return Note(level, message, path.name, at.line, at.column, help)

    for option in options:
        if option.startswith("AUTH0_") and option not in {*OPTIONS, *ACCESS}:
            near = get_close_matches(option, [*OPTIONS, *ACCESS], n=1, cutoff=0.85)
            help = f"did you mean {near[0]}?" if near else "take it out"
            yield note("mistake", f"auth0-deploy-cli has no option {option}", option, help)
    if _true(options.get("AUTH0_ALLOW_DELETE")):
        message = "AUTH0_ALLOW_DELETE lets auth0-deploy-cli delete whatever is not in the files"
        help = "here nothing is deleted that was not declared before; see policy in environments"
        yield note("hint", message, "AUTH0_ALLOW_DELETE", help)
    if "AUTH0_DOMAIN" in options and not _domain(options["AUTH0_DOMAIN"]):
        message = "AUTH0_DOMAIN is no domain yet"
        yield note("hint", message, "AUTH0_DOMAIN", "write domain into the environment's file")
    if {"AUTH0_EXCLUDED", "AUTH0_INCLUDED_ONLY"} <= options.keys():
        message = "AUTH0_EXCLUDED and AUTH0_INCLUDED_ONLY exclude each other"
        yield note("mistake", message, "AUTH0_INCLUDED_ONLY", "keep one of them")
    kept = options.get("EXCLUDED_PROPS")
    connections = kept.get("connections") if isinstance(kept, Mapping) else None
    if connections and isinstance(connections, list):
        message = (
            f"EXCLUDED_PROPS: a0deploy lets connections keep {', '.join(map(str, connections))}"
        )
        help = "what the files say of them was taken over; take it out to leave them alone"
        yield note("hint", message, "EXCLUDED_PROPS", help)


def _domain(value: Json) -> str:
    """A host, without scheme and path; empty for what only stands for one."""
    if not isinstance(value, str):
        return ""
    host = re.sub(r"^https?://", "", value.strip()).rstrip("/")
    return host if HOST.fullmatch(host) and not PLACEHOLDER.search(host) else ""


def _texts(value: Json) -> frozenset[str]:
    """The texts of a list, or of the JSON of one."""
    if isinstance(value, str) and value.strip().startswith("["):
        try:
            value = json.loads(value)
        except ValueError:
            value = ()
    if isinstance(value, str):
        value = [each.strip() for each in value.split(",") if each.strip()]
    items = value if isinstance(value, list) else ()
    return frozenset(each for each in items if isinstance(each, str))


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""


def _true(value: Json) -> bool:
    return value is True or value == "true"
