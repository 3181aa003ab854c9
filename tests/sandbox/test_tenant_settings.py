"""Tenant settings: what a new tenant has, what nobody chose (recorded traffic 7b, 2026-05)."""

PATH = "/tenants/settings"


def test_few_settings_stand_in_a_new_tenant(api):
    assert api.get(PATH) == {
        "client_id_metadata_document_supported": False,
        "enabled_locales": ["en"],
        "flags": {
            "allow_changing_enable_sso": False,
            "disable_clickjack_protection_headers": False,
            "disable_impersonation": True,
            "enable_sso": True,
            "revoke_refresh_token_grant": False,
            "universal_login": True,
        },
        "oidc_logout": {"rp_logout_end_session_endpoint_discovery": True},
        "resource_parameter_profile": "compatibility",
        "sandbox_version": "22",
        "sandbox_versions_available": ["22", "18"],
    }


def test_an_update_tells_only_what_somebody_chose(api):
    name = "client_id_metadata_document_supported"
    assert name not in api.patch(PATH, {"friendly_name": "Shop"})
    assert api.patch(PATH, {name: True})[name] is True
    assert api.get(PATH)[name] is True
    assert name not in api.patch(PATH, {name: None})
    assert api.get(PATH)[name] is False


def test_what_a_recording_read_is_split_into_chosen_and_unchosen(api, sandbox):
    body = {
        "enabled_locales": ["en"],
        "universal_login": {},
        "resource_parameter_profile": "audience",
        "client_id_metadata_document_supported": False,
    }
    read = {"path": f"/api/v2{PATH}", "query": {}, "status": 200, "body": body}
    sandbox.reset({"reads": [read]})
    assert api.get(PATH) == body
    answer = api.patch(PATH, {"friendly_name": "Shop"})
    assert "resource_parameter_profile" not in answer
    assert answer["universal_login"] == {"is_custom_theme_set": False}
    assert api.get(PATH) == body | {"friendly_name": "Shop"}
