"""Samples of multi-factor authentication, of attack protection, and of what else is set."""

from gateway.sample import Sample
from gateway.world import resource
from tenantctl.model import Ref, Secret, Text

TEXTS = resource("guardian_factors.sms", name="sms", enabled=True)
PUSHES = resource("guardian_factors.push-notification", name="push-notification", enabled=True)
DUO = resource("guardian_factors.duo", name="duo", enabled=True)
LOGIN = resource("custom_domains.login", domain="login.example.com", type="auth0_managed_certs")
SHOP = resource("custom_domains.shop", domain="shop.example.com", type="auth0_managed_certs")
WEB = resource("clients.web", name="Web")
FAR = {"geo_country_codes": ["XX", "YY"]}

FACTORS = (
    Sample(TEXTS, "enabled", False),
    Sample(
        resource("guardian_policies", policies=["all-applications"]),
        "policies",
        ["all-applications", "confidence-score"],
    ),
    Sample(
        resource(
            "guardian_settings",
            display_remember_me_checkbox=False,
            remember_me_default_value=True,
            mfa_session_inactivity_timeout=86400,
            mfa_session_overall_timeout=172800,
        ),
        "mfa_session_overall_timeout",
        86400,
    ),
    Sample(
        resource("guardian_email_settings", otp_length=8, otp_expiration_time=600),
        "otp_length",
        7,
    ),
    Sample(
        resource("guardian_phone_settings", otp_length=8, otp_expiration_time=600),
        "otp_length",
        7,
    ),
    Sample(
        resource("guardian_phone_message_types", message_types=["sms", "voice"]),
        "message_types",
        ["voice"],
        (TEXTS,),
    ),
    Sample(
        resource("guardian_phone_twilio", sid="AC1", auth_token=Secret("TOKEN"), **{"from": "+1"}),
        "sid",
        "AC2",
        (TEXTS,),
    ),
    Sample(resource("guardian_phone_provider", provider="twilio"), "provider", "auth0", (TEXTS,)),
    Sample(
        resource(
            "guardian_phone_templates",
            enrollment_message="Enrol with {{code}}",
            verification_message="Your code: {{code}}",
        ),
        "verification_message",
        "{{code}}",
        (TEXTS,),
    ),
    Sample(
        resource("guardian_push_apns", bundle_id="com.example.shop", p12=Secret("TOKEN")),
        "bundle_id",
        "com.example.other",
        (PUSHES,),
    ),
    Sample(
        resource("guardian_push_fcm", server_key=Secret("TOKEN")), "server_key", None, (PUSHES,)
    ),
    Sample(
        resource("guardian_push_fcmv1", server_credentials=Secret("TOKEN")),
        "server_credentials",
        None,
        (PUSHES,),
    ),
    Sample(
        resource(
            "guardian_push_sns",
            aws_access_key_id="AKIA1",
            aws_secret_access_key=Secret("TOKEN"),
            aws_region="eu-west-1",
        ),
        "aws_region",
        "eu-central-1",
        (PUSHES,),
    ),
    Sample(resource("guardian_push_provider", provider="sns"), "provider", "direct", (PUSHES,)),
    Sample(
        resource("guardian_duo_settings", ikey="DI1", skey=Secret("TOKEN"), host="duo.example"),
        "ikey",
        "DI2",
        (DUO,),
    ),
)
SETTINGS = (
    *FACTORS,
    Sample(
        resource("attack_protection.phone_provider_protection", type="exponential"),
        "type",
        "default",
    ),
    Sample(resource("risk_assessment_settings", enabled=True), "enabled", False),
    Sample(resource("risk_assessment_new_device", remember_for=60), "remember_for", 90),
    Sample(resource("supplemental_signals", akamai_enabled=True), "akamai_enabled", False),
    Sample(
        resource(
            "captcha_policies.far",
            name="far",
            priority=1,
            match=FAR,
            action={
                "active_provider_id": "hcaptcha",
                "hcaptcha": {"site_key": "s", "secret": Secret("TOKEN")},
            },
        ),
        "action.hcaptcha.site_key",
        "t",
    ),
    Sample(
        resource("network_acl_keys.edge", name="edge", alg="hmac-sha256", value=Secret("TOKEN")),
        "",
        None,
    ),
    Sample(
        resource(
            "rate_limit_policies.web",
            resource="oauth_authentication_api",
            consumer="client",
            consumer_selector=Text(("client_id:", Ref(WEB.address, "client_id"))),
            configuration={"action": "block", "limit": 10},
        ),
        "configuration.limit",
        20,
        (WEB,),
    ),
    Sample(
        resource(
            "custom_signing_keys",
            keys=[{"kid": "one", "kty": "RSA", "use": "sig", "e": "AQAB", "n": "sXch"}],
        ),
        "keys",
        [{"kid": "two", "kty": "RSA", "use": "sig", "e": "AQAB", "n": "sXch"}],
    ),
    Sample(
        resource("custom_domain_default", domain=Ref(LOGIN.address, "domain")),
        "domain",
        Ref(SHOP.address, "domain"),
        (LOGIN, SHOP),
    ),
)
