"""Environments beside each other: the same as loading each of them says, without doing that."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenantctl.errors import FilesError
from tenantctl.files import environments_of, load, tenants
from tenantctl.files.neighbours import neighbours
from tenantctl.files.texts import project_texts, unlike
from tenantctl.model import Address

ROOT = Path(__file__).parents[2]
TENANTS = tenants(ROOT)
TENANT = "tenants/shop/tenant.yaml"
DEFINED = """\
playbook: b2c
adopts: [application_integration, custom_domains, logout]
variables: {url: {type: string}, domain: {type: string}, out: {type: string}}
secrets: {KEY: {description: x}}
"""
FILES = {
    TENANT: DEFINED,
    "tenants/shop/phase1/a.yaml": """\
custom_domains:
  custom_domains:
    login: {domain: !var domain, type: auth0_managed_certs}
application_integration:
  clients:
    web: {app_type: spa, callbacks: ["${var.url}"]}
    hidden: {$only: [prod], app_type: spa, callbacks: ["${var.url}/hidden"], description: !var out}
""",
    "tenants/shop/phase2/b.yaml": """\
logout:
  clients: {web: {allowed_logout_urls: [!var out]}}
""",
}
FULL = 'variables: {url: "https://a.example", domain: a.example, out: "https://a.example/x"}\n'
HEAD = "kind: {kind}\ndomain: embedded\nphases: {phases}\n"


def written(root: Path, environments: dict[str, str]) -> Path:
    said = {f"environments/shop/{name}.yaml": text for name, text in environments.items()}
    for name, text in {**FILES, **said}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


@pytest.mark.thorough
@pytest.mark.parametrize("tenant", TENANTS)
def test_neighbours_of_a_real_tenant_are_as_they_are_when_they_are_loaded(tenant: str) -> None:
    names = environments_of(ROOT, tenant)
    loaded = {name: load(ROOT, tenant, name) for name in names}
    for one in loaded.values():
        assert one.source is not None
        found = neighbours(one.source)
        assert [each.name for each in found] == list(names)
        for each in found:
            other = loaded[each.name]
            assert (each.kind, each.domain) == (other.environment.kind, other.environment.domain)
            assert each.missing == ()
            domains = {
                str(r.fields["domain"])
                for r in other.desired.tenant
                if r.address.kind == "custom_domains"
            }
            assert each.custom_domain in (domains or {""})


PROD = f"{HEAD.format(kind='production', phases='[1, 2]')}{FULL}"
BESIDE: dict[str, tuple[str, tuple[str, ...], str]] = {
    "all there": (PROD, (), "a.example"),
    "one is missing": (PROD.replace("domain: a.example, ", ""), ("domain",), ""),
    "what only another phase uses is not missed": (
        HEAD.format(kind="qa", phases="[1]") + FULL.replace(', out: "https://a.example/x"', ""),
        (),
        "a.example",
    ),
    "what a released phase uses is": (
        HEAD.format(kind="qa", phases="[1, 2]") + FULL.replace(', out: "https://a.example/x"', ""),
        ("out",),
        "a.example",
    ),
    "what a declined topic uses is not": (
        HEAD.format(kind="qa", phases="[1, 2]")
        + FULL.replace(', out: "https://a.example/x"', "")
        + "topics: {logout: declined}\n",
        (),
        "a.example",
    ),
    "what is on hold is not": (
        HEAD.format(kind="qa", phases="[1]")
        + FULL.replace(", domain: a.example", "")
        + "hold: [custom_domains.*]\n",
        (),
        "",
    ),
    "an override names a secret that is not set": (
        f"{PROD}overrides:\n  clients.web: {{description: !secret KEY}}\n",
        ("KEY",),
        "a.example",
    ),
    "an override has another domain": (
        f"{PROD}overrides:\n  custom_domains.login: {{domain: b.example}}\n",
        (),
        "b.example",
    ),
}


@pytest.mark.parametrize(("text", "missing", "domain"), BESIDE.values(), ids=BESIDE)
def test_a_neighbour_misses_what_it_uses_and_does_not_set(
    tmp_path: Path, text: str, missing: tuple[str, ...], domain: str
) -> None:
    name = "prod" if "kind: production" in text else "qa"
    dev = HEAD.format(kind="development", phases="[1, 2]") + FULL
    dev += "secrets: {KEY: {from: generated}}\n"
    dev += "overrides:\n  clients.web: {description: x}\n"
    beside = {"dev": dev, "prod": PROD, name: text}
    root = written(tmp_path, beside)
    (tmp_path / TENANT).write_text(DEFINED.replace("secrets: {KEY: {description: x}}\n", ""))
    if "KEY" in text:
        (tmp_path / TENANT).write_text(DEFINED)
    else:
        path = root / "environments/shop/dev.yaml"
        path.write_text(dev.replace("secrets: {KEY: {from: generated}}\n", ""))
    source = load(root, "shop", "dev").source
    assert source is not None
    found = {each.name: each for each in neighbours(source)}
    assert found["dev"].missing == ()
    assert (found[name].missing, found[name].custom_domain) == (missing, domain)
    try:
        load(root, "shop", name)
        said: list[str] = []
    except FilesError as error:
        said = [p.message for p in error.problems if p.message.endswith("is not set")]
    assert len(said) == len(missing)


def test_a_neighbour_whose_file_is_wrong_is_told_and_no_guess(tmp_path: Path) -> None:
    dev = HEAD.format(kind="development", phases="[1, 2]") + FULL
    root = written(tmp_path, {"dev": dev, "prod": f"{PROD}nonsense: 1\n"})
    (root / TENANT).write_text(DEFINED.replace("secrets: {KEY: {description: x}}\n", ""))
    source = load(root, "shop", "dev").source
    assert source is not None
    with pytest.raises(FilesError, match="nonsense"):
        neighbours(source)


def test_what_an_environment_is_built_of_differently_is_found_where_it_is_written(
    tmp_path: Path,
) -> None:
    qa = HEAD.format(kind="qa", phases="[1, 2]") + FULL
    qa += "topics: {logout: declined}\nhold: [roles.*]\n"
    qa += "overrides:\n  clients.web:\n    callbacks: !unmanaged\n"
    root = written(tmp_path, {"prod": PROD, "qa": qa})
    (root / TENANT).write_text(DEFINED.replace("secrets: {KEY: {description: x}}\n", ""))
    source = load(root, "shop", "qa").source
    assert source is not None
    found = {each.name: str(each.origin) for each in unlike(source, "qa")}
    assert found == {
        "the topic logout is declined in qa alone": "environments/shop/qa.yaml:5:10",
        "roles.* is on hold": "environments/shop/qa.yaml:1:1",
        "part of clients.web is unmanaged": "environments/shop/qa.yaml:9:16",
    }


def test_every_text_of_a_tenant_is_looked_at() -> None:
    source = load(ROOT, "hearthhollow", "dev").source
    assert source is not None
    names = {name for name, _ in project_texts(source)}
    for folder in ("tenants/hearthhollow", "environments/hearthhollow"):
        files = {str(p.relative_to(ROOT)) for p in (ROOT / folder).rglob("*") if p.is_file()}
        assert files <= names


def test_addresses_are_withheld_together_with_what_owns_them() -> None:
    loaded = load(ROOT, "hearthhollow", "dev")
    assert loaded.source is not None
    assert Address("connection_clients", "customers") in loaded.source.outlines
