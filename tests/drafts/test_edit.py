"""What a tenant has otherwise is written exactly where the files say it, and nowhere else."""

from __future__ import annotations

import pytest

from drafts.revised import BASE, DEV, PROD, TENANT, moved, project, taken, tenant
from tenantctl.drafts.edit import revise
from tenantctl.files import load
from tenantctl.model import Address, Ref, Resource, Sealed, Tenant

WEB = "clients.web"
PARENT = "environments/shop/base.yaml"
VARIABLES = {
    TENANT: """\
playbook: b2c
adopts: [application_integration, email_templates, logout]
variables:
  url: {type: string}
  hours: {type: integer}
  hosts: {type: list}
""",
    DEV: """\
kind: development
domain: embedded
variables:
  url: https://dev.example   # where it is
  hours: 24
  hosts: ["https://a.example"]
""",
    PROD: """\
kind: production
domain: embedded
variables: {url: "https://www.example", hours: 12, hosts: []}
""",
}
ALL = """\
  tenant:
    support_url: "${var.url}/help"
    session_lifetime: !var hours
    allowed_logout_urls: !var hosts
"""


def web(*lines: str) -> dict[str, str]:
    body = "".join(f"      {line}\n" for line in lines)
    return {BASE: f"application_integration:\n  clients:\n    web:\n{body}"}


# what is written of clients.web, what the tenant has, which lines go and come
PLACES = {
    "a plain scalar": (
        ["name: Web  # its name"],
        {"name": "Shop"},
        ["-      name: Web  # its name", "+      name: Shop  # its name"],
    ),
    "the key that names it": (
        ["app_type: spa"],
        {"name": "Shop"},
        ["+      name: Shop"],
    ),
    "double quotes": (
        ['description: "It\'s: one"'],
        {"description": 'say "two"'},
        ['-      description: "It\'s: one"', '+      description: "say \\"two\\""'],
    ),
    "single quotes": (
        ["description: 'one: two'"],
        {"description": "it's"},
        ["-      description: 'one: two'", "+      description: 'it''s'"],
    ),
    "a text of several lines": (
        ["description: |", "  one", "  two", "app_type: spa"],
        {"description": "one\nthree\n"},
        ["-        two", "+        three"],
    ),
    "a word that YAML would take for something else": (
        ["description: one"],
        {"description": "yes"},
        ["-      description: one", '+      description: "yes"'],
    ),
    "a number": (
        ["jwt_configuration: {lifetime_in_seconds: 60, alg: RS256}  # short"],
        {"jwt_configuration.lifetime_in_seconds": 90},
        [
            "-      jwt_configuration: {lifetime_in_seconds: 60, alg: RS256}  # short",
            "+      jwt_configuration: {lifetime_in_seconds: 90, alg: RS256}  # short",
        ],
    ),
    "a map of the user's with a key more and a key less": (
        ["client_metadata:", "  one: a  # first", "  two: b", "  three: c"],
        {"client_metadata": {"one": "a", "three": "d", "four": "e"}},
        ["-        two: b", "-        three: c", "+        three: d", "+        four: e"],
    ),
    "a map of the user's of which nothing is left": (
        ["client_metadata: {one: a}"],
        {"client_metadata": {}},
        ["-      client_metadata: {one: a}", "+      client_metadata: {}"],
    ),
    "a list in brackets": (
        ["callbacks: [https://a.example, https://b.example]"],
        {"callbacks": ["https://b.example", "https://c.example"]},
        [
            "-      callbacks: [https://a.example, https://b.example]",
            '+      callbacks: [https://b.example, "https://c.example"]',
        ],
    ),
    "a list of lines with comments": (
        ["callbacks:", "  # the old one", "  - https://a.example", "  - https://b.example  # new"],
        {"callbacks": ["https://b.example", "https://c.example"]},
        ["-        - https://a.example", "+        - https://c.example"],
    ),
    "an ordered list in another order": (
        ["grant_types:", "  - refresh_token  # r", "  - authorization_code  # a"],
        {"grant_types": ["authorization_code", "refresh_token", "implicit"]},
        ["+        - implicit"],
    ),
    "a list that is empty": (
        ["callbacks: []  # none"],
        {"callbacks": ["https://a.example"]},
        ["-      callbacks: []  # none", '+      callbacks: ["https://a.example"]  # none'],
    ),
    "a list of which nothing is left": (
        ["callbacks:", "  - https://a.example"],
        {"callbacks": []},
        ["-      callbacks:", "-        - https://a.example", "+      callbacks: []"],
    ),
    "a text that has to keep its marker": (
        ["description: one"],
        {"description": "Hello ${name}"},
        ["-      description: one", '+      description: "Hello $${name}"'],
    ),
    "what is not mentioned": (["name: Web"], {"description": "not ours"}, []),
    "what is gone": (
        ["logo_uri: https://a.example/x.png", "app_type: spa"],
        {"logo_uri": None},
        ["-      logo_uri: https://a.example/x.png", "+      logo_uri: null"],
    ),
    "what is gone and has a default": (
        ["app_type: spa", "is_first_party: false  # not ours"],
        {"is_first_party": None},
        ["-      is_first_party: false  # not ours", "+      is_first_party: true  # not ours"],
    ),
}


