"""Hypothesis strategies for everything that a plan, a receipt or an event can hold."""

from __future__ import annotations

from hypothesis import strategies as st

from tenantctl.model import (
    ABSENT,
    STATUSES,
    Address,
    Create,
    Delete,
    Edit,
    Entry,
    Event,
    Foreign,
    Identity,
    Origin,
    Outcome,
    Place,
    Plan,
    Receipt,
    Ref,
    Released,
    Resource,
    Sealed,
    Secret,
    Step,
    StepId,
    Text,
    Update,
    Violation,
)

anything = st.text(max_size=8)
names = st.text("abcxyz019-_", min_size=1, max_size=6)
counts = st.integers(0, 10**6)
addresses = st.builds(Address, names, st.text("abc019-_/#.é", max_size=8))
ids = st.builds(StepId, addresses, st.sampled_from(["", "late"]))
paths = st.lists(anything, max_size=3).map(tuple)
refs = st.builds(Ref, addresses, names)
secrets = st.builds(Secret, names)
specials = st.one_of(
    refs,
    secrets,
    st.builds(Text, st.lists(anything | refs | secrets, max_size=3).map(tuple)),
    st.builds(Sealed, st.none() | names),
    st.builds(Foreign, names, anything),
    st.just(ABSENT),
)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | anything
finite = scalars.filter(lambda value: value not in (float("inf"), float("-inf")))
keys = anything | st.sampled_from(["$ref", "$json", "$absent", "$"])
values = st.recursive(
    finite | specials,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=6,
)
fields = st.dictionaries(keys, values, max_size=3)
resources = st.builds(Resource, addresses, fields)
edits = st.builds(Edit, paths, values, values, st.booleans())
resends = st.lists(st.tuples(paths, values), max_size=2).map(tuple)
changes = st.one_of(
    st.builds(Create, resources),
    st.builds(Update, addresses, st.lists(edits, max_size=3).map(tuple), resends),
    st.builds(Delete, resources),
)
plain = st.builds(Origin, anything, counts, counts, topic=names, layer=names, name=names)
origins = st.builds(
    Origin, anything, counts, counts, via=st.tuples(plain) | st.just(()), over=st.none() | plain
)
places = st.builds(Place, counts, counts, counts, anything, topic=names, workstream=names)
steps = st.builds(
    Step,
    ids,
    changes,
    places,
    anything,
    needs=st.frozensets(ids, max_size=3),
    origins=st.lists(origins, max_size=2).map(tuple),
    preimage=names,
    requests=counts,
)
entries = st.builds(
    Entry,
    key=st.lists(values, max_size=2).map(tuple),
    id=anything,
    paths=st.lists(paths, max_size=3).map(tuple),
    elements=st.lists(anything, max_size=2).map(tuple),
    sealed=st.dictionaries(paths, st.tuples(anything, names), max_size=3),
)
identities = st.builds(
    Identity,
    key=st.lists(values, max_size=2).map(tuple),
    was=st.lists(anything, max_size=2).map(tuple),
    pin=anything,
)
phases = st.lists(counts, max_size=3).map(tuple)
plans = st.builds(
    Plan,
    tenant=names,
    environment=names,
    domain=names,
    kind=names,
    phases=phases,
    digest=names,
    version=names,
    steps=st.lists(steps, max_size=4).map(tuple),
    identities=st.dictionaries(addresses, identities, max_size=3),
    entries=st.dictionaries(addresses, entries, max_size=3),
    violations=st.lists(st.builds(Violation, *[anything] * 5), max_size=2).map(tuple),
    released=st.lists(st.builds(Released, addresses, paths, values), max_size=2).map(tuple),
    selection=st.lists(anything, max_size=2).map(tuple),
    approval=names,
    playbook=names,
)
outcomes = st.builds(
    Outcome,
    st.sampled_from(STATUSES),
    detail=anything,
    record=st.dictionaries(anything, anything, max_size=2),
    because=st.lists(ids, max_size=2).map(tuple),
    writes=counts,
)
events = st.builds(Event, st.sampled_from(["started", "settled"]), ids, st.none() | outcomes)
receipts = st.builds(
    Receipt,
    kind=names,
    tenant=names,
    environment=names,
    domain=names,
    digest=names,
    phases=phases,
    status=names,
    full=st.booleans(),
    entries=st.dictionaries(addresses, entries, max_size=3),
    outcomes=st.dictionaries(ids, outcomes, max_size=3),
    version=names,
    commit=names,
    who=anything,
    when=anything,
)
