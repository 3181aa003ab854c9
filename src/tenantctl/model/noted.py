"""What a run tells whoever watches it: values that are there anyway, and every request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from tenantctl.model.address import Path, StepId
from tenantctl.model.change import Plan
from tenantctl.model.event import Event, Receipt
from tenantctl.model.record import DriftReceipt
from tenantctl.model.vault import Vault


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request that left, and its answer; no id, no query, no body.

    *path* is a template; *status* is 0 where no answer came. *began* is when it left, in seconds
    since the epoch; it took *seconds*, after *waited* seconds for rate limits. *attempt* counts
    from 1. *bucket* is the narrowest rate limit that covers it, of which *remaining* of *limit*
    requests were left. *step* is the one that it was sent for, if for one.
    """

    method: str
    path: str
    status: int
    began: float
    seconds: float
    waited: float = 0.0
    attempt: int = 1
    bucket: str = ""
    limit: float | None = None
    remaining: float | None = None
    step: StepId | None = None


@dataclass(frozen=True, slots=True)
class Lacking:
    """Why a run has not converged that its steps alone do not tell.

    *path* of *step* is not as it was written; without a step, *detail* is what stopped the run.
    """

    step: StepId | None = None
    path: Path = ()
    detail: str = ""


Noted: TypeAlias = Vault | Plan | Event | Exchange | Receipt | DriftReceipt | Lacking
"""A vault comes before whatever may quote its secrets, a plan before its steps."""

Observer: TypeAlias = Callable[[Noted], None]
"""Is told what happens, as it happens. It raises nothing and is quick: requests wait for it."""


def nobody(noted: Noted) -> None:
    """Watches nothing."""
