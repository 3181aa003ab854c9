"""Where configurations lie, and the files beside them."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

from foreign.deploy_cli.made_up import shown, told, write
from tenantctl.errors import FilesError, UsageError
from tenantctl.foreign.deploy_cli import read

RULES = "rules: [{name: greet, script: %s}]"
CODE = {"x.js": "function x() {}"}


def one(path, **options):
    return read(path, {"dev": None}, **options)["dev"]


def fields(source, kind):
    return [item.fields for item in source.items if item.kind == kind]


def scripts(source):
    return [each["script"] for each in fields(source, "rules")]


def test_a_folder_with_a_yaml_file_and_code_is_of_the_yaml_format(tmp_path):
    write(tmp_path, {"tenant.yaml": RULES % "./rules/x.js", "rules/x.js": "// x"})
    assert scripts(one(tmp_path)) == scripts(one(tmp_path / "tenant.yaml")) == ["// x"]


def test_json_beside_a_yaml_file_makes_no_folder_of_json(tmp_path):
    files = {
        "tenant.yaml": "forms: [{name: f, body: ./forms/f.json}]",
        "forms/f.json": '{"nodes": []}',
        "actions/a/package.json": "{}",
        "prompts/screenRenderSettings/x.json": "{}",
    }
    found = one(write(tmp_path, files))
    assert [(item.kind, item.fields) for item in found.items] == [
        ("forms", {"name": "f", "nodes": []})
    ]


def test_a_folder_with_json_is_of_the_directory_format_whatever_lies_beside(tmp_path):
    rule = json.dumps({"name": "greet", "script": "./greet.js"})
    files = {"rules/greet.json": rule, "rules/greet.js": "// g", "tenant.yaml": RULES % "no.js"}
    assert scripts(one(write(tmp_path, files))) == ["// g"]


NO_SOURCES = [
    ({}, "", "no tenant.yaml, and no folders of JSON"),
    ({"shared/roles/a.yaml": "name: a"}, "shared", "no tenant.yaml, and no folders of JSON"),
    ({"tenant.yaml": "AUTH0_DOMAIN: x"}, "tenant.yaml", "no key of this file is a type"),
    ({"tenant.yaml": "- a"}, "tenant.yaml", "no key of this file is a type"),
    ({"main.tf": ""}, "main.tf", "no YAML file and no folder"),
    ({}, "gone", "no such file or folder"),
]


@pytest.mark.parametrize(("files", "path", "message"), NO_SOURCES)
def test_what_is_no_configuration_is_refused_with_a_way_out(files, path, message, tmp_path):
    write(tmp_path, files)
    with pytest.raises(FilesError) as caught:
        one(tmp_path / path)
    assert message in str(caught.value)
    assert "help:" in str(caught.value)


def test_an_empty_yaml_file_has_nothing(tmp_path):
    write(tmp_path, {"tenant.yaml": "# nothing yet\n"})
    assert one(tmp_path).items == ()


@pytest.mark.parametrize(
    "said", ["../x.js", "./../x.js", "..\\x.js", "a/../../x.js", "../../tenants/x.js"]
)
def test_files_beside_the_folder_are_read_up_to_two_folders_above(said, tmp_path):
    write(tmp_path / "tenants", {"shop/tenant.yaml": RULES % f"'{said}'", **CODE})
    found = one(tmp_path / "tenants" / "shop")
    assert scripts(found) == ["function x() {}"]


@pytest.mark.parametrize("said", ["../../../x.js", "/etc/hostname", "../../../../../etc/hostname"])
def test_no_file_outside_is_read_but_in_a_repository(said, tmp_path):
    write(tmp_path, {"a/b/c/tenant.yaml": RULES % said, **CODE})
    found = one(tmp_path / "a" / "b" / "c")
    assert scripts(found) == []
    assert f"mistake: {said} leads out of the configuration" in told(found)
    (tmp_path / ".git").mkdir()
    assert len(scripts(one(tmp_path / "a" / "b" / "c"))) == (said == "../../../x.js")


def test_a_link_that_leads_out_is_not_followed(tmp_path):
    write(tmp_path, {"secret.js": "// no", "a/b/c/tenant.yaml": RULES % "./x.js"})
    (tmp_path / "a" / "b" / "c" / "x.js").symlink_to(tmp_path / "secret.js")
    assert scripts(one(tmp_path / "a" / "b" / "c")) == []


def test_an_object_that_is_a_link_which_leads_out_is_told_and_not_read(tmp_path):
    write(tmp_path, {"x.json": '{"name": "Outside"}', "a/b/c/roles/y.json": '{"name": "Inside"}'})
    (tmp_path / "a" / "b" / "c" / "roles" / "x.json").symlink_to(tmp_path / "x.json")
    found = one(tmp_path / "a" / "b" / "c")
    assert [item.names for item in found.items] == [("Inside",)]
    assert told(found) == ["mistake: roles/x.json leads out of the configuration"]


def test_files_are_looked_for_below_the_base_path(tmp_path):
    files = {
        "repo/.git/x": "",
        "repo/tenants/tenant.yaml": RULES % "./rules/x.js",
        "repo/auth0/rules/x.js": "// base",
        "repo/config.json": json.dumps({"AUTH0_BASE_PATH": "auth0"}),
    }
    write(tmp_path, files)
    mapping = tmp_path / "repo" / "config.json"
    found = read(tmp_path / "repo" / "tenants", {"dev": mapping})["dev"]
    assert scripts(found) == ["// base"]


def test_a_base_path_that_is_not_there_is_a_mistake(tmp_path):
    files = {"tenant.yaml": RULES % "./x.js", "m.json": '{"AUTH0_BASE_PATH": "gone"}', **CODE}
    write(tmp_path, files)
    found = read(tmp_path, {"dev": tmp_path / "m.json"})["dev"]
    assert scripts(found) == ["function x() {}"]
    assert "mistake: AUTH0_BASE_PATH: there is no folder gone" in told(found)


def test_older_exports_say_names_and_files_by_the_name_of_the_file_alone(tmp_path):
    files = {
        "rules/greet.json": '{"enabled": true, "order": 1}',
        "rules/greet.js": "// greet",
        "hooks/Say Hello.json": '{"triggerId": "credentials-exchange"}',
        "hooks/Say Hello.js": "// hello",
        "pages/login.json": '{"enabled": false}',
        "pages/login.html": "<p></p>",
        "emails/reset_email.json": '{"enabled": true}',
        "emails/reset_email.html": "<p>reset</p>",
        "emails/provider.json": "{}",
        "guardian/factors/otp.json": '{"enabled": true}',
    }
    found = one(write(tmp_path, files))
    items = {item.kind: shown(item) for item in found.items}
    assert items["rules"]["fields"]["name"] == "greet"
    assert items["rules"]["fields"]["script"] == "// greet"
    assert items["hooks"]["fields"]["name"] == "say-hello"
    assert items["clients"]["fields"]["custom_login_page"] == "<p></p>"
    assert items["email_templates"]["owners"] == ["reset_email"]
    assert items["email_templates"]["fields"]["body"] == "<p>reset</p>"
    assert items["guardian_factors"]["owners"] == ["otp"]


def test_a_file_that_is_named_goes_before_one_that_is_called_as_the_object_is(tmp_path):
    files = {"rules/a.json": '{"name": "a", "script": "./b.js"}', "rules/b.js": "b()"}
    write(tmp_path, {**files, "rules/a.js": "a()"})
    assert scripts(one(tmp_path)) == ["b()"]


def test_databases_have_folders_and_older_ones_scripts_that_nobody_names(tmp_path):
    files = {
        "database-connections/new/database.json": '{"name": "new", "options": {}}',
        "database-connections/new/login.js": "// not named",
        "database-connections/old/settings.json": '{"name": "old", "options": {}}',
        "database-connections/old/login.js": "// login",
        "database-connections/bare/login.js": "// no description",
        "database-connections/_kept/settings.json": '{"name": "kept"}',
    }
    found = one(write(tmp_path, files))
    options = {each["name"]: each.get("options") for each in fields(found, "connections")}
    assert options == {"new": {}, "old": {"customScripts": {"login": "// login"}}}
    assert "mistake: there is no database.json" in told(found)


def test_exports_that_were_made_elsewhere_find_their_code(tmp_path):
    action = {"name": "a", "code": "my-tenant/actions/a/code.js", "supported_triggers": []}
    files = {"actions/a.json": json.dumps(action), "actions/a/code.js": "// a"}
    found = one(write(tmp_path, files))
    assert [each["code"] for each in fields(found, "actions")] == ["// a"]
    assert [n.level for n in found.notes if "taken for it" in n.message] == ["guess"]


def test_text_that_stands_inline_stays(tmp_path):
    html = "<!DOCTYPE html><p>@@config@@</p>"
    client = {"name": "Web", "custom_login_page": html}
    mail = {"name": "email", "strategy": "email", "options": {"email": {"body": "<p>\n</p>"}}}
    write(tmp_path, {"tenant.yaml": json.dumps({"clients": [client], "connections": [mail]})})
    found = one(tmp_path)
    assert fields(found, "clients")[0]["custom_login_page"] == html
    assert fields(found, "connections")[0]["options"]["email"]["body"] == "<p>\n</p>"


def test_a_login_page_of_a_client_lies_among_the_clients(tmp_path):
    client = json.dumps({"name": "Web", "custom_login_page": "./web.html"})
    found = one(write(tmp_path, {"clients/web.json": client, "clients/web.html": "<p></p>"}))
    assert fields(found, "clients")[0]["custom_login_page"] == "<p></p>"


def test_screens_of_a_yaml_file_are_rendered_as_their_files_say(tmp_path):
    said = {"screenRenderers": [{"login": {"login": "./r.json", "signup": "./gone.json"}}]}
    files = {
        "tenant.yaml": json.dumps({"prompts": said}),
        "r.json": '{"prompt": "login", "screen": "login", "rendering_mode": "advanced"}',
    }
    found = one(write(tmp_path, files))
    assert [shown(item) for item in found.items] == [
        {
            "kind": "prompt_rendering",
            "fields": {"rendering_mode": "advanced"},
            "owners": ["login", "login"],
        }
    ]
    assert told(found) == ["mistake: login signup: there is no file ./gone.json"]


BROKEN = [
    ("roles/a.json", '{"name": a}', "roles/a.json:1:10"),
    ("roles/a.json", '{"name": "a"\n "b": 1}', "roles/a.json:2:2"),
    ("roles/a.json", "[" * 100_000, "roles/a.json"),
    ("roles/a.json", "", "roles/a.json:1:1"),
    ("roles/a.json", '["a"]', "roles/a.json:1:1"),
]


@pytest.mark.parametrize(("name", "text", "where"), BROKEN)
def test_a_file_that_does_not_parse_is_noted_and_the_rest_goes_on(name, text, where, tmp_path):
    found = one(write(tmp_path, {name: text, "roles/b.json": '{"name": "b"}'}))
    assert [each["name"] for each in fields(found, "roles")] == ["b"]
    assert [(n.level, n.where) for n in found.notes] == [("mistake", where)]


def test_a_yaml_file_that_does_not_parse_is_noted_with_its_place(tmp_path):
    found = one(write(tmp_path, {"tenant.yaml": "roles:\n  - name: [a\ntenant: {}\n"}))
    assert found.items == ()
    assert [(n.level, n.where) for n in found.notes] == [("mistake", "tenant.yaml:3:7")]


def test_json_may_have_a_mark_of_its_bytes_and_lines_that_end_as_on_windows(tmp_path):
    text = "\ufeff" + '{\r\n\t"name": "b",\r\n\t"description": "\\ud83d\\ude80"\r\n}\r\n'
    found = one(write(tmp_path, {"roles/b.json": text}))
    assert fields(found, "roles") == [{"name": "b", "description": "🚀"}]


ODD = [
    ("role: []\ntenant: {}", "mistake", "there is no type role", "did you mean roles?"),
    ("roles: {a: b}", "mistake", "roles must be a list", "it was left out: write it out"),
    ("tenant: [a]", "mistake", "tenant must be a map", "it was left out: write it out"),
    ("roles: [a]", "mistake", "an element of roles must be a map", "it was left out"),
    (
        "tenant: {a: 1}\ntenant: {}",
        "mistake",
        "tenant stands twice in one map, the last one counts",
        "a0deploy refuses such a file",
    ),
    (
        "roles: []",
        "hint",
        "nothing in roles: a0deploy may delete all there are of these",
        "here what nobody declares is left alone",
    ),
]


@pytest.mark.parametrize(("text", "level", "message", "help"), ODD)
def test_what_is_odd_in_a_yaml_file_is_told(text, level, message, help, tmp_path):
    found = one(write(tmp_path, {"tenant.yaml": text}))
    assert [(n.level, n.message, n.help) for n in found.notes] == [(level, message, help)]


def test_a_folder_that_is_likely_another_is_told(tmp_path):
    files = {"resource_servers/a.json": "{}", "config/a.json": "{}", "tenant.json": "{}"}
    found = one(write(tmp_path, files))
    assert told(found) == ["hint: auth0-deploy-cli does not read the folder resource_servers"]


def test_types_can_be_left_out_by_whoever_reads(tmp_path):
    write(tmp_path, {"tenant.yaml": "roles: [{name: a}]\ntenant: {friendly_name: x}"})
    kinds = {
        "all": one(tmp_path),
        "included": one(tmp_path, included=["roles"]),
        "excluded": one(tmp_path, excluded=["roles"]),
    }
    assert {k: [i.kind for i in s.items] for k, s in kinds.items()} == {
        "all": ["roles", "tenant"],
        "included": ["roles"],
        "excluded": ["tenant"],
    }
    with pytest.raises(UsageError, match="no type role"):
        one(tmp_path, included=["role"])


def test_items_and_notes_say_where_they_come_from(tmp_path):
    text = "roles:\n  - name: a\n  - name: b\n    dance: 1\nclients:\n  - {name: c, tango: 1}\n"
    found = one(write(tmp_path, {"tenant.yaml": text}))
    assert [str(item.at) for item in found.items] == [
        "tenant.yaml:2:5",
        "tenant.yaml:3:5",
        "tenant.yaml:6:5",
    ]
    assert [n.where for n in found.notes] == ["tenant.yaml:4:5", "tenant.yaml:6:15"]


def test_fields_of_items_say_where_they_stand(tmp_path):
    text = """
