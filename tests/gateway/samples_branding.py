"""Samples of messages to phones, of what stands on pages, of credentials and of experiments."""

from gateway.sample import Sample
from gateway.world import resource
from tenantctl.model import Ref, Secret

LOGIN = resource("custom_domains.login", domain="login.example.com", type="auth0_managed_certs")
SENDER = resource(
    "phone_providers.sender",
    name="twilio",
    configuration={"sid": "AC1", "delivery_methods": ["text"]},
    credentials={"auth_token": Secret("TOKEN")},
)
GREEN = {"colour": {"type": "string", "value": "green"}}
FLAG = resource("feature_flags.checkout", name="Checkout", parameters=GREEN)
CONTROL = resource("feature_flag_variations.checkout/control", name="Control", overrides={})
EVERYONE = resource(
    "segments.everyone", name="Everyone", rules=[{"match": {"country": ["DE", "AT"]}}]
)

BRANDING = (
    Sample(SENDER, "configuration.sid", "AC2"),
    Sample(
        resource(
            "phone_templates.otp_verify",
            type="otp_verify",
            content={"from": "+15550000000", "body": {"text": "{{ code }}", "voice": "{{ code }}"}},
        ),
        "content.from",
        "+15550000001",
        (SENDER,),
    ),
    Sample(
        resource("prompt_partials.login", login={"form-content-start": "<b>Hello</b>"}),
        "login.form-content-start",
        "<b>Welcome</b>",
        (LOGIN,),
    ),
    Sample(
        resource(
            "prompt_rendering.login-id/login-id",
            rendering_mode="advanced",
            context_configuration=["branding.settings"],
        ),
        "rendering_mode",
        "standard",
        (LOGIN,),
    ),
    Sample(
        resource(
            "verifiable_credential_templates.licence",
            name="licence",
            type="mdl",
            dialect="simplified/1.0",
            presentation={"org.iso.18013.5.1.mDL": {"org.iso.18013.5.1": {"given_name": False}}},
            well_known_trusted_issuers="aamva",
        ),
        "presentation",
        {"org.iso.18013.5.1.mDL": {"org.iso.18013.5.1": {"given_name": True}}},
    ),
    Sample(FLAG, "description", "the way to pay"),
    Sample(
        resource("feature_flag_variations.checkout/red", name="Red", overrides={}),
        "description",
        "otherwise",
        (FLAG, CONTROL),
    ),
    Sample(EVERYONE, "description", "all of them"),
    Sample(
        resource(
            "experiments.checkout",
            name="Checkout",
            feature_flag_id=Ref(FLAG.address),
            authentication_flow="authentication",
            allocation_strategy="percentage",
            levels=[10, 100],
            allocations=[{"variation_id": Ref(CONTROL.address), "weight": 100, "is_control": True}],
        ),
        "description",
        "which sells more",
        (FLAG, CONTROL),
    ),
)
