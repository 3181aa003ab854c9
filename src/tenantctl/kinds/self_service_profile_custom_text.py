"""Texts of a page of the self-service assistant in a language, replaced as a whole."""

from tenantctl.kinds.hazard import anything
from tenantctl.kinds.kind import Kind, Rule, Wire

PATH = "/self-service-profiles/{parent}/custom-text/{1}/{2}"
NOUN = "self_service_profile_custom_texts"

KIND = Kind(
    name="self_service_profile_custom_text",
    shape="self_service_profile_custom_text",
    wire=Wire(
        read=PATH,
        update=f"PUT {PATH}",
        scopes={"read": f"read:{NOUN}", "update": f"update:{NOUN}"},
    ),
    parents=("self_service_profiles",),
    parts=("profile", "language", "page"),
    fixed=True,
    endings=("en/get-started",),
    rank=24,
    empty={},
    rules=(Rule((), map="open", write="replace"),),
    reach="nobody",
    risks=(anything((), "only administrators of customers read it"),),
)
