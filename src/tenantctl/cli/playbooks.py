"""`tenantctl playbooks`: what the guides ask for, phase by phase, and what each topic is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tenantctl.cli.options import AsJson

if TYPE_CHECKING:
    from tenantctl.playbooks import Playbook

Name = Annotated[
    str | None,
    typer.Argument(
        metavar="[b2c|b2b|FILE]",
        help="A playbook, or a file that holds one; without it, all that come with tenantctl.",
        show_default=False,
    ),
]
TopicId = Annotated[
    str | None,
    typer.Option("--topic", metavar="ID", help="Tell about one topic.", show_default=False),
]
AsYaml = Annotated[
    bool,
    typer.Option("--yaml", help="Print the source, to be saved and changed as a team's own."),
]


def playbooks(
    name: Name = None, topic: TopicId = None, as_yaml: AsYaml = False, as_json: AsJson = False
) -> int:
    """Tell what a rollout consists of, phase by phase.

    Workstreams, topics, milestones and gates. With --topic: what it configures, where it stands, an
    example, its checks.
    """
    from tenantctl.cli import terminal
    from tenantctl.errors import UsageError
    from tenantctl.report import playbooks as machine
    from tenantctl.report import playbooks_text as people

    books = _books(name)
    if as_yaml:
        if name is None or topic or as_json:
            raise UsageError("--yaml prints one playbook", help="tenantctl playbooks b2c --yaml")
        terminal.out(machine.playbook_as_yaml(books[0]))
        return 0
    if topic:
        books = _with(topic, books)
    if as_json:
        terminal.out_json(machine.playbooks_as_json(books, topic or ""))
        return 0
    color, width = terminal.coloured(), terminal.width()
    if topic:
        text = people.topic_text(books, topic, color=color, width=width)
    elif name is None:
        text = people.playbooks_text(books, color=color, width=width)
    else:
        text = people.playbook_text(books[0], color=color, width=width)
    terminal.out(text)
    return 0


def _books(name: str | None) -> tuple[Playbook, ...]:
    from tenantctl.errors import UsageError
    from tenantctl.files import read_playbook
    from tenantctl.playbooks import NAMES, playbook

    if name is None:
        return tuple(playbook(each) for each in NAMES)
    if name not in NAMES and not name.endswith(".yaml"):
        help = f"there is {', '.join(NAMES)}; a file of your own ends with .yaml"
        raise UsageError(f"there is no playbook {name}", help=help)
    return (playbook(name) if name in NAMES else read_playbook(name),)


def _with(topic: str, books: tuple[Playbook, ...]) -> tuple[Playbook, ...]:
    """Those that have the topic. Raises UsageError with a suggestion where none has."""
    from difflib import get_close_matches

    from tenantctl.errors import UsageError

    found = tuple(book for book in books if topic in book.topics)
    if not found:
        known = dict.fromkeys(each for book in books for each in book.topics)
        close = get_close_matches(topic, known, n=1)
        hint = f"did you mean {close[0]}?" if close else "tenantctl playbooks b2c lists them"
        raise UsageError(f"there is no topic {topic}", help=hint)
    return found
