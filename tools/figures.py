"""
Size and shape of the source, against the bounds of the house style.

Prints the figures; exits 1 if a bound is broken and names what broke it. Nothing is executed except
`tenantctl.kinds`, which is data.
"""

from __future__ import annotations

import ast
import importlib
import statistics
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

PACKAGE = "tenantctl"
FUNCTION_LINES = 50
MODULE_LINES = 400
KINDS_WITH_HOOKS = 6
PROCEDURES = 12
MOCKS = {"mock", "Mock", "AsyncMock", "MagicMock", "mocker", "monkeypatch"}


@dataclass(frozen=True, slots=True)
class Module:
    """A source file, parsed. *name* is dotted; a package has the name of its folder."""

    name: str
    path: Path
    lines: int
    tree: ast.Module

    @property
    def package(self) -> str:
        """What a relative import of one dot is relative to."""
        return self.name if self.path.stem == "__init__" else self.name.rpartition(".")[0]


@dataclass(frozen=True, slots=True)
class Function:
    """A function or method. *lines* runs from `def` to the last line, docstring and comments in."""

    where: str
    lines: int


def main(root: Path) -> int:
    """Prints the figures of the tree under *root*; 1 if a bound is broken, else 0."""
    modules = list(read(root / "src", PACKAGE))
    functions = [each for module in modules for each in functions_of(module)]
    kinds = known_kinds()
    for line in (*sizes(modules, functions), *shape(kinds, modules), mock_line(root / "tests")):
        print(line)
    broken = [*too_long(modules, functions), *cyclic(modules), *above_ceilings(kinds)]
    for line in broken:
        print(f"broken: {line}")
    return 1 if broken else 0


def read(source: Path, package: str) -> Iterator[Module]:
    """Every module of *package* below *source*, by path."""
    for path in sorted((source / package).rglob("*.py")):
        parts = path.relative_to(source).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        text = path.read_text(encoding="utf-8")
        yield Module(name, path, len(text.splitlines()), ast.parse(text, str(path)))


def functions_of(module: Module) -> Iterator[Function]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            last = node.end_lineno or node.lineno
            yield Function(f"{module.path}:{node.lineno} {node.name}", last - node.lineno + 1)


