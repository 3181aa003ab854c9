"""Terraform configurations of the Auth0 provider, as drafts of tenants."""

from tenantctl.foreign.terraform.read import read

__all__ = ["read"]
