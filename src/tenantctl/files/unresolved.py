"""Why a secret has no value, in words that hold no value."""

from __future__ import annotations


class Unresolved(Exception):
    """Says what is wrong with where a value is kept, and what to do; never the value."""

    def __init__(self, message: str, help: str) -> None:
        super().__init__(message)
        self.message = message
        self.help = help
