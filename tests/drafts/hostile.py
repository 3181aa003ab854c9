"""Names and values as nobody expects them, and tenants that are full of them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import count

RLO, ZWJ, NBSP, BOM = "\u202e", "\u200d", "\u00a0", "\ufeff"
KNOWN = (
    "../../etc/passwd", "..", ".", "/etc/passwd", "C:\\Windows\\system32",
    "\\\\host\\share", "~/.ssh/id_rsa", "con", "NUL", "aux.js", "lpt1", ".gitignore",
    ".git/config", "a/b/c", "nul\0byte", "bell\x07", "escape \x1b[31mred\x1b[0m",
    "\x1b]0;title\x07", "del\x7f", "c1 \x9b31m", "line\nbreak", "carriage\rreturn",
    "both\r\n", "\n", "tab\tbed", "form\ffeed", "next\x85line", "sep\u2028arated\u2029",
    f"{RLO}gnp.exe", f"zero{ZWJ}width", f"{BOM}mark", f"{NBSP}hard space",
    "👨‍👩‍👧‍👦 family", "🏳️‍🌈", "שלום עולם", "مرحبا", "日本語の名前", "Zürich — Genève", "ﬁle",
    "e\u0301te\u0301", "Z̸a̷l̵g̶o̸", "ＦＵＬＬ width", "İstanbul", "ß", "${var.x}",
    "$${var.x}", "${", "$${", "$x", "$$", "$", "$at", "$only", "${secret.X}",
    "${clients.a.client_id}", "!secret X", "!var x", "!file ../x", "!", "{{ user.email }}",
    "{% raw %}", "{", "}", "[", "]", "{}", "[]", "#", "# no comment", "a # b", ": ",
    "a: b", "a:", ":", "- item", "-", "--", "---", "...", "--- a", "%YAML 1.2", "%",
    "&a *a", "*a", "&a", "<<", "? a", "?", "|", ">", "|-", "@at", "`tick`", "'", '"', "''",
    '"quoted"', "it's", 'say "hi"', "back\\slash", "\\n", "\\u0041", "a,b", ",", "yes",
    "no", "on", "Off", "y", "null", "~", "true", "False", "1", "-1", "+1", "1_000", "1e3",
    ".5", "1.", "0x1f", "0o17", "017", "0b1", "12:30", "12:30:45", "2024-01-01",
    "2024-01-01T00:00:00Z", ".inf", ".nan", "=", "<", " lead", "trail ", "  ", " ",
    "?!...", "____", "x" * 300, "é" * 130, "a b  c   d", "Same", "same", "SAME", "sa-me",
    "sa me", "sa_me", "sa.me", "management-api", "global", "default", "tenant", "clients",
    "__proto__", "constructor", "<script>alert(1)</script>", "'; DROP TABLE clients; --",
    "%00", "%2e%2e%2f", "\u0000", "\ue000private", "\U0001f600", "\ud7ff", "￼", "\ufffd",
    "a\u00adsoft", "\u2066iso\u2069",
)  # fmt: skip
"""What has broken somebody's program before."""


def hostile(number: int, seed: int = 5) -> Iterator[str]:
    """*number* different names: those that are known, and mixtures of them."""
    drawn = random.Random(seed)
    seen: set[str] = set()
    for index in count():
        if index < len(KNOWN):
            name = KNOWN[index]
        else:
            name = "".join(drawn.choices(KNOWN, k=drawn.randint(2, 3)))[:400]
        if name and name not in seen:
            seen.add(name)
            yield name
        if len(seen) == number:
            return
