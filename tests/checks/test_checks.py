"""The check language: what is not known is never a pass, and what a finding says."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenantctl.engine.checks import Item, State, evaluate, run
from tenantctl.model import Attestation, Finding, Origin, Waiver
from tenantctl.playbooks import Check, playbook

TODAY = dt.date(2026, 9, 1)
LEVELS = {"development": "info", "qa": "warn", "production": "block"}
AT = Origin("tenants/shop/phase1/operations.yaml", 7, 3)


def check(evaluate: dict[str, Any], when: dict[str, Any] | None = None, **more: Any) -> Check:
    return Check(
        "T01.test", "It is so", "high", LEVELS, ("logging",), "config", evaluate, when, **more
    )


def state(scopes: dict[str, list[dict[str, Any]]], **more: Any) -> State:
    items = {
        scope: tuple(Item(value, value.get("name", scope), AT) for value in values)
        for scope, values in scopes.items()
    }
    said: dict[str, Any] = {"kind": "production", "name": "prod", "adopted": frozenset({"logging"})}
    return State(now=TODAY, scopes=items, **{**said, **more})


def each(quantifier: str, path: str, op: str, value: Any = None, **more: Any) -> dict[str, Any]:
    question = {"path": path, "op": op} | ({} if value is None else {"value": value})
    return {"scope": "clients", "quantifier": quantifier, "assert": question, **more}


ONE = [{"name": "shop", "alg": "HS256", "urls": ["http://a.example", "https://b.example"]}]


@pytest.mark.parametrize(
    ("node", "says"),
    [
        (each("each", "alg", "eq", "RS256"), "shop: alg is HS256, it must be RS256"),
        (each("none", "alg", "eq", "HS256"), "shop: alg is HS256"),
        (each("each", "logo", "present"), "shop: logo is not set"),
        (each("each", "a.b", "gte", 3), "shop: a.b is not set"),
        (
            each("each", "urls[]", "none_match", "^http:"),
            "shop: urls has http://a.example, which must not be there",
        ),
        (
            each("each", "urls", "subset_of", ["https://b.example"]),
            "shop: urls has http://a.example, which must not be there",
        ),
        ({"not": each("any", "alg", "eq", "HS256")}, "it holds, and should not"),
        ({"adopted": "mfa"}, "the topic mfa is not adopted"),
        (
            {"scope": "clients", "quantifier": "count", "min": 2},
            "clients: 1, there must be at least 2",
        ),
        (
            {"scope": "clients", "quantifier": "count", "max": 0},
            "clients: 1, there must be at most 0; shop",
        ),
        (
            each("any", "alg", "eq", "RS256", where={"path": "name", "op": "eq", "value": "x"}),
            "clients: there is none of the kind asked for",
        ),
        (
            {"attestation": "environment_tag", "max_age_days": 30},
            "nobody has attested environment_tag",
        ),
    ],
)
def test_a_finding_says_what_does_not_hold_of_what(node: dict[str, Any], says: str) -> None:
    finding = evaluate(check(node), state({"clients": ONE}))

    assert (finding.status, "; ".join(finding.details)) == ("failed", says)


def test_a_finding_about_code_names_the_line_and_quotes_nothing() -> None:
    code = [{"name": "login", "code": "const a = 1;\nconst key = 'hunter2hunter2';\n"}]
    node = each("none", "code", "matches", "key = '", scope="code")
    finding = evaluate(check(node), state({"code": code}))

    assert finding.details == ("login: code has it in line 2",)


def test_a_finding_names_the_place_of_what_failed() -> None:
    finding = evaluate(check(each("each", "alg", "eq", "RS256")), state({"clients": ONE}))

    assert finding.places == (AT,)


def test_a_scope_that_nobody_looked_at_is_no_pass_and_says_why() -> None:
    unread = {"clients": "the tenant was not read"}
    for node in (
        each("none", "alg", "eq", "HS256"),
        {"scope": "clients", "quantifier": "count", "max": 0},
        {"unique": "clients", "path": "name"},
        {"not": each("any", "alg", "present")},
    ):
        finding = evaluate(check(node), state({}, unknown=unread))

        assert finding.status == "unknown"
        assert finding.details == ("clients: the tenant was not read",)


def test_a_field_that_nobody_looked_at_is_no_pass_and_no_failure() -> None:
    unread = {"clients.status": "the tenant was not read"}
    finding = evaluate(
        check(each("each", "status.of", "eq", 1)), state({"clients": ONE}, unknown=unread)
    )

    assert (finding.status, finding.details) == ("unknown", ("shop: the tenant was not read",))


def test_what_decides_a_question_decides_it_whatever_else_is_unknown() -> None:
    unknown = {"tenant": "the tenant was not read"}
    silent = {"scope": "tenant", "quantifier": "count", "min": 1}
    fails, holds = each("each", "alg", "eq", "RS256"), each("each", "alg", "eq", "HS256")
    seen = state({"clients": ONE}, unknown=unknown)

    assert evaluate(check({"all": [silent, fails]}), seen).status == "failed"
    assert evaluate(check({"all": [silent, holds]}), seen).status == "unknown"
    assert evaluate(check({"any": [silent, holds]}), seen).status == "passed"
    assert evaluate(check({"any": [silent, fails]}), seen).status == "unknown"


SILENT = {"path": "status", "op": "present"}
HOLDS = {"path": "alg", "op": "eq", "value": "HS256"}
FAILS = {"path": "alg", "op": "eq", "value": "RS256"}


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"all": [SILENT, HOLDS]}, "unknown"),
        ({"all": [SILENT, FAILS]}, "failed"),
        ({"any": [SILENT, HOLDS]}, "passed"),
        ({"any": [SILENT, FAILS]}, "unknown"),
        ({"not": SILENT}, "unknown"),
        ({"not": HOLDS}, "failed"),
        ({"not": FAILS}, "passed"),
    ],
)
def test_so_it_is_inside_one_object(asked: dict[str, Any], status: str) -> None:
    seen = state({"clients": ONE}, unknown={"clients.status": "the tenant was not read"})
    one = {"scope": "clients", "quantifier": "each", "assert": asked}

    assert evaluate(check(one), seen).status == status


def test_what_cannot_be_known_to_apply_is_not_known_to_fail() -> None:
    unknown = {"tenant": "the tenant was not read"}
    when = {"scope": "tenant", "quantifier": "count", "min": 1}
    seen = state({"clients": ONE}, unknown=unknown)

    assert evaluate(check(each("each", "alg", "eq", "RS256"), when), seen).status == "unknown"
    assert evaluate(check(each("each", "alg", "eq", "HS256"), when), seen).status == "passed"


def test_a_check_over_nothing_says_so() -> None:
    nothing = state({"clients": []})

    assert evaluate(check(each("each", "alg", "eq", "RS256")), nothing).vacuous
    assert evaluate(check(each("none", "alg", "eq", "RS256")), nothing).vacuous
    assert not evaluate(
        check({"scope": "clients", "quantifier": "count", "max": 3}), nothing
    ).vacuous
    assert not evaluate(check(each("each", "alg", "eq", "HS256")), state({"clients": ONE})).vacuous


def test_a_figure_that_is_not_known_makes_the_comparison_unknown() -> None:
    node = each("each", "alg", "eq", {"ref": "$.params.alg"})

    assert evaluate(check(node), state({"clients": ONE})).status == "unknown"
    known = state({"clients": ONE, "params": [{"alg": "HS256"}]})
    assert evaluate(check(node), known).status == "passed"


@pytest.mark.parametrize(
    ("said", "status", "says"),
    [
        (Attestation("tag", "ops", dt.date(2026, 8, 2)), "passed", ""),
        (Attestation("tag", "ops", dt.date(2026, 8, 1)), "failed", "31 days ago, which may be 30"),
        (Attestation("tag", "ops", dt.date(2026, 9, 2)), "failed", "which is to come"),
        (Attestation("tag", "ops", dt.date(2026, 8, 20), dt.date(2026, 9, 1)), "passed", ""),
        (
            Attestation("tag", "ops", dt.date(2026, 8, 20), dt.date(2026, 8, 31)),
            "failed",
            "until 2026-08-31, which is past",
        ),
        (
            Attestation("tag", "ops", dt.date(2026, 8, 20), environments=("qa",)),
            "failed",
            "nobody has attested tag",
        ),
        (Attestation("other", "ops", dt.date(2026, 8, 20)), "failed", "nobody has attested tag"),
    ],
)
def test_an_attestation_counts_while_it_is_young_enough(
    said: Attestation, status: str, says: str
) -> None:
    node = {"attestation": "tag", "max_age_days": 30}
    finding = evaluate(check(node), state({}, attestations=(said,)))

    assert finding.status == status
    assert says in " ".join(finding.details)


def test_the_youngest_attestation_decides_wherever_it_stands() -> None:
    node = {"attestation": "tag", "max_age_days": 30}
    old = Attestation("tag", "ops", dt.date(2026, 1, 1))
    young = Attestation("tag", "ops", dt.date(2026, 8, 20))

    for said in ((old, young), (young, old)):
        assert evaluate(check(node), state({}, attestations=said)).status == "passed"


def waived(waiver: Waiver, **more: Any) -> Finding:
    failing = check({"scope": "clients", "quantifier": "count", "min": 1})
    (finding,) = run([failing], state({"clients": []}, **more), playbook("b2c"), [waiver])
    return finding


def test_a_waiver_lowers_what_blocks_to_a_warning_while_it_lasts() -> None:
    waiver = Waiver("T01.test", "the stream comes with the new contract", "ops", TODAY)
    over = replace(waiver, expires=TODAY - dt.timedelta(days=1))

    assert waived(waiver).level == "warn"
    assert waived(waiver).waived == "the stream comes with the new contract (ops, until 2026-09-01)"
    assert waived(over).level == "block"
    assert waived(replace(waiver, environments=("qa",))).level == "block"
    assert waived(replace(waiver, check="T02.other")).level == "block"
    assert waived(waiver, kind="qa").waived == ""


def test_a_check_runs_only_where_one_of_its_topics_is_adopted() -> None:
    failing = check({"scope": "clients", "quantifier": "count", "min": 1})
    nowhere = state({"clients": []}, adopted=frozenset({"mfa"}))

    assert run([failing], nowhere, playbook("b2c"))[0].status == "absent"


def test_staging_is_held_to_the_level_of_qa_and_a_sandbox_to_that_of_development() -> None:
    failing = check({"scope": "clients", "quantifier": "count", "min": 1})
    levels = {
        kind: evaluate(failing, state({"clients": []}, kind=kind)).level
        for kind in ("development", "sandbox", "qa", "staging", "production")
    }

    assert list(levels.values()) == ["info", "info", "warn", "warn", "block"]


VALUES = st.one_of(st.none(), st.booleans(), st.integers(0, 3), st.sampled_from(["", "a", "b"]))
ITEMS = st.lists(st.fixed_dictionaries({"a": VALUES, "b": VALUES}), max_size=3)
QUESTIONS = st.one_of(
    st.builds(lambda p: {"path": p, "op": "present"}, st.sampled_from(["a", "b"])),
    st.builds(
        lambda p, v: {"path": p, "op": "eq", "value": v}, st.sampled_from(["a", "b"]), VALUES
    ),
)
PREDICATES = st.recursive(
    QUESTIONS,
    lambda inner: st.one_of(
        st.builds(lambda xs: {"all": xs}, st.lists(inner, min_size=1, max_size=2)),
        st.builds(lambda xs: {"any": xs}, st.lists(inner, min_size=1, max_size=2)),
        st.builds(lambda x: {"not": x}, inner),
    ),
    max_leaves=4,
)
SCOPES = st.sampled_from(["clients", "roles"])
LEAVES = st.one_of(
    st.builds(
        lambda s, q, a: {"scope": s, "quantifier": q, "assert": a},
        SCOPES,
        st.sampled_from(["each", "any", "none"]),
        PREDICATES,
    ),
    st.builds(
        lambda s, q, w, a: {"scope": s, "quantifier": q, "where": w, "assert": a},
        SCOPES,
        st.sampled_from(["each", "any", "none"]),
        PREDICATES,
        PREDICATES,
    ),
    st.builds(
        lambda s, w, n: {"scope": s, "quantifier": "count", "where": w, "min": n, "max": n + 1},
        SCOPES,
        PREDICATES,
        st.integers(0, 2),
    ),
)
NODES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda xs: {"all": xs}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda xs: {"any": xs}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda x: {"not": x}, inner),
    ),
    max_leaves=4,
)


@given(NODES, ITEMS, ITEMS, st.sampled_from(["clients", "roles", "clients.a", "roles.b"]))
def test_hiding_something_never_turns_an_answer_round(
    node: dict[str, Any], clients: list[Any], roles: list[Any], hidden: str
) -> None:
    everything = state({"clients": clients, "roles": roles})
    less = replace(everything, unknown={hidden: "nobody looked"})

    known, hazy = evaluate(check(node), everything), evaluate(check(node), less)

    assert hazy.status in {known.status, "unknown"}


@given(NODES, ITEMS, ITEMS)
def test_what_does_not_hold_is_always_told(
    node: dict[str, Any], clients: list[Any], roles: list[Any]
) -> None:
    finding = evaluate(check(node), state({"clients": clients, "roles": roles}))

    assert (finding.status == "failed") == bool(finding.details)
