"""What people see, in our words: pages, branding, prompts, e-mails."""

from __future__ import annotations

from collections.abc import Iterator

from tenantctl.foreign.deploy_cli.asset import Asset, Gathered, Piece
from tenantctl.foreign.deploy_cli.words import IDS, listed, mapped, noted, text, without
from tenantctl.model import Note

PAGES = {
    "error_page": "error_page",
    "guardian_multifactor": "guardian_mfa_page",
    "password_reset": "change_password",
}
"""Pages that are settings of the tenant."""


def pages(asset: Asset, gathered: Gathered) -> Iterator[Piece | Note]:  # noqa: ARG001
    """A page: of the client that stands for all, or of the tenant."""
    name = text(asset.fields.get("name")) or asset.stem
    said = without(asset.fields, "name", *IDS)
    if name == "login":
        fields = {"name": "All Applications"}
        fields |= {"custom_login_page": said["html"]} if said.get("html") else {}
        fields |= {"custom_login_page_on": said["enabled"]} if "enabled" in said else {}
        yield Piece("clients", fields, asset, ("All Applications",))
    elif name in PAGES:
        shown = {k: v for k, v in said.items() if v not in ("", None) or k == "url"}
        yield Piece("tenant", {PAGES[name]: shown}, asset)
    else:
        help = f"Auth0 has login, {', '.join(PAGES)}"
        yield noted(asset, "loss", f"the page {name} was left out", (), help)


def branding(asset: Asset, gathered: Gathered) -> Iterator[Piece | Note]:  # noqa: ARG001
    """Colors and logo, and the page template of Universal Login."""
    fields = without(asset.fields, "templates")
    if fields.get("logo_url") == "":
        del fields["logo_url"]
    if fields:
        yield Piece("branding", fields, asset)
    for number, template in enumerate(listed(asset.fields.get("templates"))):
        place = ("templates", str(number))
        if template.get("template") != "universal_login":
            message = f"there is no template {template.get('template')} of branding"
            yield noted(asset, "loss", message, place, "it was left out")
        elif template.get("body"):
            fields = {"template": template["body"]}
            yield Piece("universal_login_template", fields, asset, inside=place)


def themes(asset: Asset, gathered: Gathered) -> Iterator[Piece | Note]:
    """The one theme that there is."""
    first = next(gathered.of("themes"))
    if asset is first:
        yield Piece("branding_theme", without(asset.fields, "themeId"), asset)
    else:
        yield noted(asset, "loss", "a tenant has one theme; this one was left out")


def prompts(asset: Asset, gathered: Gathered) -> Iterator[Piece | Note]:  # noqa: ARG001
    """Settings, custom text by prompt and language, partials by prompt, and rendering."""
    parts = ("customText", "partials", "screenRenderers")
    fields = without(asset.fields, *parts)
    if fields:
        yield Piece("prompts", fields, asset)
    for language, of in mapped(asset.fields.get("customText")).items():
        for prompt, screens in mapped(of).items():
            if mapped(screens):
                inside = ("customText", language, prompt)
                owners = (prompt, language)
                yield Piece("prompt_custom_text", dict(screens), asset, (), owners, inside)
    for prompt, screens in mapped(asset.fields.get("partials")).items():
        shown = {screen: points for screen, points in mapped(screens).items() if points}
        if shown:
            inner = ("partials", prompt)
            yield Piece("prompt_partials", shown, asset, (), (prompt,), inner)
    for number, each in enumerate(listed(asset.fields.get("screenRenderers"))):
        place = ("screenRenderers", str(number))
        said = (each.get("prompt"), each.get("screen"))
        names = tuple(name for name in said if isinstance(name, str) and name)
        if len(names) < len(said):
            message = "how a screen is rendered says no prompt, or no screen"
            yield noted(asset, "mistake", message, place, "it was left out")
            continue
        shown = without(each, "prompt", "screen", "tenant")
        yield Piece("prompt_rendering", shown, asset, (), names, place)


def email_templates(asset: Asset, gathered: Gathered) -> Iterator[Piece | Note]:  # noqa: ARG001
    template = text(asset.fields.get("template")) or asset.stem
    if template:
        fields = {**asset.fields, "template": template}
        yield Piece("email_templates", fields, asset, (template,), (template,))
    else:
        yield noted(asset, "mistake", "an e-mail template has no name", (), "it was left out")


def phone_templates(asset: Asset, gathered: Gathered) -> Iterator[Piece | Note]:  # noqa: ARG001
    fields = without(asset.fields, *IDS, "channel", "customizable", "tenant")
    content = dict(mapped(fields.get("content")))
    if content.get("from") == "":
        del content["from"]
        fields["content"] = content
    type = text(fields.get("type"))
    if type:
        yield Piece("phone_templates", fields, asset, (type,), (type,))
    else:
        yield noted(asset, "mistake", "a phone template has no type", (), "it was left out")
