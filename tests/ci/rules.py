"""What GitHub does with conditions, inputs, outputs and matrices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from ci.documents import document, local
from ci.expressions import PLAIN, STATUS, Declared, condition, filled, names_in


@dataclass(frozen=True)
class Asked(Declared):
    """The outputs of a step: of an action those that it declares, of a script those it has set.

    One that was not run, or has failed, may have set fewer.
    """

    def __init__(
        self, id: str, step: Mapping[str, Any], values: Mapping[str, Any], outcome: str = ""
    ) -> None:
        path = local(step.get("uses", ""))
        declared = document(path).get("outputs", {}) if path else None
        known = values if declared is None else {k: values.get(k, "") for k in declared}
        object.__setattr__(self, "name", f"steps.{id}.outputs")
        object.__setattr__(self, "values", known)
        object.__setattr__(self, "strict", declared is not None or outcome == "success")

    def __getitem__(self, key: str) -> Any:
        strict = self.strict  # type: ignore[attr-defined]
        return super().__getitem__(key) if strict else self.values.get(key, "")


def goes(text: Any, contexts: dict[str, Any], results: list[str]) -> bool:
    """Whether a condition holds; without a word about it, what was before must have succeeded."""
    well = all(result == "success" for result in results)
    functions = {
        **PLAIN,
        "always": lambda: True,
        "success": lambda: well,
        "failure": lambda: "failure" in results,
        "cancelled": lambda: False,
    }
    asked = isinstance(text, str) and names_in(text) & STATUS
    return bool(condition(text, contexts, functions)) and (bool(asked) or well)


def taken(declared: Mapping[str, Any], given: Mapping[str, Any], where: str) -> dict[str, Any]:
    """The inputs that something declares, with their defaults. Unknown and missing ones fail."""
    assert given.keys() <= declared.keys(), f"{where}: no {sorted(given.keys() - declared.keys())}"
    found = {}
    for name, about in declared.items():
        value = given.get(name, about.get("default", ""))
        assert name in given or not about.get("required"), f"{where} needs {name}"
        kinds = {"string": str, "choice": str, "boolean": bool, "number": int}
        kind = kinds[about.get("type", "string")]
        assert value in about.get("options", [value]), f"{where}: {name} may not be {value!r}"
        assert isinstance(value, kind) or "type" not in about, f"{where}: {name} is {value!r}"
        found[name] = value
    return found


def outputs_of(text: str) -> dict[str, str]:
    """What a step has written to the file of its outputs, in both forms."""
    found, lines = {}, iter(text.splitlines())
    for line in lines:
        name, mark, end = line.partition("<<")
        if mark and "=" not in name:
            found[name] = "\n".join(iter(lines.__next__, end))
        else:
            name, mark, value = line.partition("=")
            assert mark, f"{line!r} is no output"
            found[name] = value
    return found


def str_of(value: Any) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def needs_of(body: Mapping[str, Any]) -> list[str]:
    needs = body.get("needs", [])
    return [needs] if isinstance(needs, str) else list(needs)


def matrix(strategy: Mapping[str, Any], contexts: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The cells of a matrix; one empty cell where there is none.

    There is one Python here, so of several one is enough.
    """
    axes = {key: filled(value, contexts) for key, value in strategy.get("matrix", {}).items()}
    axes = {key: value[:1] if key == "python" else value for key, value in axes.items()}
    for values in product(*axes.values()):
        yield dict(zip(axes, values, strict=True))
