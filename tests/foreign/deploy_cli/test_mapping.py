"""Mapping files: configurations of auth0-deploy-cli, and bare keywords."""

from __future__ import annotations

import json

import pytest

from foreign.deploy_cli.made_up import write
from tenantctl.errors import FilesError
from tenantctl.foreign.deploy_cli import read
from tenantctl.foreign.deploy_cli.mapping import read_mapping

NO_FILE = (
    "AUTH0_KEYWORD_REPLACE_MAPPINGS is the name of a file, of which auth0-deploy-cli reads nothing"
)
NO_KEYWORDS = "AUTH0_KEYWORD_REPLACE_MAPPINGS holds no keywords that can be read"


def mapping(tmp_path, said, **files):
    """The settings of a mapping file."""
    text = said if isinstance(said, str) else json.dumps(said, indent=1)
    write(tmp_path, {"config/dev.json": text, **files})
    return read_mapping(tmp_path / "config" / "dev.json")


KEYWORDS = [
    # what the file says, keywords
    ({"HOST": "h", "URLS": ["a"]}, {"HOST": "h", "URLS": ["a"]}),
    ({"AUTH0_DOMAIN": "a.auth0.com", "HOST": "h"}, {"AUTH0_DOMAIN": "a.auth0.com", "HOST": "h"}),
    ({"AUTH0_SITE": "x", "AUTH0_DOMAIN": "d"}, {"AUTH0_SITE": "x", "AUTH0_DOMAIN": "d"}),
    ({"AUTH0_KEYWORD_REPLACE_MAPPINGS": {"HOST": "h"}, "AUTH0_DOMAIN": "d"}, {"HOST": "h"}),
    ({"AUTH0_KEYWORD_REPLACE_MAPPINGS": '{"HOST": "h"}'}, {"HOST": "h"}),
    ({"AUTH0_ALLOW_DELETE": False}, {}),
    ({"AUTH0_DOMAIN": "d", "AUTH0_CLIENT_SECRET": "s"}, {"AUTH0_DOMAIN": "d"}),
    ({"##HOST##": "h", "@@URLS@@": []}, {"HOST": "h", "URLS": []}),
    ({}, {}),
]


@pytest.mark.parametrize(("said", "keywords"), KEYWORDS)
def test_keywords_are_those_of_a_configuration_or_the_whole_file(said, keywords, tmp_path):
    assert mapping(tmp_path, said).keywords == keywords


DOMAINS = [
    ("shop.eu.auth0.com", "shop.eu.auth0.com"),
    ("https://shop.eu.auth0.com/", "shop.eu.auth0.com"),
    ("localhost", ""),
    ("YOUR_DOMAIN.us.auth0.com", ""),
    ("your-tenant.us.auth0.com", ""),
    ("REPLACE_THIS", ""),
    ("{{env.AUTH0_DOMAIN}}", ""),
    ("$AUTH0_DOMAIN", ""),
    ("", ""),
    (None, ""),
]


@pytest.mark.parametrize(("said", "domain"), DOMAINS)
def test_the_domain_is_one_unless_it_only_stands_for_one(said, domain, tmp_path):
    options = {"AUTH0_DOMAIN": said, "AUTH0_KEYWORD_REPLACE_MAPPINGS": {}}
    assert mapping(tmp_path, options).domain == domain
    assert mapping(tmp_path, {"AUTH0_DOMAIN": said, "OTHER": "x"}).domain == domain


