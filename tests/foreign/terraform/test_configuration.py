"""Modules, variables and environments of a configuration are worked out as Terraform does."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreign.terraform.written import only, said, source, written
from tenantctl.errors import FilesError
from tenantctl.foreign import Made, MadeList, Named
from tenantctl.foreign.terraform import read
from tenantctl.model import Secret, Text, Var


def roles(found):
    return [(item.fields["name"], item.names[-1]) for item in found.items if item.kind == "roles"]


LIVED = 'resource "auth0_role" "r" {{\n  name = "r"\n  lifecycle {{\n    {}\n  }}\n}}\n'
ROLE = 'resource "auth0_role" "r" {{\n  name = {}\n}}\n'


@pytest.mark.parametrize(
    ("head", "name", "expected"),
    [
        ('locals {\n  a = "x${local.b}"\n  b = "y"\n}\n', "local.a", "xy"),
        ('variable "a" {\n  default = "v"\n}\n', "var.a", "v"),
        ('variable "a" {\n  type = string\n  default = 7\n}\n', "var.a", "7"),
        ("", "terraform.workspace", "dev"),
        ("", 'file("${path.module}/name.txt")', "filed"),
        ("", 'templatefile("name.tpl", {who = "you"})', "hello you\n"),
        (
            'variable "o" {\n  type = object({a = optional(string, "d")})\n  default = {}\n}\n',
            "var.o.a",
            "d",
        ),
        (
            'data "auth0_tenant" "t" {}\nprovider "auth0" {\n  domain = "a.eu.auth0.com"\n}\n',
            "data.auth0_tenant.t.management_api_identifier",
            "https://a.eu.auth0.com/api/v2/",
        ),
        ('resource "auth0_client" "c" {\n  name = "C"\n}\n', "auth0_client.c.name", "C"),
    ],
)
def test_names_mean_what_is_written_elsewhere(tmp_path, head, name, expected):
    files = {
        "main.tf": head + ROLE.format(name),
        "name.txt": "filed",
        "name.tpl": "hello ${who}\n",
    }
    assert only(source(tmp_path, files), "roles").fields["name"] == expected


@pytest.mark.parametrize(
    ("meta", "name", "expected"),
    [
        ("count = 2", '"r${count.index}"', [("r0", "[0]"), ("r1", "[1]")]),
        ("count = 0", '"r"', []),
        ('count = terraform.workspace == "prod" ? 1 : 0', '"r"', []),
        ('for_each = toset(["b", "a"])', "each.value", [("a", '["a"]'), ("b", '["b"]')]),
        ('for_each = {x = "X", w = "W"}', "each.value", [("W", '["w"]'), ("X", '["x"]')]),
        ("for_each = {}", '"r"', []),
    ],
)
def test_resources_are_there_as_often_as_they_are_counted(tmp_path, meta, name, expected):
    found = source(tmp_path, f'resource "auth0_role" "r" {{\n  {meta}\n  name = {name}\n}}\n')
    assert roles(found) == [(name, f"auth0_role.r{key}") for name, key in expected]


def test_how_often_a_resource_is_there_may_be_beyond_telling(tmp_path):
    text = 'resource "auth0_role" "r" {\n  count = data.http.h.size\n  name = "r"\n}\n'
    found = source(tmp_path, 'data "http" "h" {}\n' + text)
    assert not found.items
    ((level, where, message),) = said(found)
    assert (level, where) == ("loss", "main.tf:2:1")
    assert message.startswith("auth0_role.r is left out: ")


MODULE = """
variable "name" {
  type = string
}
resource "auth0_client" "this" {
  name = var.name
}
output "id" {
  value = auth0_client.this.id
}
output "all" {
  value = auth0_client.this
}
"""


def test_modules_are_as_many_as_they_are_called_and_tell_their_outputs(tmp_path):
    text = """
