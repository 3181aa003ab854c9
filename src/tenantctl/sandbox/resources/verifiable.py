"""Templates by which verifiable credentials are checked."""

from tenantctl.sandbox import identity
from tenantctl.sandbox.resources.risk import stamped
from tenantctl.sandbox.service import collection_routes
from tenantctl.sandbox.store import Document
from tenantctl.sandbox.wire import Call, Collection, Paging, limits


def _complete(call: Call, new: Document, old: Document) -> Document:
    """`version` is taken and not shown; a certificate authority that is not named is null."""
    kept = {name: value for name, value in new.items() if name != "version"}
    return stamped(call, {"custom_certificate_authority": None, **kept}, old)


TEMPLATES = Collection(
    name="verifiable_credential_templates",
    path="/verifiable-credentials/verification/templates",
    mint=identity.compact("vct_"),
    noun="vdcs_templates",
    paging=Paging("templates", "only_checkpoint"),
    missing=("The verifiable credential template does not exist.", None),
    unique=(("name", "Template (name) already exists."),),
    limits=limits({"presentation": {"required": ("org.iso.18013.5.1.mDL",)}}),
    complete=_complete,
)

ROUTES = collection_routes(TEMPLATES)
