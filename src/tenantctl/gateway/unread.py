"""Why something of a tenant cannot be read, where the rest of it can."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TypeVar

from tenantctl.errors import ApiError, Denied
from tenantctl.kinds import Kind

T = TypeVar("T")
NOT_SOLD = frozenset({402})
NOT_THERE = frozenset({404, 410, 501})
"""Also endpoints that are gone, such as those of rules and hooks (410), or not built (501)."""


@dataclass(frozen=True, slots=True)
class Unread:
    """Why an object cannot be read; *all*: no other one of its kind can be read either."""

    reason: str
    all: bool = True


async def tried(kind: Kind, work: Awaitable[T]) -> T | Unread:
    """The result of *work*, which reads something of *kind*, or why this tenant does not show it.

    What says nothing of the kind is raised: credentials, a tenant that fails or does not answer.
    """
    try:
        return await work
    except Denied as error:
        if not error.lacks:
            raise
        return Unread(f"the token lacks {error.lacks}")
    except ApiError as error:
        reason = _reason(kind, error)
        if reason is None:
            raise
        alone = "{key}" in kind.shape or error.status in {400, 404}
        return Unread(reason, all=not (_is_many(kind) and alone))


def _is_many(kind: Kind) -> bool:
    """Whether it takes a request for each object, which may fail for that one alone."""
    return kind.fixed or kind.owned


def _reason(kind: Kind, error: ApiError) -> str | None:
    """What *error* says of the kind; an older tenant may not know a name that the API knows."""
    if error.status in NOT_SOLD or error.code == "insufficient_entitlement":
        return f"the subscription does not have it ({error.message})"
    if error.status in NOT_THERE or (error.status == 400 and _is_many(kind)):
        return f"the tenant does not have it ({error.message})"
    if error.status == 403:
        return f"the tenant does not show it ({error.message})"
    return None
