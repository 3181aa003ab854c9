"""The resources that steps are carried out on."""

from gateway.world import resource
from tenantctl.model import Address, Secret

WEB = Address("clients", "web-shop")
SHOP = resource(
    "clients.web-shop",
    name="Web Shop",
    app_type="spa",
    callbacks=["https://a"],
    client_metadata={"a": "1", "b": "2"},
)
DATABASE = resource(
    "connections.customers",
    name="customers",
    strategy="auth0",
    options={
        "passwordPolicy": "good",
        "configuration": {"KEY": Secret("TOKEN")},
        "mfa": {"active": True, "return_enroll_settings": True},
    },
)
KEY = ("options", "configuration", "KEY")