@pytest.mark.parametrize(("lines", "live", "expected"), PLACES.values(), ids=PLACES)
def test_a_value_is_changed_where_it_stands(tmp_path, lines, live, expected):
    root = project(tmp_path, web(*lines))
    revision = taken(root, {f"{WEB}:{path}": value for path, value in live.items()})
    assert moved(root, revision) == ({BASE: expected} if expected else {})
    assert not revision.notes


SAID = {
    "a whole variable": (
        {"tenant:session_lifetime": 48},
        {DEV: ["-  hours: 24", "+  hours: 48"]},
    ),
    "a whole list": (
        {"tenant:allowed_logout_urls": ["https://b.example"]},
        {DEV: ['-  hosts: ["https://a.example"]', '+  hosts: ["https://b.example"]']},
    ),
    "a text that fits": (
        {"tenant:support_url": "https://new.example/help"},
        {
            DEV: [
                "-  url: https://dev.example   # where it is",
                "+  url: https://new.example   # where it is",
            ]
        },
    ),
    "a text of which another part is new": (
        {"tenant:support_url": "https://dev.example/contact"},
        {
            BASE: [
                '-    support_url: "${var.url}/help"',
                '+    support_url: "${var.url}/contact"',
            ]
        },
    ),
    "a text that the variable has no part in": (
        {"tenant:support_url": "mailto:help@example.com"},
        {DEV: ["+overrides:", "+  tenant:", "+    support_url: mailto:help@example.com"]},
    ),
}


@pytest.mark.parametrize(("live", "expected"), SAID.values(), ids=SAID)
def test_what_a_variable_makes_is_changed_in_the_environment(tmp_path, live, expected):
    root = project(tmp_path, {**VARIABLES, BASE: "logout:\n" + ALL})
    assert moved(root, taken(root, live)) == expected


def test_a_variable_stays_where_other_uses_of_it_would_be_wrong(tmp_path):
    more = '  branding:\n    logo_url: "${var.url}/logo.png"\n'
    root = project(tmp_path, {**VARIABLES, BASE: "logout:\n" + ALL + more})
    revision = taken(root, {"tenant:support_url": "https://new.example/help"})
    found = moved(root, revision)
    assert found == {
        DEV: ["+overrides:", "+  tenant:", "+    support_url: https://new.example/help"]
    }
    assert [note.level for note in revision.notes] == ["guess"]


def test_a_variable_stays_where_most_uses_of_it_would_be_right_and_one_wrong(tmp_path):
    more = '  branding:\n    logo_url: "${var.url}/logo.png"\n    favicon_url: "${var.url}/i.png"\n'
    root = project(tmp_path, {**VARIABLES, BASE: "logout:\n" + ALL + more})
    live = {
        "tenant:support_url": "https://new.example/help",
        "branding:logo_url": "https://new.example/logo.png",
    }
    (found,) = moved(root, taken(root, live)).values()
    assert all(line.startswith("+") for line in found), found


