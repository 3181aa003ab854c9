"""From drafts of tenants to the files of a project, and into files that are there."""

from tenantctl.drafts.author import write_down
from tenantctl.drafts.disk import write_files
from tenantctl.drafts.edit import Revision, revise
from tenantctl.drafts.edit_add import add
from tenantctl.drafts.edit_desk import SecretEntry
from tenantctl.drafts.edit_environment import environment_with
from tenantctl.drafts.edit_likeness import moved
from tenantctl.drafts.edit_second import Second, second
from tenantctl.drafts.merge import unite
from tenantctl.drafts.place import unplaced
from tenantctl.drafts.project import phases, project_files
from tenantctl.drafts.write import text_of_yaml
from tenantctl.drafts.written import Body, Definition, Here, Tag, Written

__all__ = [
    "Body",
    "Definition",
    "Here",
    "Revision",
    "Second",
    "SecretEntry",
    "Tag",
    "Written",
    "add",
    "environment_with",
    "moved",
    "phases",
    "project_files",
    "revise",
    "second",
    "text_of_yaml",
    "unite",
    "unplaced",
    "write_down",
    "write_files",
]
