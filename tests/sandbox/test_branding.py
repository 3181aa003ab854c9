"""Branding and its one theme (recorded traffic, OpenAPI)."""

import pytest

PATH = "/branding/themes"
NOBODY = f"{PATH}/{'a1' * 16}"
THEME = {
    "displayName": "Shop",
    "borders": {
        "button_border_radius": 3, "button_border_weight": 1, "buttons_style": "rounded",
        "input_border_radius": 3, "input_border_weight": 1, "inputs_style": "rounded",
        "show_widget_shadow": True, "widget_border_weight": 0, "widget_corner_radius": 5,
    },
    "colors": dict.fromkeys(
        (
            "body_text", "error", "header", "icons", "input_background", "input_border",
            "input_filled_text", "input_labels_placeholders", "links_focused_components",
            "primary_button", "primary_button_label", "secondary_button_border",
            "secondary_button_label", "success", "widget_background", "widget_border",
        ),
        "#112233",
    ),
    "fonts": {
        **{
            name: {"bold": False, "size": 100}
            for name in (
                "body_text", "buttons_text", "input_labels", "links", "subtitle", "title",
            )
        },
        "font_url": "", "links_style": "normal", "reference_text_size": 16,
    },
    "page_background": {
        "background_color": "#000000", "background_image_url": "", "page_layout": "center",
    },
    "widget": {
        "header_text_alignment": "center", "logo_height": 52, "logo_position": "center",
        "logo_url": "", "social_buttons_layout": "bottom",
    },
}  # fmt: skip


def test_a_theme_is_the_default_and_the_only_one(api):
    assert api.call("GET", f"{PATH}/default").json()["errorCode"] == "theme_not_found"
    made = api.call("POST", PATH, THEME)
    assert made.status_code == 200
    theme = made.json()
    assert theme["identifiers"]["login_display"] == "unified"
    assert api.get(f"{PATH}/default") == api.get(f"{PATH}/{theme['themeId']}") == theme
    assert api.call("POST", PATH, THEME).status_code == 409
    changed = api.patch(f"{PATH}/{theme['themeId']}", {**THEME, "displayName": "Autumn"})
    assert changed == {**theme, "displayName": "Autumn"}
    path = f"{PATH}/{theme['themeId']}"
    assert [api.call("DELETE", path).status_code for _ in range(2)] == [204, 404]


@pytest.mark.parametrize(
    ("method", "verb"), [("GET", "retrieving"), ("PATCH", "updating"), ("DELETE", "deleting")]
)
def test_a_theme_that_is_not_there_is_missed_in_words_of_its_own(api, method, verb):
    answer = api.call(method, NOBODY, THEME if method == "PATCH" else None)
    assert answer.status_code == 404
    message = f"There was an error {verb} branding settings: invalid theme ID"
    assert answer.json()["message"] == message


def test_a_theme_that_was_recorded_stands_alone(api, sandbox):
    api.post(PATH, THEME)
    body = {**THEME, "themeId": "b2" * 16}
    read = {"path": f"/api/v2{PATH}/default", "query": {}, "status": 200, "body": body}
    sandbox.reset({"reads": [read]})
    assert api.get(f"{PATH}/default") == body
    sandbox.reset({"reads": [read | {"status": 404, "body": None}]})
    assert api.call("GET", f"{PATH}/default").status_code == 404


def test_branding_keeps_what_an_update_does_not_mention(api):
    assert api.get("/branding") == {}
    colors = {"primary": "#0059d6", "page_background": "#000000"}
    font = {"url": "https://shop.example/font.ttf"}
    api.patch("/branding", {"colors": colors, "font": font})
    assert api.patch("/branding", {"font": None}) == api.get("/branding") == {"colors": colors}
    gradient = {"type": "linear-gradient", "start": "#000000", "end": "#ffffff", "angle_deg": 35}
    colors = {"primary": "#ea5323", "page_background": gradient}
    assert api.patch("/branding", {"colors": colors}) == {"colors": colors}
