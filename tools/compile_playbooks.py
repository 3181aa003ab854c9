"""Compile playbooks and checks: src/tenantctl/playbooks/**/*.yaml, for people, to *.json.

python tools/compile_playbooks.py            write what is out of date
python tools/compile_playbooks.py --check    write nothing, exit 1 if anything is
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tenantctl.errors import PlaybookError
from tenantctl.playbooks import NAMES, load, load_checks
from tenantctl.playbooks.loading import READ, named

FOLDER = Path(__file__).resolve().parent.parent / "src" / "tenantctl" / "playbooks"


def compiled(folder: Path) -> Mapping[str, str]:
    """The JSON texts that *folder*'s YAML comes to, by file name: one byte sequence for a meaning.

    Raises PlaybookError where a playbook or a check contradicts itself.
    """
    topics = _yaml(folder / "topics.yaml")
    values = _yaml(folder / "checks" / "values.yaml")
    checks: dict[str, Any] = {}
    for path in sorted((folder / "checks").glob("*.yaml")):
        for id, check in (_yaml(path) if path.stem != "values" else {}).items():
            if id in checks:
                raise PlaybookError(f"{path.name}: check {id} stands there twice")
            checks[id] = check
    lean = {
        id: {
            key: named(value, values) if key in {"when", "evaluate"} else value
            for key, value in check.items()
            if key not in READ["checks"]
        }
        for id, check in sorted(checks.items())
    }
    load_checks(lean, {})
    books = {name: _yaml(folder / f"{name}.yaml") for name in NAMES}
    for book in books.values():
        load(book, topics)
    _all_used(topics, books, checks)
    documents: dict[str, Any] = {
        **books,
        "topics": {id: _without(topic, READ["topics"]) for id, topic in topics.items()},
        "checks": lean,
        "scopes": _yaml(folder / "scopes.yaml"),
        "texts": {
            "topics": {id: _only(topic, READ["topics"]) for id, topic in topics.items()},
            "checks": {id: _only(check, READ["checks"]) for id, check in sorted(checks.items())},
        },
    }
    return {
        f"{name}.json": json.dumps(document, ensure_ascii=False, indent=1) + "\n"
        for name, document in documents.items()
    }


def _yaml(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def _without(entry: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key not in keys}


def _only(entry: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key in keys}


def _all_used(
    topics: Mapping[str, Any], books: Mapping[str, Any], checks: Mapping[str, Any]
) -> None:
    """Raises PlaybookError on a topic that no playbook has, or a check of a strange topic."""
    used = {
        topic["id"]
        for book in books.values()
        for phase in book["phases"]
        for stream in phase["workstreams"]
        for topic in stream["topics"]
    }
    strange = [f"no playbook has the topic {id}" for id in sorted(topics.keys() - used)]
    strange += [
        f"check {id} names an unknown topic {topic}"
        for id, check in checks.items()
        for topic in check["topics"]
        if topic not in used
    ]
    gates = {
        check
        for book in books.values()
        for phase in book["phases"]
        for gate in phase["gates"]
        for check in gate["checks"]
    }
    strange += [f"a gate names an unknown check {id}" for id in sorted(gates - checks.keys())]
    if strange:
        raise PlaybookError("; ".join(strange))


def outdated(folder: Path) -> dict[Path, str]:
    """The JSON files of *folder* that are missing or old, with what they should say."""
    return {
        path: text
        for name, text in compiled(folder).items()
        if not (path := folder / name).exists() or path.read_text(encoding="utf-8") != text
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 if out of date")
    check = parser.parse_args().check
    stale = outdated(FOLDER)
    for path, text in stale.items():
        if not check:
            path.write_text(text, encoding="utf-8")
        print(f"{path.name}: {'out of date' if check else 'written'}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
