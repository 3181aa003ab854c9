"""For every kind: a resource with what it needs, and one field of it that changes."""

from gateway.sample import Sample
from gateway.samples_branding import BRANDING
from gateway.samples_code import CODE
from gateway.samples_organizations import ORGANIZATIONS
from gateway.samples_settings import SETTINGS
from gateway.world import resource
from tenantctl.model import Ref, Secret

SHOP = resource("clients.web-shop", name="Web Shop", app_type="spa", callbacks=["https://a"])
CUSTOMERS = resource(
    "connections.customers",
    name="customers",
    strategy="auth0",
    options={"passwordPolicy": "good", "mfa": {"active": True, "return_enroll_settings": True}},
)
STAFF = resource(
    "connections.staff",
    name="staff",
    strategy="google-apps",
    options={"client_id": "a", "domain": "staff.example", "tenant_domain": "staff.example"},
)
PARTNERS = resource(
    "connections.partners",
    name="partners",
    strategy="okta",
    options={"client_id": "a", "domain": "partners.okta.com"},
)
DIRECTORY = resource(
    "connection_directory_provisioning.staff",
    mapping=[{"auth0": "email", "idp": "primaryEmail"}],
    synchronize_groups="selected",
)
EMAIL = {"description": "Mail", "label": "Email", "profile_required": True}
PORTAL = resource("self_service_profiles.portal", name="portal", allowed_strategies=["samlp"])
ORDERS = resource(
    "resource_servers.orders",
    identifier="https://orders",
    name="Orders",
    token_lifetime=3600,
    scopes=[{"value": "read:orders", "description": "x"}, {"value": "write:orders"}],
)
CLERK = resource("roles.clerk", name="clerk", description="sells")
CLAIMS = resource(
    "actions.claims",
    name="claims",
    code="exports.a = 1;",
    runtime="node22",
    supported_triggers=[{"id": "post-login", "version": "v3"}],
    secrets=[{"name": "KEY", "value": Secret("TOKEN")}],
    dependencies=[{"name": "lodash", "version": "4.17.21"}],
    deployed=True,
)
LOGIN = resource("custom_domains.login", domain="login.example.com", type="auth0_managed_certs")
COLORS = """
base_focus_color base_hover_color body_text error header icons input_background input_border
input_filled_text input_labels_placeholders links_focused_components primary_button
primary_button_label secondary_button_border secondary_button_label success widget_background
widget_border
"""
FONTS = ("title", "subtitle", "body_text", "buttons_text", "input_labels", "links")
THEME = resource(
    "branding_theme",
    displayName="Theme",
    borders={
        "button_border_radius": 3,
        "button_border_weight": 1,
        "buttons_style": "rounded",
        "input_border_radius": 3,
        "input_border_weight": 1,
        "inputs_style": "rounded",
        "show_widget_shadow": False,
        "widget_border_weight": 1,
        "widget_corner_radius": 6,
    },
    colors=dict.fromkeys(COLORS.split(), "#2f4f3a"),
    fonts={
        "font_url": "",
        "links_style": "underlined",
        "reference_text_size": 16,
        **{key: {"bold": False, "size": 100} for key in FONTS},
    },
    page_background={
        "background_color": "#f7f4ef",
        "background_image_url": "",
        "page_layout": "center",
    },
    widget={
        "header_text_alignment": "center",
        "logo_height": 52,
        "logo_position": "center",
        "logo_url": "",
        "social_buttons_layout": "bottom",
    },
)
PROVIDER = resource(
    "email_provider",
    name="smtp",
    enabled=True,
    default_from_address="a@b.example",
    credentials={
        "smtp_host": "mail.example",
        "smtp_port": 587,
        "smtp_user": "u",
        "smtp_pass": Secret("TOKEN"),
    },
)

