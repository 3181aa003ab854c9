"""Configurations of auth0-deploy-cli, YAML files and folders, as items of our kinds."""

from tenantctl.foreign.deploy_cli.read import read

__all__ = ["read"]
