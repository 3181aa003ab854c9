"""
Everything this package raises on purpose, with the exit code of the process:

* TenantctlError             1
  x UsageError              64   the command line asks for something that is not there
  x FilesError              65   the files are wrong; carries every problem found
  x KindError                1   a kind contradicts the shapes or another kind
  x PlaybookError            1   a playbook contradicts itself
  x PlanError               65   the changes cannot be ordered, or the plan file is damaged
  x StalePlan                3   the tenant moved since the plan was made
  x Refused                  5   safety, a check or a gate says no; carries the violations
  x GatewayError             1   the tenant refused or failed a request
    + ApiError               1   an error answer that means nothing more special
    + Unreachable           69   no answer, or none that is Auth0's
    + Denied                77   credentials or scopes
    + Limited               75   rate limits outlasted the patience
  x LedgerError              1   a receipt, a journal or a generated secret cannot be used
    + Locked                75   somebody else applies to this domain
  x Interrupted            130   a person stopped the run
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """What is wrong with a file, where, and what to write instead.

    *line* and *column* count from 1; 0 where the file as a whole is meant. *source* is the
    offending line as it stands.
    """

    file: str
    line: int
    column: int
    message: str
    help: str = ""
    source: str = ""

    @property
    def where(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file

    def __str__(self) -> str:
        parts = [f"{self.where}: {self.message}"]
        if self.source:
            parts.append(f"    {self.source.rstrip()}")
            parts.append(f"    {' ' * (self.column - 1)}^")
        if self.help:
            parts.append(f"    help: {self.help}")
        return "\n".join(parts)


class TenantctlError(Exception):
    """Base of every error this package raises on purpose. *help* says the way out."""

    exit_code = 1

    def __init__(self, message: str, *, help: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.help = help


class UsageError(TenantctlError):
    """The command line asks for something that is not there."""

    exit_code = 64


class FilesError(TenantctlError):
    """The files are wrong."""

    exit_code = 65

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


class KindError(TenantctlError):
    """A kind contradicts the shapes or another kind: a mistake of ours."""


class PlaybookError(TenantctlError):
    """A playbook contradicts itself: a mistake of ours."""


class PlanError(TenantctlError):
    """The changes cannot be ordered, or a plan file is damaged."""

    exit_code = 65


class StalePlan(TenantctlError):
    """The tenant moved since the plan was made."""

    exit_code = 3


class Refused(TenantctlError):
    """Safety rules, a check or a gate say no."""

    exit_code = 5


class GatewayError(TenantctlError):
    """The tenant refused or failed a request. Never carries a request's body or headers."""


class ApiError(GatewayError):
    """An error answer of the Management API: *status*, Auth0's *code* and message."""

    def __init__(self, message: str, *, status: int, code: str = "", help: str = "") -> None:
        super().__init__(message, help=help)
        self.status = status
        self.code = code


class Unreachable(GatewayError):
    """No answer, or none that is Auth0's.

    *unknown* is true where the request may have been carried out all the same.
    """

    exit_code = 69

    def __init__(self, message: str, *, unknown: bool = False, help: str = "") -> None:
        super().__init__(message, help=help)
        self.unknown = unknown


class Denied(GatewayError):
    """Credentials are wrong or a scope is missing.

    *lacks* names the scopes of which one would do, where that is all there is to it.
    """

    exit_code = 77

    def __init__(self, message: str, *, lacks: str = "", help: str = "") -> None:
        super().__init__(message, help=help)
        self.lacks = lacks


class Limited(GatewayError):
    """Rate limits outlasted the patience."""

    exit_code = 75


class LedgerError(TenantctlError):
    """A receipt, a journal or a generated secret cannot be used."""


class Locked(LedgerError):
    """Somebody else applies to this tenant domain."""

    exit_code = 75


class Interrupted(TenantctlError):
    """A person stopped the run."""

    exit_code = 130