module "app" {
  for_each = toset(["one", "two"])
  source   = "../modules/app"
  name     = each.key
}
resource "auth0_client_grant" "g" {
  client_id = module.app["two"].id
  audience  = "https://api.example"
}
resource "auth0_client_grant" "h" {
  client_id = module.app["one"].all.client_id
  audience  = "https://api.example"
}
"""
    written(tmp_path, {"modules/app/main.tf": MODULE})
    found = source(tmp_path / "live", text)
    names = [item.names for item in found.items if item.kind == "clients"]
    assert names == [
        ("one", 'module.app["one"].auth0_client.this'),
        ("two", 'module.app["two"].auth0_client.this'),
    ]
    grants = [item.fields["client_id"] for item in found.items if item.kind == "client_grants"]
    assert grants == [names[1][1], names[0][1]]
    assert all(isinstance(each, Named) and each.field == "client_id" for each in grants)


@pytest.mark.parametrize(
    ("text", "level", "message"),
    [
        (
            'module "m" {\n  source = "hashicorp/x/y"\n}\n',
            "loss",
            "module.m is left out: module m comes from elsewhere: hashicorp/x/y",
        ),
        (
            'module "m" {\n  source = "./none"\n}\n',
            "mistake",
            "module.m is left out: module m: there is no ./none",
        ),
        ('module "m" {\n  source = "./"\n}\n', "mistake", "module m calls itself"),
        (
            'locals {\n  a = local.a\n}\nresource "auth0_role" "r" {\n  name = local.a\n}\n',
            "loss",
            "it is left out, because its name is not known: local.a is made of itself",
        ),
        (
            'resource "auth0_role" "r" {\n  name = "r"\n}\n' * 2,
            "mistake",
            "auth0_role.r is left out: it is declared a second time",
        ),
        (
            'resource "auth0_user" "u" {\n  email = "a@b.example"\n}\n',
            "loss",
            "auth0_user.u: it is left out: people are no configuration",
        ),
        (
            'resource "auth0_new_thing" "u" {}\n',
            "loss",
            "auth0_new_thing.u: it is left out: tenantctl knows no such resource",
        ),
        (
            'resource "auth0_role" "r" {\n  name = "r"\n  colour = "red"\n}\n',
            "loss",
            "auth0_role.r: colour is nothing that Auth0 has",
        ),
        (
            'resource "auth0_role" "r" {\n  name = "r"\n  description = uuid()\n}\n',
            "loss",
            "auth0_role.r: description is left out: the function uuid is not known here",
        ),
        (
            'resource "auth0_role" "r" {\n  name = "r"\n  description = file("x")\n}\n',
            "mistake",
            "auth0_role.r: description is left out: there is no file x",
        ),
        (
            'resource "auth0_role" "r" {\n  name = "r"\n  description = file("/etc/passwd")\n}\n',
            "mistake",
            "auth0_role.r: description is left out: /etc/passwd is outside of the configuration",
        ),
        (
            'resource "auth0_role" "r" {\n  name = "r"\n  description = "${"\n}\n',
            "mistake",
            "this is not Terraform's language",
        ),
        (
            'resource "auth0_role" "r" {\n  name = "r"\n  description = "%{ if true }"\n}\n',
            "mistake",
            "auth0_role.r: description is left out: %{ endif } is missing",
        ),
        (
            'terraform {\n  backend "s3" {}\n}\n',
            "hint",
            "the state of this configuration is kept by s3: no file here tells it",
        ),
        (
            LIVED.format("prevent_destroy = true"),
            "hint",
            "auth0_role.r is never to be deleted (prevent_destroy)",
        ),
        (
            LIVED.format("ignore_changes = [description]"),
            "hint",
            "auth0_role.r: changes of description are ignored by Terraform",
        ),
    ],
)
def test_people_are_told_what_is_lost_wrong_or_elsewhere(tmp_path, text, level, message):
    notes = said(source(tmp_path, text))
    assert any(each[0] == level and message in each[2] for each in notes), notes


def test_of_a_broken_file_what_is_not_broken_is_read(tmp_path):
    files = {
        "a.tf": ROLE.format('"whole"') + '\nresource "auth0_role" "x" {\n  name = = 1\n}\n',
        "b.tf": 'resource "auth0_role" "b" {\n  name = "b"\n}\n',
    }
    found = source(tmp_path, files)
    assert [name for name, _ in roles(found)] == ["whole", "b"]
    assert said(found) == [("mistake", "a.tf:6:10", "this is not Terraform's language")]


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00", b"\x00\x00", b"{", b"resource", b'"', b"\xef\xbb\xbf}", b"<<EOT\n"]
)
def test_files_that_are_nothing_of_the_sort_are_reported(tmp_path, content):
    (tmp_path / "a.tf").write_bytes(content)
    notes = said(source(tmp_path, ROLE.format('"r"')))
    assert [level for level, _, _ in notes] == ["mistake"]


ODD = ["${", "}", '"', "<<EOT\n", "%{ if x }", "\x00", "[0]", "= null", "each.key", "é", "/*", "#"]


@pytest.mark.thorough
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_damage_to_a_file_is_more_than_a_note(data):
    text = APP + TENANTS.partition("module")[0] + LIVED.format("prevent_destroy = true")
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 30)))
        text = text[:start] + data.draw(st.sampled_from(["", *ODD])) + text[end:]
    with TemporaryDirectory() as folder:
        found = source(Path(folder), text)
    assert {item.kind for item in found.items} <= {"clients", "connections", "roles"}


def test_files_may_begin_with_a_mark_and_end_lines_as_on_windows(tmp_path):
    text = 'resource "auth0_role" "r" {\r\n  name = <<EOT\r\nx\r\nEOT\r\n}\r\n'
    (tmp_path / "main.tf").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert roles(read(tmp_path, {"dev": None})["dev"]) == [("x\n", "auth0_role.r")]


def test_json_files_and_override_files_are_read(tmp_path):
    files = {
        "main.tf": 'resource "auth0_role" "a" {\n  name = "a"\n  description = "old"\n}\n',
        "override.tf": 'resource "auth0_role" "a" {\n  description = "new"\n}\n',
        "more.tf.json": '{"resource": {"auth0_role": {"b": {"name": "${auth0_role.a.name}b"}}}}',
    }
    found = source(tmp_path, files)
    assert [dict(item.fields) for item in found.items] == [
        {"name": "a", "description": "new"},
        {"name": "ab"},
    ]


@pytest.mark.parametrize("files", [{"notes.txt": ""}, {"below/main.tf": "", "other/x.tf": ""}])
def test_a_folder_without_configuration_is_refused_and_one_with_some_named(tmp_path, files):
    with pytest.raises(FilesError, match="there are no Terraform files here") as error:
        read(written(tmp_path, files), {"dev": None})
    assert ("below, other" in str(error.value)) == ("below/main.tf" in files)


# --- variables and environments ---------------------------------------------------------------

APP = """
variable "host" {
  type = string
}
variable "colour" {
  default = "red"
}
variable "urls" {
  type    = list(string)
  default = []
}
variable "key" {
  type      = string
  sensitive = true
}
variable "token" {
  type = string
}
resource "auth0_client" "web" {
  name                = "Web ${var.colour}"
  callbacks           = ["https://${var.host}/cb"]
  allowed_logout_urls = var.urls
  description         = "made with ${var.key}"
  client_metadata     = { t = var.token, e = terraform.workspace }
}
resource "auth0_connection" "github" {
  name     = "github"
  strategy = "github"
  options {
    client_id     = var.host
    client_secret = var.token
  }
}
"""


def environments(folder):
    written(
        folder,
        {
            "main.tf": APP,
            "terraform.tfvars": 'host = "default.example"\ntoken = "t0p"\n',
            "some.auto.tfvars": 'host = "auto.example"\n',
            "dev.tfvars": 'host = "dev.example"\nurls = ["https://dev.example"]\nkey = "s3cret"\n',
            "prod.tfvars.json": '{"host": "shop.example", "urls": ["https://a", "https://b"]}',
        },
    )
    return read(folder, {"dev": folder / "dev.tfvars", "prod": folder / "prod.tfvars.json"})


def test_variables_have_the_values_of_their_environment(tmp_path):
    found = environments(tmp_path)
    web = {name: only(each, "clients").fields for name, each in found.items()}
    assert web["dev"]["callbacks"] == ["https://dev.example/cb"]
    assert web["prod"]["callbacks"] == ["https://shop.example/cb"]
    assert web["prod"]["client_metadata"]["e"] == "prod"
    assert found["dev"].variables == {
        "host": "dev.example",
        "urls": ["https://dev.example"],
    }


def test_of_the_files_that_give_values_the_later_one_counts(tmp_path):
    folder = written(tmp_path, 'variable "name" {\n  default = "0"\n}\n' + ROLE.format("var.name"))
    files = {
        "terraform.tfvars": 'name = "1"\n',
        "terraform.tfvars.json": '{"name": "2"}',
        "a.auto.tfvars.json": '{"name": "3"}',
        "b.auto.tfvars": 'name = "4"\n',
        "dev.tfvars": 'name = "5"\n',
    }
    for number, (file, text) in enumerate(files.items(), 1):
        written(folder, {file: text})
        own = folder / file if file == "dev.tfvars" else None
        found = read(folder, {"dev": own})["dev"]
        assert only(found, "roles").fields["name"] == str(number)


def test_what_differs_from_environment_to_environment_is_a_variable_of_ours(tmp_path):
    web = only(environments(tmp_path)["dev"], "clients").fields
    assert web["callbacks"][0].source == Text(("https://", Var("host"), "/cb"))
    assert isinstance(web["allowed_logout_urls"], MadeList)
    assert web["allowed_logout_urls"].source == Var("urls")
    assert type(web["name"]) is str


def test_secrets_are_named_and_their_values_go_nowhere(tmp_path):
    found = environments(tmp_path)
    github = only(found["dev"], "connections").fields
    web = only(found["dev"], "clients").fields
    assert github["options"]["client_secret"] == Secret("TOKEN")
    assert web["description"].source == Text(("made with ", Secret("KEY")))
    assert web["client_metadata"]["t"].source == Secret("TOKEN")
    assert "t0p" not in repr(found)
    assert "s3cret" not in repr(found)


def test_a_variable_without_a_value_is_stood_in_for_where_a_text_can(tmp_path):
    text = """
