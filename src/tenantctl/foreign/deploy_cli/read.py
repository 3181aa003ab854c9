"""A configuration of auth0-deploy-cli, in all its environments."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from tenantctl.errors import UsageError
from tenantctl.foreign.deploy_cli.asset import Gathered, Piece
from tenantctl.foreign.deploy_cli.folder import Folder, fence_of
from tenantctl.foreign.deploy_cli.keywords import Keyword, Keywords, used, variable_names
from tenantctl.foreign.deploy_cli.known import known
from tenantctl.foreign.deploy_cli.layout import of_folder, of_yaml_file, where
from tenantctl.foreign.deploy_cli.leaves import Spot, leaves, variables
from tenantctl.foreign.deploy_cli.mapping import ACCESS, Settings, read_mapping
from tenantctl.foreign.deploy_cli.seal import Names, Sealing, Uses, forms, telling
from tenantctl.foreign.deploy_cli.translate import translated
from tenantctl.foreign.deploy_cli.types import LISTS, TYPES
from tenantctl.foreign.item import Source
from tenantctl.kinds import KINDS
from tenantctl.model import Json, Note, Origin

DELETABLE = {*LISTS, "customDomains", "databases", "phoneProviders"} - {
    "guardianFactorProviders",
    "guardianFactorTemplates",
    "guardianFactors",
    "phoneTemplates",
    "rulesConfigs",
}
"""Types whose objects auth0-deploy-cli deletes if they are not there."""
LEGACY = {"rules": "Actions with the trigger post-login", "hooks": "Actions"}


def read(
    path: Path,
    environments: Mapping[str, Path | None],
    *,
    included: Collection[str] = (),
    excluded: Collection[str] = (),
) -> Mapping[str, Source]:
    """The configuration at *path*, a YAML file or a folder, as each of *environments* has it.

    The value of an environment is its mapping file, if it has one. *included* and *excluded* are
    types that alone, or that not, are read. Raises FilesError where there is no configuration,
    or where a mapping cannot be read, UsageError for a type that there is not.
    """
    for name in (*included, *excluded):
        _check_type(name)
    settings = {
        name: read_mapping(mapping) if mapping is not None else Settings()
        for name, mapping in environments.items()
    }
    names = variable_names(word for each in settings.values() for word in each.keywords)
    found = {
        name: gathered(path, each, names, included=included, excluded=excluded)
        for name, each in settings.items()
    }
    uses = Uses()
    for here in found.values():
        uses.add(here.pieces, here.keywords.values())
    sealed = Names()
    secrets = _secret_names(uses.secret, names, sealed)
    beside = _beside(path) if None in environments.values() else ()
    return {
        name: _source(here, settings[name], secrets, sealed, beside) for name, here in found.items()
    }


def _check_type(name: str) -> None:
    if name not in TYPES:
        near = get_close_matches(name, TYPES, n=1)
        help = f"did you mean {near[0]}?" if near else f"known are {', '.join(TYPES)}"
        raise UsageError(f"auth0-deploy-cli has no type {name}", help=help)


def _secret_names(
    secret: Collection[str], names: Mapping[str, str], sealed: Names
) -> dict[str, str]:
    """The name as a secret of each secret variable."""
    words = [word for word, name in names.items() if {name, f"{name}_text"} & {*secret}]
    called = sealed.of_keywords(words)
    return {
        variable: called[word]
        for word in words
        for variable in (names[word], f"{names[word]}_text")
        if variable in secret
    }


@dataclass(frozen=True, slots=True)
class Here:
    """What one environment has, before its secrets have names. *words* are keywords in files."""

    gathered: Gathered
    pieces: tuple[Piece, ...]
    keywords: Keywords
    words: frozenset[str]
    notes: tuple[Note, ...]


def gathered(
    path: Path,
    settings: Settings,
    names: Mapping[str, str],
    *,
    included: Collection[str] = (),
    excluded: Collection[str] = (),
) -> Here:
    """The objects of one environment, and the items they become. *names* are those of variables."""
    root, file = where(path)
    keywords = {k: Keyword(k, value, names[k]) for k, value in settings.keywords.items()}
    base = _base(root, settings) if settings.base else root
    fence = fence_of(root) if base is None or base.is_relative_to(fence_of(root)) else base
    folder = Folder(root, base or root, fence, keywords)
    if base is None:
        message = f"AUTH0_BASE_PATH: there is no folder {settings.base}"
        folder.say("mistake", message, Origin(file.name if file else ".", 0, 0))
    if file is not None:
        found = of_yaml_file(file, folder)
    else:
        found = of_folder(folder, settings.connections_folder)
    wanted = _wanted(found, settings, included, excluded)
    pieces = []
    for each in translated(wanted):
        if isinstance(each, Note):
            folder.notes.append(each)
        else:
            pieces.append(each)
    notes = (*settings.notes, *folder.notes, *_unused(settings, folder))
    return Here(wanted, _one_tenant(pieces), keywords, frozenset(folder.words), notes)


def _unused(settings: Settings, folder: Folder) -> Iterator[Note]:
    """Keywords that stand in no file, nor in the value of another."""
    values = "".join(each.text for each in folder.keywords.values())
    found = {*folder.words, *used(values, folder.keywords), *ACCESS}
    words = [word for word in settings.keywords if word not in found]
    if words:
        message = f"no file has the keyword{'s' * (len(words) > 1)} {', '.join(words)}"
        yield Note("hint", message, settings.file, help="take out of the mapping what is not used")


def _base(root: Path, settings: Settings) -> Path | None:
    """AUTH0_BASE_PATH: from where a0deploy was started, which is likely one of these."""
    homes = [root, *root.parents[:3], *([settings.folder] if settings.folder else [])]
    return next(
        ((h / settings.base).resolve() for h in homes if (h / settings.base).is_dir()), None
    )


def _wanted(
    found: Gathered, settings: Settings, included: Collection[str], excluded: Collection[str]
) -> Gathered:
    """*found* without what options leave out."""
    alone = {*settings.included, *included}
    gone = {*settings.excluded, *excluded}

    def wanted(type: str) -> bool:
        return type not in gone and (not alone or type in alone)

    assets = tuple(
        each
        for each in found.assets
        if wanted(each.type)
        and each.name not in settings.names.get(each.type, ())
        and not (
            each.type == "connections"
            and settings.only_connections
            and each.name not in settings.only_connections
        )
        and not (
            each.type == "clients"
            and settings.first_party_only
            and each.fields.get("is_first_party") is False
        )
    )
    return Gathered(assets, {k: at for k, at in found.empty.items() if wanted(k)})


def _one_tenant(pieces: list[Piece]) -> tuple[Piece, ...]:
    """*pieces* with one for the tenant: pages are settings of it, too."""
    parts = [each for each in pieces if each.kind == "tenant"]
    if len(parts) < 2:
        return tuple(pieces)
    fields = {name: value for each in parts for name, value in each.fields.items()}
    first = next((each for each in parts if each.asset.type == "tenant"), parts[0])
    merged = replace(first, fields=fields)
    others = (each for each in pieces if each.kind != "tenant")
    return (merged, *others)


def _source(
    here: Here,
    settings: Settings,
    secrets: Mapping[str, str],
    names: Names,
    beside: tuple[Note, ...],
) -> Source:
    """An environment with names for its secrets, and without what no kind of ours knows."""
    texts = {
        variable: text
        for each in here.keywords.values()
        for variable, text in ((each.variable, each.text), (each.text_variable, each.text))
    }
    public = {text for variable, text in texts.items() if variable not in secrets}
    hidden = (text for variable, text in texts.items() if variable in secrets)
    values = {form for text in hidden for form in forms(text) if telling(form, public)}
    sealing = Sealing(secrets, names, values, texts)
    sealed = [each for piece in here.pieces for each in sealing.sealed(piece)]
    pieces: list[Piece] = []
    notes = [*here.notes, *beside, *sealing.notes]
    for piece in _once(sealed):
        for each in known(piece):
            if isinstance(each, Note):
                notes.append(each)
            else:
                pieces.append(each)
    notes += [*_legacy(here.gathered), *_emptied(here.gathered), *_known(here, settings, secrets)]
    items = tuple(piece.item for piece in pieces)
    values_of = _used(pieces, here.keywords)
    return Source(settings.domain, items, values_of, tuple(dict.fromkeys(notes)))


def _known(here: Here, settings: Settings, secrets: Mapping[str, str]) -> Iterator[Note]:
    """That a mapping has the values of secrets, which are not taken along."""
    for word, keyword in here.keywords.items():
        if word in here.words and keyword.variable in secrets:
            message = f"the keyword {word} is a secret, and the mapping has its value"
            help = f"supply it as {secrets[keyword.variable]}, and take it out of the file"
            yield Note("secret", message, settings.file, *settings.places[word], help)


def _once(pieces: list[Piece]) -> Iterator[Piece]:
    """*pieces* with each setting of rules once: rules may share the secrets they read."""
    seen = {p.names for p in pieces if p.kind == "rules_configs" and p.asset.type != "rules"}
    for piece in pieces:
        made = piece.kind == "rules_configs" and piece.asset.type == "rules"
        if made and piece.names in seen:
            continue
        if made:
            seen.add(piece.names)
        yield piece


def _used(pieces: list[Piece], keywords: Keywords) -> dict[str, Json]:
    """The values of the variables that *pieces* are made of."""
    names = {
        name
        for piece in pieces
        for _, value in leaves(Spot(KINDS[piece.kind], piece.fields), piece.fields)
        for name in variables(value)
    }
    values = {each.text_variable: each.text for each in keywords.values()}
    values |= {each.variable: each.value for each in keywords.values()}
    return {name: values[name] for name in sorted(names)}


def _legacy(found: Gathered) -> Iterator[Note]:
    for type, instead in LEGACY.items():
        assets = list(found.of(type))
        if assets:
            at = assets[0].at()
            on = sum(each.fields.get("enabled") is not False for each in assets)
            called = type if len(assets) > 1 else type.removesuffix("s")
            message = f"{len(assets)} {called}, {on} enabled: Auth0 has replaced {type}"
            yield Note("hint", message, at.file, at.line, at.column, f"write {instead}")


def _emptied(found: Gathered) -> Iterator[Note]:
    """What auth0-deploy-cli may take for an order to delete everything."""
    empty = {type: at for type, at in found.empty.items() if type in DELETABLE}
    if empty:
        at = next(iter(empty.values()))
        message = f"nothing in {', '.join(empty)}: a0deploy may delete all there are of these"
        help = "here what nobody declares is left alone"
        yield Note("hint", message, at.file, at.line, at.column, help)


def _beside(path: Path) -> tuple[Note, ...]:
    """That there is a configuration which nobody named; nothing is read of it but that."""
    root, _ = where(path)
    for folder in (root, root.parent):
        for file in sorted(folder.glob("*config*.json")):
            if file.is_file() and b'"AUTH0_' in file.read_bytes()[:100_000]:
                name = file.name if folder == root else f"../{file.name}"
                help = f"name it: --mapping ENVIRONMENT={name}"
                return (Note("hint", "a configuration lies beside the source", name, help=help),)
    return ()