NOTES = [
    # what the file says, level, message, line
    (
        {"AUTH0_EXCLUDED": [], "AUTH0_FORCE": True},
        "mistake",
        "auth0-deploy-cli has no option AUTH0_FORCE",
        3,
    ),
    (
        {"AUTH0_ALLOW_DELETE": "true"},
        "hint",
        "AUTH0_ALLOW_DELETE lets auth0-deploy-cli delete whatever is not in the files",
        2,
    ),
    ({"AUTH0_DOMAIN": "REPLACE_THIS"}, "hint", "AUTH0_DOMAIN is no domain yet", 2),
    (
        {"AUTH0_EXCLUDED": ["roles"], "AUTH0_INCLUDED_ONLY": ["roles"]},
        "mistake",
        "AUTH0_EXCLUDED and AUTH0_INCLUDED_ONLY exclude each other",
        5,
    ),
    (
        {"EXCLUDED_PROPS": {"connections": ["options.client_secret"]}},
        "hint",
        "EXCLUDED_PROPS: a0deploy lets connections keep options.client_secret",
        2,
    ),
    (
        {"AUTH0_KEYWORD_REPLACE_MAPPINGS": {"##HOST##": "h"}},
        "mistake",
        "the keyword ##HOST## is written as a marker, so nothing is replaced by it",
        3,
    ),
    (
        {"AUTH0_KEYWORD_REPLACE_MAPPINGS": ["a"]},
        "mistake",
        "AUTH0_KEYWORD_REPLACE_MAPPINGS must be an object",
        2,
    ),
    ('{\n"A": 1,\n"A": 2}', "mistake", "A stands twice, the last one counts", 3),
]


@pytest.mark.parametrize(("said", "level", "message", "line"), NOTES)
def test_what_is_odd_in_a_mapping_is_told(said, level, message, line, tmp_path):
    notes = mapping(tmp_path, said).notes
    assert [(n.level, n.message, n.file, n.line) for n in notes] == [
        (level, message, "dev.json", line)
    ]


def test_keywords_in_another_file_are_read_where_it_is_there(tmp_path):
    said = {"AUTH0_KEYWORD_REPLACE_MAPPINGS": "./config/keywords.json"}
    found = mapping(tmp_path, said, **{"config/keywords.json": '{"HOST": "h"}'})
    assert found.keywords == {"HOST": "h"}
    assert [n.message for n in found.notes] == [NO_FILE]


@pytest.mark.parametrize("name", ["gone.json", "/etc/passwd", "../../../outside.json"])
def test_keywords_in_a_file_that_is_not_there_or_elsewhere_are_none(name, tmp_path):
    write(tmp_path, {"outside.json": '{"HOST": "h"}'})
    found = mapping(tmp_path / "a" / "b", {"AUTH0_KEYWORD_REPLACE_MAPPINGS": name})
    assert found.keywords == {}
    assert [n.message for n in found.notes] == [NO_FILE, NO_KEYWORDS]


@pytest.mark.parametrize("text", ["{", "[]", "module.exports = {}", '"x"', "", "\x00"])
def test_what_is_no_mapping_is_refused(text, tmp_path):
    with pytest.raises(FilesError):
        mapping(tmp_path, text)


def test_a_mapping_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(FilesError, match="cannot be read"):
        read_mapping(tmp_path / "gone.json")


def test_a_mapping_may_be_yaml(tmp_path):
    write(tmp_path, {"dev.yaml": "HOST: h\nURLS: [a, b]\n"})
    assert read_mapping(tmp_path / "dev.yaml").keywords == {"HOST": "h", "URLS": ["a", "b"]}


SOURCE = {
    "clients": [{"name": "a"}, {"name": "b", "is_first_party": False}],
    "connections": [{"name": "c", "strategy": "oidc"}, {"name": "d", "strategy": "oidc"}],
    "roles": [{"name": "e"}],
}
SCOPES = [
    ({"AUTH0_EXCLUDED": ["roles", "clients"]}, ["c", "d"]),
    ({"AUTH0_EXCLUDED": '["roles", "clients"]'}, ["c", "d"]),
    ({"AUTH0_INCLUDED_ONLY": ["roles"]}, ["e"]),
    ({"AUTH0_EXCLUDED_CLIENTS": ["a"]}, ["b", "c", "d", "e"]),
    ({"AUTH0_EXCLUDED_CONNECTIONS": ["c"], "AUTH0_EXCLUDED": ["clients"]}, ["d", "e"]),
    ({"AUTH0_INCLUDED_CONNECTIONS": ["c"], "AUTH0_EXCLUDED": ["clients"]}, ["c", "e"]),
    ({"AUTH0_EXCLUDE_THIRD_PARTY_CLIENTS": True}, ["a", "c", "d", "e"]),
]


