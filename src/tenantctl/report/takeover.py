"""What was taken over from somewhere else, and what a person has to know and do about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tenantctl.model import LEVELS, Json, Note
from tenantctl.report.escape import visible

FORMAT = 1
"""As that of plans: grows when a field is renamed, goes away or means something else."""
HEADINGS: Mapping[str, str] = {
    "mistake": "Likely mistakes",
    "loss": "Left out",
    "secret": "Secrets found or needed",
    "guess": "Decided, and could be meant otherwise",
    "hint": "Worth knowing",
}
"""What the notes of a level are."""


@dataclass(frozen=True, slots=True)
class Supply:
    """A secret that an environment needs: *source* is where it is taken from, *use* what it is."""

    environment: str
    name: str
    source: str
    use: str = ""

    @property
    def line(self) -> str:
        """What to do about it, as a line for a shell; empty where there is nothing to do."""
        scheme, _, rest = self.source.partition(":")
        match scheme:
            case "env":
                return f"export {rest}="
            case "file":
                return f"# put it into {rest}"
        return ""


@dataclass(frozen=True, slots=True)
class Takeover:
    """A project that was made or revised, for people.

    *folder* is where, *files* what was written there. *counts*: resources by kind. *next*: what to
    run now.
    """

    tenant: str
    folder: str
    files: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    supplies: tuple[Supply, ...] = ()
    next: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What notes of one level say alike, with all the places where it holds."""

    message: str
    help: str
    places: tuple[str, ...]


def levels(takeover: Takeover) -> Iterator[tuple[str, int, tuple[Said, ...]]]:
    """The headings of the levels that there are, how many notes each has, and what they say.

    In the order of urgency; in a level by file and line. Everything is visible text.
    """
    for level in LEVELS:
        notes = [note for note in takeover.notes if note.level == level]
        notes.sort(key=lambda note: (note.file, note.line, note.column, note.message))
        alike: dict[tuple[str, str], dict[str, None]] = {}
        for note in notes:
            places = alike.setdefault((visible(note.message), visible(note.help)), {})
            if note.where:
                places[visible(note.where)] = None
        if notes:
            said = tuple(Said(m, h, tuple(places)) for (m, h), places in alike.items())
            yield HEADINGS[level], len(notes), said


def summary(takeover: Takeover) -> str:
    """How much it was, in a sentence."""
    resources, kinds = sum(takeover.counts.values()), len(takeover.counts)
    amount = f"{resources} {'resource' if resources == 1 else 'resources'}"
    of = f" of {kinds} {'kind' if kinds == 1 else 'kinds'}" if kinds else ""
    files = f"{len(takeover.files)} {'file' if len(takeover.files) == 1 else 'files'}"
    return (
        f"{visible(takeover.tenant)}: {amount}{of}, {files} written in {visible(takeover.folder)}"
    )


def takeover_as_json(takeover: Takeover) -> dict[str, Json]:
    """`{"format": 1, "type": "takeover", ...}`; strings are visible text, as everywhere."""
    return {
        "format": FORMAT,
        "type": "takeover",
        "tenant": visible(takeover.tenant),
        "folder": visible(takeover.folder),
        "files": [visible(path) for path in takeover.files],
        "counts": {visible(kind): n for kind, n in sorted(takeover.counts.items())},
        "notes": [_note(note) for note in takeover.notes],
        "secrets": [_supply(each) for each in takeover.supplies],
        "next": visible(takeover.next),
    }


def _note(note: Note) -> Json:
    return {
        "level": note.level,
        "message": visible(note.message),
        "file": visible(note.file),
        "line": note.line,
        "column": note.column,
        "help": visible(note.help),
        "address": visible(note.address),
    }


def _supply(supply: Supply) -> Json:
    return {
        "environment": visible(supply.environment),
        "name": visible(supply.name),
        "from": visible(supply.source),
        "use": visible(supply.use),
        "line": visible(supply.line),
    }
