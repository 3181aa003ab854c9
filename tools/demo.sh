#!/usr/bin/env bash
# The main job, shown on a copy of this repository's own tenant: nothing in the work tree changes.
set -euo pipefail
cd "$(dirname "$0")/.."
project=$(mktemp -d)
trap 'rm -rf "$project"' EXIT
mkdir "$project/tenants" "$project/environments"
cp -r tenants/hearthhollow "$project/tenants/"
cp -r environments/hearthhollow "$project/environments/"
export PATH="$PWD/.venv/bin:$PATH"
cd "$project"

title() { printf '\n\033[1m# %s\033[0m\n' "$*"; }
run() { printf '$ %s\n' "$*"; "$@"; }
[ -z "${NO_COLOR:-}" ] && [ -t 1 ] || title() { printf '\n# %s\n' "$*"; }

title "The first plan of dev: a fresh tenant against the files of phase 1"
run tenantctl validate dev
run tenantctl plan dev --out first.json

title "Apply it, in dependency order along the workstreams"
run tenantctl apply first.json

title "A second plan is empty"
run tenantctl plan dev

title "One line changes: one field differs, one write"
before=$(tenantctl sandbox status dev --json | python3 -c 'import json,sys; print(json.load(sys.stdin)["requests"]["writes"])')
sed -i 's/^    friendly_name: .*/    friendly_name: Hearth and Hollow/' tenants/hearthhollow/phase1/architecture.yaml
run tenantctl plan dev
run tenantctl apply dev --yes
after=$(tenantctl sandbox status dev --json | python3 -c 'import json,sys; print(json.load(sys.stdin)["requests"]["writes"])')
printf 'writes that the tenant has seen: %s\n' "$((after - before))"

title "An action goes from the files: unbound first, then deleted, because a receipt shows that it is ours"
python3 - <<'PY'
import pathlib
path = pathlib.Path("tenants/hearthhollow/phase1/profile_management.yaml")
text = path.read_text()
start = text.index("  actions:\n    require-verified-email:")
path.write_text(text[:start] + text[text.index("\nblocked_users:") :])
PY
rm tenants/hearthhollow/actions/require-verified-email.js tenants/hearthhollow/tests/verified-email.test.mjs
run tenantctl plan dev
run tenantctl apply dev --yes

title "Where does a value come from?"
run tenantctl explain dev clients.web-shop.callbacks

title "QA and production, from the same files with their own variables, secrets and overrides"
run tenantctl plan qa
run tenantctl plan prod

title "Is it fit for people to rely on? Tests of the code, then the checks of the gate"
run tenantctl test dev --kind unit
run tenantctl check dev
run tenantctl status --offline

title "Taking over what exists: dev as files of its own, then production as what it has otherwise"
run tenantctl plan prod --out prod.json
run tenantctl apply prod.json
run tenantctl export hearthhollow/dev --into taken-over
run tenantctl export hearthhollow/prod --into taken-over --second-environment
run cat taken-over/environments/hearthhollow/prod.yaml