EVERY = (
    *ORGANIZATIONS,
    *CODE,
    *SETTINGS,
    *BRANDING,
    Sample(resource("tenant", friendly_name="One", session_lifetime=12), "friendly_name", "Two"),
    Sample(LOGIN, "custom_client_ip_header", "cf-connecting-ip"),
    Sample(PROVIDER, "credentials.smtp_host", "other.example"),
    Sample(
        resource(
            "attack_protection.brute_force_protection",
            enabled=True,
            shields=["block", "user_notification"],
            max_attempts=5,
        ),
        "shields",
        ["block"],
    ),
    Sample(SHOP, "callbacks", ["https://b", "https://a"]),
    Sample(ORDERS, "scopes", [{"value": "read:orders", "description": "y"}]),
    Sample(CUSTOMERS, "options.passwordPolicy", "fair"),
    Sample(
        resource("connection_clients.customers", clients=[Ref(SHOP.address, "client_id")]),
        "clients",
        [],
        (SHOP, CUSTOMERS),
    ),
    Sample(
        resource(
            "connection_scim_configuration.partners",
            user_id_attribute="externalId",
            mapping=[{"auth0": "email", "scim": "userName"}],
        ),
        "user_id_attribute",
        "id",
        (PARTNERS,),
    ),
    Sample(DIRECTORY, "synchronize_automatically", True, (STAFF,)),
    Sample(
        resource("connection_synchronized_groups.staff", groups=[{"id": "group1abc"}]),
        "groups",
        [],
        (STAFF, DIRECTORY),
    ),
    Sample(
        resource("connection_profiles.express", name="express", enabled_features=["scim"]),
        "enabled_features",
        ["universal_logout", "scim"],
    ),
    Sample(
        resource(
            "user_attribute_profiles.staff",
            name="staff",
            user_attributes={"email": {**EMAIL, "auth0_mapping": "email"}},
        ),
        "user_attributes.email.label",
        "E-mail",
    ),
    Sample(PORTAL, "allowed_strategies", ["samlp", "oidc"]),
    Sample(
        resource("self_service_profile_custom_text.portal/en/get-started", title="Hello"),
        "title",
        "Good day",
        (PORTAL,),
    ),
    Sample(
        resource(
            "client_grants.web-shop/orders/client",
            client_id=Ref(SHOP.address, "client_id"),
            audience=Ref(ORDERS.address, "identifier"),
            subject_type="client",
            scope=["read:orders"],
        ),
        "scope",
        ["write:orders", "read:orders"],
        (SHOP, ORDERS),
    ),
    Sample(CLERK, "description", "sells things"),
    Sample(
        resource(
            "role_permissions.clerk",
            permissions=[
                {
                    "resource_server_identifier": Ref(ORDERS.address, "identifier"),
                    "permission_name": "read:orders",
                }
            ],
        ),
        "permissions",
        [],
        (ORDERS, CLERK),
    ),
    Sample(CLAIMS, "code", "exports.a = 2;"),
    Sample(
        resource(
            "trigger_bindings.post-login",
            bindings=[{"action": Ref(CLAIMS.address), "display_name": "Claims"}],
        ),
        "bindings",
        [{"action": Ref(CLAIMS.address), "display_name": "More claims"}],
        (CLAIMS,),
    ),
    Sample(
        resource("branding", logo_url="https://x/l.png", colors={"primary": "#2f4f3a"}),
        "colors.primary",
        "#000000",
    ),
    Sample(THEME, "borders.widget_corner_radius", 9),
    Sample(
        resource(
            "universal_login_template", template="<body>{%- auth0:head -%}{%- auth0:widget -%}"
        ),
        "template",
        "<body class=x>{%- auth0:head -%}{%- auth0:widget -%}",
        (LOGIN,),
    ),
    Sample(resource("prompts", identifier_first=True), "identifier_first", False),
    Sample(
        resource("prompt_custom_text.login/de", login={"title": "Hallo", "description": "Du"}),
        "login.title",
        "Guten Tag",
    ),
    Sample(
        resource(
            "email_templates.verify_email",
            template="verify_email",
            body="<p>{{ url }}</p>",
            subject="Please verify",
            syntax="liquid",
            enabled=True,
            **{"from": "a@b.example"},
        ),
        "subject",
        "Please do verify",
        (PROVIDER,),
    ),
    Sample(
        resource(
            "log_streams.datadog",
            name="datadog",
            type="datadog",
            sink={"datadogApiKey": Secret("TOKEN"), "datadogRegion": "eu"},
        ),
        "sink.datadogRegion",
        "us",
    ),
    Sample(
        resource(
            "network_acls.geo",
            description="geo",
            active=True,
            priority=1,
            rule={
                "action": {"block": True},
                "match": {"geo_country_codes": ["XX", "YY"]},
                "scope": "authentication",
            },
        ),
        "active",
        False,
    ),
)
