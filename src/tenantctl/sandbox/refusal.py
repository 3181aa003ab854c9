"""What goes wrong inside the sandbox: its own errors, and the answers that say no."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any


class SandboxError(Exception):
    """The sandbox itself cannot do what was asked, for example open a file of another version."""


@dataclass(slots=True)
class Refusal(Exception):
    """A request answered with an error in Auth0's form.

    `code` is left out of the body where None: the newer services of Auth0 send none.
    """

    status: int
    message: str
    code: str | None = None

    def body(self) -> dict[str, Any]:
        answer: dict[str, Any] = {
            "statusCode": self.status,
            "error": HTTPStatus(self.status).phrase,
            "message": self.message,
        }
        if self.code is not None:
            answer["errorCode"] = self.code
        return answer


@dataclass(slots=True)
class Dropped(Exception):
    """The connection breaks: `before` the request is processed, or `after`, its answer lost."""

    when: str


def invalid_body(problem: str, path: str = "") -> Refusal:
    """400 for a body, in the words of Auth0's validator."""
    where = f" on property {path}" if path else ""
    return Refusal(400, f"Payload validation error: '{problem}'{where}.", "invalid_body")


def invalid_query(problem: str, path: str = "") -> Refusal:
    """400 for a query string, in the words of Auth0's validator."""
    where = f" on property {path}" if path else ""
    return Refusal(400, f"Query validation error: '{problem}'{where}.", "invalid_query_string")


def invalid_path(problem: str, parameter: str) -> Refusal:
    """400 for an argument of the path, in the words of Auth0's validator."""
    message = f"Path validation error: '{problem}' on property {parameter}."
    return Refusal(400, message, "invalid_uri")
