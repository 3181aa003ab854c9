"""The text of a YAML file, as a person with time would write it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import yaml

from tenantctl.drafts.written import Tag
from tenantctl.files.scalars import resolve

WIDTH = 4096
INVISIBLE = re.compile("[\u0085\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
"""What a reader of a file does not see, or what makes him see something else."""


def text_of_yaml(value: Mapping[str, Any]) -> str:
    """*value* as YAML in block style; strings are quoted wherever anybody could misread them.

    Keys keep their order. What is there is what every reader of YAML reads, ours included.
    """
    text = yaml.dump(
        value, Dumper=_dumper(), allow_unicode=True, sort_keys=False, width=WIDTH, indent=2
    )
    return INVISIBLE.sub(_escaped, str(text))


def in_line(value: Any, *, quoted: bool = False) -> str:
    """*value* on one line, as it can stand inside brackets; *quoted*: texts in double quotes."""
    text = yaml.dump(
        [value],
        Dumper=_dumper(),
        allow_unicode=True,
        sort_keys=False,
        width=math.inf,
        default_flow_style=True,
        default_style='"' if quoted else None,
    )
    return INVISIBLE.sub(_escaped, str(text).strip().removeprefix("[").removesuffix("]"))


def schema_line(name: str, depth: int) -> str:
    """The line at the top of a file that tells an editor its schema; *depth* folders down."""
    return f"# yaml-language-server: $schema={'../' * depth}schemas/{name}.json\n"


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


@cache
def _dumper() -> type[yaml.SafeDumper]:
    class Dumper(yaml.SafeDumper):
        """Block style throughout, lists indented below their key, nothing repeated by alias."""

        def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
            super().increase_indent(flow, indentless=False)

        def choose_scalar_style(self) -> Any:
            """A tag's argument is plain where it can be: PyYAML quotes all of them."""
            style = super().choose_scalar_style()
            event: Any = self.event
            plain: Any = self.analysis
            tagged = str(event.tag).startswith("!") and not event.style
            free = plain.allow_flow_plain if self.flow_level else plain.allow_block_plain
            if tagged and (free if event.value else not self.flow_level):
                return ""
            return '"' if style == "'" and self.flow_level else style

        def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
            return True

    Dumper.add_representer(str, _string)
    Dumper.add_representer(Tag, _tagged)
    return Dumper


def _string(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=_style(text))


def _style(text: str) -> str | None:
    """Plain where that is safe for every reader, a block for lines, else quoted."""
    if INVISIBLE.search(text) or "\t" in text:
        return '"'
    if "\n" in text:
        lines = text.split("\n")
        clean = all(line == line.rstrip() for line in lines) and text[0] not in " \n"
        return "|" if clean else '"'
    return None if "${" not in text and resolve(text) == text else '"'


def _tagged(dumper: yaml.SafeDumper, tag: Tag) -> yaml.Node:
    if tag.tag in {"append", "without"}:
        return dumper.represent_sequence(f"!{tag.tag}", tag.items, flow_style=False)
    style = _style(tag.text) if tag.text else None
    return dumper.represent_scalar(f"!{tag.tag}", tag.text, style=style)
