"""Each type of resource becomes items of our kinds, in the API's words."""

from __future__ import annotations

import pytest

from foreign.terraform.written import said, source
from support.largely import mostly
from tenantctl.foreign.terraform.makers import MAKERS
from tenantctl.foreign.terraform.types import TYPES
from tenantctl.kinds import KINDS
from tenantctl.model import Secret

GIVEN = """
resource "auth0_client" "web" {
  name = "Web"
}
resource "auth0_connection" "db" {
  name     = "db"
  strategy = "auth0"
}
resource "auth0_resource_server" "api" {
  name       = "API"
  identifier = "https://api.example"
}
resource "auth0_role" "admin" {
  name = "Admin"
}
resource "auth0_organization" "acme" {
  name = "acme"
}
resource "auth0_action" "act" {
  name = "Act"
  supported_triggers {
    id      = "post-login"
    version = "v3"
  }
}
"""
PERMISSION = {"resource_server_identifier": "https://api.example", "permission_name": "read:x"}

CASES = {
    "a client's old names": (
        """
resource "auth0_client" "x" {
  name                         = "X"
  cross_origin_auth            = true
  oidc_backchannel_logout_urls = ["https://a/b"]
  initiate_login_uri           = null
  sso                          = "true"
  mobile {
    ios {
      team_id = "T"
    }
  }
  addons {
    samlp {
      create_upn_claim = false
    }
    wams {
      master_key = "m"
    }
  }
  default_organization {
    disable = true
  }
}
""",
        [
            (
                "clients",
                (),
                {
                    "name": "X",
                    "cross_origin_authentication": True,
                    "oidc_logout": {"backchannel_logout_urls": ["https://a/b"]},
                    "sso": True,
                    "mobile": {"ios": {"team_id": "T"}},
                    "addons": {
                        "samlp": {"createUpnClaim": False},
                        "wams": {"masterkey": Secret("CLIENT_X_ADDONS_WAMS_MASTERKEY")},
                    },
                },
            )
        ],
    ),
    "a client's keys": (
        """
resource "auth0_client_credentials" "x" {
  client_id             = auth0_client.web.id
  authentication_method = "private_key_jwt"
  private_key_jwt {
    credentials {
      name            = "key"
      credential_type = "public_key"
      algorithm       = "RS256"
      pem             = "PUBLIC"
    }
  }
}
""",
        [
            (
                "client_credentials",
                ("auth0_client.web",),
                {"name": "key", "credential_type": "public_key", "alg": "RS256", "pem": "PUBLIC"},
            ),
            (
                "clients",
                (),
                {
                    "name": "Web",
                    "client_authentication_methods": {
                        "private_key_jwt": {
                            "credentials": [{"id": "auth0_client_credentials.x.private_key_jwt.0"}]
                        }
                    },
                },
            ),
        ],
    ),
    "how a client proves who it is": (
        """
resource "auth0_client_credentials" "x" {
  client_id             = auth0_client.web.client_id
  authentication_method = "client_secret_basic"
  client_secret         = "s3cret"
}
""",
        [
            (
                "clients",
                (),
                {
                    "name": "Web",
                    "token_endpoint_auth_method": "client_secret_basic",
                    "client_secret": Secret("CLIENT_CREDENTIALS_X_CLIENT_SECRET"),
                },
            )
        ],
    ),
    "grants": (
        """
resource "auth0_client_grant" "x" {
  client_id = auth0_client.web.id
  audience  = auth0_resource_server.api.identifier
  scopes    = ["read:x"]
}
resource "auth0_client_grant" "y" {
  default_for = "third_party_clients"
  audience    = "https://api.example"
  scope       = []
}
""",
        [
            (
                "client_grants",
                (),
                {
                    "client_id": "auth0_client.web",
                    "audience": "https://api.example",
                    "scope": ["read:x"],
                    "subject_type": "client",
                },
            ),
            (
                "default_client_grants",
                (),
                {
                    "default_for": "third_party_clients",
                    "audience": "https://api.example",
                    "scope": [],
                    "subject_type": "client",
                },
            ),
        ],
    ),
    "scopes in resources of their own": (
        """
resource "auth0_resource_server_scopes" "x" {
  resource_server_identifier = auth0_resource_server.api.identifier
  scopes {
    name        = "read:x"
    description = "Read"
  }
}
resource "auth0_resource_server_scope" "y" {
  resource_server_identifier = auth0_resource_server.api.identifier
  scope                      = "write:x"
}
""",
        [
            (
                "resource_servers",
                (),
                {
                    "name": "API",
                    "identifier": "https://api.example",
                    "scopes": [{"value": "read:x", "description": "Read"}, {"value": "write:x"}],
                },
            )
        ],
    ),
    "a role and its permissions, the old way": (
        """
resource "auth0_role" "x" {
  name = "X"
  permissions {
    resource_server_identifier = auth0_resource_server.api.identifier
    name                       = "read:x"
  }
}
""",
        [("role_permissions", ("auth0_role.x",), {"permissions": [PERMISSION]})],
    ),
    "permissions of roles in resources of their own": (
        """
resource "auth0_role_permissions" "x" {
  role_id = auth0_role.admin.id
  permissions {
    resource_server_identifier = auth0_resource_server.api.identifier
    name                       = "read:x"
  }
}
resource "auth0_role_permission" "y" {
  role_id                    = auth0_role.admin.id
  resource_server_identifier = auth0_resource_server.api.identifier
  permission                 = "write:x"
}
""",
        [
            (
                "role_permissions",
                ("auth0_role.admin",),
                {"permissions": [PERMISSION, {**PERMISSION, "permission_name": "write:x"}]},
            )
        ],
    ),
    "a database": (
        """
resource "auth0_connection" "x" {
  name            = "x"
  strategy        = "auth0"
  enabled_clients = [auth0_client.web.id]
  options {
    password_policy                = "good"
    enabled_database_customization = true
    custom_scripts                 = { login = "code" }
    configuration                  = { K = "v" }
    password_history {
      enable = true
      size   = 3
    }
    validation {
      username {
        min = 1
        max = 9
      }
    }
  }
}
resource "auth0_connection_client" "more" {
  connection_id = auth0_connection.x.id
  client_id     = "other"
}
""",
        [
            (
                "connections",
                (),
                {
                    "name": "x",
                    "strategy": "auth0",
                    "options": {
                        "passwordPolicy": "good",
                        "enabledDatabaseCustomization": True,
                        "customScripts": {"login": "code"},
                        "configuration": {"K": Secret("CONNECTION_X_K")},
                        "password_history": {"enable": True, "size": 3},
                        "validation": {"username": {"min": 1, "max": 9}},
                    },
                },
            ),
            (
                "connection_clients",
                ("auth0_connection.x",),
                {"clients": ["auth0_client.web", "other"]},
            ),
        ],
    ),
    "a social connection, whose scopes are flags": (
        """
resource "auth0_connection" "x" {
  name     = "google-oauth2"
  strategy = "google-oauth2"
  options {
    client_id = "c"
    scopes    = ["email", "gmail", "https://other"]
  }
}
""",
        [
            (
                "connections",
                (),
                {
                    "name": "google-oauth2",
                    "strategy": "google-oauth2",
                    "options": {
                        "client_id": "c",
                        "email": True,
                        "gmail": True,
                        "freeform_scopes": ["https://other"],
                    },
                },
            )
        ],
    ),
    "an OAuth 2 connection": (
        """
resource "auth0_connection" "x" {
  name     = "x"
  strategy = "oauth2"
  options {
    authorization_endpoint = "https://a"
    token_endpoint         = "https://t"
    scopes                 = ["openid", "email"]
    scripts                = { fetchUserProfile = "code" }
  }
}
""",
        [
            (
                "connections",
                (),
                {
                    "name": "x",
                    "strategy": "oauth2",
                    "options": {
                        "authorizationURL": "https://a",
                        "tokenURL": "https://t",
                        "scope": "openid email",
                        "scripts": {"fetchUserProfile": "code"},
                    },
                },
            )
        ],
    ),
    "enterprise connections": (
        """
resource "auth0_connection" "o" {
  name     = "o"
  strategy = "okta"
  options {
    authorization_endpoint = "https://a"
    scopes                 = ["openid"]
    upstream_params        = jsonencode({ s = { alias = "login_hint" } })
  }
}
resource "auth0_connection" "s" {
  name     = "s"
  strategy = "samlp"
  options {
    sign_in_endpoint = "https://i"
    metadata_xml     = "<x/>"
    fields_map       = jsonencode({ email = "e" })
    idp_initiated {
      client_id              = auth0_client.web.id
      client_authorize_query = "q"
    }
  }
}
resource "auth0_connection" "w" {
  name     = "w"
  strategy = "waad"
  options {
    scopes                 = ["basic_profile", "ext_groups"]
    max_groups_to_retrieve = 50
    waad_common_endpoint   = false
  }
}
""",
        [
            (
                "connections",
                (),
                {
                    "name": "o",
                    "strategy": "okta",
                    "options": {
                        "authorization_endpoint": "https://a",
                        "scope": "openid",
                        "upstream_params": {"s": {"alias": "login_hint"}},
                    },
                },
            ),
            (
                "connections",
                (),
                {
                    "name": "s",
                    "strategy": "samlp",
                    "options": {
                        "signInEndpoint": "https://i",
                        "metadataXml": "<x/>",
                        "fieldsMap": {"email": "e"},
                        "idpinitiated": {
                            "client_id": "auth0_client.web",
                            "client_authorizequery": "q",
                        },
                    },
                },
            ),
            (
                "connections",
                (),
                {
                    "name": "w",
                    "strategy": "waad",
                    "options": {
                        "basic_profile": True,
                        "ext_groups": True,
                        "max_groups_to_retrieve": "50",
                        "useCommonEndpoint": False,
                    },
                },
            ),
        ],
    ),
    "connections without passwords": (
        """
resource "auth0_connection" "e" {
  name     = "email"
  strategy = "email"
  options {
    from     = "a@b.example"
    subject  = "S"
    syntax   = "liquid"
    template = "body"
    totp {
      length = 6
    }
  }
}
resource "auth0_connection" "s" {
  name     = "sms"
  strategy = "sms"
  options {
    template     = "body"
    twilio_token = "t"
    provider     = "sms_gateway"
    gateway_authentication {
      method = "bearer"
      secret = "g"
    }
  }
}
""",
        [
            (
                "connections",
                (),
                {
                    "name": "email",
                    "strategy": "email",
                    "options": {
                        "email": {
                            "from": "a@b.example",
                            "subject": "S",
                            "syntax": "liquid",
                            "body": "body",
                        },
                        "totp": {"length": 6},
                    },
                },
            ),
            (
                "connections",
                (),
                {
                    "name": "sms",
                    "strategy": "sms",
                    "options": {
                        "template": "body",
                        "twilio_token": Secret("CONNECTION_S_TWILIO_TOKEN"),
                        "provider": "sms_gateway",
                        "gateway_authentication": {
                            "method": "bearer",
                            "secret": Secret("CONNECTION_S_GATEWAY_AUTHENTICATION_SECRET"),
                        },
                    },
                },
            ),
        ],
    ),
    "what provisions a connection": (
        """
resource "auth0_connection_scim_configuration" "x" {
  connection_id     = auth0_connection.db.id
  user_id_attribute = "externalId"
  mapping {
    auth0 = "a"
    scim  = "s"
  }
}
resource "auth0_connection_directory" "y" {
  connection_id             = auth0_connection.db.id
  synchronize_automatically = true
}
""",
        [
            (
                "connection_scim_configuration",
                ("auth0_connection.db",),
                {"user_id_attribute": "externalId", "mapping": [{"auth0": "a", "scim": "s"}]},
            ),
            (
                "connection_directory_provisioning",
                ("auth0_connection.db",),
                {"synchronize_automatically": True},
            ),
        ],
    ),
    "an organization and what it has": (
        """
resource "auth0_organization_connection" "a" {
  organization_id            = auth0_organization.acme.id
  connection_id              = auth0_connection.db.id
  assign_membership_on_login = true
}
resource "auth0_organization_connections" "b" {
  organization_id = auth0_organization.acme.id
  enabled_connections {
    connection_id = "con_1"
  }
}
resource "auth0_client_grant" "g" {
  client_id = auth0_client.web.id
  audience  = "https://api.example"
}
resource "auth0_organization_client_grant" "c" {
  organization_id = auth0_organization.acme.id
  grant_id        = auth0_client_grant.g.id
}
resource "auth0_organization_discovery_domains" "d" {
  organization_id = auth0_organization.acme.id
  discovery_domains {
    domain = "acme.example"
    status = "verified"
  }
}
resource "auth0_organization_client" "e" {
  organization_id = auth0_organization.acme.id
  client_id       = auth0_client.web.id
}
""",
        [
            (
                "organization_enabled_connections",
                ("auth0_organization.acme",),
                {
                    "connections": [
                        {
                            "connection_id": "auth0_connection.db",
                            "assign_membership_on_login": True,
                        },
                        {"connection_id": "con_1"},
                    ]
                },
            ),
            (
                "organization_client_grants",
                ("auth0_organization.acme",),
                {"grants": ["auth0_client_grant.g"]},
            ),
            (
                "organization_discovery_domains",
                ("auth0_organization.acme",),
                {"domains": [{"domain": "acme.example", "status": "verified"}]},
            ),
            (
                "organization_clients",
                ("auth0_organization.acme",),
                {"clients": [{"client_id": "auth0_client.web"}]},
            ),
        ],
    ),
    "actions at a trigger": (
        """
resource "auth0_trigger_actions" "x" {
  trigger = "post-login"
  actions {
    id           = auth0_action.act.id
    display_name = auth0_action.act.name
  }
}
resource "auth0_trigger_action" "y" {
  trigger   = "credentials-exchange"
  action_id = auth0_action.act.id
}
""",
        [
            (
                "trigger_bindings",
                ("post-login",),
                {"bindings": [{"action": "auth0_action.act", "display_name": "Act"}]},
            ),
            (
                "trigger_bindings",
                ("credentials-exchange",),
                {"bindings": [{"action": "auth0_action.act"}]},
            ),
        ],
    ),
    "an action": (
        """
resource "auth0_action" "x" {
  name    = "X"
  runtime = "node22"
  deploy  = true
  code    = "code"
  supported_triggers {
    id      = "post-login"
    version = "v3"
  }
  dependencies {
    name    = "lodash"
    version = "4.17.21"
  }
  secrets {
    name  = "A"
    value = "literal"
  }
  secrets {
    name  = "B"
    value = auth0_client.web.client_secret
  }
}
""",
        [
            (
                "actions",
                (),
                {
                    "name": "X",
                    "runtime": "node22",
                    "code": "code",
                    "supported_triggers": [{"id": "post-login", "version": "v3"}],
                    "dependencies": [{"name": "lodash", "version": "4.17.21"}],
                    "secrets": [
                        {"name": "A", "value": Secret("ACTION_X_A")},
                        {"name": "B", "value": Secret("ACTION_X_B")},
                    ],
                },
            )
        ],
    ),
    "what actions have replaced": (
        """
resource "auth0_rule" "r" {
  name    = "R"
  script  = "code"
  order   = 1
  enabled = false
}
resource "auth0_rule_config" "c" {
  key   = "K"
  value = "v"
}
resource "auth0_hook" "h" {
  name       = "h"
  script     = "code"
  trigger_id = "credentials-exchange"
  secrets    = { S = "v" }
}
""",
        [
            ("rules", (), {"name": "R", "script": "code", "order": 1, "enabled": False}),
            ("rules_configs", ("K",), {"value": Secret("RULE_CONFIG_C")}),
            ("hooks", (), {"name": "h", "script": "code", "triggerId": "credentials-exchange"}),
            ("hook_secrets", ("auth0_hook.h",), {"S": Secret("HOOK_H_S")}),
        ],
    ),
    "settings of a tenant": (
        """
resource "auth0_tenant" "t" {
  friendly_name           = "Shop"
  session_lifetime        = 0
  idle_session_lifetime   = 1.5
  sandbox_version         = 22
  flags {
    enable_client_connections = false
  }
  mtls {
    disable = true
  }
}
resource "auth0_pages" "p" {
  login {
    enabled = true
    html    = "login"
  }
  guardian_mfa {
    enabled = false
    html    = "mfa"
  }
  error {
    show_log_link = true
  }
}
""",
        [
            (
                "tenant",
                (),
                {
                    "friendly_name": "Shop",
                    "idle_session_lifetime_in_minutes": 90,
                    "sandbox_version": "22",
                    "flags": {"enable_client_connections": False},
                    "guardian_mfa_page": {"enabled": False, "html": "mfa"},
                    "error_page": {"show_log_link": True},
                },
            ),
            (
                "clients",
                (),
                {
                    "name": "All Applications",
                    "custom_login_page_on": True,
                    "custom_login_page": "login",
                },
            ),
        ],
    ),
    "factors": (
        """
resource "auth0_guardian" "g" {
  policy = "never"
  otp    = true
  phone {
    provider      = "twilio"
    message_types = ["sms"]
    options {
      sid                = "AC"
      auth_token         = "t"
      enrollment_message = "e"
    }
  }
  push {
    enabled  = true
    provider = "direct"
    direct_fcm {
      server_key = "k"
    }
  }
  duo {
    enabled    = false
    secret_key = "s"
    hostname   = "h"
  }
}
""",
        [
            ("guardian_policies", (), {"policies": []}),
            ("guardian_factors", ("duo",), {"enabled": False}),
            ("guardian_factors", ("otp",), {"enabled": True}),
            ("guardian_factors", ("sms",), {"enabled": True}),
            ("guardian_factors", ("push-notification",), {"enabled": True}),
            ("guardian_phone_provider", (), {"provider": "twilio"}),
            ("guardian_phone_message_types", (), {"message_types": ["sms"]}),
            (
                "guardian_phone_twilio",
                (),
                {"sid": "AC", "auth_token": Secret("GUARDIAN_G_AUTH_TOKEN")},
            ),
            ("guardian_phone_templates", (), {"enrollment_message": "e"}),
            ("guardian_push_provider", (), {"provider": "direct"}),
            ("guardian_push_fcm", (), {"server_key": Secret("GUARDIAN_G_SERVER_KEY")}),
            (
                "guardian_duo_settings",
                (),
                {"skey": Secret("GUARDIAN_G_SKEY"), "host": "h"},
            ),
        ],
    ),
    "shields": (
        """
resource "auth0_attack_protection" "a" {
  suspicious_ip_throttling {
    enabled = true
    pre_login {
      max_attempts = 1
    }
  }
  breached_password_detection {
    enabled = true
    pre_user_registration {
      shields = ["block"]
    }
  }
  captcha {
    active_provider_id = "hcaptcha"
    hcaptcha {
      site_key = "k"
      secret   = "s"
    }
  }
}
resource "auth0_phone_provider_protection" "p" {
  type = "exponential"
}
""",
        [
            (
                "attack_protection",
                ("suspicious_ip_throttling",),
                {"enabled": True, "stage": {"pre-login": {"max_attempts": 1}}},
            ),
            (
                "attack_protection",
                ("breached_password_detection",),
                {"enabled": True, "stage": {"pre-user-registration": {"shields": ["block"]}}},
            ),
            (
                "attack_protection",
                ("captcha",),
                {
                    "active_provider_id": "hcaptcha",
                    "hcaptcha": {
                        "site_key": "k",
                        "secret": Secret("ATTACK_PROTECTION_A_HCAPTCHA_SECRET"),
                    },
                },
            ),
            ("attack_protection", ("phone_provider_protection",), {"type": "exponential"}),
        ],
    ),
    "branding and its template": (
        """
resource "auth0_branding" "b" {
  logo_url = "https://l"
  colors {
    primary = "#fff"
  }
  universal_login {
    body = "template"
  }
}
""",
        [
            ("branding", (), {"logo_url": "https://l", "colors": {"primary": "#fff"}}),
            ("universal_login_template", (), {"template": "template"}),
        ],
    ),
    "prompts": (
        """
resource "auth0_prompt" "p" {
  identifier_first = true
}
resource "auth0_prompt_custom_text" "t" {
  prompt   = "login"
  language = "en"
  body     = jsonencode({ login = { title = "Hi" } })
}
resource "auth0_prompt_partials" "o" {
  prompt             = "signup"
  form_content_start = "<b/>"
}
resource "auth0_prompt_screen_partial" "q" {
  prompt_type = "login"
  screen_name = "login"
  insertion_points {
    form_content_end = "<i/>"
  }
}
resource "auth0_prompt_screen_renderer" "r" {
  prompt_type    = "login-id"
  screen_name    = "login-id"
  rendering_mode = "advanced"
  head_tags      = jsonencode([{ tag = "script" }])
}
""",
        [
            ("prompts", (), {"identifier_first": True}),
            ("prompt_custom_text", ("login", "en"), {"login": {"title": "Hi"}}),
            ("prompt_partials", ("signup",), {"signup": {"form-content-start": "<b/>"}}),
            ("prompt_partials", ("login",), {"login": {"form-content-end": "<i/>"}}),
            (
                "prompt_rendering",
                ("login-id", "login-id"),
                {"rendering_mode": "advanced", "head_tags": [{"tag": "script"}]},
            ),
        ],
    ),
    "e-mail": (
        """
resource "auth0_email" "e" {
  name                 = "ses"
  default_from_address = "a@b.example"
  credentials {
    access_key_id     = "i"
    secret_access_key = "k"
    region            = "eu-west-1"
  }
  settings {
    message {
      configuration_set_name = "c"
    }
  }
}
resource "auth0_email_template" "w" {
  template                = "welcome_email"
  body                    = "hi"
  url_lifetime_in_seconds = 60
}
""",
        [
            (
                "email_provider",
                (),
                {
                    "name": "ses",
                    "default_from_address": "a@b.example",
                    "credentials": {
                        "accessKeyId": Secret("EMAIL_E_ACCESS_KEY_ID"),
                        "secretAccessKey": Secret("EMAIL_E_SECRET_ACCESS_KEY"),
                        "region": "eu-west-1",
                    },
                    "settings": {"message": {"configuration_set_name": "c"}},
                },
            ),
            ("email_templates", ("welcome_email",), {"body": "hi", "urlLifetimeInSeconds": 60}),
        ],
    ),
    "streams": (
        """
resource "auth0_log_stream" "l" {
  name    = "l"
  type    = "http"
  status  = "active"
  filters = [{ type = "category", name = "auth.login.fail" }]
  sink {
    http_endpoint      = "https://e"
    http_authorization = "a"
  }
}
resource "auth0_event_stream" "e" {
  name             = "e"
  destination_type = "webhook"
  subscriptions    = ["user.created"]
  webhook_configuration {
    webhook_endpoint = "https://e"
    webhook_authorization {
      method   = "bearer"
      token_wo = "t"
    }
  }
}
""",
        [
            (
                "log_streams",
                (),
                {
                    "name": "l",
                    "type": "http",
                    "status": "active",
                    "filters": [{"type": "category", "name": "auth.login.fail"}],
                    "sink": {
                        "httpEndpoint": "https://e",
                        "httpAuthorization": Secret("LOG_STREAM_L_HTTP_AUTHORIZATION"),
                    },
                },
            ),
            (
                "event_streams",
                (),
                {
                    "name": "e",
                    "destination": {
                        "type": "webhook",
                        "configuration": {
                            "webhook_endpoint": "https://e",
                            "webhook_authorization": {
                                "method": "bearer",
                                "token": Secret("EVENT_STREAM_E_WEBHOOK_AUTHORIZATION_TOKEN"),
                            },
                        },
                    },
                    "subscriptions": [{"event_type": "user.created"}],
                },
            ),
        ],
    ),
    "forms and flows": (
        """
resource "auth0_flow_vault_connection" "v" {
  name   = "v"
  app_id = "HTTP"
  setup  = { type = "BEARER", token = "t" }
}
resource "auth0_flow" "f" {
  name    = "f"
  actions = jsonencode([
    { id = "a", params = { connection_id = auth0_flow_vault_connection.v.id } }
  ])
}
""",
        [
            (
                "flow_vault_connections",
                (),
                {
                    "name": "v",
                    "app_id": "HTTP",
                    "setup": {
                        "type": "BEARER",
                        "token": Secret("FLOW_VAULT_CONNECTION_V_TOKEN"),
                    },
                },
            ),
            (
                "flows",
                (),
                {
                    "name": "f",
                    "actions": [
                        {"id": "a", "params": {"connection_id": "auth0_flow_vault_connection.v"}}
                    ],
                },
            ),
        ],
    ),
    "types of one strategy": (
        """
resource "auth0_connection_okta" "o" {
  name          = "o"
  display_name  = "O"
  client_id     = "c"
  client_secret = "s"
  scopes        = ["openid", "email"]
}
resource "auth0_connection_database" "d" {
  name            = "d"
  password_policy = "good"
  password_history {
    enable = true
  }
}
""",
        [
            (
                "connections",
                (),
                {
                    "name": "o",
                    "display_name": "O",
                    "strategy": "okta",
                    "options": {
                        "client_id": "c",
                        "client_secret": Secret("CONNECTION_OKTA_O_CLIENT_SECRET"),
                        "scope": "openid email",
                    },
                },
            ),
            (
                "connections",
                (),
                {
                    "name": "d",
                    "strategy": "auth0",
                    "options": {"passwordPolicy": "good", "password_history": {"enable": True}},
                },
            ),
        ],
    ),
    "blocks that are maps": (
        """
resource "auth0_user_attribute_profile" "p" {
  name = "p"
  user_id {
    oidc_mapping = "sub"
    strategy_overrides {
      strategy     = "okta"
      oidc_mapping = "email"
    }
  }
  user_attributes {
    name          = "email"
    label         = "E"
    auth0_mapping = "email"
    oidc_mapping {
      mapping = "m"
    }
    strategy_overrides {
      strategy     = "waad"
      scim_mapping = "userName"
    }
  }
}
resource "auth0_experiment_feature_flag" "f" {
  name = "f"
  parameters {
    name  = "on"
    type  = "boolean"
    value = "false"
  }
  parameters {
    name  = "label"
    type  = "string"
    value = "false"
  }
}
""",
        [
            (
                "user_attribute_profiles",
                (),
                {
                    "name": "p",
                    "user_id": {
                        "oidc_mapping": "sub",
                        "strategy_overrides": {"okta": {"oidc_mapping": "email"}},
                    },
                    "user_attributes": {
                        "email": {
                            "label": "E",
                            "auth0_mapping": "email",
                            "oidc_mapping": {"mapping": "m"},
                            "strategy_overrides": {"waad": {"scim_mapping": "userName"}},
                        }
                    },
                },
            ),
            (
                "feature_flags",
                (),
                {
                    "name": "f",
                    "parameters": {
                        "on": {"type": "boolean", "value": False},
                        "label": {"type": "string", "value": "false"},
                    },
                },
            ),
        ],
    ),
    "what is one item as it is written": (
        """
resource "auth0_custom_domain" "d" {
  domain = "login.example"
  type   = "auth0_managed_certs"
}
resource "auth0_phone_provider" "p" {
  name = "twilio"
  credentials {
    auth_token = "t"
  }
  configuration {
    delivery_methods = ["text"]
    sid              = "AC"
  }
}
resource "auth0_network_acl" "n" {
  description = "Block"
  active      = true
  priority    = 1
  rule {
    scope = "tenant"
    action {
      block = true
    }
    match {
      geo_country_codes = ["XX"]
    }
  }
}
resource "auth0_token_exchange_profile" "t" {
  name               = "t"
  subject_token_type = "urn:x"
  action_id          = auth0_action.act.id
  type               = "custom_authentication"
}
resource "auth0_self_service_profile" "s" {
  name = "s"
  branding {
    colors {
      primary = "#fff"
    }
  }
}
resource "auth0_self_service_profile_custom_text" "w" {
  sso_id   = auth0_self_service_profile.s.id
  language = "en"
  page     = "get-started"
  body     = jsonencode({ introduction = "hi" })
}
""",
        [
            ("custom_domains", (), {"domain": "login.example", "type": "auth0_managed_certs"}),
            (
                "phone_providers",
                (),
                {
                    "name": "twilio",
                    "credentials": {"auth_token": Secret("PHONE_PROVIDER_P_AUTH_TOKEN")},
                    "configuration": {"delivery_methods": ["text"], "sid": "AC"},
                },
            ),
            (
                "network_acls",
                (),
                {
                    "description": "Block",
                    "active": True,
                    "priority": 1,
                    "rule": {
                        "scope": "tenant",
                        "action": {"block": True},
                        "match": {"geo_country_codes": ["XX"]},
                    },
                },
            ),
            (
                "token_exchange_profiles",
                (),
                {
                    "name": "t",
                    "subject_token_type": "urn:x",
                    "action_id": "auth0_action.act",
                    "type": "custom_authentication",
                },
            ),
            (
                "self_service_profiles",
                (),
                {"name": "s", "branding": {"colors": {"primary": "#fff"}}},
            ),
            (
                "self_service_profile_custom_text",
                ("auth0_self_service_profile.s", "en", "get-started"),
                {"introduction": "hi"},
            ),
        ],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_resources_become_items_in_the_words_of_the_api(tmp_path, case):
    text, expected = CASES[case]
    found = [
        (item.kind, item.owners, dict(item.fields)) for item in source(tmp_path, GIVEN + text).items
    ]
    for item in expected:
        assert item in found


@pytest.mark.parametrize("case", CASES)
def test_nothing_of_them_is_lost(tmp_path, case):
    notes = said(source(tmp_path, GIVEN + CASES[case][0]))
    assert {level for level, _, _ in notes} <= {"secret"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "auth0_client_grant",
            "it is left out, because its client_id is not known: it is not there",
        ),
        ("auth0_role", "it is left out, because its name is not there"),
        ("auth0_connection_client", "because its connection_id is not known: it is not there"),
        ("auth0_trigger_actions", "because its trigger is not known: it is not there"),
        ("auth0_role_permission", "because its role_id is not known: it is not there"),
        ("auth0_rule_config", "it is left out, because its key is not there"),
        ("auth0_prompt_custom_text", "it is left out: its body has to be a JSON object"),
        ("auth0_prompt_screen_partial", "it is left out, because its prompt_type is not known"),
        ("auth0_client_credentials", "because its client_id is not known: it is not there"),
        ("auth0_organization_client_grant", "because its organization_id is not known"),
    ],
)
def test_resources_without_what_makes_them_are_left_out_with_a_note(tmp_path, text, message):
    found = source(tmp_path, f'resource "{text}" "x" {{}}\n')
    assert not found.items
    assert any(message in each for _, _, each in said(found))


