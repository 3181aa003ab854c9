"""What it risks to change a source of users."""

from collections.abc import Iterable, Iterator

from tenantctl.kinds.hazard import (
    API,
    LOCKOUT,
    LOGIN,
    LOSS,
    Hazard,
    anything,
    deleting,
    safe,
    shrinking,
)

IDENTIFYING = (
    ("user_id_attribute",),
    ("userid_attribute",),
    ("fieldsMap", "user_id"),
    ("attribute_map", "attributes", "user_id"),
)
"""What of a provider's answer becomes the last part of a user_id."""


RISKS = (
    anything((LOGIN,), "signing in with it works in another way"),
    *safe("display_name", "options.icon_url"),
    Hazard(("show_as_button",), (LOGIN,), "the login page offers it, or no longer does"),
    Hazard(("authentication", "active"), (LOCKOUT,), "nobody can sign in with it", when="off"),
    *(
        Hazard(
            ("options", *path),
            (LOSS, LOGIN),
            "people get another user_id: who comes back is a new user, without roles and data",
        )
        for path in IDENTIFYING
    ),
    Hazard(
        ("options", "customScripts"),
        (LOCKOUT, LOGIN),
        "the script decides over every sign-in; an error in it lets nobody in",
        see="authenticate/database-connections/custom-db/action-script-best-practices",
    ),
    *(
        Hazard(
            ("options", name),
            (LOCKOUT, LOGIN),
            "users are looked for elsewhere, and who was not moved over may not get in",
            see="manage-users/user-migration/configure-automatic-migration-from-your-database",
        )
        for name in ("enabledDatabaseCustomization", "import_mode")
    ),
    Hazard(
        ("options", "authentication_methods"),
        (LOCKOUT,),
        "who has only that way of signing in is shut out",
        when="off",
    ),
    Hazard(
        ("options", "attributes"),
        (LOCKOUT, LOGIN),
        "who signs in with that identifier is shut out",
        when="off",
    ),
    *shrinking(
        ("options.domain_aliases",),
        (LOCKOUT, LOGIN),
        "people of a domain that is taken away are not sent to their provider",
    ),
    deleting(
        (LOSS, LOCKOUT),
        "its users are deleted with it",
        f"{API}/connections/delete-connections-by-id",
    ),
)
"""What it risks to change one, but for what `agreeing` says."""


def agreeing(options: Iterable[str]) -> Iterator[Hazard]:
    """What it risks to change *options* that have to be what the provider has."""
    for name in options:
        yield Hazard(
            ("options", name),
            (LOCKOUT,),
            "if the provider does not agree, nobody can sign in with it",
            see="authenticate/connection-settings-best-practices",
        )
