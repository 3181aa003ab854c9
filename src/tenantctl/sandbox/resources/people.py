"""What lists of users, roles and groups show of each, and what is said where there is none."""

from tenantctl.sandbox.documents import public
from tenantctl.sandbox.refusal import Refusal
from tenantctl.sandbox.service import require
from tenantctl.sandbox.store import Document
from tenantctl.sandbox.wire import Call

USER_MISSING = ("The user does not exist.", "inexistent_user")
ROLE_MISSING = ("The role does not exist.", None)
GROUP_MISSING = ("Group not found", None)

_USER = ("user_id", "email", "picture", "name")


def show_user(_call: Call, user: Document, _link: Document) -> Document:
    """A user as a member of something."""
    return {name: user[name] for name in _USER if name in user}


def show_role(_call: Call, role: Document, _link: Document) -> Document:
    """A role as something assigned."""
    return {"description": "", **public(role)}


def show_group(_call: Call, group: Document, _link: Document) -> Document:
    return public(group)


def existing_user(call: Call, id: str) -> Document:
    """The user of an id. Raises Refusal 404."""
    return require(call, "users", id, Refusal(404, *USER_MISSING))
