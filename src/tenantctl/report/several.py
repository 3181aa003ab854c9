"""How several environments ended: one table, and what is wrong told once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tenantctl.report.escape import visible
from tenantctl.report.style import Style

WORDS = {
    0: "done",
    1: "failed",
    2: "changes",
    3: "moved",
    4: "partial",
    5: "refused",
    6: "waiting",
    64: "usage",
    65: "invalid",
    69: "unreachable",
    75: "locked",
    77: "denied",
    130: "interrupted",
}
"""How an environment ended, by exit code."""
SKIPPED = "skipped"
BAD = ("failed", "moved", "waiting", "unknown")
"""How a step ends that a person has to know of."""
HEAD = ("environment", "wave", "outcome", "", "seconds")
SHOWN = 3
"""How many environments are named that have one problem."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How an environment ended: *code* is None where it was not begun, for *because*.

    *document* is what its command printed as JSON, *said* what it said beside.
    """

    target: str
    facts: Mapping[str, Any]
    code: int | None
    seconds: float = 0.0
    document: Mapping[str, Any] = field(default_factory=dict)
    said: str = ""
    because: str = ""

    @property
    def outcome(self) -> str:
        return SKIPPED if self.code is None else WORDS.get(self.code, "failed")


def several_as_json(
    verb: str, ended: Sequence[Ended], *, code: int, seconds: float, problems: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Everything, with what each command printed; *problems* are of rows that are left out."""
    return {
        "format": 1,
        "type": "several",
        "verb": verb,
        "targets": [
            {
                "target": each.target,
                **each.facts,
                "outcome": each.outcome,
                "exit_code": each.code,
                "because": each.because,
                "summary": summary(each),
                "seconds": round(each.seconds, 2),
                "result": each.document or None,
                "said": each.said,
            }
            for each in ended
        ],
        "counts": counts(ended),
        "problems": problems,
        "seconds": round(seconds, 2),
        "exit_code": code,
    }


def several_text(verb: str, ended: Sequence[Ended], *, seconds: float, style: Style) -> str:
    """A line for each environment, and how many ended how."""
    rows = [HEAD, *(_row(each) for each in ended)]
    sizes = [max(len(row[n]) for row in rows) for n in range(len(HEAD))]
    room = style.width - sum(sizes) + sizes[3] - 2 * (len(HEAD) - 1)
    sizes[3] = min(sizes[3], max(room, 20))
    lines = [style.paint("title", _line(rows[0], sizes))]
    for each, row in zip(ended, rows[1:], strict=True):
        role = "✓" if each.code == 0 else "~" if each.code in {2, 6} else "!"
        line = _line(row, sizes)
        lines.append(style.paint(role, line) if role != "✓" else line)
    told = ", ".join(f"{number} {word}" for word, number in counts(ended).items())
    lines += ["", f"{verb}: {told or 'nothing to do'}; {seconds:.1f} s."]
    return "".join(f"{line}\n" for line in lines)


def failures(ended: Sequence[Ended]) -> str:
    """What is wrong, each once, with the environments that it is wrong with."""
    told: dict[tuple[str, str], list[str]] = {}
    helps: dict[tuple[str, str], str] = {}
    for each in ended:
        for where, message, help in _wrong(each):
            told.setdefault((where, message), []).append(each.target)
            helps.setdefault((where, message), help)
    lines: list[str] = []
    for (where, message), targets in told.items():
        more = f" and {len(targets) - SHOWN} more" if len(targets) > SHOWN else ""
        lines.append(f"{', '.join(targets[:SHOWN])}{more}:")
        lines.append(f"    {where}: {message}" if where else f"    {message}")
        if help := helps[where, message]:
            lines.append(f"    help: {help}")
    return "".join(f"{visible(line)}\n" for line in lines)


def counts(ended: Sequence[Ended]) -> Mapping[str, int]:
    """How many ended how, in the order of first mention."""
    found: dict[str, int] = {}
    for each in ended:
        found[each.outcome] = found.get(each.outcome, 0) + 1
    return found


def summary(ended: Ended) -> str:
    """What a command did, on one line; whatever prints a `summary` of its own says it itself."""
    document = ended.document
    if ended.code is None:
        return ended.because
    if "summary" in document:
        return str(document["summary"])
    if document.get("type") == "plan":
        return _planned(document)
    if document.get("type") == "test":
        return ", ".join(
            f"{number} {word}" for word, number in document["counts"].items() if number
        )
    if document.get("type") == "receipt":
        done = ", ".join(f"{number} {word}" for word, number in document["counts"])
        return f"{document['status']}: {done}" if done else str(document["status"])
    if "resources" in document:
        return f"{document['resources']} resources"
    wrong = [message for _, message, _ in _wrong(ended)]
    more = f", and {len(wrong) - 1} more" if len(wrong) > 1 else ""
    return f"{wrong[0]}{more}" if wrong else ""


def _planned(document: Mapping[str, Any]) -> str:
    counts = document["counts"]
    refused = sum(not each.get("allowed") for each in document["violations"])
    if not counts["steps"]:
        return "nothing to do"
    words = [f"{counts[w]} to {w}" for w in ("create", "update", "delete", "replace") if counts[w]]
    text = f"{', '.join(words)}; {counts['requests']} requests"
    return f"{text}; {refused} violations" if refused else text


def _wrong(ended: Ended) -> Iterator[tuple[str, str, str]]:
    """Where, what, and the way out, of each thing that is wrong."""
    if ended.code in {None, 0, 2}:
        return
    document = ended.document
    found = [each for read in (_problems, _violations, _steps, _tests) for each in read(document)]
    if found:
        yield from found
    elif "message" in document:
        yield "", str(document["message"]), str(document.get("help", ""))
    elif ended.said.strip():
        yield "", ended.said.strip().splitlines()[0], ""
    elif not document:
        yield "", f"the command ended with {ended.code} and said nothing", ""


def _problems(document: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    problems = document.get("problems")
    for each in problems.get("problems", ()) if isinstance(problems, Mapping) else ():
        place = f"{each['file']}:{each['line']}:{each['column']}"
        yield place if each["line"] else each["file"], each["message"], each["help"]


def _violations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for each in document["violations"] if document.get("type") == "plan" else ():
        if not each["allowed"]:
            yield "", f"{each['rule']}: {each['address']} {each['detail']}", each["help"]


def _steps(document: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for each in document["outcomes"] if document.get("type") == "receipt" else ():
        if each["status"] in BAD:
            yield "", f"{each['id']} {each['status']}: {each['detail']}", document["next"]


def _tests(document: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for each in document["tests"] if document.get("type") == "test" else ():
        if each["status"] == "failed":
            where = f"{each['file']}:{each['line']}" if each["line"] else each["file"]
            yield where, f"{each['name']}: {each['detail'].partition(chr(10))[0]}", ""


def _row(ended: Ended) -> tuple[str, ...]:
    seconds = f"{ended.seconds:.1f}" if ended.code is not None else ""
    wave = str(ended.facts.get("wave", ""))
    return ended.target, wave, ended.outcome, visible(summary(ended)), seconds


def _line(row: Sequence[str], sizes: Sequence[int]) -> str:
    cells = [_cut(cell, size).ljust(size) for cell, size in zip(row, sizes, strict=True)]
    return "  ".join(cells).rstrip()


def _cut(text: str, size: int) -> str:
    return text if len(text) <= size else f"{text[: size - 3]}..."
