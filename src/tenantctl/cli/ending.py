"""How a command ends: its exit code, and what is said of whatever went wrong."""

from __future__ import annotations

from collections.abc import Callable

import typer

from tenantctl.cli import terminal
from tenantctl.errors import TenantctlError


def ended(command: Callable[[], object], *, as_json: bool) -> int:
    """The exit code of *command*. What goes wrong is told in words, never a traceback."""
    try:
        code = command()
    except (typer.Abort, KeyboardInterrupt):
        terminal.say("interrupted; of an apply, tenantctl resume tells what was in flight")
        return 130
    except typer.Exit as error:
        return error.exit_code
    except TenantctlError as error:
        return terminal.fail(error, as_json=as_json)
    except BrokenPipeError:
        terminal.hush()
        return 0
    except OSError as error:
        message = f"{error.strerror or error}: {error.filename or ''}".rstrip(": ")
        told = TenantctlError(message, help="check who owns it, and the space left on its disk")
        # Where stdout itself is full there is nobody to tell but people.
        return terminal.fail(told, as_json=as_json and error.filename is not None)
    except Exception as error:  # noqa: BLE001 - a traceback never reaches a user
        terminal.say(terminal.mistake(error))
        return 1
    return code if isinstance(code, int) else 0
