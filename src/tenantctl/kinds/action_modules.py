"""Code that actions share. What is published is state to compare, as what of an action is deployed.

The secrets of a module are written as a whole list, each with its value.
"""

from tenantctl.kinds.hazard import LOGIN, TOKEN, anything, deleting
from tenantctl.kinds.kind import Kind, Listing, Rule, collection
from tenantctl.kinds.scopes import scopes

KIND = Kind(
    name="action_modules",
    shape="action_modules",
    wire=collection(
        "/actions/modules",
        Listing("/actions/modules", "modules", "page", brief=True),
        scopes("actions"),
    ),
    key=("name",),
    unique=("name",),
    held_by={"actions": ()},
    limit=100,
    rank=48,
    procedure="publish",
    early="EA",
    replace_breaks="every action that uses it, until the action uses the new one",
    rules=(
        Rule(("name",), when="create"),
        Rule(("api_version",), when="create", read="absent"),
        Rule(("code",), text="code", runs="module", unset="illegal"),
        Rule(("dependencies",), list="keyed", by="name", value="version", default=()),
        Rule(("secrets",), list="keyed", by="name", value="value", default=()),
        Rule(("secrets", "[]", "value"), read="absent", secret=True),
        Rule(("publish",), when="never"),
        Rule(("latest_version",), when="never"),  # actions refer to its id
        Rule(("all_changes_published",)),  # no body has it, but it is compared
    ),
    implied={"all_changes_published": True},
    risks=(
        anything(
            (LOGIN, TOKEN),
            "what actions do with it changes",
            "customize/actions/action-coding-guidelines",
        ),
        deleting((LOGIN, TOKEN), "actions that use it fail"),
    ),
)
