"""What a check may look like, and everything that is told when it does not."""

from __future__ import annotations

from typing import Any

import pytest

from tenantctl.errors import PlaybookError
from tenantctl.playbooks import Check, load_checks

PREDICATE = {"path": "name", "op": "present"}
EACH = {"scope": "clients", "quantifier": "each", "assert": PREDICATE}
COUNT = {"scope": "clients", "quantifier": "count", "min": 1}


def check(evaluate: Any = EACH, **words: Any) -> dict[str, Any]:
    return {
        "title": "Something holds",
        "severity": "low",
        "levels": {"development": "off", "qa": "warn", "production": "block"},
        "topics": ["logout"],
        "evidence": "config",
        "evaluate": evaluate,
        **words,
    }


def loaded(entry: dict[str, Any], values: dict[str, Any] | None = None) -> Check:
    return load_checks({"W1.word": entry}, values or {})[0]


def refused(entry: dict[str, Any]) -> str:
    with pytest.raises(PlaybookError) as caught:
        loaded(entry)
    return str(caught.value)


@pytest.mark.parametrize(
    "node",
    [
        EACH,
        {**EACH, "where": {"not": PREDICATE}},
        {**EACH, "quantifier": "any"},
        {**EACH, "quantifier": "none"},
        COUNT,
        {**COUNT, "max": 3, "where": {"all": [PREDICATE, {"any": [PREDICATE]}]}},
        {"unique": "environments", "path": "domain"},
        {"adopted": "logout"},
        {"attestation": "environment_tag", "max_age_days": 365},
        {"all": [EACH, {"any": [COUNT, {"not": {"adopted": "logout"}}]}]},
        {**EACH, "assert": {"path": "name", "op": "eq", "value": {"ref": "$.env.name"}}},
    ],
)
def test_every_form_of_the_language_is_read_as_it_stands(node: dict[str, Any]) -> None:
    found = loaded(check(node, when=node))
    assert found.evaluate == node
    assert found.when == node


@pytest.mark.parametrize(
    ("node", "said"),
    [
        ({}, "no form of the check language"),
        ({"scope": "clients"}, "scope: no form of the check language"),
        ({"adopt": "logout"}, "adopt: no form of the check language"),
        ({"attestation": "a"}, "attestation: no form of the check language"),
        ({"unique": "clients"}, "unique: no form of the check language"),
        ({**EACH, "quantifier": "every"}, "no form of the check language"),
        ({"all": [EACH], "any": [EACH]}, "all, any: no form of the check language"),
        ({"all": [{"not": {"adopt": "logout"}}]}, "adopt: no form of the check language"),
        ({**EACH, "max": 1}, "max cannot stand beside quantifier each"),
        ({**COUNT, "assert": PREDICATE}, "assert cannot stand beside quantifier count"),
        ({"scope": "clients", "quantifier": "any"}, "quantifier any needs assert"),
        ({**EACH, "assert": {"path": "name"}}, "path: no form of a predicate"),
        ({**EACH, "assert": {**PREDICATE, "than": 1}}, "op, path, than: no form of a predicate"),
        ({**COUNT, "where": {"adopted": "logout"}}, "adopted: no form of a predicate"),
        ({**EACH, "assert": {"path": "name", "op": "is"}}, "there is no operator is"),
        (
            {**EACH, "where": {"any": [PREDICATE, {"not": {"path": "name", "op": "eqs"}}]}},
            "there is no operator eqs",
        ),
    ],
)
@pytest.mark.parametrize("word", ["when", "evaluate"])
def test_what_the_language_does_not_have_is_refused(
    node: dict[str, Any], said: str, word: str
) -> None:
    assert said in refused(check(**{word: node}))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"severity": "awful"}, "severity awful is none of low, medium, high, critical"),
        ({"evidence": "rumour"}, "evidence rumour is none of config, live, code, env, attest"),
        ({"topics": []}, "W1.word has no topic"),
        ({"levels": {"qa": "warn"}}, "levels must be for development, qa, production"),
        (
            {"levels": {"development": "off", "qa": "warn", "production": "stop"}},
            "level stop is none of off, info, warn, block",
        ),
        (
            {"levels": {"development": "off", "staging": "warn", "production": "warn"}},
            "levels must be for development, qa, production",
        ),
    ],
)
def test_a_check_is_described_in_words_that_exist(words: dict[str, Any], said: str) -> None:
    assert said in refused(check(**words))


@pytest.mark.parametrize("word", ["title", "severity", "levels", "topics", "evidence", "evaluate"])
def test_a_check_without_one_of_its_words_is_refused_by_name(word: str) -> None:
    entry = check()
    del entry[word]
    assert f"'{word}' is missing" in refused(entry)


def test_everything_wrong_with_all_checks_is_told_at_once() -> None:
    with pytest.raises(PlaybookError) as caught:
        load_checks(
            {"W1.one": check(severity="awful", topics=[]), "W2.two": check({"adopt": "x"})}, {}
        )
    said = str(caught.value)
    assert "W1.one: severity awful" in said
    assert "W1.one has no topic" in said
    assert "W2.two: adopt: no form" in said


@pytest.mark.parametrize(
    ("value", "means"),
    [
        ({"is": "social"}, ["apple", "google-oauth2"]),
        ([{"is": "one"}, "two"], ["uno", "two"]),
        ({"ref": "$.params.x"}, {"ref": "$.params.x"}),
    ],
)
def test_a_named_value_stands_for_what_it_is(value: Any, means: Any) -> None:
    values = {"social": ["apple", "google-oauth2"], "one": "uno"}
    asserted = {"path": "strategy", "op": "in", "value": value}
    entry = check({**EACH, "assert": asserted}, when={**COUNT, "where": asserted})
    found = loaded(entry, values)
    assert found.evaluate["assert"]["value"] == means
    assert found.when is not None
    assert found.when["where"]["value"] == means


def test_a_value_that_is_not_there_is_refused_by_name() -> None:
    asserted = {"path": "strategy", "op": "in", "value": {"is": "socal"}}
    assert "'socal' is missing" in refused(check({**EACH, "assert": asserted}))
