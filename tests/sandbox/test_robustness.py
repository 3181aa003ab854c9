"""Whatever a shape permits gets an answer: no combination of fields breaks the sandbox."""

import random
import re

import pytest

from support.largely import mostly
from tenantctl.sandbox import api as routes
from tenantctl.sandbox.shapes import _shape
from tenantctl.sandbox.wire import FREE

_TEXTS = ["a", "https://a.example", "urn:a", "x.y", "post-login", ""]
_FIXED = {
    "triggerId": "post-login",
    "prompt": "login",
    "language": "en",
    "templateName": "welcome_email",
}


def make(schema, root, dice, depth=0):
    """A value of a schema, now and then of another one."""
    if "$ref" in schema:
        return make(root["$defs"][schema["$ref"].rsplit("/", 1)[1]], root, dice, depth + 1)
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return make(dice.choice(schema[key]), root, dice, depth + 1)
    if "const" in schema or "enum" in schema:
        return schema.get("const", dice.choice(schema.get("enum", [None])))
    if dice.random() < 0.02:
        return dice.choice([None, 1, "x", [], {}])
    kind = schema.get("type", "string")
    kind = dice.choice(kind) if isinstance(kind, list) else kind
    return plain(kind, schema, root, dice, depth)


def plain(kind, schema, root, dice, depth):
    if kind == "object":
        share, needed = (0.35 if depth < 3 else 0.1), schema.get("required", [])
        return {
            name: make(inner, root, dice, depth + 1)
            for name, inner in schema.get("properties", {}).items()
            if name in needed or dice.random() < share
        }
    if kind == "array":
        items = schema.get("items", {})
        return [make(items, root, dice, depth + 1) for _ in range(dice.randint(0, 2))]
    simple = {"boolean": dice.random() < 0.5, "integer": dice.randint(0, 5), "null": None}
    return simple.get(kind, dice.random() * 5 if kind == "number" else dice.choice(_TEXTS))


def fill(path, sandbox, dice):
    """The path with ids of what there is, but never of the client that asks."""
    kind = next((c.name for c in routes.COLLECTIONS.values() if path.startswith(c.path + "/")), "")
    own = sandbox.credentials()[0]

    def argument(match):
        found = "action_versions" if match[1] == "version" else kind
        ids = [id for id in sandbox.documents(found) if id != own]
        return _FIXED.get(match[1], dice.choice(ids) if ids else "none")

    return re.sub(r"\{(\w+)\}", argument, path)


@pytest.mark.parametrize("seed", mostly(range(3), fast=1, rest=pytest.mark.thorough))
def test_every_request_is_answered_and_only_with_statuses_of_the_api(api, seed):
    dice = random.Random(seed)
    seen = set()
    for _ in range(500):
        route = dice.choice(routes.ROUTES)
        if route.method == "DELETE" and dice.random() < 0.8:
            continue
        body = None
        if route.body == FREE:
            body = make({}, {}, dice)
        elif route.body is not None:
            schema = _shape(route.body.resource)["operations"][route.body.operation]["body"]
            body = make(schema, schema, dice)
        answer = api.call(route.method, fill(route.path, api.sandbox, dice), body)
        seen.add(answer.status_code)
        if answer.status_code >= 400:
            assert answer.json()["statusCode"] == answer.status_code
    assert {200, 400, 404} <= seen <= {200, 201, 202, 204, 400, 404, 409}