def test_a_variable_is_set_where_all_uses_of_it_agree(tmp_path):
    more = '  branding:\n    logo_url: "${var.url}/logo.png"\n'
    root = project(tmp_path, {**VARIABLES, BASE: "logout:\n" + ALL + more})
    live = {
        "tenant:support_url": "https://new.example/help",
        "branding:logo_url": "https://new.example/logo.png",
    }
    assert list(moved(root, taken(root, live))) == [DEV]


OVER = {
    "a value": (
        "{description: Dev}",
        {"description": "Mine"},
        {DEV: ["-  clients.web: {description: Dev}", "+  clients.web: {description: Mine}"]},
    ),
    "an element that is added": (
        '{callbacks: !append ["https://b.example"]}',
        {"callbacks": ["https://a.example", "https://b.example", "https://c.example"]},
        {
            DEV: [
                '-  clients.web: {callbacks: !append ["https://b.example"]}',
                '+  clients.web: {callbacks: !append ["https://b.example", "https://c.example"]}',
            ]
        },
    ),
    "an element that is there again": (
        '{callbacks: !without ["https://a.example"]}',
        {"callbacks": ["https://a.example"]},
        {
            DEV: [
                '-  clients.web: {callbacks: !without ["https://a.example"]}',
                "+  clients.web: {}",
            ]
        },
    ),
    "an element of the definition that is gone": (
        '{callbacks: !append ["https://b.example"]}',
        {"callbacks": ["https://b.example"]},
        {
            BASE: [
                "-      callbacks: [https://a.example]",
                "+      callbacks: []",
            ]
        },
    ),
}


@pytest.mark.parametrize(("over", "live", "expected"), OVER.values(), ids=OVER)
def test_an_override_is_changed_where_it_stands(tmp_path, over, live, expected):
    dev = f"kind: development\ndomain: embedded\noverrides:\n  clients.web: {over}\n"
    files = web("description: All", "callbacks: [https://a.example]")
    root = project(tmp_path, {**files, DEV: dev})
    revision = taken(root, {f"{WEB}:{path}": value for path, value in live.items()})
    assert moved(root, revision) == expected


MAIL = """\
email_templates:
  email_templates:
    verify_email:
      body: !template emails/verify.liquid
      from: "x@mail.example"
      subject: Verify
      syntax: liquid
      enabled: true
application_integration:
  actions:
    add:
      code: !file actions/add.js
      supported_triggers: {post-login: v3}
  tenant:
    support_url: "${var.url}/help"
    session_lifetime: !var hours
    allowed_logout_urls: !var hosts
"""
CODE = {
    "tenants/shop/emails/verify.liquid": "Hello,\n\n<a href='${var.url}/x'>here</a>\n\nBye\n",
    "tenants/shop/actions/add.js": "exports.onExecutePostLogin = async () => {};\n",
}
CODES = {
    "code": (
        {"actions.add:code": "exports.onExecutePostLogin = async () => 1;\n"},
        {
            "tenants/shop/actions/add.js": [
                "-exports.onExecutePostLogin = async () => {};",
                "+exports.onExecutePostLogin = async () => 1;",
            ]
        },
    ),
    "a template whose variables stay": (
        {
            "email_templates.verify_email:body": "Hi,\n\n<a href='https://dev.example/y'>here</a>\n\nBye\n"
        },
        {
            "tenants/shop/emails/verify.liquid": [
                "-Hello,",
                "+Hi,",
                "-<a href='${var.url}/x'>here</a>",
                "+<a href='${var.url}/y'>here</a>",
            ]
        },
    ),
    "a template that its variables do not make": (
        {"email_templates.verify_email:body": "Hello,\n\nnothing\n"},
        {
            DEV: [
                "+overrides:",
                "+  email_templates.verify_email:",
                "+    body: !file emails/verify.dev.liquid",
            ],
            "tenants/shop/emails/verify.dev.liquid": ["+Hello,", "+", "+nothing"],
        },
    ),
}


@pytest.mark.parametrize(("live", "expected"), CODES.values(), ids=CODES)
def test_code_and_templates_are_changed_in_their_files(tmp_path, live, expected):
    root = project(tmp_path, {**VARIABLES, **CODE, BASE: MAIL, TENANT: VARIABLES[TENANT]})
    assert moved(root, taken(root, live)) == expected