def sizes(modules: list[Module], functions: list[Function]) -> Iterator[str]:
    lines = sorted(each.lines for each in functions) or [0]
    longest_module = max(modules, key=lambda module: module.lines)
    tenth = lines[(len(lines) * 9) // 10]
    yield f"modules          {len(modules):6}   {sum(m.lines for m in modules)} lines"
    yield f"longest module   {longest_module.lines:6}   {longest_module.name}"
    yield f"functions        {len(functions):6}"
    yield f"median function  {statistics.median(lines):6g}"
    yield f"90th percentile  {tenth:6}"
    yield f"longest function {lines[-1]:6}   {longest(functions)}"


def longest(functions: list[Function]) -> str:
    return max(functions, key=lambda each: each.lines).where if functions else "-"


def too_long(modules: Iterable[Module], functions: Iterable[Function]) -> Iterator[str]:
    for function in functions:
        if function.lines > FUNCTION_LINES:
            yield f"{function.where} has {function.lines} lines, {FUNCTION_LINES} at most"
    for module in modules:
        if module.lines > MODULE_LINES:
            yield f"{module.path} has {module.lines} lines, {MODULE_LINES} at most"


def cyclic(modules: Iterable[Module]) -> Iterator[str]:
    """The groups of modules that import each other, late imports and type-only ones included."""
    modules = list(modules)
    names = {module.name for module in modules}
    graph = {module.name: set(imports(module, names)) for module in modules}
    reach = {name: reachable(graph, name) for name in graph}
    seen: set[str] = set()
    for name in sorted(graph):
        if name in seen or name not in reach[name]:
            continue
        group = {other for other in reach[name] if name in reach[other]}
        seen |= group
        yield f"import cycle: {' <-> '.join(sorted(group))}"


def imports(module: Module, names: set[str]) -> Iterator[str]:
    """The modules among *names* that *module* asks for anywhere in its text."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in names)
        elif isinstance(node, ast.ImportFrom):
            yield from imported_from(node, module.package, names)


def imported_from(node: ast.ImportFrom, package: str, names: set[str]) -> Iterator[str]:
    base = node.module or ""
    if node.level:
        above = package.split(".")[: len(package.split(".")) - node.level + 1]
        base = ".".join([*above, *([node.module] if node.module else [])])
    for alias in node.names:
        inner = f"{base}.{alias.name}"
        if inner in names:
            yield inner
        elif base in names:
            yield base


def reachable(graph: Mapping[str, set[str]], start: str) -> set[str]:
    """What *start* leads to; itself only if it is on a cycle."""
    found: set[str] = set()
    waiting = list(graph[start])
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(graph[name])
    return found


def known_kinds() -> Mapping[str, Any]:
    """The kinds of the installed package; none where it does not name any."""
    kinds: Mapping[str, Any] = getattr(importlib.import_module(f"{PACKAGE}.kinds"), "KINDS", {})
    return kinds


def with_hooks(kinds: Mapping[str, Any]) -> list[str]:
    """The kinds that set at least one field of their `Hooks`."""
    return sorted(name for name, kind in kinds.items() if any(hooks_of(kind.hooks)))


def hooks_of(hooks: Any) -> Iterator[Any]:
    return (getattr(hooks, field.name) for field in fields(hooks))


def procedures(kinds: Mapping[str, Any]) -> list[str]:
    return sorted({str(kind.procedure) for kind in kinds.values() if kind.procedure})


def shape(kinds: Mapping[str, Any], modules: Iterable[Module]) -> Iterator[str]:
    hooked, named = with_hooks(kinds), procedures(kinds)
    own = [m for m in modules if m.name.rpartition(".")[2] in kinds and ".kinds." in m.name]
    several = sorted({kind.procedure for kind in kinds.values()} - {"document"})
    special = [k for k, kind in kinds.items() if k in hooked or kind.procedure in several]
    yield f"kinds            {len(kinds):6}"
    yield f"  average file   {statistics.mean(m.lines for m in own) if own else 0:6.0f}   lines"
    yield f"  hooks or more  {len(special):6}   {', '.join(special)}".rstrip()
    yield f"  with hooks     {len(hooked):6}   {', '.join(hooked)}".rstrip()
    yield f"  procedures     {len(named):6}   {', '.join(named)}".rstrip()


def above_ceilings(kinds: Mapping[str, Any]) -> Iterator[str]:
    hooked, named = with_hooks(kinds), procedures(kinds)
    if len(hooked) > KINDS_WITH_HOOKS:
        yield f"{len(hooked)} kinds have hooks, {KINDS_WITH_HOOKS} at most: {', '.join(hooked)}"
    if len(named) > PROCEDURES:
        yield f"{len(named)} procedures, {PROCEDURES} at most: {', '.join(named)}"


def mock_line(folder: Path) -> str:
    """Lines that use a mock for each hundred test functions; the seams' report card."""
    trees = [ast.parse(path.read_bytes(), str(path)) for path in sorted(folder.rglob("*.py"))]
    mocks = sum(len({line for line, name in names_in(tree) if name in MOCKS}) for tree in trees)
    tests = sum(is_test(node) for tree in trees for node in ast.walk(tree))
    rate = 100 * mocks / tests if tests else 0.0
    return f"tests            {tests:6}   {rate:.1f} mock lines per 100"


def names_in(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and name wherever code, not prose, uses, takes or imports one."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.arg(arg=name) | ast.Attribute(attr=name):
                yield node.lineno, name
            case ast.ImportFrom(module=str(name)) | ast.alias(name=name):
                yield from ((node.lineno, part) for part in name.split("."))


def is_test(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith(
        "test_"
    )


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[1]))