variable "site_host" {
  type = string
}
variable "sites" {
  type = list(string)
}
resource "auth0_client" "web" {
  name      = var.site_host
  callbacks = var.sites
  web_origins = [var.undeclared]
}
"""
    found = source(tmp_path, text)
    web = only(found, "clients").fields
    assert (web["name"], web["name"].source) == ("site-host", Var("site_host"))
    assert "callbacks" not in web
    assert found.variables == {"site_host": "site-host", "undeclared": "undeclared"}
    assert [(level, where) for level, where, _ in said(found)] == [
        ("mistake", "main.tf:11:3"),
        ("loss", "main.tf:10:3"),
        ("guess", "main.tf:2:1"),
        ("guess", "main.tf:11:3"),
    ]


def test_values_for_variables_that_are_not_there_are_reported(tmp_path):
    written(tmp_path, {"main.tf": ROLE.format('"r"'), "dev.tfvars": 'nobody = "x"\nbroken = = \n'})
    found = read(tmp_path, {"dev": tmp_path / "dev.tfvars", "qa": tmp_path / "none.tfvars"})
    assert "mistake" in {level for level, _, _ in said(found["dev"])}
    assert "this file of variables cannot be read" in said(found["qa"])[0][2]


def test_a_secret_that_stands_in_clear_is_found_elsewhere_too(tmp_path):
    text = """
