"""Tenant as code for Auth0: declare a tenant in YAML, plan the difference, apply exactly that."""

__version__ = "0.1.0"
