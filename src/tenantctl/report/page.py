"""Pages that need nothing beside them: no network, no other file, and no script but their own."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from pkgutil import get_data
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined


def page(name: str, filters: Mapping[str, Any], look: str = "", **values: object) -> str:
    """The template *name*`.html` with its style and its script, each with the hash that allows it.

    Every value is escaped where it stands. The style is `base.css` and that of the page, or of the
    one that it is to *look* like.
    """
    style = template("base.css") + template(f"{look or name}.css")
    script = template(f"{name}.js")
    made = Environment(
        loader=FunctionLoader(template),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(filters)
    return made.get_template(f"{name}.html").render(
        **values,
        style=style,
        style_hash=_hash(style),
        script=script,
        script_hash=_hash(script),
    )


def template(name: str) -> str:
    """The text of a file beside the templates."""
    found = get_data(__name__, f"templates/{name}")
    assert found is not None, f"{name} is missing: the installation is damaged"
    return found.decode()


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
