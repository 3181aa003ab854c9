"""From drafts of tenants to the files of a project, and back into files that somebody has edited."""