locals {
  key = "very-l0ng-secret"
}
resource "auth0_connection" "github" {
  name     = "github"
  strategy = "github"
  options {
    client_secret = local.key
  }
}
resource "auth0_client" "web" {
  name            = "Web"
  description     = "knows ${local.key}"
  client_metadata = { key = local.key }
}
resource "auth0_rule" "r" {
  name   = "r"
  script = "const key = '${local.key}';"
}
"""
    found = source(tmp_path, text)
    web = only(found, "clients").fields
    assert web["description"].source == Text(("knows ", Secret("CONNECTION_GITHUB_CLIENT_SECRET")))
    assert web["client_metadata"]["key"].source == Secret("CONNECTION_GITHUB_CLIENT_SECRET")
    assert "script" not in only(found, "rules").fields
    assert "very-l0ng-secret" not in repr(found)


def test_what_is_secret_in_one_environment_is_secret_in_all(tmp_path):
    text = """
variable "token" {
  type = string
}
resource "auth0_client" "web" {
  name        = "Web"
  description = var.token
}
resource "auth0_role" "r" {
  name = "r ${var.token}"
}
resource "auth0_rule_config" "k" {
  count = terraform.workspace == "prod" ? 1 : 0
  key   = "K"
  value = var.token
}
"""
    written(tmp_path, {"main.tf": text, "a.tfvars": 'token = "t0p"\n'})
    found = read(tmp_path, {"dev": tmp_path / "a.tfvars", "prod": tmp_path / "a.tfvars"})
    assert only(found["dev"], "clients").fields["description"].source == Secret("TOKEN")
    assert "t0p" not in repr(found)


@pytest.mark.parametrize("key", ['"t0p-70707"', "70707"])
def test_what_a_module_calls_sensitive_is_a_secret_although_its_caller_does_not(tmp_path, key):
    files = {
        "main.tf": f'module "m" {{\n  source = "./m"\n  key    = {key}\n}}\n',
        "m/main.tf": 'variable "key" {\n  sensitive = true\n}\n' + ROLE.format('"r ${var.key}"'),
    }
    found = source(tmp_path, files)
    assert only(found, "roles").fields["name"].source == Text(("r ", Secret("KEY")))
    assert "70707" not in repr(found)


def test_a_secret_in_code_leaves_the_code_out(tmp_path):
    text = """
