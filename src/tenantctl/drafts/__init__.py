"""From drafts of tenants to the files of a project, and into files that are there."""
