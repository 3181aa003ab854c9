"""In what the environments of a tenant differ, as a view and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tenantctl.engine.parity import Difference, LiveDifference, Parity
from tenantctl.kinds import Lens, text_of
from tenantctl.model import ABSENT, Address, Json, Origin, Path, Value, Vault
from tenantctl.report.document import FORMAT, plain
from tenantctl.report.redact import Clean, cleaned, cleaner, scrubber
from tenantctl.report.rows import WIDE, kind_of
from tenantctl.report.shown import concealed, field_name, prose, shown

WITHHELD = {
    "only": "not here: $only",
    "declined": "not here: its topic is declined",
    "phase": "not here: its phase is not released",
    "hold": "not here: on hold",
    "unmanaged": "not here: unmanaged",
    "": "not here",
}
LIVE = {"drifted": "changed in the tenant", "unmanaged": "managed in no file"}


@dataclass(frozen=True, slots=True)
class Valued:
    """What environments have alike: their names, and the value that is shown."""

    environments: tuple[str, ...]
    value: str


@dataclass(frozen=True, slots=True)
class ParityRow:
    """One field that differs. *values* are in the order of promotion, *why* says where it is told.

    *status*: `declared`, `waived`, `undeclared`; of what tenants have, `drifted` or `unmanaged`.
    """

    address: str
    field: str
    values: tuple[Valued, ...]
    why: tuple[str, ...]
    status: str


@dataclass(frozen=True, slots=True)
class UnlikeView:
    """In what an environment is built differently, where that is said, and who lets it."""

    environment: str
    said: str
    where: str
    waived: str


@dataclass(frozen=True, slots=True)
class ParityView:
    """*unlike* and *live* are what nobody has declared, *rows* what the files have differently.

    *counts*: `variables` are fields that only variables or domains tell apart, `secrets` names.
    """

    tenant: str
    environments: tuple[str, ...]
    unlike: tuple[UnlikeView, ...]
    rows: tuple[ParityRow, ...]
    live: tuple[ParityRow, ...] | None
    counts: tuple[tuple[str, int], ...]
    undeclared: int
    notes: tuple[str, ...] = ()


def view_parity(found: Parity, vault: Vault | None = None, *, everything: bool) -> ParityView:
    """*found*, scrubbed and escaped; with *everything*, fields that are otherwise counted."""
    scrub = scrubber(vault)
    counted = [each for each in found.differences if each.counted]
    listed = found.differences if everything else [d for d in found.differences if not d.counted]
    view = ParityView(
        tenant=found.tenant,
        environments=found.environments,
        unlike=tuple(
            UnlikeView(u.environment, u.remark.name, _where(u.remark.origin), u.waived)
            for u in found.unlikes
        ),
        rows=tuple(_row(each, found.environments, scrub) for each in listed),
        live=None if found.live is None else tuple(_live(each, scrub) for each in found.live),
        counts=(
            ("variables", len(counted)),
            ("declared", _count(found.differences, "declared") - len(counted)),
            ("waived", _count(found.differences, "waived")),
            ("undeclared", _count(found.differences, "undeclared")),
            ("secrets", len(found.secrets)),
        ),
        undeclared=found.undeclared,
        notes=found.notes,
    )
    return cleaned(view, cleaner(vault))


def _count(differences: Iterable[Difference], status: str) -> int:
    return sum(each.status == status for each in differences)


def _where(origin: Origin) -> str:
    return f"{origin.file}:{origin.line}" if origin.line else origin.file


def _row(each: Difference, environments: tuple[str, ...], scrub: Clean) -> ParityRow:
    said = [
        (text_of(value), _value(each.address, each.path, value, scrub))
        if name not in each.lacking
        else (each.lacking[name], WITHHELD.get(each.lacking[name], WITHHELD[""]))
        for name, value in zip(environments, each.values, strict=True)
    ]
    why = tuple(map(str, each.reasons)) or ("nothing says why",)
    name = field_name(each.path)
    return ParityRow(str(each.address), name, _alike(environments, said), why, each.status)


def _live(each: LiveDifference, scrub: Clean) -> ParityRow:
    said = [(text_of(v), _value(each.address, each.path, v, scrub)) for v in each.values]
    names = each.environments
    if each.said == "drifted":
        names = (f"{names[0]} files", f"{names[0]} tenant")
    why = (LIVE[each.said],)
    return ParityRow(str(each.address), field_name(each.path), _alike(names, said), why, each.said)


def _alike(environments: Iterable[str], said: Iterable[tuple[str, str]]) -> tuple[Valued, ...]:
    """Environments with the same value together, in the order of the first of them.

    *said* are values in full and as they are shown; those that look alike and are not, say so.
    """
    found: dict[str, list[str]] = {}
    texts: dict[str, str] = {}
    for name, (value, text) in zip(environments, said, strict=True):
        other = value not in texts and text in texts.values()
        texts.setdefault(value, f"{text}, another one" if other else text)
        found.setdefault(value, []).append(name)
    return tuple(Valued(tuple(names), texts[value]) for value, names in found.items())


def _value(address: Address, path: Path, value: Value, scrub: Clean) -> str:
    if not path:
        return "not there" if value is ABSENT else "there"
    if value is ABSENT:
        return "not managed"
    lens = Lens(kind_of(address), {})
    hidden = concealed(lens, value, path, scrub)
    text = prose(hidden)
    if lens.rule(path).text or "\n" in text:
        return f"({lens.rule(path).text or 'text'}, {text.count(chr(10)) + 1} lines)"
    said = shown(hidden)
    return said if len(said) <= WIDE else f"{said[: WIDE - 12]}... ({len(said)} characters)"


def parity_as_json(view: ParityView) -> dict[str, Json]:
    """*view* as JSON; keys are those of `ParityView`."""
    found: dict[str, Json] = plain(view)
    return {"format": FORMAT, "type": "parity", **found, "counts": dict(view.counts)}


def sections(view: ParityView) -> Iterator[tuple[str, tuple[ParityRow, ...]]]:
    """The rows by what they are, each with its title; without what is empty."""
    undeclared = tuple(row for row in view.rows if row.status == "undeclared")
    waived = tuple(row for row in view.rows if row.status == "waived")
    declared = tuple(row for row in view.rows if row.status == "declared")
    named = (
        ("Not declared as a difference", undeclared),
        ("The tenants themselves", view.live or ()),
        ("Waived", waived),
        ("Declared", declared),
    )
    yield from ((title, rows) for title, rows in named if rows)


def ending(view: ParityView) -> str:
    """The last line: how much differs, and whether that is declared."""
    count = dict(view.counts)
    listed = count["declared"] + count["waived"] + count["undeclared"]
    said = (
        f"{listed} structural differences; {count['variables']} fields by variables and domains, "
        f"{count['secrets']} secrets with a value in each."
    )
    if view.undeclared:
        return f"{said} {view.undeclared} not declared."
    return f"{said} All of it is declared."
