"""Readiness checks: a check and a state become a finding. Pure, and three-valued.

What was not looked at is unknown, and unknown is never a pass: only what decides a question
whatever the unknown part may be, decides it.

A node asks about the state: `{scope, where?, quantifier: each|any|none, assert}` about the items
of a scope (what there is one of counts as one item), `{scope, where?, quantifier: count, min?,
max?}` how many there are, `{unique: scope, path}` whether no value stands there twice,
`{attestation, max_age_days}` whether a person has said so lately enough, `{adopted: topic}`; and
`{all: [...]}`, `{any: [...]}`, `{not: ...}`. A predicate asks about an item: `{path, op, value?}`,
and the same three. A path is dotted, `x[]` stands for the elements of a list; a value may be
`{ref: $.scope.path}`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tenantctl.engine.predicates import blamed, judge, leads, missing, paths, reach, told
from tenantctl.model import Attestation, Finding, Json, Origin, Origins, Waiver
from tenantctl.playbooks import Check, Node, Playbook

NAMED = 20
"""Items that a finding names where there are too many of them."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that checks look at: its *value*, what people call it, and where it is written.

    *unknown* maps a path of it that nobody looked at to the reason. *partial* says, where not all
    of it was looked at, why: then no check passes on account of what is not there. *origins* are
    where single values are written.
    """

    value: Mapping[str, Json]
    name: str
    origin: Origin | None = None
    unknown: Mapping[str, str] = field(default_factory=dict)
    partial: str = ""
    origins: Origins = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class State:
    """All that checks read of one environment, of *kind*, called *name*, on the day *now*.

    *scopes* are by name; what there is one of is one item, or none. *unknown* maps a scope, or
    `scope.path` of one, that nobody looked at to the reason.
    """

    now: dt.date
    kind: str
    name: str
    adopted: frozenset[str]
    scopes: Mapping[str, tuple[Item, ...]]
    unknown: Mapping[str, str] = field(default_factory=dict)
    attestations: tuple[Attestation, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """*holds* is None where nobody knows. *why* says what does not hold, or is not known.

    *asked* counts questions about each item of a scope, *seen* the items there were.
    """

    holds: bool | None
    why: tuple[tuple[str, Origin | None], ...] = ()
    asked: int = 0
    seen: int = 0


def run(
    checks: Iterable[Check], state: State, playbook: Playbook, waivers: Iterable[Waiver] = ()
) -> tuple[Finding, ...]:
    """What each check says; of one whose topics nobody adopted, that it does not apply."""
    inforce = {w.check: w for w in waivers if in_force(w, state.name, state.now)}
    return tuple(
        _waived(_due(evaluate(check, state), check, playbook, state), inforce.get(check.id))
        if not state.adopted.isdisjoint(check.topics)
        else _finding(check, state, "absent")
        for check in checks
    )


def evaluate(check: Check, state: State) -> Finding:
    """What *check* says of *state*, whether or not one of its topics is adopted."""
    if check.level(state.kind) == "off":
        return _finding(check, state, "absent")
    applies = _ask(check.when, state) if check.when is not None else Answer(holds=True)
    if applies.holds is False:
        return _finding(check, state, "absent")
    answer = _ask(check.evaluate, state)
    if answer.holds is None and (whole := _as_if_whole(state)) is not None:
        again = _ask(check.evaluate, whole)
        answer = again if again.holds is False else answer
    if answer.holds is False and applies.holds is None:
        answer = Answer(None, applies.why)
    status = {True: "passed", False: "failed", None: "unknown"}[answer.holds]
    said = () if answer.holds else answer.why
    return replace(
        _finding(check, state, status),
        details=tuple(dict.fromkeys(text for text, _ in said)),
        places=tuple(dict.fromkeys(origin for _, origin in said if origin is not None)),
        vacuous=answer.holds is True and answer.asked > 0 and answer.seen == 0,
    )


def _as_if_whole(state: State) -> State | None:
    """*state* where what is not there of a thing counts as not set; None if it does already."""
    if not any(item.partial for items in state.scopes.values() for item in items):
        return None
    scopes = {
        scope: tuple(replace(item, partial="") if item.partial else item for item in items)
        for scope, items in state.scopes.items()
    }
    return replace(state, scopes=scopes)


def _finding(check: Check, state: State, status: str) -> Finding:
    level = check.level(state.kind)
    return Finding(check.id, check.title, check.severity, level, status, topics=check.topics)


def _due(finding: Finding, check: Check, playbook: Playbook, state: State) -> Finding:
    """*finding* with the first milestone by which one of its adopted topics is due."""
    topics = [
        playbook.topics[t] for t in check.topics if t in state.adopted & playbook.topics.keys()
    ]
    due = min(
        ((t.phase, playbook.phase(t.phase).milestone(t.milestone), t.milestone) for t in topics),
        default=(1, 0, ""),
    )
    return replace(finding, phase=due[0], milestone=due[2])


def in_force(waiver: Waiver, environment: str, now: dt.date) -> bool:
    """Whether *waiver* holds in the environment of that name."""
    here = not waiver.environments or environment in waiver.environments
    return here and now <= waiver.expires


def _waived(finding: Finding, waiver: Waiver | None) -> Finding:
    """A waiver lowers what blocks to a warning, and says so."""
    if waiver is None or finding.level != "block" or finding.status in {"passed", "absent"}:
        return finding
    reason = f"{waiver.reason} ({waiver.owner}, until {waiver.expires})"
    return replace(finding, level="warn", waived=reason)


def _ask(node: Node, state: State) -> Answer:
    if "all" in node:
        return _all([_ask(inner, state) for inner in node["all"]])
    if "any" in node:
        return _any([_ask(inner, state) for inner in node["any"]])
    if "not" in node:
        return _not(_ask(node["not"], state))
    if "adopted" in node:
        topic = node["adopted"]
        return _said(topic in state.adopted, f"the topic {topic} is not adopted")
    if "attestation" in node:
        return _attested(node, state)
    if "unique" in node:
        return _unique(node, state)
    return _scoped(node, state)


def _said(holds: bool | None, text: str, origin: Origin | None = None) -> Answer:
    return Answer(holds, () if holds else ((text, origin),))


def _no(text: str, origin: Origin | None = None) -> Answer:
    return Answer(holds=False, why=((text, origin),))


def _sum(answers: Sequence[Answer]) -> tuple[int, int]:
    return sum(a.asked for a in answers), sum(a.seen for a in answers)


def _all(answers: Sequence[Answer]) -> Answer:
    failed = [a for a in answers if a.holds is False]
    unknown = [a for a in answers if a.holds is None]
    holds = False if failed else None if unknown else True
    return Answer(holds, tuple(w for a in failed or unknown for w in a.why), *_sum(answers))


def _any(answers: Sequence[Answer]) -> Answer:
    if any(a.holds for a in answers):
        asked, seen = _sum([a for a in answers if a.holds])
        return Answer(holds=True, asked=asked, seen=seen)
    unknown = [a for a in answers if a.holds is None]
    why = tuple(w for a in unknown or answers for w in a.why)
    return Answer(None if unknown else False, why, *_sum(answers))


def _not(answer: Answer) -> Answer:
    if answer.holds is None:
        return answer
    return _said(not answer.holds, "it holds, and should not")


def _attested(node: Node, state: State) -> Answer:
    """The youngest attestation that is meant for this environment decides."""
    name, limit = node["attestation"], node["max_age_days"]
    if "attestations" in state.unknown:
        return _said(None, f"attestations: {state.unknown['attestations']}")
    mine = [
        a
        for a in state.attestations
        if a.name == name and (not a.environments or state.name in a.environments)
    ]
    if not mine:
        return _no(f"nobody has attested {name}")
    last = max(mine, key=lambda a: a.on)
    age = (state.now - last.on).days
    if age < 0:
        return _no(f"{name} is attested as of {last.on}, which is to come", last.origin)
    if last.until is not None and state.now > last.until:
        return _no(f"{last.by} attested {name} until {last.until}, which is past", last.origin)
    text = f"{last.by} attested {name} {age} days ago, which may be {limit} at most"
    return _said(age <= limit, text, last.origin)


def _items(scope: str, state: State) -> tuple[tuple[Item, ...], str]:
    """The items of a scope; or why they are not known."""
    if scope in state.unknown:
        return (), state.unknown[scope]
    if scope not in state.scopes:
        return (), "nobody looked"
    return state.scopes[scope], ""


def _unique(node: Node, state: State) -> Answer:
    scope, path = node["unique"], node["path"]
    items, unknown = _items(scope, state)
    if unknown:
        return _said(None, f"{scope}: {unknown}")
    first: dict[Any, Item] = {}
    twice: list[tuple[str, Origin | None]] = []
    hidden = [why for item in items for why in _hidden(item, path)]
    for item in items:
        found = reach(item.value, path)
        for value in found if isinstance(found, list) else [found]:
            if value is None:
                continue
            if value in first:
                twice.append((f"{value} is of {first[value].name} and of {item.name}", item.origin))
            first[value] = item
    if hidden and not twice:
        return _said(None, f"{scope}: {hidden[0]}")
    return Answer(not twice, tuple(twice), 1, len(items))


def _scoped(node: Node, state: State) -> Answer:
    scope, quantifier = node["scope"], node["quantifier"]
    items, unknown = _items(scope, state)
    if unknown:
        return _said(None, f"{scope}: {unknown}")
    meant_by = _judging(node["where"], scope, state) if "where" in node else lambda _: True
    where = [(item, meant_by(item)) for item in items]
    sure = [item for item, meant in where if meant]
    maybe = [item for item, meant in where if meant is None]
    if quantifier == "count":
        return _count(node, sure, len(maybe))
    answer = _judging(node["assert"], scope, state)
    judged = [(item, answer(item)) for item in sure]
    judged += [(item, None) for item in maybe]
    if quantifier == "any":
        return _some(node, judged, state)
    return _every(node, judged, state)


def _count(node: Node, sure: Sequence[Item], maybe: int) -> Answer:
    scope, least, most = node["scope"], node.get("min", 0), node.get("max")
    count = len(sure)
    if least <= count and (most is None or count + maybe <= most):
        return Answer(holds=True)
    possible = least <= count + maybe and (most is None or count <= most)
    many = most is not None and count > most
    limit = f"at most {most}" if many else f"at least {least}"
    asked = " of the kind asked for" if "where" in node else ""
    text = f"{scope}: {count}{asked}, there must be {limit}"
    # Too many: which ones; nobody looks through hundreds of names.
    named = tuple((item.name, item.origin) for item in sure[:NAMED]) if many else ()
    return Answer(None if possible else False, ((text, None), *named))


def _every(node: Node, judged: list[tuple[Item, bool | None]], state: State) -> Answer:
    """Of `each` all hold, of `none` none does."""
    good = node["quantifier"] == "each"
    bad = [item for item, holds in judged if holds is (not good)]
    unknown = [item for item, holds in judged if holds is None]
    holds = False if bad else None if unknown else True
    why = tuple(_because(item, node, state, holds) for item in bad or unknown)
    return Answer(holds, why, 1, len(judged))


def _some(node: Node, judged: list[tuple[Item, bool | None]], state: State) -> Answer:
    holds = any(h for _, h in judged) or (None if any(h is None for _, h in judged) else False)
    if judged:
        why = tuple(_because(item, node, state, holds) for item, h in judged if h is holds)
    else:
        asked = " of the kind asked for" if "where" in node else ""
        why = ((f"{node['scope']}: there is none{asked}", None),)
    return Answer(holds, () if holds else why)


def _because(item: Item, node: Node, state: State, holds: bool | None) -> tuple[str, Origin | None]:
    scope = node["scope"]
    if holds is None:
        reasons = [why for path, why in state.unknown.items() if path.startswith(f"{scope}.")]
        read = [path for key in ("where", "assert") if key in node for path in paths(node[key])]
        asked = [path for path in dict.fromkeys(read) if _hidden(item, path)]
        open_ = [path.replace("[]", "") for path in asked if _is_open(item, path)]
        if open_:
            reasons.append(f"{', '.join(open_)}: not declared, and {item.partial}")
        reasons += [w for path in asked if not _is_open(item, path) for w in _hidden(item, path)]
        return f"{item.name}: {'; '.join(dict.fromkeys(reasons)) or 'not known'}", item.origin
    want = node["quantifier"] != "none"
    question = _bound(node["assert"], state)
    return f"{item.name}: {told(question, item.value, want)}", _place(item, question, want)


def _place(item: Item, question: Node, want: bool) -> Origin | None:
    """Where the value is written on account of which the answer is not the wanted one."""
    for path in blamed(question, item.value, want) if item.origins else ():
        parts = tuple(path.replace("[]", "").split("."))
        found = (origin for at, origin in item.origins.items() if at[: len(parts)] == parts)
        if origin := next(found, None):
            return origin
    return item.origin


def _judging(predicate: Node, scope: str, state: State) -> Callable[[Item], bool | None]:
    """What answers *predicate* of the items of a scope."""
    question = _bound(predicate, state)
    start = f"{scope}."
    hidden = {path.removeprefix(start) for path in state.unknown if path.startswith(start)}

    def answer(item: Item) -> bool | None:
        unknown = hidden.union(item.unknown) if item.unknown else hidden
        return judge(question, item.value, unknown, partial=bool(item.partial))

    return answer


def _is_open(item: Item, path: str) -> bool:
    """Whether nobody knows what stands at *path*, for the files say nothing of it."""
    return bool(item.partial) and missing(item.value, path)


def _hidden(item: Item, path: str) -> list[str]:
    """Why what stands at *path* of *item* is not known."""
    if _is_open(item, path):
        return [f"{path.replace('[]', '')} is not declared, and {item.partial}"]
    return [why for at, why in item.unknown.items() if leads(path, at)]


def _bound(predicate: Node, state: State) -> Node:
    """*predicate* with what each `{ref: $.scope.path}` leads to; unknown where that is nothing."""
    if "all" in predicate or "any" in predicate:
        key = "all" if "all" in predicate else "any"
        return {key: [_bound(inner, state) for inner in predicate[key]]}
    if "not" in predicate:
        return {"not": _bound(predicate["not"], state)}
    value = predicate.get("value")
    if not (isinstance(value, Mapping) and set(value) == {"ref"}):
        return predicate
    scope, _, path = value["ref"].removeprefix("$.").partition(".")
    found = [reach(item.value, path) for item in state.scopes.get(scope, ())]
    if not found or found[0] is None:
        return {"path": predicate["path"], "op": "unknown"}
    return {**predicate, "value": found[0]}
