"""One resource as several environments have it: what they share, and what each says over it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tenantctl.drafts.naming import names, said
from tenantctl.drafts.written import Body, Tag
from tenantctl.files.inner import inner_kinds
from tenantctl.kinds import Kind
from tenantctl.model import ABSENT, Json, Path

WEIGHT, MODE, USUAL_MODE = "$at", "$mode", "managed"
STEP = 100
UNMANAGED = Tag("unmanaged")


@dataclass(frozen=True, slots=True)
class Voice:
    """What an environment has to name things by: *known* are its variables and secrets."""

    variables: Mapping[str, Json]
    known: frozenset[tuple[str, str]]

    def meant(self, value: Any) -> Any:
        """A whole variable as its value, anything else as it is."""
        if isinstance(value, Tag) and value.tag == "var":
            return self.variables.get(value.text, value)
        return value


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a body; *path* is as the rules of *kind* have it.

    *several*: what stands here are objects by name. *forced*: what stands here for anybody has to
    stand in the definition, as overrides cannot add it.
    """

    kind: Kind
    fields: Body = field(default_factory=dict)
    path: Path = ()
    several: bool = False
    forced: bool = False

    def key(self, name: str) -> Spot:
        """The place under *name*."""
        if self.several:
            return replace(self, several=False)
        if not self.path and (inner := inner_kinds(self.kind).get(name)):
            path = (inner.members,) if inner.members else ()
            return Spot(inner, {}, path, bool(inner.key and not inner.members), forced=True)
        listed = self.path and self.kind.rule(self.path, self.fields).list
        return replace(self, path=(*self.path, "[]" if listed else name), forced=False)

    @property
    def list(self) -> str:
        """What order means in a list that stands here."""
        if self.kind.members and self.kind.hooks.unfold:
            return "set"
        if not self.path:
            own = (r for r in self.kind.rules if r.list == "sequence" and len(r.at) == 1)
            return "sequence" if self.kind.hooks.unfold and any(own) else ""
        return self.kind.rule(self.path, self.fields).list

    @property
    def whole(self) -> bool:
        """Whether a map here is another way to write a list, which is replaced as a whole."""
        plain = self.kind.members and not self.kind.by and not self.kind.hooks.unfold
        return bool(plain) and len(self.path) == 1


