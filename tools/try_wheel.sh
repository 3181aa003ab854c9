#!/usr/bin/env bash
# Tries an installed tenantctl without its source: sets a project up, and takes its tenant from nothing
# to converged. The command is the one that is given, or the one on the path.
set -euo pipefail
tenantctl=$(command -v "${1:-tenantctl}")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

"$tenantctl" --version
"$tenantctl" init --tenant acme
"$tenantctl" validate acme/dev
"$tenantctl" plan acme/dev --out plan.json
"$tenantctl" apply plan.json
"$tenantctl" plan acme/dev --detailed-exitcode
