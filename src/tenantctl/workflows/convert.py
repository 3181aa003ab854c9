"""Configurations of other tools become projects."""

from __future__ import annotations

from collections.abc import Mapping

from tenantctl.foreign import Source, resolve
from tenantctl.workflows.takeover import Taken, Wanted, new_settings, take_over


def convert(sources: Mapping[str, Source], wanted: Wanted, *, embedded: bool = False) -> Taken:
    """The project that says what *sources*, one for each environment, say. Pure.

    *embedded*: environments on this machine stand in for the tenants.
    """
    drafts = {name: resolve(source) for name, source in sources.items()}
    settings = {
        name: new_settings(name, "" if embedded else draft.domain) for name, draft in drafts.items()
    }
    return take_over(drafts, wanted, settings)
