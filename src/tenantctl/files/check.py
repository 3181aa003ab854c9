"""Whether a resource in flat form is what the API and its kind allow, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tenantctl.files.checked import Checked, nearest, said, way_out
from tenantctl.files.findings import Findings, suggestion
from tenantctl.files.members import check_members
from tenantctl.files.names import MISSING
from tenantctl.kinds import Fault, Rule, refused, text_of
from tenantctl.kinds.bodies import SPECIALS
from tenantctl.model import MASK, Path, Text, Value, dotted, is_secret


def check(checked: Checked, findings: Findings) -> None:
    """Everything about one resource that needs no other; what is wrong goes to *findings*."""
    _Rules(checked, findings).walk(checked.flat.fields, (), ())
    for name, value in checked.kind.implied.items():
        if checked.flat.fields.get(name) != value:
            at = checked.flat.keys.get((name,), checked.home)
            findings.add(at, f"{name} goes without saying: it is {text_of(value)}", "take it out")
    if checked.kind.members:
        check_members(checked, findings)
    else:
        _check_bars(checked, findings)
        _check_shape(checked, findings)


@dataclass(frozen=True, slots=True)
class _Rules:
    """What rules say: secrets, and fields that only Auth0 sets."""

    checked: Checked
    findings: Findings

    def walk(self, value: Value, indexed: Path, pattern: Path) -> None:
        flat = self.checked.flat
        if indexed:
            rule = self.checked.kind.rule(pattern, flat.fields)
            if rule.when == "never" and value is not None:
                message = f"{dotted(indexed)} is set by Auth0"
                self.findings.add(flat.keys.get(indexed, self.checked.home), message, "take it out")
                return
            parts = isinstance(value, Mapping) and self.checked.kind.divides(pattern)
            if (rule.secret and not parts) or not isinstance(value, (Mapping, list)):
                self.leaf(value, rule, indexed)
                return
        if isinstance(value, Mapping):
            for key, item in value.items():
                self.walk(item, (*indexed, key), (*pattern, key))
        elif isinstance(value, list):
            for index, item in enumerate(value):
                self.walk(item, (*indexed, str(index)), (*pattern, "[]"))

    def leaf(self, value: Value, rule: Rule, indexed: Path) -> None:
        at = nearest(self.checked.flat.values, indexed, self.checked.home)
        name = dotted(indexed)
        if is_secret(value) and not rule.conceals:
            message = f"{name} is no secret field: whoever may read the tenant would read the value"
            self.findings.add(at, message, "use a variable, or a field that Auth0 keeps secret")
        elif rule.secret and _literal(value):
            mask = isinstance(value, str) and MASK.fullmatch(value.strip())
            what = f"{value} is a mask, not a value" if mask else ""
            message = what or f"{name} is a secret, and its value stands in the file"
            help = "write !secret NAME and declare NAME under secrets in tenant.yaml"
            self.findings.add(at, message, help, show=False)
        elif rule.unset == "illegal" and value is None:
            self.findings.add(at, f"{name} cannot be unset", "write a value, or take the field out")


def _check_bars(checked: Checked, findings: Findings) -> None:
    """Fields that cannot stand beside each other are not both declared."""
    fields = checked.flat.fields
    for rule in (rule for rule in checked.kind.rules if rule.bars):
        name = rule.at[0]
        if name < rule.bars and None not in (fields.get(name), fields.get(rule.bars)):
            at = checked.flat.keys.get((rule.bars,), checked.home)
            message = f"{rule.bars} cannot stand beside {name}"
            findings.add(at, message, "keep one of them; the other is unset with it")


def _check_shape(checked: Checked, findings: Findings) -> None:
    kind, flat = checked.kind, checked.flat
    creates = bool(kind.wire.create) and not checked.system
    for fault in refused(kind, checked.address.key, flat.fields, creates=creates):
        if fault.kind == "unknown":
            _unknown(checked, fault, findings)
        elif fault.kind == "missing":
            _missing(checked, fault, findings)
        else:
            at = nearest(flat.values, fault.path, checked.home)
            message = f"{dotted(said(checked, fault.path))} {fault.word}"
            findings.add(at, message, way_out(fault))


def _unknown(checked: Checked, fault: Fault, findings: Findings) -> None:
    path = (*fault.path, fault.word)
    where = f" in {dotted(said(checked, fault.path))}" if fault.path else ""
    where += f": {fault.why}" if fault.why else ""
    listed = f"known are {', '.join(fault.known)}" if len(fault.known) <= 12 else ""
    help = suggestion(fault.word, fault.known, listed)
    message = f"{checked.address} has no field {fault.word}{where}"
    findings.add(nearest(checked.flat.keys, path, checked.home), message, help)


def _missing(checked: Checked, fault: Fault, findings: Findings) -> None:
    at = nearest(checked.flat.keys, fault.path, checked.home)
    where = f"{checked.address} {dotted(said(checked, fault.path))}".rstrip()
    findings.add(at, f"{where} has no {fault.word}", "Auth0 makes none without it")


def _literal(value: Value) -> bool:
    """Whether a person wrote the value, or a part of it, where a secret belongs."""
    if isinstance(value, Text):
        return value is not MISSING and not is_secret(value)
    return value is not None and not isinstance(value, SPECIALS)
