"""The members of an association, and what is said of each."""

from __future__ import annotations

from collections.abc import Mapping

from tenantctl.files.checked import Checked, element, nearest, said, way_out
from tenantctl.files.findings import Findings, suggestion
from tenantctl.kinds.bodies import SPECIALS, refused_of_member, unseen
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
    name = dotted((*(said(checked) or (kind.members,)), element(member, kind.by)))
    found = refused_of_member(kind, member)
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
        elif not unseen(kind, flat.fields, path):
            at = nearest(flat.values, path, checked.home)
            findings.add(at, f"{name} {dotted(fault.path)} {fault.word}", way_out(fault))
