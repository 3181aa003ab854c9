"""What a plan may not do unasked. Each rule is one function; the list is the policy."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from tenantctl.engine.amounts import entity_limit, mass_change, mass_delete
from tenantctl.engine.edges import EARLY, written
from tenantctl.engine.judged import Judged, permit
from tenantctl.engine.merge import replaced_root
from tenantctl.engine.replace import birthmarks
from tenantctl.kinds import KINDS, Lens, ruled_leaves
from tenantctl.model import (
    ABSENT,
    Address,
    Allow,
    Delete,
    Desired,
    Edit,
    Entry,
    Environment,
    Path,
    Sealed,
    Step,
    Update,
    Violation,
    dotted,
    matches,
    walk,
)

PLACEHOLDER = re.compile(
    r"##[A-Z0-9_]+##|@@[A-Z0-9_]+@@|_VALUE_NOT_SHOWN_|^\*{4,}$|^\[?REDACTED\]?|^YOUR_[A-Z_]+$"
)
"""What exporters and templates leave behind; written to a tenant it destroys what was there."""


def violations(judged: Judged, receipt_domain: str, today: dt.date) -> tuple[Violation, ...]:
    """Every rule that the plan breaks; what a person has permitted is marked, not left out."""
    found = [v for rule in RULES for v in rule(judged)]
    found += _wrong_tenant(judged.environment, receipt_domain)
    allow = judged.environment.policy.allow
    return tuple(replace(v, allowed=v.allowed or permitted(v, allow, today)) for v in found)


def permitted(violation: Violation, allow: Iterable[Allow], today: dt.date) -> str:
    """The reason for which a person has permitted *violation*; empty where nobody has."""
    for each in allow:
        fits = each.rule == violation.rule and matches(
            Address.parse(violation.address), (each.address,)
        )
        if fits and (each.expires is None or today <= each.expires):
            return each.reason
    return ""


def may_replace(
    address: Address, desired: Desired, environment: Environment, today: dt.date
) -> bool:
    """Whether the environment permits to delete what is at *address* and create it anew.

    Either `replace` or `allow` of its policy can; what is protected is never replaced.
    """
    policy = environment.policy
    if _protects(address, desired, environment):
        return False
    asked = Violation("replacement", str(address), "", "")
    return matches(address, policy.replace) or bool(permitted(asked, policy.allow, today))


def _protects(address: Address, desired: Desired, environment: Environment) -> bool:
    declaration = desired.declarations.get(address)
    return matches(address, environment.policy.protect) or bool(declaration and declaration.protect)


def protected(judged: Judged) -> Iterator[Violation]:
    """What is protected is not deleted."""
    for step in judged.deletes:
        if _protects(step.address, judged.desired, judged.environment):
            yield Violation(
                "protected",
                str(step.address),
                "is protected and would be deleted",
                permit("protected", step.address),
            )


def replacement(judged: Judged) -> Iterator[Violation]:
    """A field that can be set at birth only needs a delete and a create, which need permission."""
    for step in judged.steps:
        kind, address = KINDS[step.address.kind], str(step.address)
        breaks = f"; that breaks {kind.replace_breaks}" if kind.replace_breaks else ""
        for former in step.former if _is_old(step) else ():
            if former.address == step.address:
                yield Violation(
                    "replacement",
                    address,
                    f"is deleted and created anew, for {_named(former.edits)} can be set at "
                    f"creation only; what hangs on it and nobody declares is lost{breaks}",
                    "",
                    allowed="the policy of the environment permits it",
                )
        if marks := birthmarks(step.change, judged.desired):
            yield Violation(
                "replacement",
                address,
                f"{_named(marks)} can be set at creation only, so the change would delete it and "
                f"create it anew{breaks}",
                _instead(step.address, judged),
            )


def _is_old(step: Step) -> bool:
    """Whether *step* deletes what another one creates anew."""
    return step.id.part == EARLY and isinstance(step.change, Delete)


def _named(edits: Iterable[Edit]) -> str:
    return ", ".join(dotted(edit.path) for edit in edits)


def _instead(address: Address, judged: Judged) -> str:
    """What a person may do about a replacement that is not permitted."""
    other = "declare it under a new key and move what uses it, or write the live value back"
    if _protects(address, judged.desired, judged.environment):
        return f"it is protected, which rules a replacement out; {other}"
    permit = f'replace: ["{address}"]'
    return f"{other}; to permit it, write under policy in the environment file: {permit}"


def held(judged: Judged) -> Iterator[Violation]:
    """What something uses that the plan leaves as it is cannot go, or breaks that."""
    going = {step.address for step in judged.deletes}
    changed = {step.address for step in judged.steps}
    for step in judged.deletes:
        # What is replaced is used again, what is deleted has to be let go of before.
        before = changed if step.former else {need.address for need in step.needs}
        names = judged.live.held.get(step.address, ())
        left = [name for name in names if Address.parse(name) not in going | before]
        if left:
            yield Violation(
                "held",
                str(step.address),
                f"is used by {', '.join(left)}, and this plan does not change that",
                "take it out there first, or declare it again",
            )


def empty_input(judged: Judged) -> Iterator[Violation]:
    """Nothing declared where there was something: a lost folder, not a wish."""
    if judged.entries and not len(judged.desired.tenant) and not judged.desired.withheld:
        yield Violation(
            "empty_input",
            "*",
            f"the files declare nothing, the last receipt has {len(judged.entries)} resources",
            f"check the tenant's folder; if it is meant: {permit('empty_input', '*')}",
        )


def placeholder(judged: Judged) -> Iterator[Violation]:
    """What exporters leave behind is not a value."""
    for step in judged.steps:
        for path, value in walk(written(step.change)):
            if isinstance(value, str) and (found := PLACEHOLDER.search(value)):
                yield Violation(
                    "placeholder",
                    str(step.address),
                    f"{dotted(path)} would be set to the placeholder {found.group()}",
                    "write the value, or !secret NAME for a secret",
                )


def unmanaged_secret(judged: Judged) -> Iterator[Violation]:
    """A secret that cannot be read back would be lost, and nobody declares it."""
    for step, edit in judged.updates():
        entry = judged.entries.get(step.address, Entry())
        if (
            edit.after is ABSENT
            and isinstance(edit.before, Sealed)
            and edit.path not in entry.paths
        ):
            yield Violation(
                "unmanaged_secret",
                str(step.address),
                f"{dotted(edit.path)} is set in the tenant, cannot be read back, and would be lost",
                f"declare it with !secret; if it is to go: "
                f"{permit('unmanaged_secret', step.address)}",
            )


def hidden_secret(judged: Judged) -> Iterator[Violation]:
    """A write that sends a structure as a whole would drop a secret in it that nobody can read."""
    for step in judged.steps:
        have = judged.live.get(step.address)
        if have is None or not isinstance(step.change, Update):
            continue
        for path in _dropped(step.change, Lens(KINDS[step.address.kind], have.fields)):
            yield Violation(
                "hidden_secret",
                str(step.address),
                f"{dotted(path)} holds a secret that Auth0 hides, and this change would lose it",
                f"declare {dotted(path)} with !secret, or set it to null to drop it",
            )


def _dropped(change: Update, lens: Lens) -> Iterator[Path]:
    """The unreadable values of a live resource that a write can neither keep nor mentions."""
    written_ = [*(edit.path for edit in change.edits), *(path for path, _ in change.resend)]
    roots = {root for path in written_ if (root := replaced_root(lens, path)) is not None}
    for path, rule, value in ruled_leaves(lens, lens.fields):
        inside = any(path[: len(root)] == root for root in roots)
        said = any(path[: len(known)] == known for known in written_)
        if inside and not said and isinstance(value, Sealed) and rule.read in {"masked", "cipher"}:
            yield path


def illegal_unset(judged: Judged) -> Iterator[Violation]:
    """Some fields cannot be emptied."""
    for step, edit in judged.updates():
        rule = Lens(KINDS[step.address.kind], {}).rule(edit.path)
        if rule.unset == "illegal" and edit.after in (ABSENT, None, "", [], (), {}):
            yield Violation(
                "illegal_unset",
                str(step.address),
                f"Auth0 refuses to unset {dotted(edit.path)}",
                "leave the field out of the files to let it be",
            )


def self_lockout(judged: Judged) -> Iterator[Violation]:
    """The tool does not touch the client it signs in with, nor its grants."""
    for step in judged.steps:
        if step.address in judged.own:
            yield Violation(
                "self_lockout",
                str(step.address),
                f"would {step.change.verb} what the tool itself signs in with",
                "take it out of the files; change it with other credentials",
            )


def _wrong_tenant(environment: Environment, receipt_domain: str) -> Iterator[Violation]:
    if receipt_domain and receipt_domain != environment.domain:
        yield Violation(
            "wrong_tenant",
            "*",
            f"the last receipt of {environment.id} was written for {receipt_domain}, the "
            f"environment file says {environment.domain}",
            "correct the domain; if the environment has moved, delete its receipts under "
            ".tenantctl/receipts and plan again",
        )


RULES: tuple[Callable[[Judged], Iterable[Violation]], ...] = (
    protected,
    replacement,
    mass_delete,
    mass_change,
    held,
    empty_input,
    placeholder,
    unmanaged_secret,
    hidden_secret,
    illegal_unset,
    self_lockout,
    entity_limit,
)
