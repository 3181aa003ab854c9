"""What is kept of an environment, one line for each receipt, as text and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tenantctl.model import DriftReceipt, Json, Receipt, Statement, TestReceipt
from tenantctl.model.record import EXCEPTED
from tenantctl.report.escape import visible
from tenantctl.report.style import Style

LOST = (
    "Without receipts nothing is deleted, secrets that Auth0 does not show cannot be compared, and"
    " nothing can be promoted from here, until a full apply has written one."
)
UNSIGNED = "unsigned"


@dataclass(frozen=True, slots=True)
class Line:
    """What there is to say of one receipt. *trusted*: signed with a key that the files name.

    *reason* is why a person stands for what it says.
    """

    name: str
    kind: str
    status: str
    digest: str = ""
    commit: str = ""
    who: str = ""
    when: str = ""
    signer: str = ""
    trusted: bool = False
    damage: str = ""
    reason: str = ""

    @property
    def signed(self) -> str:
        """By whom, in words."""
        if self.damage:
            return self.damage
        said = f"signed by {self.signer[:20]}" if self.signer else UNSIGNED
        return f"{said}, trusted" if self.trusted else said


def line_of(
    name: str,
    record: Receipt | TestReceipt | Statement | DriftReceipt | None,
    *,
    signer: str,
    damage: str,
    trust: Sequence[str],
) -> Line:
    """The line of the receipt *name*; *trust* are the keys that the environment's files name."""
    if record is None:
        return Line(name, "damaged", "not readable", damage=damage)
    return Line(
        name=name,
        kind=record.kind,
        status=_status(record),
        digest="" if isinstance(record, Statement) else record.digest,
        commit=record.commit,
        who=record.who,
        when=record.when,
        signer=signer,
        trusted=signer in trust,
        damage=damage,
        reason=_reason(record),
    )


def _reason(record: Receipt | TestReceipt | Statement | DriftReceipt) -> str:
    if not isinstance(record, Statement):
        return ""
    return f"hotfix: {record.reason}" if record.says == EXCEPTED else record.reason


def _status(record: Receipt | TestReceipt | Statement | DriftReceipt) -> str:
    if isinstance(record, Receipt):
        return record.status if record.full else f"{record.status}, a part"
    if isinstance(record, TestReceipt):
        return f"{record.ran} {'passed' if record.passed else 'failed'}"
    if isinstance(record, Statement):
        return f"{record.says} {record.about[:12] if record.says == EXCEPTED else record.about}"
    return "clean" if record.clean else f"{len(record.drifted)} drifted"


def log_text(environment: str, lines: Sequence[Line], style: Style) -> str:
    """The receipts of an environment, in the order in which they come."""
    if not lines:
        return f"There are no receipts of {environment}. {LOST}"
    return "\n".join(_text(lines, style))


def _text(lines: Sequence[Line], style: Style) -> Iterator[str]:
    for line in lines:
        digest = f"  {line.digest[:12]}" if line.digest else ""
        commit = f" of commit {line.commit[:12]}" if line.commit else ""
        by = f" by {line.who}" if line.who else ""
        status = visible(f"{line.kind}: {line.status}")
        yield f"{style.paint('title', visible(line.name))}  {status}{visible(digest)}"
        yield f"  {visible(f'{line.when}{by}{commit}')}; {visible(line.signed)}"
        if line.reason:
            yield style.paint("!", f"  {visible(line.reason)}")


def log_as_json(environment: str, lines: Sequence[Line]) -> Json:
    """As `log_text`, for machines."""
    return {
        "format": 1,
        "type": "receipts",
        "environment": environment,
        "receipts": [_line(line) for line in lines],
        **({} if lines else {"lost": LOST}),
    }


def _line(line: Line) -> dict[str, Json]:
    return {
        "name": visible(line.name),
        "kind": visible(line.kind),
        "status": visible(line.status),
        "digest": visible(line.digest),
        "commit": visible(line.commit),
        "who": visible(line.who),
        "when": visible(line.when),
        "signed_by": line.signer,
        "trusted": line.trusted,
        "damage": visible(line.damage),
        "reason": visible(line.reason),
    }


def kept_as_json(environment: str, line: Line, document: Json) -> Json:
    """Everything that one receipt says, for machines."""
    return {
        "format": 1,
        "type": "receipt",
        "environment": environment,
        **_line(line),
        "receipt": _shown(document),
    }


def kept_text(line: Line, document: Mapping[str, Json]) -> str:
    """Everything that one receipt says, for people; of maps each member, of lists each element."""
    lines = [f"{visible(line.name)}: {visible(line.signed)}"]
    for name, value in document.items():
        if value in ("", [], {}, None):
            continue
        lines += [f"{visible(name)}: {_inline(value)}"] if _plain(value) else [f"{visible(name)}:"]
        lines += [] if _plain(value) else [f"  {each}" for each in _items(value)]
    return "\n".join(lines)


def _plain(value: Json) -> bool:
    return not isinstance(value, dict | list)


def _items(value: Json) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (f"{visible(name)}: {_inline(each)}" for name, each in value.items())
    elif isinstance(value, list):
        yield from map(_inline, value)


def _inline(value: Json) -> str:
    if isinstance(value, dict | list):
        return ", ".join(_items(value))
    return visible(str(value).lower() if isinstance(value, bool) else str(value))


def _shown(value: Json) -> Json:
    """*value* with every string in it made visible."""
    if isinstance(value, dict):
        return {visible(name): _shown(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_shown(each) for each in value]
    return visible(value) if isinstance(value, str) else value
