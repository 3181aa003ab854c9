"""Plain scalars: the core schema of YAML 1.2, less what other readers of YAML read otherwise."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tenantctl.model import Json

IMPLICIT = "?"
"""The tag of every node that is written without one."""

WORDS: dict[str, Json] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("null", "Null", "NULL", "~"), None),
}
OLD_BOOLEANS = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "on", "On", "ON"), "true"),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "off", "Off", "OFF"), "false"),
}
NUMERIC = re.compile(r"[-+.0-9]")
INTEGER = re.compile(r"[-+]?[0-9]+")
BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
SEXAGESIMAL = re.compile(r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?")
UNDERSCORED = re.compile(r"[-+]?(0b|0x)?[0-9][0-9a-fA-F]*(_[0-9a-fA-F_]*)+(\.[0-9_]*)?")
BINARY = re.compile(r"[-+]?0b[01_]+")
DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}([Tt ].*)?")
ENDLESS = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
LONGEST_INTEGER = 15


@dataclass(frozen=True, slots=True)
class Surprise:
    """A scalar that means one thing to one reader of YAML and another to the next."""

    message: str
    help: str


def resolve(text: str) -> Json | Surprise:
    """The value of a plain scalar."""
    if text in WORDS:
        return WORDS[text]
    if text in OLD_BOOLEANS:
        word = OLD_BOOLEANS[text]
        return Surprise(
            f"{text} is {word} to some readers of YAML and text to others",
            f'write {word}, or quote it: "{text}"',
        )
    if not text:
        return Surprise(
            "there is no value here", 'write null to unset it, or "", [] or {} for an empty one'
        )
    return _number(text) if NUMERIC.match(text) else text


def _number(text: str) -> Json | Surprise:
    if surprise := _misread(text):
        return surprise
    if INTEGER.fullmatch(text):
        return int(text)
    if BASED.fullmatch(text):
        return int(text, 0)
    return float(text) if FLOAT.fullmatch(text) else text


def _misread(text: str) -> Surprise | None:
    quoted = f'quote it: "{text}"'
    for pattern, what in (
        (SEXAGESIMAL, "a number to base 60"),
        (DATE, "a date"),
        (UNDERSCORED, "a number without its underscores"),
        (BINARY, "a binary number"),
    ):
        if pattern.fullmatch(text):
            return Surprise(f"{text} is {what} to some readers of YAML and text to others", quoted)
    if ENDLESS.fullmatch(text):
        return Surprise(f"{text} is no number that JSON has", quoted)
    if INTEGER.fullmatch(text):
        return _misread_integer(text, quoted)
    if FLOAT.fullmatch(text) and re.search(r"\.[0-9]+0$", text):
        return Surprise(f"{text} is a number and loses its last zero", quoted)
    return None


def _misread_integer(text: str, quoted: str) -> Surprise | None:
    digits = text.lstrip("+-")
    if len(digits) > 1 and digits.startswith("0"):
        return Surprise(f"{text} is octal to some readers of YAML and decimal to others", quoted)
    if text.startswith("+"):
        return Surprise(f"{text} is a number and loses its plus sign", quoted)
    if len(digits) > LONGEST_INTEGER:
        return Surprise(f"{text} has more digits than every reader of JSON keeps", quoted)
    return None