@pytest.mark.parametrize(("options", "names"), SCOPES)
def test_options_leave_out_types_and_names(options, names, tmp_path):
    files = {"tenant.yaml": json.dumps(SOURCE), "dev.json": json.dumps(options)}
    found = read(write(tmp_path, files), {"dev": tmp_path / "dev.json"})["dev"]
    assert [item.names[0] for item in found.items] == names


def test_connections_may_lie_in_a_folder_of_another_name(tmp_path):
    files = {
        "social/a.json": '{"name": "a", "strategy": "oidc"}',
        "connections/b.json": '{"name": "b", "strategy": "oidc"}',
        "dev.json": '{"AUTH0_CONNECTIONS_DIRECTORY": "social"}',
    }
    found = read(write(tmp_path, files), {"dev": tmp_path / "dev.json"})["dev"]
    assert [item.names for item in found.items] == [("a",)]


def test_a_configuration_beside_the_source_that_nobody_names_is_told_and_not_read(tmp_path):
    config = '{"AUTH0_DOMAIN": "shop.auth0.com", "AUTH0_CLIENT_SECRET": "do-not-show-me"}'
    write(tmp_path, {"tenant.yaml": "tenant: {}", "config.json": config})
    found = read(tmp_path, {"dev": None})["dev"]
    assert found.domain == ""
    assert [(n.level, n.help) for n in found.notes] == [
        ("hint", "name it: --mapping ENVIRONMENT=config.json")
    ]
    assert "do-not-show-me" not in repr(found)


def test_keywords_that_stand_nowhere_are_told(tmp_path):
    source = "tenant: {support_url: 'https://##HOST##', friendly_name: '##OUTER##'}"
    words = {"HOST": "h", "OLD": 1, "OUTER": "a ##INNER##", "INNER": "b", "AUTH0_DOMAIN": "d"}
    write(tmp_path, {"tenant.yaml": source, "m.json": json.dumps({**words, "GONE": []})})
    found = read(tmp_path, {"dev": tmp_path / "m.json"})["dev"]
    assert [(n.level, n.message, n.file) for n in found.notes] == [
        ("hint", "no file has the keywords OLD, GONE", "m.json")
    ]


def test_nothing_is_read_of_the_environment_of_the_process(tmp_path, monkeypatch):
    monkeypatch.setenv("HOST", "from-the-process")
    monkeypatch.setenv("AUTH0_DOMAIN", "process.auth0.com")
    write(tmp_path, {"tenant.yaml": "tenant: {support_url: 'https://##HOST##'}"})
    found = read(tmp_path, {"dev": None})["dev"]
    assert found.domain == ""
    assert found.items[0].fields == {"support_url": "https://##HOST##"}


def test_environments_have_the_same_variables_with_values_of_their_own(tmp_path):
    source = "clients: [{name: Web, callbacks: @@URLS@@, initiate_login_uri: 'https://##HOST##/'}]"
    files = {
        "tenant.yaml": source,
        "dev.json": '{"URLS": ["http://dev.example"], "HOST": "dev.example", "UNUSED": 1}',
        "prod.json": '{"URLS": ["https://p.example", "https://q.example"], "HOST": "p.example"}',
    }
    write(tmp_path, files)
    found = read(tmp_path, {name: tmp_path / f"{name}.json" for name in ("dev", "prod")})
    assert {name: source.variables for name, source in found.items()} == {
        "dev": {"urls": ["http://dev.example"], "host": "dev.example"},
        "prod": {"urls": ["https://p.example", "https://q.example"], "host": "p.example"},
    }
    sources = [
        [found[name].items[0].fields[field].source for field in ("callbacks", "initiate_login_uri")]
        for name in found
    ]
    assert sources[0] == sources[1]
