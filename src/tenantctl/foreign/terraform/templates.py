"""Templates: quoted texts, heredocs and the files of `templatefile` are of one language."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from tenantctl.foreign.terraform.nodes import Condition, For, Literal, Node, Template

_OPENING = re.compile(r"\$\$\{|%%\{|\$\{|%\{")
_DIRECTIVE = re.compile(r"\s*(if|else|endif|for|endfor)\b(.*)", re.DOTALL)
_FOR = re.compile(r"\s*([\w-]+)\s*(?:,\s*([\w-]+)\s*)?\bin\b(.*)", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}

Parse = Callable[[str], Node]


@dataclass(slots=True)
class _Piece:
    """Plain *text*, or a *word* (`$` for an interpolation, else a directive's) and what follows."""

    text: str = ""
    word: str = ""


def template(text: str, parse: Parse, *, quoted: bool = False) -> Node:
    """The template that *text* is; *parse* reads the expressions in it.

    *quoted*: it stood between quotation marks, where a backslash means something. Raises ValueError
    where something is not closed.
    """
    pieces = _trimmed(_pieces(text, quoted=quoted))
    node, rest = _nested(pieces, 0, parse, ())
    if rest != len(pieces):
        raise ValueError("a directive is closed that was never opened")
    return node


def heredoc(raw: str) -> tuple[str, bool]:
    """The body of a heredoc as it stands in the file, and whether it is to be shifted left."""
    head, _, rest = raw.partition("\n")
    body = rest.rstrip("\r\n")
    body = body[: body.rfind("\n") + 1]
    return body.replace("\r\n", "\n"), head.startswith("<<-")


def shifted(text: str) -> str:
    """*text* without the white space that all of its lines begin with."""
    lines = text.split("\n")
    indents = [len(line) - len(line.lstrip()) for line in lines if line.strip()]
    least = min(indents, default=0)
    return "\n".join(line[least:] if line.strip() else line.lstrip(" \t") for line in lines)


def _unescaped(text: str) -> str:
    def plain(match: re.Match[str]) -> str:
        short, long, char = match.groups()
        return chr(int(short or long, 16)) if char is None else _ESCAPES.get(char, char)

    return _ESCAPE.sub(plain, text)


def _pieces(text: str, *, quoted: bool) -> list[tuple[_Piece, bool, bool]]:
    """Pieces in their order, each with whether it takes the white space before and after away."""
    found: list[tuple[_Piece, bool, bool]] = []
    plain: list[str] = []
    at = 0

    def literal(part: str) -> None:
        plain.append(_unescaped(part) if quoted else part)

    while match := _OPENING.search(text, at):
        literal(text[at : match.start()])
        at = match.end()
        if match[0] in {"$${", "%%{"}:
            plain.append(match[0][1:])
            continue
        end = closing(text, at)
        inner, at = text[at:end], end + 1
        left, right = inner.startswith("~"), inner.endswith("~")
        inner = inner[left : len(inner) - right]
        found.append((_Piece(text="".join(plain)), False, False))
        plain = []
        found.append((_Piece(inner, "$" if match[0] == "${" else "%"), left, right))
    literal(text[at:])
    found.append((_Piece(text="".join(plain)), False, False))
    return found


def _trimmed(pieces: list[tuple[_Piece, bool, bool]]) -> list[_Piece]:
    for index, (_, left, right) in enumerate(pieces):
        if left:
            before = pieces[index - 1][0]
            before.text = before.text.rstrip()
        if right:
            after = pieces[index + 1][0]
            after.text = after.text.lstrip()
    return [piece for piece, _, _ in pieces if piece.word or piece.text]


def closing(text: str, at: int) -> int:
    """Where the brace is that closes what was opened before *at*. Raises ValueError if nowhere."""
    depth = 0
    while at < len(text):
        char = text[at]
        if char == '"':
            at = _after_string(text, at + 1)
            continue
        if char == "}" and not depth:
            return at
        depth += (char == "{") - (char == "}")
        at += 1
    raise ValueError("a brace is not closed")


def _after_string(text: str, at: int) -> int:
    while at < len(text):
        if text[at] == '"':
            return at + 1
        if text.startswith(("$${", "%%{"), at):
            at += 3
        elif text.startswith(("${", "%{"), at):
            at = closing(text, at + 2) + 1
        else:
            at += 2 if text[at] == "\\" else 1
    raise ValueError("a quotation mark is not closed")


def _nested(
    pieces: list[_Piece], at: int, parse: Parse, until: tuple[str, ...]
) -> tuple[Node, int]:
    """The template up to a directive of *until*, and where that stands."""
    parts: list[Node] = []
    while at < len(pieces):
        piece = pieces[at]
        if not piece.word:
            parts.append(Literal(piece.text))
        elif piece.word == "$":
            parts.append(parse(piece.text))
        else:
            word, rest = _directive(piece.text)
            if word in until:
                return _whole(parts), at
            node, at = _opened(word, rest, pieces, at, parse)
            parts.append(node)
        at += 1
    if until:
        raise ValueError(f"%{{ {until[-1]} }} is missing")
    return _whole(parts), at


def _opened(word: str, rest: str, pieces: list[_Piece], at: int, parse: Parse) -> tuple[Node, int]:
    """What the directive at *at* opens, and where it is closed."""
    if word == "if":
        yes, end = _nested(pieces, at + 1, parse, ("else", "endif"))
        no: Node = Literal("")
        if _directive(pieces[end].text)[0] == "else":
            no, end = _nested(pieces, end + 1, parse, ("endif",))
        return Condition(parse(rest), yes, no), end
    if word == "for" and (match := _FOR.match(rest)):
        body, end = _nested(pieces, at + 1, parse, ("endfor",))
        names = tuple(name for name in match.groups()[:2] if name)
        return For(names, parse(match[3]), body, text=True), end
    raise ValueError(f"%{{ {word} }} stands where it means nothing")


def _directive(text: str) -> tuple[str, str]:
    match = _DIRECTIVE.match(text)
    if not match:
        raise ValueError("a directive is neither if nor for")
    return match[1], match[2]


def _whole(parts: list[Node]) -> Node:
    match parts:
        case []:
            return Literal("")
        case [Literal() as only]:
            return only
        case _:
            return Template(tuple(parts))
