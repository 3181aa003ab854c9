"""Writes docs/kinds.md: every kind, the laws that its tests hold it to, and what is left out.

`python -m tools.kinds_page` writes the page, `--check` exits 1 where it is not what would be
written. Everything comes from the kinds themselves, by the function behind `tenantctl kinds`.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple
from pathlib import Path

from tests.kinds.laws.table import counts
from tools.kinds_json import KEYS
from tools.left_out import ELSEWHERE, LEFT_OUT

from tenantctl.kinds import KINDS
from tenantctl.report import KindView, view_kinds
from tenantctl.report.kinds import FORMAT
from tenantctl.report.kinds_text import known_by, marked, subjects

PAGE = Path(__file__).resolve().parents[1] / "docs" / "kinds.md"
SPECIAL = str.maketrans({character: f"\\{character}" for character in "*<|`"})

INTRODUCTION = """\
# Kinds

Made by `python -m tools.kinds_page`; do not edit. `tenantctl kinds KIND` says the same of one kind
in the terminal, `tenantctl kinds --json` of all of them for machines.

What the tables and paragraphs mean:

* *known by*: what tells one object from another; a declaration meets the live object that has the
  same. *names* are the API's own, *there already* are objects that every tenant has.
* *sets*: order means nothing. *keyed lists* are authored as maps. *keys are free*: a map of the
  user's own keys, complete as declared. *replaced whole*: a write sends all of it.
* *created only* can be set at birth and never changed; *set by Auth0* can be read and not written.
* *secret or hidden* is compared by fingerprint, because a read does not show it.
* *defaults* equal absence. *given at first* is what Auth0 gives to whoever says nothing: an export
  does not say it either. *never unset* refuses `null`.
* *read* is what a plan costs: requests for the objects that the tenant has, or for each declared.
* *usually in* are the topics of the playbooks whose files usually declare it; none is forbidden.
"""


def main(arguments: Sequence[str]) -> int:
    """Write or check the page; 1 where a check fails, else 0."""
    text = render(view_kinds(), counts())
    if "--check" in arguments:
        return 0 if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == text else 1
    PAGE.write_text(text, encoding="utf-8")
    return 0


def render(views: Sequence[KindView], cases: Mapping[str, Mapping[str, int]]) -> str:
    """The page."""
    parts = [
        [INTRODUCTION, *_overview(views)],
        ["## Laws", "", *_laws(views, cases)],
        ["## JSON", "", *_json()],
        ["## One by one", *(line for view in views for line in _section(view))],
        ["## Left out", "", *_left_out()],
    ]
    return "\n".join("\n".join([*part, ""]) for part in parts)


def _overview(views: Sequence[KindView]) -> Iterator[str]:
    hooked = sum(any(astuple(KINDS[view.name].hooks)) for view in views)
    special = [view.written for view in views if view.written != "document"]
    yield (
        f"{len(views)} kinds. {hooked} of them have hooks, {len(special)} are written by one of"
        f" {len(set(special))} procedures for what takes more than a request; the rest is data."
    )
    yield ""
    yield "| kind | known by | read | scopes | usually in |"
    yield "| --- | --- | --- | --- | --- |"
    for view in views:
        topics = ", ".join(dict.fromkeys(owner.topic for owner in view.topics))
        link = f"[{marked(view)}](#{view.name})"
        cells = (link, known_by(view), str(view.requests), _scopes(view), topics or "-")
        yield _row(cells)


def _scopes(view: KindView) -> str:
    """`read, update:clients`: the verbs of each noun."""
    verbs: dict[str, list[str]] = {}
    for scope in dict.fromkeys(view.scopes.values()):
        verb, _, noun = scope.partition(":")
        verbs.setdefault(noun, []).append(verb)
    return "; ".join(f"{', '.join(found)}:{noun}" for noun, found in verbs.items()) or "-"


def _section(view: KindView) -> Iterator[str]:
    yield ""
    yield f"### {view.name}"
    yield ""
    for label, told in subjects(view):
        yield f"* *{label}*: {told.translate(SPECIAL)}"


def _laws(views: Sequence[KindView], cases: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    names = list(dict.fromkeys(law for found in cases.values() for law in found))
    sums = {law: sum(found.get(law, 0) for found in cases.values()) for law in names}
    tried = sum(any(cases.get(view.name, {}).values()) for view in views)
    yield (
        f"{sum(sums.values())} cases of {len(names)} laws, for {tried} of {len(views)} kinds;"
        f" {sum(view.given for view in views)} can be referred to and never declared. The"
        " tables are `tests/kinds/laws`; `tests/kinds/test_laws_of_kinds.py` tries every case"
        " against a sandbox that shuffles, pages and lags, and skips none. `-`: a"
        " kind has nothing of the sort, such as fields that can be set at birth only."
    )
    yield ""
    yield _row(("kind", *names))
    yield _row(("---", *("---:" for _ in names)))
    for view in views:
        found = cases.get(view.name, {})
        yield _row((view.name, *(str(found.get(law) or "-") for law in names)))
    yield _row(("all", *(str(number) for number in sums.values())))


def _json() -> Iterator[str]:
    yield (
        f'`tenantctl kinds [KIND] --json` is `{{"format": {FORMAT}, "type": "kinds", "kinds":'
        " [...]}`. Numbers, lists and texts are 0 or empty where there is nothing to say. A kind:"
    )
    yield ""
    yield _row(("key", "what it says"))
    yield _row(("---", "---"))
    for key, said in KEYS.items():
        yield f"| `{key}` | {said} |"


def _left_out() -> Iterator[str]:
    resources = len({shape for kind in KINDS for shape in shapes_of(kind)})
    yield (
        f"Of the resources that the Management API has for configuration, {resources} are kinds or"
        f" parts of kinds, {len(ELSEWHERE)} are older paths to the same objects, and these"
        f" {len(LEFT_OUT)} are left out:"
    )
    yield ""
    yield _row(("resource", "why"))
    yield _row(("---", "---"))
    for name, reason in sorted(LEFT_OUT.items()):
        yield f"| {name} | {reason} |"
    if ELSEWHERE:
        yield ""
        yield _row(("older path", "kind"))
        yield _row(("---", "---"))
        for name, kind in sorted(ELSEWHERE.items()):
            yield f"| {name} | [{kind}](#{kind}) |"


def shapes_of(name: str) -> tuple[str, ...]:
    """The resources that a kind manages, by the names of their shapes."""
    kind = KINDS[name]
    if "{key}" not in kind.shape:
        return (kind.shape,)
    return tuple(kind.shape.format(key=key) for key in kind.values)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.translate(SPECIAL) for cell in cells)} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
