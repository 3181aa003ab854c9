"""What the keys of `tenantctl kinds --json` mean, for docs/kinds.md."""

NOTED = "`field`, and where it is so `only` (another field has a value) and `but` (not these)"

KEYS = {
    "name": "the kind, as in files and addresses",
    "form": (
        "`collection`, `singleton`, `parts` (keys are the API's own), `association` (a set for each"
        " parent), `child` (one for each parent), `children` (several for each parent)"
    ),
    "legacy": "what replaces it, or empty",
    "early": "how early its access is: `EA`, `beta`, or empty",
    "given": "made by others: can be referred to, never declared",
    "key": "the fields that identify a live object",
    "parts": "what the pieces of a composite key are called",
    "keys": "the API's own names for the first part",
    "system": "keys of objects that every tenant has",
    "unique": "fields of which no two objects have the same value",
    "authored_in": "`kind.field` inside which it is written, or empty",
    "members": "the field of an association that holds its members, or empty",
    "parents": "the kinds that the first parts of the key name",
    "associations": "the kinds that are written inside this one",
    "references": f"fields that name resources: {NOTED}, `to` (a kind), `via` (its field)",
    "referred_by": "the kinds whose fields or keys name this one",
    "sets": f"lists whose order means nothing: {NOTED}",
    "keyed": f"lists that are authored as maps: {NOTED}, `by`, `ordered`",
    "ordered": f"lists whose order means something: {NOTED}",
    "open_maps": f"maps with the user's own keys: {NOTED}",
    "whole": f"what a write sends whole: {NOTED}",
    "create_only": f"what is set at birth only: {NOTED}",
    "update_only": f"what only an update carries: {NOTED}",
    "never_written": f"what Auth0 sets: {NOTED}",
    "hidden": (
        f"what is secret or not shown: {NOTED}, `read` (`absent`, `masked`, `cipher` or `clear`),"
        " `secret`"
    ),
    "defaults": f"values that equal absence: {NOTED}, `value`",
    "initial": f"what Auth0 gives to whoever says nothing at first: {NOTED}, `value`",
    "not_unset": f"what refuses `null`: {NOTED}",
    "texts": f"texts that are shown as such: {NOTED}, `text` (`code`, `html`, `liquid`, `json`)",
    "scopes": "the least scope of `read`, `create`, `update`, `delete`; without those it has not",
    "requests": (
        "what reading costs: `fixed` requests, one for `page` objects of the tenant (0: for all),"
        " `each` for a declared object, of `children` for a parent; three zeros: nobody can read it"
    ),
    "written": "the procedure that writes it",
    "chunk": "the most members that a request takes, or 0",
    "limit": "the most objects that a tenant has, or 0",
    "releases": "what nobody declares any more is let go, never deleted",
    "replace_breaks": "what a replacement would break, or empty",
    "outputs": "what `tenantctl outputs` calls its fields",
    "topics": "who usually declares it: `playbook`, `topic`, `name`, `phase`, `fields`, `only`",
    "fields": (
        "what can be declared: `name`, `type`, `writes` (`create`, `update`), `required`, `of` (the"
        " parts that have it, where not all have the same)"
    ),
}
"""By key of a kind."""