@pytest.mark.parametrize("name", TYPES)
def test_empty_resources_of_every_type_are_read(tmp_path, name):
    found = source(tmp_path, f'resource "{name}" "x" {{}}\n')
    assert {item.kind for item in found.items} <= set(KINDS)


@pytest.mark.parametrize("name", TYPES)
def test_every_type_is_of_a_kind_or_is_made_or_is_lost_with_a_reason(name):
    type = TYPES[name]
    assert bool(type.lost) != bool(type.kind or type.make)
    assert type.make in MAKERS
    assert not type.kind or type.kind in KINDS


ODD = ['"x"', "1", "true", "[]", '["x"]', "{}", '{ a = "b" }', "[{}]", "[[1]]", "null", "uuid()"]
ARGUMENTS = [
    "actions",
    "action_id",
    "addons",
    "audience",
    "authentication_method",
    "body",
    "branding",
    "client_id",
    "clients",
    "colors",
    "connection_id",
    "connections",
    "credentials",
    "custom_login_page",
    "default_organization",
    "dependencies",
    "destination_type",
    "discovery_domains",
    "domain",
    "duo",
    "enabled_clients",
    "enabled_connections",
    "eventbridge_configuration",
    "grant_id",
    "identifier",
    "insertion_points",
    "key",
    "language",
    "mobile",
    "name",
    "options",
    "organization_id",
    "page",
    "permission",
    "permissions",
    "phone",
    "policy",
    "private_key_jwt",
    "prompt",
    "prompt_type",
    "push",
    "resource_server_identifier",
    "role_id",
    "scope",
    "scopes",
    "screen_name",
    "screen_partials",
    "secrets",
    "settings",
    "sink",
    "sso_id",
    "strategy",
    "subscriptions",
    "supported_triggers",
    "template",
    "token_encryption",
    "trigger",
    "type",
    "universal_login",
    "validation",
    "webhook_configuration",
]


@pytest.mark.parametrize("name", mostly(TYPES, fast=[*TYPES][::10], rest=pytest.mark.thorough))
def test_arguments_of_any_type_are_read_without_an_exception(tmp_path, name):
    arguments = [[f"  {argument} = {value}" for argument in ARGUMENTS] for value in ODD]
    text = [
        f'resource "{name}" "x{number}" {{\n' + "\n".join(each) + "\n}\n"
        for number, each in enumerate(arguments)
    ]
    found = source(tmp_path, "".join(text))
    assert {item.kind for item in found.items} <= set(KINDS)