def test_a_file_that_others_use_stays_as_it_is(tmp_path):
    shared = """\
application_integration:
  actions:
    one: {code: !file actions/add.js, supported_triggers: {post-login: v3}}
    two: {code: !file actions/add.js, supported_triggers: {post-login: v3}}
"""
    root = project(tmp_path, {BASE: shared, **CODE})
    revision = taken(root, {"actions.two:code": "// two\n"})
    two = "    two: {code: !file actions/add{}.js, supported_triggers: {post-login: v3}}"
    assert moved(root, revision) == {
        "tenants/shop/actions/add-2.js": ["+// two"],
        BASE: ["-" + two.replace("{}.js", ".js", 1), "+" + two.replace("{}.js", "-2.js", 1)],
    }


LINKS = """\
application_integration:
  clients:
    web: {app_type: spa}
    app: {app_type: native}
username_password:
  connections:
    customers:
      strategy: auth0
      clients: [web]  # who signs in
    staff:
      strategy: auth0
      clients: {$mode: additive, web: {}}
id_token_claims:
  actions:
    one: {code: "//", supported_triggers: {post-login: v3}, dependencies: {left: "1", pad: "2"}}
    two: {code: "//", supported_triggers: {post-login: v3}}
  trigger_bindings:
    post-login:
      one: {}   # first
      two: {}
"""


ONE = '    one: {code: "//", supported_triggers: {post-login: v3}, dependencies: {...}}'


def bound(*keys: str) -> list[dict[str, Ref]]:
    return [
        {
            "action": Ref(Address("actions", key), "id"),
            "display_name": Ref(Address("actions", key), "name"),
        }
        for key in keys
    ]


def clients(*keys: str) -> list[Ref]:
    return [Ref(Address("clients", key), "client_id") for key in keys]


HANGING = {
    "a member more": (
        {"connection_clients.customers:clients": clients("web", "app")},
        ["-      clients: [web]  # who signs in", "+      clients: [web, app]  # who signs in"],
    ),
    "a member less": (
        {"connection_clients.customers:clients": []},
        ["-      clients: [web]  # who signs in", "+      clients: []  # who signs in"],
    ),
    "a member more of those that others add to": (
        {"connection_clients.staff:clients": clients("web", "app")},
        [],
    ),
    "another order": (
        {"trigger_bindings.post-login:bindings": bound("two", "one")},
        [
            "-      one: {}   # first",
            "-      two: {}",
            "+      one: {$at: 200}   # first",
            "+      two: {$at: 100}",
        ],
    ),
    "one of a sequence less": (
        {"trigger_bindings.post-login:bindings": bound("two")},
        ["-      one: {}   # first"],
    ),
    "another value under a key of a keyed list": (
        {
            "actions.one:dependencies": [
                {"name": "left", "version": "1"},
                {"name": "x", "version": "3"},
            ]
        },
        [
            "-" + ONE.replace("...", 'left: "1", pad: "2"'),
            "+" + ONE.replace("...", 'left: "1", x: "3"'),
        ],
    ),
}


@pytest.mark.parametrize(("live", "expected"), HANGING.values(), ids=HANGING)
def test_lists_are_changed_element_by_element(tmp_path, live, expected):
    root = project(tmp_path, {BASE: LINKS})
    assert moved(root, taken(root, live)) == ({BASE: expected} if expected else {})


def test_a_secret_that_nobody_can_read_gets_a_name_and_is_told(tmp_path):
    code = {"code": "//", "supported_triggers": [{"id": "post-login", "version": "v3"}]}
    text = "id_token_claims:\n  actions:\n    one:\n      code: //\n"
    text += "      supported_triggers: {post-login: v3}\n      secrets: {OLD: !secret OLD}\n"
    files = {
        BASE: text,
        TENANT: "playbook: b2c\nadopts: [id_token_claims]\nsecrets: {OLD: {}}\n",
        DEV: "kind: development\ndomain: embedded\nsecrets: {OLD: {from: generated}}\n",
    }
    root = project(tmp_path, files)
    loaded = load(root, "shop", "dev")
    secrets = [{"name": "OLD", "value": Sealed()}, {"name": "CRM", "value": Sealed()}]
    live = Tenant.of(
        [
            Resource(
                Address("actions", "one"),
                {**code, "name": "one", "deployed": True, "secrets": secrets},
            )
        ]
    )
    revision = revise(root, loaded, live)
    assert "secrets: {OLD: !secret OLD, CRM: !secret ONE_CRM}" in revision.texts[BASE]
    assert 'ONE_CRM: {from: "env:ONE_CRM"}' in revision.texts[DEV]
    assert "ONE_CRM: {description: used by actions.one}" in revision.texts[TENANT]
    assert [note.level for note in revision.notes] == ["secret"]
    load(root, "shop", "dev", texts=revision.texts)


