"""Secrets that stand in files, told by their looks. Pure; a value is never part of what is said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from tenantctl.model import Origin
from tenantctl.model.neighbour import Remark

ANYWHERE = (
    (re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY"), "a private key"),
    (re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"), "an access key of AWS"),
    (re.compile(r"\bgh[pousr]_[A-Za-z0-9]{36,}\b"), "a token of GitHub"),
    (re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{10,}"), "a token of Slack"),
    (re.compile(r"\b[sr]k_live_[A-Za-z0-9]{16,}\b"), "a key of Stripe"),
    (re.compile(r"\bSG\.[\w-]{16,}\.[\w-]{16,}"), "a key of SendGrid"),
    (re.compile(r"\bAIza[0-9A-Za-z_-]{35}\b"), "a key of Google"),
    (re.compile(r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}"), "a signed token"),
    (re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s/:@'\"$]+:[^\s/:@'\"$]+@"), "a password in an address"),
)
SUSPECT = re.compile(
    r"(?i:key|secret|passw|token|connection[_-]?string)|BEGIN |AKIA|ASIA|gh[pousr]_|xox"
    r"|_live_|SG\.|AIza|eyJ|://[^\s/@]*@"
)
"""What every line with a secret that we know has in it."""
NAMED = re.compile(
    r"""(?ix)
    (?P<name>[\w-]*(?:api[_-]?key|secret|passw(?:or)?d|token|private[_-]?key|access[_-]?key
      |connection[_-]?string))
    ["']?\s*[:=]\s*
    """
)
QUOTED = re.compile(r"""(?P<quote>["'`])(?P<value>[^"'`$\s]{8,})(?P=quote)""")
PLAIN = re.compile(r"(?P<value>[^\s\"'`${}\[\],&*!|>#][^\s${}\[\],]{7,})\s*(?:[,}#].*)?$")
SOURCE = re.compile(r"(?:env|file|secret):|https?://|generated$|!|<|\{\{")
"""What names where a secret is to be had, and is none."""
WORDS = re.compile(r"[a-z]+(?:[_-][a-z]+)+|[a-z]+|[A-Z]+(?:_[A-Z]+)*")
"""Names of things, such as `client_secret_post`."""


def secrets_in(file: str, text: str) -> Iterator[Remark]:
    """Where *text* holds what looks like a secret; a line is told once."""
    yaml = file.endswith((".yaml", ".yml"))
    if not SUSPECT.search(text):
        return
    for number, line in enumerate(text.splitlines(), 1):
        if not SUSPECT.search(line):
            continue
        found = next(_in_line(line, yaml=yaml), None)
        if found is not None:
            column, what = found
            yield Remark(what, Origin(file, number, column + 1))


def _in_line(line: str, *, yaml: bool) -> Iterator[tuple[int, str]]:
    for pattern, what in ANYWHERE:
        if match := pattern.search(line):
            yield match.start(), what
    for match in NAMED.finditer(line):
        form = QUOTED.match(line, match.end())
        if form is None and yaml:
            form = PLAIN.match(line, match.end())
        if form and _looks_secret(form["value"], quoted="quote" in form.groupdict()):
            yield form.start(), f"a value for {match['name']}"


def _looks_secret(value: str, *, quoted: bool) -> bool:
    """Whether *value* is no name, no place, and no word that anybody may know."""
    if SOURCE.match(value) or set(value) <= set("*.-_xX"):
        return False
    return not WORDS.fullmatch(value) if not quoted else not _is_name(value)


def _is_name(value: str) -> bool:
    return bool(re.fullmatch(r"[a-z]+(?:[_-][a-z]+)+|[A-Z]+(?:_[A-Z]+)+", value))


def secrets_of(texts: Iterable[tuple[str, str]]) -> tuple[Remark, ...]:
    """What looks like a secret in any of *texts*, by file name."""
    return tuple(remark for file, text in texts for remark in _found(file, text))


@lru_cache(maxsize=512)
def _found(file: str, text: str) -> tuple[Remark, ...]:
    """The environments of a tenant have most of their texts in common."""
    return tuple(secrets_in(file, text))
