"""Configurations that were written for other tools, as drafts of tenants."""