def test_a_list_of_maps_is_changed_in_the_element_that_differs(tmp_path):
    text = """\
application_integration:
  forms:
    welcome:
      name: Welcome
      nodes:
        # the first
        - id: one
          type: STEP
          coordinates: {x: 1, y: 2}   # where
        - id: two
          type: STEP
"""
    root = project(tmp_path, {BASE: text})
    one = {"id": "one", "type": "STEP", "coordinates": {"x": 5, "y": 2}}
    two = {"id": "two", "type": "STEP"}
    changed = taken(root, {"forms.welcome:nodes": [one, two]})
    assert moved(root, changed)[BASE] == [
        "-          coordinates: {x: 1, y: 2}   # where",
        "+          coordinates: {x: 5, y: 2}   # where",
    ]
    turned = taken(root, {"forms.welcome:nodes": [two, {**one, "coordinates": {"x": 1, "y": 2}}]})
    assert turned.texts[BASE].endswith(
        "        - id: two\n          type: STEP\n        - id: one\n          type: STEP\n"
        "          coordinates: {x: 1, y: 2}   # where\n"
    )


SPREAD = """\
application_integration:
  clients:
    web:
      app_type: spa
      callbacks: [https://a.example]
      description: &word Shop
      logo_uri: https://a.example/x.png
    app:
      app_type: native
      description: *word
logout:
  clients:
    web:
      callbacks:
        - https://b.example   # from logout
id_token_claims:
  actions:
    one:
      code: //
      supported_triggers: [{id: post-login, version: v3}]
      dependencies:
        - {name: left, version: "1"}   # as a list
"""
SPREADS = {
    "an element of the one topic": (
        {"clients.web:callbacks": ["https://b.example"]},
        {BASE: ["-      callbacks: [https://a.example]", "+      callbacks: []"]},
    ),
    "an element of the other topic": (
        {"clients.web:callbacks": ["https://a.example"]},
        {
            BASE: [
                "-      callbacks:",
                "-        - https://b.example   # from logout",
                "+      callbacks: []   # from logout",
            ]
        },
    ),
    "an element more": (
        {"clients.web:callbacks": ["https://a.example", "https://b.example", "https://c.example"]},
        {BASE: ["+        - https://c.example"]},
    ),
    "what an alias says": (
        {"clients.app:description": "App"},
        {DEV: ["+overrides:", "+  clients.app:", "+    description: App"]},
    ),
    "a keyed list that is written as a list": (
        {"actions.one:dependencies": [{"name": "left", "version": "2"}]},
        {
            BASE: [
                '-        - {name: left, version: "1"}   # as a list',
                '+        - {name: left, version: "2"}   # as a list',
            ]
        },
    ),
    "an element more of such a list": (
        {
            "actions.one:dependencies": [
                {"name": "left", "version": "1"},
                {"name": "pad", "version": "3"},
            ]
        },
        {BASE: ["+        - name: pad", '+          version: "3"']},
    ),
}


@pytest.mark.parametrize(("live", "expected"), SPREADS.values(), ids=SPREADS)
def test_whatever_way_a_value_is_written_it_is_changed(tmp_path, live, expected):
    root = project(tmp_path, {BASE: SPREAD})
    assert moved(root, taken(root, live)) == expected


