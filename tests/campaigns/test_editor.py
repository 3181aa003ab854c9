"""The schemas in the real yaml-language-server: completion, hover, an error at its line."""

from __future__ import annotations

import time
from dataclasses import dataclass
from statistics import median

import pytest
from tools.generate_schemas import schemas, written, written_kinds

from campaigns.editor import VERSION, Editor, editing
from campaigns.figures import REPOSITORY, commit, table, write_page
from tenantctl.kinds import KINDS, Kind, variants

TENANT = REPOSITORY / "tenants/hearthhollow/phase1"
HEAD = "# yaml-language-server: $schema=../../../schemas/fragment.json\n"
SLIP = "no_such_field"
WHAT = (
    "The real yaml-language-server is driven over its standard input and output, as an editor "
    "does it. For every kind a resource with a field that there is not: is it underlined, at its "
    "line, and nothing else? Are the kind's fields offered at that place, and does the name of the "
    "kind say what it is? For every strategy of a connection: its own options are offered, one of "
    "another strategy is underlined. The files of the example tenant are opened, and nothing in "
    "them is underlined.\n\nAn editor has to know our tags; for those that use this server:\n\n"
    '```json\n"yaml.customTags": ["!var scalar", "!secret scalar", "!ref scalar", "!row scalar", '
    '"!file scalar",\n  "!template scalar", "!append sequence", "!without sequence", '
    '"!unmanaged scalar"]\n```'
)


@dataclass(frozen=True)
class Case:
    """A document with the line of its slip, and the fields that should be offered there."""

    name: str
    text: str
    line: int
    column: int
    offered: frozenset[str]


def case(kind: Kind) -> Case:
    """A resource of *kind* with a slip in it."""
    schema = schemas()[f"kinds/{kind.name}.json"]
    lines = [HEAD.strip(), "tenant_provision:", f"  {kind.name}:"]
    inner = schema
    while "$ref" not in inner and "$only" not in inner.get("properties", {}):
        key, inner = next(iter({**inner.get("properties", {}), **patterned(inner)}.items()))
        lines.append(f"{' ' * 2 * (len(lines) - 1)}{key}:")
    body = schema["definitions"][inner["$ref"].rpartition("/")[2]] if "$ref" in inner else inner
    indent = " " * 2 * (len(lines) - 1)
    lines += [f"{indent}$protect: true", f"{indent}{SLIP}: [1]", ""]
    fields = frozenset(body["properties"]) - {"$protect"}
    line = len(lines) - 2 if refuses_lists(body) else -1
    return Case(kind.name, "\n".join(lines), line, len(indent), fields)


def refuses_lists(body) -> bool:
    """Whether a field that nobody knows cannot be a list; of some kinds it is the tenant's own."""
    other = body.get("additionalProperties", True)
    return not other or (other is not True and "array" not in other.get("type", ["array"]))


def patterned(schema) -> dict[str, object]:
    return dict.fromkeys("a", next(iter(schema.get("patternProperties", {}).values()), None))


def strategies() -> list[Case]:
    """A connection of each strategy, with an option that others have."""
    (found,) = (each for kind in KINDS.values() if (each := variants(kind)))
    every = sorted(frozenset().union(*found.names.values()))
    cases = []
    for value, names in sorted(found.names.items()):
        slip = next(name for name in every if name not in names)
        text = (
            f"{HEAD}tenant_provision:\n  connections:\n    a:\n      {found.by}: {value}\n"
            f"      {found.field}:\n        {slip}: [1]\n        \n"
        )
        cases.append(Case(value, text, 6, 8, names))
    return cases


@dataclass
class Seen:
    """What the server did with one case, and in how many milliseconds it answered."""

    case: Case
    marked: bool = False
    offered: bool = False
    said: str = ""
    opening: float = 0.0
    completing: float = 0.0


