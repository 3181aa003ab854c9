"""Pages that need nothing beside them: no network, no other file, and no script but their own."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from pkgutil import get_data
from typing import Any

from jinja2 import BytecodeCache, Environment, FunctionLoader, StrictUndefined
from jinja2.bccache import Bucket


def page(
    name: str, filters: Mapping[str, Any], look: str = "", script: str = "", **values: object
) -> str:
    """The template *name*`.html` with its style and its script, each with the hash that allows it.

    Every value is escaped where it stands. The style is `base.css` and that of the page, or of the
    one that it is to *look* like; *script* names the page that has its script, if another one does.
    """
    style = template("base.css") + template(f"{look or name}.css")
    code = template(f"{script or name}.js")
    made = Environment(
        loader=FunctionLoader(template),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_compiled(),
    )
    made.filters.update(filters)
    return made.get_template(f"{name}.html").render(
        **values,
        style=style,
        style_hash=_hash(style),
        script=code,
        script_hash=_hash(code),
    )


class _Compiled(BytecodeCache):
    """What templates are compiled to, for as long as the process lives."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if code := self.kept.get(bucket.key):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


@cache
def _compiled() -> _Compiled:
    return _Compiled()


def template(name: str) -> str:
    """The text of a file beside the templates."""
    found = get_data(__name__, f"templates/{name}")
    assert found is not None, f"{name} is missing: the installation is damaged"
    return found.decode()


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
