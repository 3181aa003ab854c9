"""Write the JSON Schemas of reports into docs/: `python -m tools.report_schemas`."""

from __future__ import annotations

import json
from pathlib import Path

from tenantctl.report.schema import apply_schema, drift_schema, plan_schema, receipt_schema

FOLDER = Path(__file__).parents[1] / "docs"


def texts() -> dict[str, str]:
    """The text of each file by its name."""
    found = {
        "apply.schema.json": apply_schema(),
        "drift.schema.json": drift_schema(),
        "plan.schema.json": plan_schema(),
        "receipt.schema.json": receipt_schema(),
    }
    return {name: json.dumps(schema, indent=1) + "\n" for name, schema in found.items()}


def main() -> None:
    for name, text in texts().items():
        (FOLDER / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
