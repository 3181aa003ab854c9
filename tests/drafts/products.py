"""Made-up products in several environments, each whole in itself and written down."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from tenantctl.drafts import Tag, Written
from tenantctl.model import Address

ENVIRONMENTS = ("dev", "qa", "prod")
TEXTS = ["plain", "${var.host}/x", "$${kept}", "two words", "${var.other}", "${var.port}"]
CODE = ["exports.one = 1;\n", "exports.two = `${2}`;\n"]
VARIABLES = {
    "other": ["x", "${y}"],
    "port": [1, "1", 2.5],
    "links": [["a"], ["b", "c"]],
    "meta": [{"a": "1"}, {}],
}
SECRET = st.sampled_from(["ONE", "TWO"]).map(lambda name: Tag("secret", name))
SCIM = {"user_id_attribute": st.sampled_from(["externalId", "mail"])}
CREDENTIAL = {"credential_type": "public_key", "pem": "P"}


def tagged(value, tag):
    """The texts of all tags *tag* inside *value*."""
    if isinstance(value, Tag):
        return [value.text] if value.tag == tag else []
    items = value.values() if isinstance(value, dict) else value
    return [t for i in items for t in tagged(i, tag)] if isinstance(value, dict | list) else []


@dataclass
class Pen:
    """One environment while it is drawn."""

    draw: Any
    name: str
    variables: dict[str, Any]
    bodies: dict[Address, Any] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)

    @property
    def known(self):
        return [t for t in TEXTS if "${var." not in t or t[6:].partition("}")[0] in self.variables]

    @property
    def text(self):
        return st.sampled_from(self.known)

    def or_variable(self, values, name):
        return values | st.just(Tag("var", name)) if name in self.variables else values

    def some(self, *keys):
        return self.draw(st.lists(st.sampled_from(keys), unique=True, max_size=len(keys)))

    def fields(self, kind, key, required=None, **optional):
        body = self.draw(st.fixed_dictionaries(required or {}, optional=optional))
        return self.bodies.setdefault(Address(kind, key), body)

    def code(self, path, tag="file"):
        texts = CODE if tag == "file" else [f"<p>{text}" for text in self.known]
        self.files[path] = self.draw(st.sampled_from(texts))
        return Tag(tag, path)


def clients(pen):
    links = pen.or_variable(st.lists(pen.text, max_size=3, unique=True), "links")
    metadata = st.dictionaries(st.sampled_from("abc"), pen.text, max_size=3)
    found = pen.some("web", "app", "job")
    for key in found:
        pen.fields(
            "clients",
            key,
            name=st.sampled_from([f"{key} {pen.name}", f"the {key}"]),
            description=pen.text,
            callbacks=links,
            allowed_clients=links,
            client_metadata=pen.or_variable(metadata, "meta"),
            jwt_configuration=st.fixed_dictionaries(
                {"alg": st.just("RS256")}, optional={"lifetime_in_seconds": st.sampled_from([1, 2])}
            ),
            credentials=st.dictionaries(st.sampled_from(["old", "new"]), st.just(CREDENTIAL)),
        )
    return found


def connections(pen, known):
    found = pen.some("customers", "erp")
    for key in found:
        pen.fields(
            "connections",
            key,
            {"strategy": st.just("oidc")},
            options=st.fixed_dictionaries({}, optional={"client_secret": SECRET}),
            scim_configuration=st.fixed_dictionaries({}, optional=SCIM),
            clients=st.lists(st.sampled_from(known), unique=True) if known else st.just([]),
        )
    return found


def actions(pen):
    found = pen.some("claims", "verify", "audit", "enrich")
    for key in found:
        body = pen.fields(
            "actions",
            key,
            {"supported_triggers": st.just({"post-login": "v3"})},
            secrets=st.dictionaries(st.sampled_from("AB"), SECRET, max_size=2),
            dependencies=st.dictionaries(st.sampled_from(["x", "y"]), st.just("1.0.0")),
        )
        body["code"] = pen.code(f"actions/{key}.js")
    if found:
        shown = st.sampled_from([{}, {"display_name": "shown"}])
        order = pen.draw(st.permutations(found))[: pen.draw(st.integers(1, len(found)))]
        bindings = {key: pen.draw(shown) for key in order}
        pen.bodies[Address("trigger_bindings", "post-login")] = bindings


def roles(pen):
    scopes = st.lists(st.sampled_from(["read", "write", "all"]), unique=True, min_size=1)
    permissions = st.dictionaries(st.sampled_from(["x", "y"]), scopes)
    for key in pen.some("buyer", "seller"):
        body = pen.fields("roles", key, description=pen.text, permissions=permissions)
        for api in body.get("permissions", ()):
            whole = {"identifier": f"https://{api}", "scopes": {"read": {}, "write": {}, "all": {}}}
            pen.bodies[Address("resource_servers", api)] = whole


def organizations(pen, known):
    said = st.fixed_dictionaries({}, optional={"assign_membership_on_login": st.booleans()})
    members = st.dictionaries(st.sampled_from(known), said) if known else st.just([])
    for key in pen.some("acme"):
        pen.fields("organizations", key, display_name=pen.text, connections=members)


def texts(pen):
    for key in pen.some("verify_email"):
        body = pen.fields(
            "email_templates",
            key,
            {"from": pen.text, "subject": pen.text},
        )
        body |= {"syntax": "liquid", "enabled": pen.draw(st.booleans())}
        body["body"] = pen.code(f"emails/{key}.liquid", "template")
    for kind in pen.some("tenant"):
        pen.fields(kind, "", friendly_name=pen.text, idle_session_lifetime=st.just(3))


@st.composite
def written(draw, name):
    """One environment of a made-up product."""
    optional = {key: st.sampled_from(values) for key, values in VARIABLES.items()}
    host = st.just(f"https://{name}.example")
    pen = Pen(draw, name, draw(st.fixed_dictionaries({"host": host}, optional=optional)))
    organizations(pen, connections(pen, clients(pen)))
    actions(pen)
    roles(pen)
    texts(pen)
    bodies = dict(sorted(pen.bodies.items()))
    secrets = dict.fromkeys(tagged(bodies, "secret"), "Opens it.")
    return Written(f"{name}.example", bodies, pen.files, secrets, pen.variables)


PRODUCTS = st.integers(1, 3).flatmap(
    lambda size: st.fixed_dictionaries({name: written(name) for name in ENVIRONMENTS[-size:]})
)
