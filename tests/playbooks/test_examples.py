"""What is shown of each topic: it is read, means something, and the embedded tenant takes it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.largely import mostly
from support.project import Project
from tenantctl.files import load
from tenantctl.files.testing import read_tests
from tenantctl.kinds import KINDS
from tenantctl.playbooks import NAMES, playbook, shipped_topics, texts

WITHOUT = {"test_automation", "backup_restore"}
"""Topics for which nobody writes a file: a pipeline of their own, and a command."""
TITLE = re.compile(r"(?:#|//) (?P<file>(tenants|environments)/shop/\S+)\n")
FILES = re.compile(r"!(?:file|template) (\S+)")
VARIABLES = re.compile(r"!var (\w+)|\$\{var\.(\w+)\}")
SECRETS = re.compile(r"!secret (\w+)")
CODE = 'exports.onExecutePostLogin = async (event, api) => { api.access.deny("no"); };\n'
CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
CONTENTS = {".js": CODE, ".liquid": "<p>{{ url }}</p>\n", ".pem": CERTIFICATE}
EXAMPLES = {id: text["example"] for id, text in texts()["topics"].items() if "example" in text}
SHOWN = [(name, id) for name in NAMES for id in playbook(name).topics if id in EXAMPLES]


def declared(names: set[str], word: str) -> str:
    lines = [f"  {name}: {{description: For the example.}}" for name in sorted(names)]
    return "\n".join([f"{word}:", *lines, ""]) if lines else ""


def used(text: str) -> tuple[set[str], set[str]]:
    """The variables and the secrets that *text* names."""
    variables = {one or other for one, other in VARIABLES.findall(text)}
    return variables, set(SECRETS.findall(text))


def shop(folder: Path, name: str, id: str) -> Project:
    """A project whose one tenant has nothing but the example of a topic."""
    text = EXAMPLES[id]
    title = TITLE.match(text)
    book = playbook(name)
    topics = [id] if title else list(yaml.load(text, Loader=Lenient))
    variables, secrets = used(text)
    phase = max(book.topic(topic).phase for topic in topics)
    files = {
        "tenants/shop/tenant.yaml": f"playbook: {name}\nadopts: [{', '.join(topics)}]\n"
        + declared(variables, "variables")
        + declared(secrets, "secrets"),
        **{
            f"environments/shop/{env}.yaml": environment(kind, phase, variables, secrets)
            for env, kind in {"dev": "development", "qa": "qa", "prod": "production"}.items()
        },
        **{f"tenants/shop/{path}": CONTENTS[Path(path).suffix] for path in FILES.findall(text)},
        title["file"] if title else f"tenants/shop/phase{phase}/example.yaml": text,
    }
    for path, content in files.items():
        write(folder, path, content)
    return Project(folder)


def environment(kind: str, phase: int, variables: set[str], secrets: set[str]) -> str:
    return yaml.safe_dump(
        {
            "kind": kind,
            "domain": "embedded",
            "phases": sorted({1, phase}),
            "variables": dict.fromkeys(variables, "value.example"),
            "secrets": {name: {"from": "generated"} for name in secrets},
        }
    )


class Lenient(yaml.SafeLoader):
    """Reads what has tags of ours, each as its argument."""


Lenient.add_multi_constructor("!", lambda loader, _, node: loader.construct_scalar(node))


def test_every_topic_has_a_summary_of_one_to_three_sentences() -> None:
    for id in shipped_topics():
        summary = texts()["topics"][id]["summary"]
        sentences = re.findall(r"[.?!](?= [A-Z`]|$)", summary)
        assert 1 <= len(sentences) <= 4, summary
        assert 40 < len(summary) < 420, summary


def test_every_topic_for_which_somebody_writes_something_has_an_example() -> None:
    assert set(EXAMPLES) == shipped_topics().keys() - WITHOUT
    assert not any(shipped_topics()[id].get("owns") for id in WITHOUT)


@pytest.mark.parametrize("id", sorted(EXAMPLES))
def test_an_example_is_about_its_topic_and_of_its_kind(id: str) -> None:
    kind = shipped_topics()[id]["kind"]
    if TITLE.match(EXAMPLES[id]):
        assert kind in {"process", "test"}
    else:
        assert id in yaml.load(EXAMPLES[id], Loader=Lenient)


@pytest.mark.parametrize(("name", "id"), SHOWN)
def test_an_example_is_read_without_a_word(name: str, id: str, tmp_path: Path) -> None:
    shop(tmp_path, name, id)
    loaded = [load(tmp_path, "shop", env) for env in environments(tmp_path)]
    warnings = [warning.message for each in loaded for warning in each.warnings]
    assert [each for each in warnings if "early access" not in each] == []
    assert TITLE.match(EXAMPLES[id]) or all(list(each.desired.tenant) for each in loaded)


APPLIED = sorted(id for id in EXAMPLES if not TITLE.match(EXAMPLES[id]))


@pytest.mark.parametrize("id", mostly(APPLIED, fast=APPLIED[::5], rest=pytest.mark.thorough))
def test_the_embedded_tenant_takes_an_example_and_nothing_is_left_to_do(
    id: str, tmp_path: Path
) -> None:
    name = next(name for name, each in SHOWN if each == id)
    project = shop(tmp_path, name, id)
    project.ok("apply", "dev", "--yes")
    project.ok("plan", "dev", "--detailed-exitcode")


@pytest.mark.thorough
def test_the_example_of_unit_tests_is_one_that_passes_and_can_fail(tmp_path: Path) -> None:
    if shutil.which("node") is None:
        pytest.skip("there is no Node.js to run it")
    code = """exports.onExecutePostLogin = async (event, api) => {
      api.idToken.setCustomClaim("https://shop.example/plan", event.user.app_metadata.plan);
    };"""
    project = shop(tmp_path, "b2c", "unit_testing")
    lines = EXAMPLES["id_token_claims"].splitlines()
    claims = "\n".join(line for line in lines if "!secret" not in line)
    write(tmp_path, "tenants/shop/phase1/claims.yaml", claims)
    write(tmp_path, "tenants/shop/actions/add-claims.js", code)
    tenant = "playbook: b2c\nadopts: [unit_testing, id_token_claims]\n"
    write(tmp_path, "tenants/shop/tenant.yaml", tenant)
    project.ok("test", "shop", "--kind", "unit")
    write(tmp_path, "tenants/shop/actions/add-claims.js", code.replace("plan)", "plans)"))
    assert project.run("test", "shop", "--kind", "unit").code == 1


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def test_the_example_of_mock_tests_is_read(tmp_path: Path) -> None:
    shop(tmp_path, "b2c", "mock_testing")
    (case,) = read_tests(tmp_path, "shop").cases
    assert case.mock
    assert case.environments == ("prod",)


def environments(folder: Path) -> Iterator[str]:
    for path in sorted((folder / "environments" / "shop").glob("*.yaml")):
        if path.stem != "attestations":
            yield path.stem


@pytest.mark.parametrize(("name", "id"), SHOWN)
def test_an_example_writes_what_its_topics_may_author(name: str, id: str) -> None:
    book = playbook(name)
    document = {} if TITLE.match(EXAMPLES[id]) else yaml.load(EXAMPLES[id], Loader=Lenient)
    strange = [
        (topic, kind, path)
        for topic, kind, path, fields in written(document)
        if not book.may_author(topic, kind, path, fields)
    ]
    assert strange == []


def written(
    document: dict[str, dict[str, Any]],
) -> Iterator[tuple[str, str, tuple[str, ...], dict[str, Any]]]:
    """The fields of an example, each with all that its resource has."""
    whole: dict[tuple[str, str], dict[str, Any]] = {}
    for kinds in document.values():
        for kind, key, fields in resources(kinds):
            known_by = "trigger" if kind == "trigger_bindings" else "".join(KINDS[kind].key[:1])
            named = {known_by: key} if key else {}
            whole.setdefault((kind, key), named).update(fields)
    for topic, kinds in document.items():
        for kind, key, fields in resources(kinds):
            for path in paths(fields):
                yield topic, kind, path, whole[kind, key]


def paths(value: object) -> Iterator[tuple[str, ...]]:
    if not isinstance(value, dict) or not value:
        yield ()
        return
    for key, inner in value.items():
        yield from ((key, *path) for path in paths(inner))


def resources(kinds: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for kind, inner in kinds.items():
        if KINDS[kind].singleton:
            yield kind, "", inner
        else:
            yield from ((kind, key, fields) for key, fields in inner.items())
