"""What an export says of an environment, written into the file that the environment has."""

from __future__ import annotations

from tenantctl.drafts.edit_text import put
from tenantctl.drafts.written import Here
from tenantctl.files.document import ListNode, MapNode, ScalarNode, parse


def environment_with(text: str, here: Here) -> str:
    """*text* of an environment's file with the phases, variables and secrets of *here*.

    What it says already stays; everything else of *here* is taken to be there.
    """
    root = parse("", text.encode()).root
    said = {key.text: node for key, node in root.entries} if root else {}
    phases = _numbers(said.get("phases"))
    wanted = sorted({*phases, *here.settings.get("phases", ())})
    if wanted != phases:
        text = put(text, ("phases",), wanted)
    for name, entries in (("variables", here.variables), ("secrets", here.secrets)):
        node = said.get(name)
        there = {key.text for key, _ in node.entries} if isinstance(node, MapNode) else set()
        for key in sorted(entries.keys() - there):
            text = put(text, (name, key), entries[key])
    return text


def _numbers(node: object) -> list[int]:
    items = node.items if isinstance(node, ListNode) else ()
    found = [item.value for item in items if isinstance(item, ScalarNode)]
    return [number for number in found if isinstance(number, int)]
