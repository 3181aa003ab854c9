"""YAML files and what they ask for: the desired tenant of an environment, and its secrets."""

from tenantctl.files.digest import definition_digest
from tenantctl.files.home import (
    Home,
    environments_of,
    find,
    home_of,
    homes,
    made_of,
    read_environment,
    tenants,
)
from tenantctl.files.load import Loaded, load
from tenantctl.files.own import read_playbook
from tenantctl.files.secrets import credential, resolve
from tenantctl.files.separate import fleet_of

__all__ = [
    "Home",
    "Loaded",
    "credential",
    "definition_digest",
    "environments_of",
    "find",
    "fleet_of",
    "home_of",
    "homes",
    "load",
    "made_of",
    "read_environment",
    "read_playbook",
    "resolve",
    "tenants",
]
