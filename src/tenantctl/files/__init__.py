"""YAML files and what they ask for: the desired tenant of an environment, and its secrets."""

from tenantctl.files.digest import definition_digest
from tenantctl.files.home import environments_of, find, made_of, read_environment, tenants
from tenantctl.files.load import Loaded, load
from tenantctl.files.secrets import credential, resolve

__all__ = [
    "Loaded",
    "credential",
    "definition_digest",
    "environments_of",
    "find",
    "load",
    "made_of",
    "read_environment",
    "resolve",
    "tenants",
]