def test_what_another_environment_says_is_said_again_in_this_one(tmp_path):
    base = """\
kind: development
domain: embedded
variables: {url: https://a.example}
overrides:
  clients.web: {description: Theirs}
"""
    dev = "kind: development\ndomain: embedded\ninherits: base\n"
    settings = "playbook: b2c\nadopts: [application_integration]\nvariables: {url: {}}\n"
    files = web("description: All", 'callbacks: ["${var.url}/x"]')
    root = project(tmp_path, {**files, TENANT: settings, DEV: dev, PARENT: base})
    live = {f"{WEB}:description": "Mine", f"{WEB}:callbacks": ["https://b.example/x"]}
    assert moved(root, taken(root, live)) == {
        DEV: [
            "+variables:",
            "+  url: https://b.example",
            "+overrides:",
            "+  clients.web:",
            "+    description: Mine",
        ]
    }


def test_what_a_table_stamps_is_told_with_its_row(tmp_path):
    stamped = """\
application_integration:
  clients:
    "${row.key}":
      $for: !file apps.csv
      description: !row text
"""
    table = "key,text\none,First\ntwo,Second\n"
    root = project(tmp_path, {BASE: stamped, "tenants/shop/apps.csv": table})
    revision = taken(root, {"clients.two:description": "Other"})
    assert moved(root, revision) == {}
    (note,) = revision.notes
    assert (note.file, note.line) == ("tenants/shop/apps.csv", 3)
    assert "clients.two" in note.message


def test_what_the_tenant_does_not_have_stays_and_is_told(tmp_path):
    root = project(tmp_path, web("app_type: spa"))
    revision = taken(root, {}, gone=(WEB,))
    assert moved(root, revision) == {}
    (note,) = revision.notes
    assert (note.level, note.file, note.line) == ("hint", BASE, 3)


def test_a_variable_that_nothing_uses_any_more_goes(tmp_path):
    dev = "kind: development\ndomain: embedded\nvariables: {url: https://x.example}\n"
    settings = (
        "playbook: b2c\nadopts: [application_integration]\nvariables: {url: {type: string}}\n"
    )
    files = web('callbacks: ["${var.url}/a", https://b.example]')
    root = project(tmp_path, {**files, DEV: dev, TENANT: settings})
    revision = taken(root, {f"{WEB}:callbacks": ["https://b.example"]})
    found = moved(root, revision)
    assert found[TENANT] == ["-variables: {url: {type: string}}"]
    assert found[DEV] == ["-variables: {url: https://x.example}"]


def test_nothing_is_changed_where_nothing_differs(tmp_path):
    root = project(tmp_path, {**VARIABLES, **CODE, BASE: MAIL})
    assert taken(root, {}).texts == {}


def test_what_no_file_can_say_keeps_nothing_else_of_its_resource_from_being_said(tmp_path):
    root = project(tmp_path, web("description: one", "client_metadata: {one: a}"))
    keys = {"one": "b", "$only": "x", "two\nlines": "c", "k" * 200: "d", "": "e"}
    revision = taken(root, {f"{WEB}:client_metadata": keys, f"{WEB}:description": "two"})
    assert [note.level for note in revision.notes] == ["loss"]
    again = load(root, "shop", "dev", texts=revision.texts).desired.tenant
    fields = again.resources[Address.parse(WEB)].fields
    assert fields["description"] == "two"
    assert fields["client_metadata"] == {k: v for k, v in keys.items() if k != "$only"}


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""])
def test_line_ends_and_marks_of_order_stay(tmp_path, mark):
    root = project(tmp_path, web("name: Web", "app_type: spa"))
    path = root / BASE
    path.write_bytes(mark + path.read_bytes().replace(b"\n", b"\r\n"))
    before = path.read_bytes()
    loaded = load(root, "shop", "dev")
    revision = revise(root, loaded, tenant(loaded, {f"{WEB}:name": "Shop"}))
    assert revision.texts[BASE].encode() == before.replace(b"Web", b"Shop")


def test_an_override_of_another_environment_keeps_its_sense(tmp_path):
    prod = (
        "kind: production\ndomain: embedded\noverrides:\n"
        "  clients.web: {callbacks: !without [https://a.example]}\n"
    )
    root = project(
        tmp_path, {**web("callbacks: [https://a.example, https://b.example]"), PROD: prod}
    )
    revision = taken(root, {f"{WEB}:callbacks": ["https://b.example"]})
    assert list(moved(root, revision)) == [DEV]