variable "key" {
  default   = "s3cret"
  sensitive = true
}
resource "auth0_action" "a" {
  name = "A"
  code = "const key = '${var.key}';"
  supported_triggers {
    id      = "post-login"
    version = "v3"
  }
}
"""
    found = source(tmp_path, text)
    assert "code" not in only(found, "actions").fields
    assert "because the secret KEY stands in it" in said(found)[0][2]


TENANTS = """
provider "auth0" {
  alias  = "a"
  domain = "a.eu.auth0.com"
}
provider "auth0" {
  alias  = "b"
  domain = "b.eu.auth0.com"
}
module "one" {
  source    = "./one"
  providers = { auth0 = auth0.a }
}
resource "auth0_role" "two" {
  provider = auth0.b
  name     = "two"
}
"""


@pytest.mark.parametrize(
    ("provider", "domain", "name"),
    [("a", "a.eu.auth0.com", "one"), ("b", "b.eu.auth0.com", "two")],
)
def test_of_several_tenants_the_one_that_is_asked_for_is_read(tmp_path, provider, domain, name):
    files = {"main.tf": TENANTS, "one/main.tf": ROLE.format('"one"')}
    found = source(tmp_path, files, provider=provider)
    assert (found.domain, [each for each, _ in roles(found)]) == (domain, [name])


def test_people_are_told_that_there_are_several_tenants(tmp_path):
    notes = said(source(tmp_path, {"main.tf": TENANTS, "one/main.tf": ROLE.format('"one"')}))
    assert notes[0][0] == "guess"
    assert "by provider: b, a; b is read" in notes[0][2]


def test_what_a_data_source_looks_for_is_named_as_it_is_called(tmp_path):
    text = """
data "auth0_client" "there" {
  name = "Somebody"
}
data "auth0_client" "by_id" {
  client_id = "abc"
}
resource "auth0_client_grant" "g" {
  client_id = data.auth0_client.there.id
  audience  = "https://api.example"
}
resource "auth0_client_grant" "h" {
  client_id = data.auth0_client.by_id.id
  audience  = "https://api.example"
}
"""
    found = source(tmp_path, text)
    assert [item.fields["client_id"] for item in found.items] == ["Somebody"]
    assert "says by an id what it is, which no file tells" in said(found)[0][2]


def test_a_made_name_keeps_what_it_is_made_of(tmp_path):
    text = 'variable "n" {\n  type = string\n}\n' + ROLE.format('"${var.n}-role"')
    name = only(source(tmp_path, text), "roles").fields["name"]
    assert isinstance(name, Made)
    assert name.source == Text((Var("n"), "-role"))


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("name",), 2),
        (("refresh_token",), 4),
        (("refresh_token", "leeway"), 5),
        (("callbacks", "0"), 3),
        (("refresh_token", "policies", "0", "audience"), 7),
        (("nothing",), 1),
    ],
)
def test_items_know_where_their_fields_are_written(tmp_path, path, line):
    text = """resource "auth0_client" "c" {
  name      = "C"
  callbacks = ["https://a"]
  refresh_token {
    leeway = 1
    policies {
      audience = "https://api.example"
      scope    = []
    }
  }
}
"""
    assert only(source(tmp_path, text), "clients").where(path).line == line
