"""What may be wrong with a configuration: a copy of one, with some of it spoilt."""

from __future__ import annotations

import json
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

READ = {".yaml", ".yml", ".json", ".tf"}
STRANGE: tuple[Any, ...] = (
    None,
    [],
    {},
    "",
    0,
    -1,
    1e300,
    True,
    "text",
    "${var.x}",
    "##NOBODY##",
    "@@NOBODY@@",
    [None],
    [[]],
    {"": ""},
    {"a": {"b": [1, None, {"c": []}]}},
    "x" * 70_000,
    "\u202eabc\u0007",
)


def _strange(text: str, draw: random.Random) -> str:
    """Some node is of another type."""
    return _changed(text, lambda _: draw.choice(STRANGE), draw)


def _unknown(text: str, draw: random.Random) -> str:
    """Some map has a key that nobody knows."""
    return _changed(text, lambda node: {**node, "nobody_knows": 1}, draw, of=dict)


def _twice(text: str, draw: random.Random) -> str:
    """Some element stands in its list twice."""
    return _changed(text, lambda node: [*node, *node[:1]], draw, of=list)


def _less(text: str, draw: random.Random) -> str:
    """Some map has lost an entry."""

    def less(node: dict) -> dict:
        gone = draw.choice(list(node) or [""])
        return {key: each for key, each in node.items() if key != gone}

    return _changed(text, less, draw, of=dict)


def _changed(text: str, change: Callable, draw: random.Random, of: type = object) -> str:
    """*text* with one node changed; as it is where it does not parse."""
    try:
        root = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError:
        return text
    places = list(_places(root, of))
    if not places:
        return text
    holder, key = draw.choice(places)
    holder[key] = change(holder[key])
    return json.dumps(root, indent=1, default=str)


def _places(value: Any, of: type) -> list[tuple[Any, Any]]:
    found = []
    if not isinstance(value, dict | list):
        return found
    for key, each in list(value.items() if isinstance(value, dict) else enumerate(value)):
        if isinstance(each, of):
            found.append((value, key))
        found += _places(each, of) if isinstance(each, dict | list) else []
    return found


def _line(change: Callable[[list[str], int, random.Random], None]) -> Callable:
    def changed(text: str, draw: random.Random) -> str:
        lines = text.splitlines(keepends=True) or [""]
        change(lines, draw.randrange(len(lines)), draw)
        return "".join(lines)

    return changed


def _tab(lines: list[str], at: int, _: random.Random) -> None:
    lines[at] = re.sub(r"^ +", "\t", lines[at])


def _again(lines: list[str], at: int, _: random.Random) -> None:
    lines[at] *= 2


def _gone(lines: list[str], at: int, _: random.Random) -> None:
    del lines[at]


def _shifted(lines: list[str], at: int, _: random.Random) -> None:
    lines[at] = f"   {lines[at]}"


def _bytes(lines: list[str], at: int, draw: random.Random) -> None:
    lines[at] = lines[at].rstrip("\n") + draw.choice("\0\x1b\ud800'\"{}[]:,&*!%@`#|>") + "\n"


MUTATIONS: dict[str, Callable[[str, random.Random], str]] = {
    "another type": _strange,
    "an unknown key": _unknown,
    "an element twice": _twice,
    "an entry less": _less,
    "a tab": _line(_tab),
    "a line twice": _line(_again),
    "a line less": _line(_gone),
    "a line indented": _line(_shifted),
    "a strange character": _line(_bytes),
    "a byte order mark": lambda text, _: f"\ufeff{text}",
    "carriage returns": lambda text, _: text.replace("\n", "\r\n"),
    "cut off": lambda text, draw: text[: draw.randrange(len(text) + 1)],
    "empty": lambda _text, _draw: "",
    "null": lambda _text, _draw: "null",
    "a list": lambda _text, _draw: "[1, 2]",
    "comments": lambda text, _: f"// a comment\n{text}\n/* another */",
    "an anchor": lambda text, _: f"x: &x {{a: 1}}\ny: {{<<: *x, b: *x}}\n{text}",
    "an endless anchor": lambda text, _: f"x: &x [*x]\n{text}",
}


def spoilt(source: Path, target: Path, draw: random.Random) -> str:
    """A copy of the folder *source* with one to three files spoilt; says how."""
    shutil.copytree(source, target, copy_function=_put)
    files = sorted(path for path in target.rglob("*") if path.suffix in READ)
    done = []
    for path in draw.sample(files, min(len(files), draw.randint(1, 3))):
        name = draw.choice(list(MUTATIONS))
        text = path.read_text(encoding="utf-8", errors="surrogateescape")
        changed = MUTATIONS[name](text, draw)
        path.write_bytes(changed.encode("utf-8", errors="surrogatepass"))
        done.append(f"{path.relative_to(target)}: {name}")
    return "; ".join(done)


def _put(source: str, target: str) -> None:
    Path(target).write_bytes(Path(source).read_bytes())
