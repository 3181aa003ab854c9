"""`tenants/<tenant>/tests/`: tests of code by their file names, tests in YAML as values."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tenantctl.files.document import MapNode, Node, ScalarNode
from tenantctl.files.environments import open_document
from tenantctl.files.findings import Findings, suggestion
from tenantctl.files.folder import Folder
from tenantctl.files.home import home_of
from tenantctl.files.plainly import Reader
from tenantctl.kinds import KINDS
from tenantctl.model import Address, Case, Expectation, Json

FOLDER = "tests"
CODE = (".test.mjs", ".test.js", ".test.cjs")
KEYS = ("expect", "counts", "environments", "phases", "mock")
OPERATORS: Mapping[str, tuple[type, ...]] = {
    "$equals": (str, int, float, bool, list, dict, type(None)),
    "$contains": (str, int, float, bool),
    "$lacks": (str, int, float, bool),
    "$matches": (str,),
    "$at_least": (int, float),
    "$at_most": (int, float),
    "$length": (int,),
    "$present": (bool,),
    "$absent": (bool,),
}
"""What can be said of a value, with the types of operands."""


@dataclass(frozen=True, slots=True)
class TestFiles:
    """The tests of a tenant: *code* are files for Node.js, relative to the project."""

    __test__ = False  # no class of tests, whatever its name says to pytest

    code: tuple[str, ...] = ()
    cases: tuple[Case, ...] = ()


def read_tests(root: Path, tenant: str) -> TestFiles:
    """The tests in `tenants/<tenant>/tests/`. Raises FilesError with all problems at once."""
    folder = home_of(root, tenant).folder
    findings = Findings()
    names = [name for name in folder.files() if name.startswith(f"{FOLDER}/")]
    cases: list[Case] = []
    for name in names:
        if name.endswith(".yaml"):
            cases += _cases(folder, name, findings)
    findings.stop()
    code = tuple(folder.name(name) for name in names if name.endswith(CODE))
    return TestFiles(code, tuple(cases))


def _cases(folder: Folder, name: str, findings: Findings) -> Iterator[Case]:
    reader = Reader(open_document(folder, name, findings), findings)
    for key, node in reader.entries(reader.document.root, "a file of tests"):
        yield _case(reader, key, node)


def _case(reader: Reader, key: ScalarNode, node: Node) -> Case:
    found = {word: value for word, _, value in reader.known(node, f"test {key.text}", KEYS)}
    expect = tuple(_expectations(reader, found.get("expect")))
    counts = _counts(reader, found.get("counts"))
    if not expect and not counts and "mock" not in found:
        reader.add(key, f"{key.text} expects nothing", "write expect:, counts: or mock: true")
    environments = found.get("environments")
    return Case(
        name=key.text,
        at=reader.origin(key),
        expect=expect,
        counts=counts,
        environments=reader.texts(environments, "environments") if environments else (),
        phases=_phases(reader, found.get("phases")),
        mock=_flag(reader, found.get("mock")),
    )


def _flag(reader: Reader, node: Node | None) -> bool:
    value = reader.literal(node) if node is not None else False
    if not isinstance(value, bool):
        reader.add(node, "mock must be true or false")
    return value is True


def _phases(reader: Reader, node: Node | None) -> tuple[int, ...]:
    found = []
    for item in reader.items(node, "phases") if node is not None else ():
        value = reader.literal(item)
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            found.append(value)
        else:
            reader.add(item, "a phase must be a number", "write phases: [1, 2]")
    return tuple(found)


def _counts(reader: Reader, node: Node | None) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for key, value in reader.entries(node, "counts"):
        count = reader.literal(value)
        if key.text not in KINDS:
            reader.add(key, f"there is no kind {key.text}", suggestion(key.text, KINDS))
        elif isinstance(count, int) and not isinstance(count, bool):
            found[key.text] = count
        else:
            reader.add(value, f"the count of {key.text} must be a number")
    return found


def _expectations(reader: Reader, node: Node | None) -> Iterator[Expectation]:
    for key, value in reader.entries(node, "expect"):
        parts = next(csv.reader([key.text], delimiter=".", quotechar='"'))
        yield from _below(reader, tuple(parts), key, value)


def _below(
    reader: Reader, parts: tuple[str, ...], key: ScalarNode, node: Node
) -> Iterator[Expectation]:
    """What is expected at *parts* and below: a map without operators leads further down."""
    if isinstance(node, MapNode) and not node.tag and node.entries:
        plain = [(inner, value) for inner, value in node.entries if inner.text[:1] != "$"]
        for inner, value in plain:
            yield from _below(reader, (*parts, inner.text), inner, value)
        says = tuple(_operators(reader, node))
    else:
        says = (("$equals", reader.literal(node)),)
    if says and (address := _address(reader, parts, key)):
        size = 1 if KINDS[address.kind].singleton else 2
        yield Expectation(address, parts[size:], says, reader.origin(key))


def _address(reader: Reader, parts: tuple[str, ...], key: ScalarNode) -> Address | None:
    kind = KINDS.get(parts[0])
    if kind is None:
        reader.add(key, f"there is no kind {parts[0]}", suggestion(parts[0], KINDS))
        return None
    if not kind.singleton and len(parts) < 2:
        reader.add(key, f"{parts[0]} is no address", f"write {parts[0]}.KEY")
        return None
    return Address(parts[0], "" if kind.singleton else parts[1])


def _operators(reader: Reader, node: MapNode) -> Iterator[tuple[str, Json]]:
    for key, value in node.entries:
        if key.text[:1] != "$":
            continue
        operand = reader.literal(value)
        if key.text not in OPERATORS:
            known = f"there is {', '.join(OPERATORS)}"
            reader.add(key, f"unknown operator {key.text}", suggestion(key.text, OPERATORS, known))
        elif not isinstance(operand, OPERATORS[key.text]):
            reader.add(value, f"{key.text} cannot be asked with that")
        elif key.text == "$matches" and not _is_pattern(str(operand)):
            reader.add(value, f"{operand} is no regular expression")
        else:
            yield key.text, operand


def _is_pattern(text: str) -> bool:
    try:
        re.compile(text)
    except re.error:
        return False
    return True
