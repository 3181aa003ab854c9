"""Compile the playbooks: src/tenantctl/playbooks/*.yaml, for people, to *.json, for the program.

python tools/compile_playbooks.py            write what is out of date
python tools/compile_playbooks.py --check    write nothing, exit 1 if anything is
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import yaml

from tenantctl.playbooks import load

FOLDER = Path(__file__).resolve().parent.parent / "src" / "tenantctl" / "playbooks"


def compiled(source: str) -> str:
    """The JSON text for a playbook's YAML text: same order, one byte sequence for one meaning.

    Raises PlaybookError where the playbook contradicts itself.
    """
    document = yaml.safe_load(source)
    load(document)
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def outdated(folder: Path) -> dict[Path, str]:
    """The JSON files of *folder* that are missing or old, with what they should say."""
    wanted = {
        source.with_suffix(".json"): compiled(source.read_text(encoding="utf-8"))
        for source in sorted(folder.glob("*.yaml"))
    }
    return {
        path: text
        for path, text in wanted.items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
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
