"""Which actions run at a trigger, in order; written as a whole list."""

from tenantctl.kinds.hazard import LOGIN, TOKEN, Hazard, anything
from tenantctl.kinds.kind import Hooks, Kind, Listing, RefTo, Rule, Wire
from tenantctl.kinds.scopes import scopes
from tenantctl.model import Address, Json, Ref


def unfold(authored: Json) -> Json:
    """`{add-claims: {}}` is a binding, shown under the action's own name."""
    return {"bindings": {action: _shown(action, extra) for action, extra in authored.items()}}


def _shown(action: str, extra: Json) -> Json:
    return {"display_name": Ref(Address("actions", action), "name"), **(extra or {})}


def fold(authored: Json) -> Json:
    """The inverse: a display name that is the action's own goes without saying."""
    bindings = authored.get("bindings", {})
    if not isinstance(bindings, dict):
        return authored
    return {action: _hidden(action, extra) for action, extra in bindings.items()}


def _hidden(action: str, extra: Json) -> Json:
    usual = Ref(Address("actions", action), "name")
    return {k: v for k, v in extra.items() if k != "display_name" or v != usual}


def read(document: Json) -> Json:
    """A GET nests the action; a list answer is {bindings: [...]}."""
    return {
        "bindings": [
            {"action": binding["action"]["id"], "display_name": binding["display_name"]}
            for binding in document["bindings"]
        ]
    }


def write(fields: Json) -> Json:
    """A PATCH takes a reference object for each binding."""
    return {
        "bindings": [
            {
                "ref": {"type": "action_id", "value": binding["action"]},
                "display_name": binding["display_name"],
            }
            for binding in fields["bindings"]
        ]
    }


TRIGGERS = "customize/actions/explore-triggers"
AFTERWARDS = ("event-stream", "post-change-password", "post-user-registration")
"""Triggers that run once everything is done."""

KIND = Kind(
    name="trigger_bindings",
    shape="action_trigger_bindings",
    wire=Wire(
        read="/actions/triggers/{0}/bindings",
        list=Listing("/actions/triggers/{0}/bindings", "bindings", "page"),
        update="PATCH /actions/triggers/{0}/bindings",
        scopes=scopes("actions"),
    ),
    parts=("trigger",),
    fixed=True,
    values=(
        "post-login",
        "credentials-exchange",
        "pre-user-registration",
        "post-user-registration",
        "post-change-password",
        "send-phone-message",
        "custom-phone-provider",
        "custom-email-provider",
        "password-reset-post-challenge",
        "custom-token-exchange",
        "event-stream",
        "password-hash-migration",
        "login-post-identifier",
        "signup-post-identifier",
    ),
    rank=55,
    empty={"bindings": []},
    rules=(
        Rule(("bindings",), list="sequence", by="action", write="replace", default=()),
        Rule(("bindings", "[]", "action"), ref=RefTo("actions")),
        Rule(("bindings", "[]", "secrets"), when="never"),  # an action brings its own
    ),
    hooks=Hooks(unfold=unfold, fold=fold, read=read, write=write),
    reach="binds",
    risks=(
        anything(
            (LOGIN, TOKEN), "other code decides over sign-ins, and over what tokens carry", TRIGGERS
        ),
        *(
            Hazard((), (), "it runs afterwards, and nobody waits for it", keys=(key,), see=TRIGGERS)
            for key in AFTERWARDS
        ),
        Hazard(
            (),
            (TOKEN,),
            "other code decides over the tokens of machines",
            keys=("credentials-exchange", "custom-token-exchange"),
            see=TRIGGERS,
        ),
        Hazard(
            (),
            (LOGIN,),
            "mails and messages go out another way, or not at all",
            keys=("send-phone-message", "custom-phone-provider", "custom-email-provider"),
            see=TRIGGERS,
        ),
    ),
)
