"""The members of an association, and what is said of each."""

from __future__ import annotations

from collections.abc import Mapping

from tenantctl.files.checked import SPECIALS, Checked, element, nearest, plain, said, unseen
from tenantctl.files.findings import Findings, suggestion
from tenantctl.files.shape import faults
from tenantctl.kinds.shapes import member_shape
from tenantctl.model import Value, dotted


def check_members(checked: Checked, findings: Findings) -> None:
    """The members of an association: plain texts, references, or maps of those."""
    name = checked.kind.members
    word = (said(checked) or (name,))[0]
    members = checked.flat.fields.get(name)
    at = checked.flat.values.get((name,), checked.home)
    if not isinstance(members, list):
        findings.add(at, f"{word} must be a list or a map", f"such as {word}: []")
        return
    for index, member in enumerate(members):
        if checked.kind.by and isinstance(member, Mapping) and checked.kind.by in member:
            _check_attributes(checked, index, member, findings)
            continue
        parts = member if isinstance(member, Mapping) else {"": member}
        for key, part in parts.items():
            if not isinstance(part, str | SPECIALS):
                spot = nearest(checked.flat.values, (name, str(index), key), at)
                findings.add(spot, f"an element of {word} must be the key of a resource")


def _check_attributes(
    checked: Checked, index: int, member: Mapping[str, Value], findings: Findings
) -> None:
    """What is said of one member of an association, by the body that says it."""
    kind, flat, place = checked.kind, checked.flat, (checked.kind.members, str(index))
    shape = member_shape(kind)
    document = {key: plain(value) for key, value in member.items() if value is not None}
    name = dotted((*(said(checked) or (kind.members,)), element(member, kind.by)))
    found = tuple(faults(document, shape, shape, complete=True))
    strange = any(fault.kind == "unknown" for fault in found)
    for fault in found:
        path = (*place, *fault.path)
        if fault.kind == "missing":
            if not strange:  # what is strange is probably what is missing, misspelt
                at = nearest(flat.values, path, checked.home)
                help = f"write {{{fault.word}: ...}} behind it: Auth0 takes it with that only"
                findings.add(at, f"{name} has no {fault.word}", help)
        elif fault.kind == "unknown":
            known = tuple(word for word in fault.known if word != kind.by)
            help = suggestion(fault.word, known, f"known are {', '.join(known)}")
            at = nearest(flat.keys, (*path, fault.word), checked.home)
            findings.add(at, f"{name} has no {fault.word}", help)
        elif not unseen(checked, path):
            at = nearest(flat.values, path, checked.home)
            findings.add(at, f"{name} {dotted(fault.path)} {fault.word}", fault.help)