@dataclass(frozen=True, slots=True)
class Overlay:
    """The environments that have a resource, by name, the one nearest to production last.

    *files* are the texts of all files, by path.
    """

    voices: Mapping[str, Voice]
    files: Mapping[str, str]

    def agreed(self, bodies: Mapping[str, Body]) -> Body | None:
        """What all say in the same words, if they do and all know them."""
        first, *others = bodies.values()
        if not others:
            return first
        text = repr(first)
        same = all(repr(body) == text for body in others) and self._all_know(first)
        return first if same else None

    def base(self, values: Mapping[str, Any], spot: Spot) -> Any:
        """What the definition says, of what each environment says or ABSENT.

        That is what most say, of equally many the last. It names only what all of them know.
        """
        there = {name: value for name, value in values.items() if value is not ABSENT}
        gone = len(values) - len(there)
        last_is_gone = [*values.values()][-1] is ABSENT
        if not there or (not spot.forced and gone + last_is_gone > len(there)):
            return ABSENT
        found = list(there.values())
        if all(isinstance(value, Mapping) for value in found) and not spot.whole:
            found_map = self._map(there, spot)
            empty = not found[-1] or sum(map(bool, found)) * 2 < len(found)
            shared = found_map or spot.forced or empty
            return found_map if shared else ABSENT
        if all(isinstance(value, list | tuple) for value in found):
            return self._list(found, spot)
        return self._elected(found, spot)

    def over(self, voice: Voice, base: Any, wanted: Any, spot: Spot) -> Any:
        """What makes *wanted* of *base* in an override; ABSENT where nothing has to be said."""
        if self._said(base, spot) == self._said(wanted, spot):
            return ABSENT
        if wanted is ABSENT:
            return ABSENT if spot.several and not base else UNMANAGED
        under, meant = voice.meant(base), voice.meant(wanted)
        if isinstance(under, Mapping) and isinstance(meant, Mapping) and not spot.whole:
            return self._over_map(voice, under, meant, spot)
        if isinstance(under, list | tuple) and isinstance(wanted, list | tuple):
            return self._over_list(voice, under, wanted, spot)
        return wanted

    def _said(self, value: Any, spot: Spot) -> str:
        """Equal where two values are the same here, in whatever order that means nothing."""
        if isinstance(value, list | tuple) and spot.list in {"set", "keyed"}:
            return "\n".join(sorted(said(item, self.files) for item in value))
        if isinstance(value, Mapping) and spot.list == "sequence":
            return said(list(value.items()), self.files)
        return said(value, self.files)

    def _elected(self, found: Sequence[Any], spot: Spot) -> Any:
        """What most say of what all can name; otherwise what is nothing yet, if that is needed."""
        texts = [self._said(value, spot) for value in found]
        votes = Counter(texts)
        order = sorted(range(len(found)), key=lambda n: (votes[texts[n]], n), reverse=True)
        elected = (found[n] for n in order if self._all_know(found[n]))
        return next(elected, ([] if spot.path else {}) if spot.forced else ABSENT)

    def _all_know(self, value: Any) -> bool:
        named = set(names(value, self.files))
        return all(named <= voice.known for voice in self.voices.values())

    def _map(self, there: Mapping[str, Body], spot: Spot) -> dict[str, Any]:
        keys = dict.fromkeys(key for body in reversed([*there.values()]) for key in body)
        found = {
            key: value for key in keys if (value := self._entry(there, key, spot)) is not ABSENT
        }
        if spot.list == "sequence" and any(self._moves(found, each) for each in there.values()):
            return {
                key: {WEIGHT: STEP * number, **(body or {})}
                for number, (key, body) in enumerate(found.items(), 1)
            }
        return found

    def _entry(self, there: Mapping[str, Body], key: str, spot: Spot) -> Any:
        values = {name: body.get(key, ABSENT) for name, body in there.items()}
        if key == MODE:
            return self._elected([value for value in values.values() if value is not ABSENT], spot)
        return self.base(values, spot.key(key))

    def _moves(self, base: Body, wanted: Body) -> bool:
        """Whether an environment says more over a sequence than that elements are not there."""
        kept = [(key, base[key]) for key in base if key in wanted]
        return said(kept, self.files) != said(list(wanted.items()), self.files)

    def _list(self, found: Sequence[Sequence[Any]], spot: Spot) -> Any:
        votes = Counter(self._said(each, spot) for each in found)
        common = self._common(found, ordered=spot.list not in {"set", "keyed"})
        if max(votes.values()) * 2 > len(found) or not common or not self._all_know(common):
            return self._elected(found, spot)
        return common

    def _common(self, found: Sequence[Sequence[Any]], *, ordered: bool) -> list[Any]:
        """What stands in all lists; *ordered*: what all of them start with."""
        texts = [[said(item, self.files) for item in each] for each in found]
        if ordered:
            same = [len(set(at)) == 1 for at in zip(*texts, strict=False)]
            return list(found[-1][: same.index(False) if False in same else len(same)])
        shared = set(texts[0]).intersection(*texts)
        return [item for item, text in zip(found[-1], texts[-1], strict=True) if text in shared]

    def _over_map(self, voice: Voice, base: Body, wanted: Body, spot: Spot) -> Any:
        found = {}
        for key in dict.fromkeys([*base, *wanted]):
            if key == MODE:
                mode = wanted.get(MODE, USUAL_MODE)
                part = mode if mode != base.get(MODE, USUAL_MODE) else ABSENT
            else:
                part = self.over(
                    voice, base.get(key, ABSENT), wanted.get(key, ABSENT), spot.key(key)
                )
            if part is not ABSENT and key != WEIGHT:
                found[key] = part
        if spot.list == "sequence":
            found = dict(_weighed(found, base, wanted))
        return found or ABSENT

    def _over_list(
        self, voice: Voice, base: Sequence[Any], wanted: Sequence[Any], spot: Spot
    ) -> Any:
        """The shortest that is sure to make *wanted* of *base*."""
        have = [said(item, self.files, voice.variables) for item in base]
        want = [said(item, self.files, voice.variables) for item in wanted]
        if spot.list in {"set", "keyed"}:
            appends, takes = set(have) <= set(want), set(want) <= set(have)
            if appends and takes:
                return ABSENT
        else:
            rest = want[len(have) :]
            appends = want[: len(have)] == have and not set(rest) & set(have)
            takes = [text for text in dict.fromkeys(have) if text in want] == want
        more = [item for item, text in zip(wanted, want, strict=True) if text not in have]
        less = {text: item for item, text in zip(base, have, strict=True) if text not in want}
        if appends and have:
            return Tag("append", items=tuple(more))
        if takes and less and len(less) <= len(want):
            return Tag("without", items=tuple(less.values()))
        return list(wanted)


def _weighed(found: Body, base: Body, wanted: Body) -> Iterator[tuple[str, Any]]:
    """An override of a sequence with the weights that keep the order of *wanted*."""
    yield from ((key, part) for key, part in found.items() if part == UNMANAGED)
    kept = [key for key in wanted if key in base]
    in_order = kept == [key for key in base if key in wanted]
    touched = [key for key in wanted if key in found]
    if in_order and not touched:
        return
    room = in_order and len(wanted) - len(kept) < STEP
    weight = 0
    for number, key in enumerate(wanted, 1):
        weight = STEP * number if not room else base[key][WEIGHT] if key in base else weight + 1
        if key in found or not room:
            yield key, {WEIGHT: weight, **(found.get(key) or {})}
