#!/usr/bin/env bash
# From dev to QA to production with everything that gets in the way: three embedded tenants and a
# bare Git remote in a folder that is thrown away. Nothing in the work tree changes.
set -euo pipefail
cd "$(dirname "$0")/.."
repository=$PWD
export PATH="$repository/.venv/bin:$PATH" PYTHONPATH="$repository/src:$repository" GIT_CONFIG_GLOBAL=/dev/null
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@hearthhollow.example
export GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@hearthhollow.example
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

title() { printf '\n\033[1m# %s\033[0m\n' "$*"; }
[ -z "${NO_COLOR:-}" ] && [ -t 1 ] || title() { printf '\n# %s\n' "$*"; }
run() { printf '$ %s\n' "$*"; "$@"; }
# A command that has to end with a certain exit code: what is refused is part of the show.
exits() {
    local wanted=$1 code=0
    shift
    printf '$ %s\n' "$*"
    "$@" || code=$?
    [ "$code" -eq "$wanted" ] || { echo "exit $code instead of $wanted" >&2; exit 1; }
    printf '(exit %s)\n' "$code"
}
# Of a long answer the first lines and the last ones.
brief() { awk -v head="$1" -v tail="$2" '{ line[NR] = $0 } END { for (n = 1; n <= NR; n++)
    if (n <= head || n > NR - tail) print line[n]; else if (n == head + 1) print "  [...]" }'; }

title "A project, and a bare Git repository that a team shares"
git init --quiet --bare --initial-branch=main "$folder/remote.git"
mkdir -p "$folder/ada/tenants" "$folder/ada/environments"
cp -r tenants/hearthhollow "$folder/ada/tenants/"
cp -r environments/hearthhollow "$folder/ada/environments/"
cd "$folder/ada"
today=$(date -u +%F)
sed -i "s/2026-08-2[0-9]/$today/" environments/hearthhollow/*.yaml
for env in dev qa prod; do
    printf '\nreceipts: {remote: origin, lease: 5s}\n' >>"environments/hearthhollow/$env.yaml"
done
sed -i 's/^policy:$/gates: enforce\npolicy:\n  rehearse: required\n  max_drift_age: 7d/' environments/hearthhollow/qa.yaml
sed -i 's/^policy:$/policy:\n  soak: 2s/; s/approval: two_person/approval: auto/' environments/hearthhollow/prod.yaml
printf '.tenantctl/\n*.json\n' >.gitignore
git init --quiet --initial-branch=main
git remote add origin "$folder/remote.git"
git add . && git commit --quiet -m "Phase 1"
git push --quiet origin main

title "Dev gets phase 1; its receipt goes to a branch of its own"
run tenantctl apply dev --yes | brief 6 3
run tenantctl receipts log dev
git ls-remote --heads origin

title "QA enforces its gates: what was never tested, and never looked at, is not promoted"
exits 5 tenantctl promote qa --yes 2>&1 | brief 16 12

title "The tests are run, somebody looks; both are kept with the receipts, and QA gets what dev has"
run tenantctl test dev --kind unit | brief 0 3
run tenantctl drift dev
run tenantctl promote qa --yes 2>&1 | brief 14 3

title "A change on a branch: dev has it before it is merged"
git checkout --quiet -b names
sed -i 's/friendly_name: Hearth & Hollow/friendly_name: Hearth and Hollow/' tenants/hearthhollow/phase1/architecture.yaml
git commit --quiet -am "A name for people who cannot type an ampersand"
git commit --quiet --allow-empty -m "Empty, as a review leaves them"
run tenantctl apply dev --yes | brief 1 3
run tenantctl test dev --kind unit | brief 0 1
run tenantctl drift dev

title "The branch is merged as one commit. The commit is another one, the definition is the same"
git checkout --quiet main
run git merge --quiet --squash names
git commit --quiet -m "A name for people who cannot type an ampersand (#1)"
git branch --quiet -D names
git push --quiet origin main
run tenantctl promote qa --yes 2>&1 | brief 40 3

title "Production: QA was tested, and has soaked"
run tenantctl test qa --live 2>&1 | brief 0 3
run tenantctl promote prod --yes 2>&1 | brief 14 6

title "A plan that Auth0 would refuse: the rehearsal says so before QA sees a request"
cat >>environments/hearthhollow/qa.yaml <<'YAML'
YAML
sed -i 's/^overrides:$/overrides:\n  connections.customers:\n    options: {attributes: {email: {identifier: {active: false}}}}/' environments/hearthhollow/qa.yaml
exits 1 tenantctl rehearse qa 2>&1
git checkout --quiet environments

title "Somebody changes dev behind the files. Who was it?"
python -m tools.behind_the_back . hearthhollow/dev 'Web Shop' description '"Changed in a hurry"'
exits 2 tenantctl drift dev --detailed-exitcode

title "It was right: into the file with it, at the line that says otherwise"
run tenantctl drift dev --accept
run git diff --stat
git commit --quiet -am "The description that support needs"
run tenantctl plan dev | brief 1 2

title "Back to the definition before, and what cannot be undone"
run tenantctl rollback qa --yes 2>&1 | brief 30 3

title "What was rolled back from does not come back by itself"
exits 5 tenantctl promote qa --yes 2>&1 | grep -A3 -e '^  ! promotion' -e '^hearthhollow/qa does' -e '^(exit'

title "Two people apply at once: one writes, the other is told who does"
git clone --quiet "$folder/remote.git" "$folder/bob"
mkdir "$folder/bob/.tenantctl"
ln -s "$folder/ada/.tenantctl/sandbox" "$folder/bob/.tenantctl/sandbox" # the same tenant, from another machine
echo '[{"kind": "slow", "method": "PATCH", "seconds": 20}]' >slow.json
tenantctl sandbox faults dev slow.json >/dev/null
sed -i 's/friendly_name: Hearth and Hollow/friendly_name: Hearth, Hollow/' tenants/hearthhollow/phase1/architecture.yaml
tenantctl apply dev --yes >"$folder/ada.txt" 2>&1 &
ada=$!
for _ in $(seq 50); do # until Ada's machine holds the lease
    git ls-remote --heads origin 'tenantctl/receipts-lease/*' | grep -q . && break
    sleep 0.2
done
exits 75 tenantctl apply dev --yes --chdir "$folder/bob" 2>&1 | brief 0 4
wait "$ada"
brief 0 3 <"$folder/ada.txt"
tenantctl sandbox faults dev --clear >/dev/null
run tenantctl receipts fetch dev --chdir "$folder/bob"
run tenantctl receipts log dev --chdir "$folder/bob"
