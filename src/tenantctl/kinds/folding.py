"""Between the authored form of a resource, which people write, and the flat form of the API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tenantctl.kinds.kind import Kind, Rule
from tenantctl.model import Address, Path, Ref, Value


def unfold(kind: Kind, authored: Mapping[str, Value], key: str = "") -> dict[str, Value]:
    """The flat form of *authored*: keyed maps become lists, bare keys become references.

    What goes without saying is said. *key* is that of the resource: it leads to what hangs on it.
    """
    fields = {**authored, **{k: v for k, v in kind.implied.items() if k not in authored}}
    if kind.hooks.unfold:
        fields = kind.hooks.unfold(fields)
    form = _Form(kind, fields, key)
    return {k: form.unfold(v, (k,)) for k, v in fields.items()}


def fold(kind: Kind, fields: Mapping[str, Value]) -> dict[str, Value]:
    """The authored form of *fields*; `unfold` gives back an equivalent of *fields*."""
    said = {k: v for k, v in fields.items() if k not in kind.implied or kind.implied[k] != v}
    authored = {k: _fold(kind, v, (k,), fields) for k, v in said.items()}
    return kind.hooks.fold(authored) if kind.hooks.fold else authored


@dataclass(frozen=True, slots=True)
class _Form:
    """One resource on its way from the authored to the flat form; *fields* decide its rules."""

    kind: Kind
    fields: Mapping[str, Value]
    key: str

    def unfold(self, value: Value, path: Path) -> Value:
        rule = self.kind.rule(path, self.fields)
        if rule.ref and isinstance(value, str):
            own = rule.ref.own and "/" not in value
            named = f"{self.key}/" + value if own else value
            return Ref(Address(rule.ref.to, named), rule.ref.via)
        if rule.list and isinstance(value, Mapping):
            value = [_element(rule, key, item) for key, item in value.items()]
        if isinstance(value, list | tuple):
            if rule.by:
                value = [{rule.by: e} if isinstance(e, str | Ref) else e for e in value]
            return [self.unfold(item, (*path, "[]")) for item in value]
        if isinstance(value, Mapping):
            return {k: self.unfold(v, (*path, k)) for k, v in value.items()}
        return value


def _element(rule: Rule, key: str, item: Value) -> Value:
    """One entry of an authored map as an element of the list that the API has."""
    if not rule.by:
        return key
    if rule.value and not isinstance(item, Mapping):
        return {rule.by: key, rule.value: item}
    if item is not None and not isinstance(item, Mapping):
        return {rule.by: key, "": item}  # which no body has
    return {rule.by: key, **(item or {})}


def _fold(kind: Kind, value: Value, path: Path, fields: Mapping[str, Value]) -> Value:
    rule = kind.rule(path, fields)
    if rule.ref and isinstance(value, Ref):
        usual = (value.address.kind, value.field) == (rule.ref.to, rule.ref.via)
        return value.address.key if usual else value
    if isinstance(value, list | tuple):
        items = [_fold(kind, item, (*path, "[]"), fields) for item in value]
        return _keyed(rule, items) if rule.by else items
    if isinstance(value, Mapping):
        return {k: _fold(kind, v, (*path, k), fields) for k, v in value.items()}
    return value


def _keyed(rule: Rule, items: list[Value]) -> Value:
    """Elements as an authored map; as they are where a key is no text or stands twice."""
    names = [item.get(rule.by) if isinstance(item, Mapping) else None for item in items]
    if not all(isinstance(name, str) for name in names) or len(set(names)) < len(names):
        return items
    rest = [{k: v for k, v in item.items() if k != rule.by} for item in items]
    if rule.value:
        rest = [item[rule.value] if item.keys() == {rule.value} else item for item in rest]
    return dict(zip(names, rest, strict=True))
