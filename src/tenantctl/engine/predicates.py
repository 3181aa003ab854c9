"""Questions about one item, and what to say where the answer is not the wanted one."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from tenantctl.playbooks import Node

WIDTH = 60
"""Characters of a value that a sentence quotes."""

CALLED: Mapping[str, str] = {
    "_age_days": "its age in days",
    "_audience": "who its applications are for (client_metadata.audience)",
    "_bound": "bound to a trigger",
    "_cert_days_left": "the number of days until its certificate expires",
    "_database_connections": "the number of its database connections",
    "_enterprise_connections": "the number of its enterprise connections",
    "_library": "bound nowhere on purpose",
    "_org_only": "used through organizations only",
    "_used_by_organizations": "the number of organizations that use it",
    "backup.age_days": "the age of the last backup in days",
    "config_hash": "the definition",
    "missing_phases": "the phases that have to come before",
    "missing_variables": "the variables without a value",
    "operations.egress_allowlist_age_days": "the days since operations.egress_allowlist_checked",
    "policies.allow_delete": "policy.delete (managed is true, never is false)",
    "policies.approval": "policy.approval",
    "rollback.config_hash": "an earlier definition to go back to",
    "tests.passed": "unit tests passed",
}
"""What people call a path that they do not write themselves."""


def reach(value: Any, path: str) -> Any:
    """The value at a dotted *path*; after a part that ends in `[]`, the list of all there are."""
    if "[]" not in path:
        for part in path.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        return value
    found, many = [value], False
    for part in path.split("."):
        key = part.removesuffix("[]")
        inner = [each.get(key) if isinstance(each, Mapping) else None for each in found]
        if key != part:
            many = True
            inner = [one for each in inner if isinstance(each, list) for one in each]
        found = inner
    if many:
        return [each for each in found if each is not None]
    return found[0] if found else None


def judge(
    predicate: Node, value: Any, hidden: Collection[str] = (), *, partial: bool = False
) -> bool | None:
    """Whether *predicate* holds of *value*; None where that hangs on one of the paths *hidden*.

    Of a *partial* value it is not known what is not there either.
    """
    if "all" in predicate:
        answers = [judge(inner, value, hidden, partial=partial) for inner in predicate["all"]]
        return False if False in answers else None if None in answers else True
    if "any" in predicate:
        answers = [judge(inner, value, hidden, partial=partial) for inner in predicate["any"]]
        return True if True in answers else None if None in answers else False
    if "not" in predicate:
        answer = judge(predicate["not"], value, hidden, partial=partial)
        return None if answer is None else not answer
    path = predicate["path"].replace("[]", "")
    if predicate["op"] == "unknown" or any(leads(path, each) for each in hidden):
        return None
    if partial and missing(value, predicate["path"]):
        return None
    return _holds(predicate, reach(value, predicate["path"]))


def told(predicate: Node, value: Any, want: bool) -> str:
    """Why *predicate* is not what one *wants* of *value*, in a few words.

    Quotes no text of several lines: code may hold what nobody should read.
    """
    if "not" in predicate:
        return told(predicate["not"], value, not want)
    if "all" in predicate or "any" in predicate:
        inner = predicate["all"] if "all" in predicate else predicate["any"]
        parts = [told(one, value, want) for one in inner if judge(one, value) is not want]
        joint = ", and " if ("all" in predicate) is not want else "; "
        return joint.join(dict.fromkeys(parts))
    found = reach(value, predicate["path"])
    path = predicate["path"].replace("[]", "")
    name = CALLED.get(path, path)
    if found in (None, [], {}, "") and want:
        return f"{name} is not set"
    if (
        predicate["op"] == "matches"
        and isinstance(found, str)
        and (path == "code" or "\n" in found)
    ):
        return _in_code(predicate["value"], name, found)
    if want and (wrong := _wrong(predicate, found)):
        return f"{name} has {_short(wrong)}, which must not be there"
    if predicate["op"] == "eq" and not want:
        return f"{name} is {_short(found)}"
    ought = SAID[predicate["op"]][0 if want else 1].format(_short(predicate.get("value")))
    return f"{name} is {_short(found)}, it {ought}"


def _in_code(pattern: str, name: str, code: str) -> str:
    """Where in *code* stands what must not, or that something does not which must."""
    if (found := re.search(pattern, code)) is None:
        return f"{name} does not have what it must"
    return f"{name} has it in line {code.count(chr(10), 0, found.start()) + 1}"


def _wrong(predicate: Node, found: Any) -> list[Any]:
    """The elements on account of which a question about all of them is answered with no."""
    value: Any = predicate.get("value")
    if predicate["op"] == "none_match":
        return [each for each in _many(found) if re.search(value, str(each))]
    if predicate["op"] == "subset_of":
        return [each for each in _many(found) if each not in value]
    return []


def missing(value: Any, path: str) -> bool:
    """Whether nothing stands at *path*, or where the first list should on the way there.

    What is derived, whose name starts with `_`, is never missing.
    """
    head = path.partition("[]")[0]
    return not path.startswith("_") and reach(value, head) is None


def blamed(predicate: Node, value: Any, want: bool) -> list[str]:
    """The paths on account of which *predicate* is not what one *wants* of *value*."""
    if "not" in predicate:
        return blamed(predicate["not"], value, not want)
    if "path" in predicate:
        return [predicate["path"]]
    inner = predicate.get("all") or predicate["any"]
    wrong = (one for one in inner if judge(one, value) is not want)
    return [path for one in wrong for path in blamed(one, value, want)]


def leads(path: str, hidden: str) -> bool:
    """Whether *path* is, or leads into, what is *hidden*."""
    plain = path.replace("[]", "")
    return plain == hidden or plain.startswith(f"{hidden}.") or hidden.startswith(f"{plain}.")


def paths(predicate: Node) -> list[str]:
    """Every path that *predicate* asks about."""
    if "path" in predicate:
        return [predicate["path"]]
    inner = predicate.get("all") or predicate.get("any") or [predicate["not"]]
    return [path for each in inner for path in paths(each)]


def _short(value: Any) -> str:
    words = {True: "true", False: "false", None: "not set"}
    if isinstance(value, list):
        text = ", ".join(map(_short, value)) or "empty"
    else:
        text = words[value] if isinstance(value, bool | None) else str(value)
    text = " ".join(text.split())
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 3]}..."


def _holds(predicate: Node, found: Any) -> bool:
    try:
        return OPERATORS[predicate["op"]](found, predicate.get("value"))
    except TypeError:
        return False


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _size(value: Any) -> int:
    return 0 if value is None else len(value)


def _present(value: Any) -> bool:
    return value not in (None, "", [], {})


OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "present": lambda found, _: _present(found),
    "absent": lambda found, _: not _present(found),
    "eq": lambda found, value: bool(found == value),
    "in": lambda found, value: found in value,
    "gt": lambda found, value: found is not None and found > value,
    "gte": lambda found, value: found is not None and found >= value,
    "lt": lambda found, value: found is not None and found < value,
    "lte": lambda found, value: found is not None and found <= value,
    "len_gte": lambda found, value: _size(found) >= value,
    "len_lte": lambda found, value: _size(found) <= value,
    "values_len_lte": lambda found, value: all(
        len(str(x)) <= value for x in (found or {}).values()
    ),
    "contains": lambda found, value: value in _many(found),
    "contains_any": lambda found, value: any(x in _many(found) for x in value),
    "subset_of": lambda found, value: all(x in value for x in _many(found)),
    "matches": lambda found, value: isinstance(found, str) and bool(re.search(value, found)),
    "any_match": lambda found, value: any(re.search(value, str(x)) for x in _many(found)),
    "all_match": lambda found, value: all(re.search(value, str(x)) for x in _many(found)),
    "none_match": lambda found, value: not any(re.search(value, str(x)) for x in _many(found)),
    "is_https": lambda found, _: isinstance(found, str) and found.startswith("https://"),
}

SAID: Mapping[str, tuple[str, str]] = {
    "present": ("must be set", "must not be set"),
    "absent": ("must not be set", "must be set"),
    "eq": ("must be {}", "must not be {}"),
    "in": ("must be one of {}", "must be none of {}"),
    "gt": ("must be more than {}", "must be at most {}"),
    "gte": ("must be at least {}", "must be less than {}"),
    "lt": ("must be less than {}", "must be at least {}"),
    "lte": ("must be at most {}", "must be more than {}"),
    "len_gte": ("must have at least {}", "must have less than {}"),
    "len_lte": ("must have at most {}", "must have more than {}"),
    "values_len_lte": ("may have {} characters in a value", "must have more in one"),
    "contains": ("must have {}", "must not have {}"),
    "contains_any": ("must have one of {}", "must have none of {}"),
    "subset_of": ("must have nothing but {}", "must have something else than {}"),
    "matches": ("must match {}", "must not match {}"),
    "any_match": ("must have a value that matches {}", "must have none that matches {}"),
    "all_match": ("must have only values that match {}", "must have others than match {}"),
    "none_match": ("must have no value that matches {}", "must have one that matches {}"),
    "is_https": ("must be an https URL", "must not be an https URL"),
    "unknown": ("must be compared with what is not known", "must not be what is not known"),
}
"""What to say where an operator does not hold and should, and where it holds and should not."""
