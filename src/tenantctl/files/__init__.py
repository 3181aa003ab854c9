"""YAML files and what they ask for: the desired tenant of an environment, and its secrets."""

from tenantctl.files.digest import definition_digest
from tenantctl.files.load import Loaded, environments_of, find, load, read_environment
from tenantctl.files.secrets import credential, resolve

__all__ = [
    "Loaded",
    "credential",
    "definition_digest",
    "environments_of",
    "find",
    "load",
    "read_environment",
    "resolve",
]
