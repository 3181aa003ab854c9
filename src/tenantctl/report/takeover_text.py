"""What was taken over, as text for a terminal and as Markdown for a ticket or a pull request."""

from __future__ import annotations

import re
import shlex
import textwrap
from collections.abc import Iterator, Mapping, Sequence

from tenantctl.report.escape import visible
from tenantctl.report.style import Style
from tenantctl.report.takeover import Said, Supply, Takeover, levels, summary

PLACES = 5
"""Most places that are shown of what is said of many; the JSON has all of them."""
MARKUP = re.compile(r"[\\`*_\[\]<>#|~&]|^[-+=]|(?<=^\d)[.)]")


def takeover_text(takeover: Takeover, *, color: bool = False, width: int = 100) -> str:
    """Everything a person has to know, the most urgent first, then the next command."""
    style = Style(color, max(40, width))
    return "".join(f"{line}\n" for line in _lines(takeover, style))


def _lines(takeover: Takeover, style: Style) -> Iterator[str]:
    yield style.paint("title", summary(takeover))
    if takeover.counts:
        counts = ", ".join(f"{visible(k)} {n}" for k, n in sorted(takeover.counts.items()))
        yield from _wrapped(counts, style, "  ")
    for heading, count, said in levels(takeover):
        yield ""
        yield style.paint("title", f"{heading} ({count})")
        for each in said:
            yield from _said(each, style)
    for environment, supplies in _by_environment(takeover):
        yield ""
        title = f"Secrets that {visible(environment)} needs before its next apply"
        yield style.paint("title", title)
        wide = max(len(visible(each.line)) for each in supplies)
        for supply in supplies:
            use = style.paint("dim", f"  # {visible(supply.use)}") if supply.use else ""
            yield f"  {visible(supply.line):<{wide}}{use}".rstrip()
    if takeover.next:
        yield ""
        yield f"Next: {visible(takeover.next)}"


def _said(said: Said, style: Style) -> Iterator[str]:
    shown, rest = said.places[:PLACES], len(said.places) - PLACES
    if len(shown) == 1:
        yield f"  {style.paint('=', shown[0])}: {said.message}"
    else:
        yield f"  {said.message}"
        if shown:
            more = f" and {rest} more" if rest > 0 else ""
            yield from _wrapped(f"at {', '.join(shown)}{more}", style, "    ")
    if said.help:
        yield f"    {style.paint('=', 'help:')} {said.help}"


def _by_environment(takeover: Takeover) -> Iterator[tuple[str, list[Supply]]]:
    """The secrets that somebody has to supply, by environment."""
    for environment in dict.fromkeys(each.environment for each in takeover.supplies):
        found = [s for s in takeover.supplies if s.environment == environment and s.line]
        if found:
            yield environment, found


def _wrapped(text: str, style: Style, indent: str) -> list[str]:
    return textwrap.wrap(
        text,
        style.width,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def unmanaged_text(
    environment: str,
    found: Mapping[str, Sequence[str]],
    *,
    color: bool = False,
    width: int = 100,
) -> str:
    """The names of what is in the tenant of *environment* and in no file, by kind."""
    style = Style(color, max(40, width))
    count = sum(map(len, found.values()))
    if not count:
        return f"{visible(environment)}: everything that the tenant has is declared\n"
    is_ = "object is" if count == 1 else "objects are"
    lines = [style.paint("title", f"{visible(environment)}: {count} {is_} in no file")]
    for kind, names in sorted(found.items()):
        lines += ["", f"{style.paint('title', visible(kind))} ({len(names)})"]
        lines += [f"  {visible(name)}" for name in names]
    kind, names = min(found.items())
    command = shlex.join(["tenantctl", "import", environment, kind, names[0]])
    lines += ["", f"Next: {visible(command)}"]
    return "".join(f"{line}\n" for line in lines)


def takeover_markdown(takeover: Takeover) -> str:
    """The same as Markdown, complete; nothing of it is taken for markup."""
    return "".join(f"{line}\n" for line in _sections(takeover))


def _sections(takeover: Takeover) -> Iterator[str]:
    yield f"# {_plain(takeover.tenant)}"
    yield ""
    yield f"{_plain(summary(takeover))}."
    if takeover.counts:
        yield from ("", "| kind | resources |", "| --- | ---: |")
        yield from (f"| {_plain(k)} | {n} |" for k, n in sorted(takeover.counts.items()))
    for heading, count, said in levels(takeover):
        yield from ("", f"## {heading} ({count})", "")
        for each in said:
            yield f"* {_plain(each.message)}"
            yield from (f"  * at {_plain(place)}" for place in each.places)
            if each.help:
                yield f"  * {_plain(each.help)}"
    for environment, supplies in _by_environment(takeover):
        yield from ("", f"## Secrets of {_plain(environment)}", "")
        for supply in supplies:
            use = f": {_plain(supply.use)}" if supply.use else ""
            yield f"* {_plain(supply.line)}{use}"
    if takeover.next:
        yield from ("", f"Next: {_plain(takeover.next)}")


def _plain(text: str) -> str:
    """*text* as Markdown that shows exactly it."""
    return MARKUP.sub(lambda found: f"\\{found[0]}", visible(text))
