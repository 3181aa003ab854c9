"""The secrets of a hook, each by its name; a GET shows the names alone (api-behaviour 2.1)."""

from tenantctl.kinds.hazard import LOGIN, anything, deleting
from tenantctl.kinds.kind import Kind, Rule, Wire
from tenantctl.kinds.scopes import scopes

KIND = Kind(
    name="hook_secrets",
    shape="hook_secrets",
    wire=Wire(
        read="/hooks/{parent}/secrets",
        create="POST /hooks/{parent}/secrets",
        update="PATCH /hooks/{parent}/secrets",
        delete="DELETE /hooks/{parent}/secrets",
        scopes=scopes("hooks", create="update:hooks"),
    ),
    authored_in=("hooks", "secrets"),
    rank=51,
    procedure="entries",
    empty={},
    legacy="the secrets of an action",
    rules=(
        Rule((), map="open"),
        Rule(("*",), read="masked", secret=True),
    ),
    risks=(
        anything((LOGIN,), "the hook fails where what it calls does not agree"),
        deleting((LOGIN,), "the hook fails where it needs it"),
    ),
)
