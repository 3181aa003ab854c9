"""The page template of Universal Login; the API refuses it without a verified custom domain."""

from tenantctl.kinds.hazard import LOCKOUT, LOGIN, anything, deleting
from tenantctl.kinds.kind import Hooks, Kind, Rule, Wire
from tenantctl.kinds.scopes import scopes
from tenantctl.model import Json


def read(document: Json) -> Json:
    """A GET answers `body` where a PUT takes `template`."""
    return {"template": document["body"]} if "body" in document else document


KIND = Kind(
    name="universal_login_template",
    shape="branding_universal_login_template",
    wire=Wire(
        read="/branding/templates/universal-login",
        update="PUT /branding/templates/universal-login",
        delete="DELETE /branding/templates/universal-login",
        absent=True,
        scopes=scopes("branding"),
    ),
    after=("custom_domains",),
    folder="pages",
    rank=62,
    rules=(Rule(("template",), text="liquid", unset="illegal"),),
    hooks=Hooks(read=read),
    reach="everybody",
    risks=(
        anything(
            (LOCKOUT, LOGIN),
            "it is the page that people sign in on",
            "customize/login-pages/universal-login/customize-templates",
        ),
        deleting((LOGIN,), "people sign in on the page that Auth0 provides"),
    ),
)
