"""A published configuration as auth0-deploy-cli imports it into tenants that are served."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tenantctl.sandbox
from campaigns.takeover import given
from campaigns.takeover.published import KEYWORDS, Published, keywords
from campaigns.takeover.state import AUTH0
from conformance import deploy_cli
from tenantctl.sandbox import Sandbox

SANDBOX = Path(tenantctl.sandbox.__file__).parent
PROGRESS = "Problem running command"
KEPT = re.compile(r"AUTH0_(EXCLUDED|INCLUDED|BASE_PATH)|(EXCLUDED|INCLUDED)_PROPS")
"""What of a configuration's settings says how it is to be read."""


@dataclass(frozen=True)
class Mend:
    """Something of old exports that the tool itself does not take any more, taken out for it."""

    pattern: re.Pattern[str]
    instead: str
    why: str


IDS = r"(?:id: [0-9a-f]{24}|client_id: [A-Za-z0-9]{32}|custom_domain_id: cd_\w+)"
MENDS = (
    Mend(
        re.compile(r"^migrations:.*\n(?:[ \t]+.*\n)*", re.MULTILINE),
        "",
        "`migrations` is not in its schema any more",
    ),
    Mend(
        re.compile(rf"^( +)- {IDS}\n +", re.MULTILINE),
        r"\1- ",
        "it sends exported ids, which Auth0 refuses",
    ),
    Mend(re.compile(rf"^ {{2,4}}{IDS}\n", re.MULTILINE), "", "likewise"),
    Mend(
        re.compile(r"^( *allowed_audiences: )(?:''|\"\")$", re.MULTILINE),
        r"\1[]",
        "it sends an empty text where Auth0 wants a list",
    ),
    Mend(
        re.compile(r'"custom_login_page": "",\s*'),
        "",
        "it sends an empty login page, which Auth0 refuses",
    ),
)


def results(folder: Path, wanted: Sequence[tuple[Published, str]]) -> list[str]:
    """Why the tool stopped at each of *wanted*, if it did; the tenants are in *folder* then.

    An import takes a minute: what came of one is kept beside the tool itself, as long as the tool,
    the configuration and the sandbox stay what they are.
    """
    kept = [_kept(*each) for each in wanted]
    new = [each for each, known in zip(wanted, kept, strict=True) if not known.is_dir()]
    found = dict(zip(map(_both, new), _new_results(folder, new), strict=True))
    for each, known in zip(wanted, kept, strict=True):
        file = f"{called(*each)}.sqlite"
        if known.is_dir():
            shutil.copyfile(known / "tenant.sqlite", folder / file)
        else:
            known.mkdir(parents=True)
            (known / "stopped.txt").write_text(found[_both(each)], encoding="utf-8")
            shutil.copyfile(folder / file, known / "tenant.sqlite")
    return [(known / "stopped.txt").read_text(encoding="utf-8") for known in kept]


def _both(each: tuple[Published, str]) -> str:
    return called(*each)


def _kept(published: Published, env: str) -> Path:
    """Where the result of an import is kept; other tools, sources and sandboxes, other places."""
    known = (deploy_cli.VERSION, published.name, env, MENDS, AUTH0, KEPT, given.DOMAIN)
    digest = hashlib.sha256(repr(known).encode())
    sandbox = sorted(path for path in SANDBOX.rglob("*") if path.suffix in {".py", ".json"})
    source = sorted(path for path in published.folder.rglob("*") if path.is_file())
    for path in (*sandbox, *source):
        digest.update(path.read_bytes())
    return deploy_cli.CACHE / "takeover" / digest.hexdigest()[:32]


def _new_results(folder: Path, wanted: Sequence[tuple[Published, str]]) -> list[str]:
    """Import into tenants that are served; two at a time, because the tool is busy with itself."""
    if not wanted:
        return []
    for each, env in wanted:
        with held(folder, each, env) as sandbox:
            given.give(sandbox, each)
    names = [called(each, env) for each, env in wanted]
    with deploy_cli.serving(folder, names) as tenants, ThreadPoolExecutor(2) as pool:
        jobs = [
            pool.submit(imported, each, env, tenants[called(each, env)], folder)
            for each, env in wanted
        ]
        return [job.result() for job in jobs]


def called(published: Published, env: str) -> str:
    return f"{published.name}-{env}"


def imported(published: Published, env: str, tenant: deploy_cli.Served, folder: Path) -> str:
    """Import one environment; why the tool stopped, if it did."""
    copy = folder / called(published, env)
    shutil.copytree(published.folder, copy, copy_function=_put)
    for path in filter(Path.is_file, copy.rglob("*")):
        text = path.read_text(encoding="utf-8", errors="surrogateescape")
        text = AUTH0.sub(tenant.domain, text)
        for mend in MENDS:
            text = mend.pattern.sub(mend.instead, text)
        path.write_text(text, encoding="utf-8", errors="surrogateescape")
    (copy / tenant.domain).symlink_to(copy)  # exports name the tenant's folder in paths
    path = copy / published.path.relative_to(published.folder)
    if path.is_dir():
        (path / path.name).symlink_to(path)
    named, others = _settings(published, env, copy, tenant.domain)
    settings = folder / f"{called(published, env)}.json"
    settings.write_text(json.dumps(others), encoding="utf-8")
    asked = ("--input_file", str(path), "--config_file", str(settings))
    # As a variable, because it mixes keywords of a file with all variables of the process.
    told = {KEYWORDS: json.dumps(named)}
    try:
        deploy_cli.run(tenant, "import", *asked, cwd=copy, **told)
    except AssertionError as error:
        return _reason(str(error))
    return ""


def _reason(printed: str) -> str:
    """The worst of what the tool has printed, without colours, paths and what it quotes."""
    plain = re.sub(r"\x1b\[\d+m|/\S*/", "", printed)
    found = re.findall(r'"message": "(.+)"|(Unable to load file [^,]+?) due|error: (.+)', plain)
    told = [text for each in found for text in each if text and PROGRESS not in text]
    reason = next(iter(told), "stops without a word")
    general = re.split(r'[{"]|, because| due to|, access', reason)[0].strip(" [,")
    return re.sub(r"(Unable to load file) .*", r"\1 that is not there", general)


def _put(source: str, target: str) -> None:
    Path(target).write_bytes(Path(source).read_bytes())


def _settings(
    published: Published, env: str, copy: Path, domain: str
) -> tuple[Any, dict[str, Any]]:
    """The keywords of an environment, and what else says how it is read; nothing is deleted."""
    mapping = published.mappings.get(env)
    if not mapping:
        return {}, {"AUTH0_ALLOW_DELETE": False}
    path = copy / mapping.relative_to(published.folder)
    named = keywords(path)
    if "." not in named.get("AUTH0_DOMAIN", "."):
        named["AUTH0_DOMAIN"] = domain  # published as a word
    found = json.loads(path.read_text("utf-8"))
    kept = {key: value for key, value in found.items() if KEPT.match(key)}
    return named, {**kept, "AUTH0_ALLOW_DELETE": False}


@contextmanager
def held(folder: Path, published: Published, env: str) -> Iterator[Sandbox]:
    """A tenant that was served, looked into."""
    name = called(published, env)
    sandbox = Sandbox(f"{name}.sandbox.invalid", folder / f"{name}.sqlite")
    try:
        yield sandbox
    finally:
        sandbox.close()