def seen(editor: Editor, case: Case, number: int, *, kind: bool) -> Seen:
    uri = (TENANT / f"case{number}.yaml").as_uri()
    begun = time.monotonic()
    marks = editor.open(uri, case.text)
    opened = time.monotonic()
    found = Seen(case, opening=1000 * (opened - begun))
    legacy = [each for each in marks if each["message"].startswith("Legacy.")]
    lines = [each["range"]["start"]["line"] for each in marks if each not in legacy]
    found.marked = lines == ([case.line] if case.line >= 0 else [])
    found.marked &= bool(legacy) == (kind and bool(KINDS[case.name].legacy))
    if kind:
        before = case.text.splitlines()
        text = "\n".join([*before[:-1], " " * case.column])
        line = len(before) - 1
        editor.change(uri, text)
    else:
        line = case.line + 1
    begun = time.monotonic()
    labels = set(editor.complete(uri, line, case.column))
    found.completing = 1000 * (time.monotonic() - begun)
    found.offered = case.offered <= labels
    found.said = editor.hover(uri, 2, 3) if kind else editor.hover(uri, 4, 7)
    return found


@pytest.mark.campaign
def test_an_editor_completes_explains_and_marks_every_kind_and_every_strategy():
    tested = commit()
    sizes = {name: len(text.encode()) for name, text in written().items()}
    with editing(REPOSITORY) as editor:
        kinds = [seen(editor, case(k), n, kind=True) for n, k in enumerate(written_kinds())]
        options = [seen(editor, each, 1000 + n, kind=False) for n, each in enumerate(strategies())]
        files = sorted([*TENANT.parent.rglob("*.yaml"), *environments()])
        clean = {path.name: editor.open(path.as_uri(), path.read_text()) for path in files}
    page(tested, sizes, kinds, options, clean)
    for each in (*kinds, *options):
        assert each.marked, f"{each.case.name}: not exactly its slip is underlined"
        assert each.offered, f"{each.case.name}: its fields are not offered"
        assert each.said, f"{each.case.name}: hovering says nothing"
    assert {name: marks for name, marks in clean.items() if marks} == {}


def environments():
    return (REPOSITORY / "environments/hearthhollow").glob("*.yaml")


def page(tested, sizes, kinds, options, clean) -> None:
    largest = max(sizes, key=sizes.__getitem__)
    facts = {
        "commit": tested,
        "server": f"yaml-language-server {VERSION}",
        "schemas": f"{len(sizes)}, {sum(sizes.values()):,} bytes",
        "largest": f"{largest}, {sizes[largest]:,} bytes",
        "fragment.json": f"{sizes['fragment.json']:,} bytes; it refers to those of the kinds",
    }
    rows = [("", "cases", "slip underlined at its line, alone", "all fields offered", "explained")]
    for name, found in (("kinds", kinds), ("strategies", options)):
        counts = [
            sum(bool(getattr(e, what)) for e in found) for what in ("marked", "offered", "said")
        ]
        rows.append((name, len(found), *counts))
    every = [*kinds, *options]
    opening, completing = ([getattr(e, what) for e in every] for what in ("opening", "completing"))
    times = table(
        [
            ("milliseconds", "median", "most"),
            (
                "until a file that was opened is judged",
                f"{median(opening):.0f}",
                f"{max(opening):.0f}",
            ),
            ("until fields are offered", f"{median(completing):.0f}", f"{max(completing):.0f}"),
        ]
    )
    opened = [each.case.name for each in kinds if each.case.line < 0]
    good = sum(not marks for marks in clean.values())
    note = (
        f"Files of the example tenant: {len(clean)}, of which {good} without a mark. Legacy kinds "
        "are marked as such. Of some kinds the names of fields are the tenant's own, and none is a "
        f"slip: {', '.join(opened)}."
    )
    write_page("editor", "Schemas in an editor", WHAT, facts, f"{table(rows)}\n\n{times}\n\n{note}")


@pytest.mark.campaign
def test_an_editor_judges_an_override_by_the_kind_that_it_overrides():
    text = (
        "# yaml-language-server: $schema=../../schemas/environment.json\n"
        "kind: development\ndomain: embedded\noverrides:\n"
        f"  clients.web:\n    callbacks: !append [x]\n    {SLIP}: 1\n    \n"
    )
    with editing(REPOSITORY) as editor:
        uri = (REPOSITORY / "environments/hearthhollow/case.yaml").as_uri()
        marks = editor.open(uri, text)
        labels = editor.complete(uri, 7, 4)
    assert [each["range"]["start"]["line"] for each in marks] == [6]
    assert {"app_type", "allowed_logout_urls"} <= set(labels)
