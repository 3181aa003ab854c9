"""The scopes of the Management API follow one pattern; the exceptions are written out."""

from __future__ import annotations

from collections.abc import Mapping


def scopes(noun: str, **other: str) -> Mapping[str, str]:
    """The scope of each verb for *noun*, such as `read:clients`; *other* overrides a verb."""
    return {verb: f"{verb}:{noun}" for verb in ("read", "create", "update", "delete")} | other