databases:
  - name: users
    enabled_clients:
      - Web
      - Shop
    options:
      mfa: {active: true}
"""
    database, clients = one(write(tmp_path, {"tenant.yaml": text})).items
    assert str(database.where(("options", "mfa", "active"))) == "tenant.yaml:8:13"
    assert str(clients.where(("clients", "1"))) == "tenant.yaml:6:9"
    assert str(clients.where(())) == "tenant.yaml:4:5"
    assert str(database.where(("options", "gone"))) == "tenant.yaml:7:5"


def test_code_is_taken_as_it_is(tmp_path):
    code = "// é\r\nlet a = `\n`;\t\n"
    found = one(write(tmp_path, {"tenant.yaml": RULES % "./x.js", "x.js": code}))
    assert scripts(found) == [code]


def test_anchors_aliases_and_merges_are_written_out(tmp_path):
    text = """
clients:
  - &base {name: a, app_type: spa, oidc_conformant: true}
  - {<<: *base, name: b, app_type: native}
"""
    found = one(write(tmp_path, {"tenant.yaml": text}))
    assert fields(found, "clients") == [
        {"name": "a", "app_type": "spa", "oidc_conformant": True},
        {"name": "b", "app_type": "native", "oidc_conformant": True},
    ]


HOSTILE = [
    "a: &a [*a]",
    "a: &a {b: *a}",
    "a: &a [x,x,x,x,x,x,x,x,x]\n"
    + "\n".join(f"{c}: &{c} [{','.join([f'*{p}'] * 9)}]" for p, c in pairwise("abcdefghi")),
    "{" * 50_000,
    "roles: !!python/object:os.system {}",
    "? [a]\n: b",
    "a: *gone",
    "\x00",
    "a: 'x\n",
]


@pytest.mark.thorough
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_yaml_is_a_mistake_and_no_more(text, tmp_path):
    found = one(write(tmp_path, {"tenant.yaml": text}))
    assert found.items == ()
    assert {note.level for note in found.notes} == {"mistake"}
