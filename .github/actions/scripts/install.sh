#!/usr/bin/env bash
# Installs tenantctl into $RUNNER_TEMP/tenantctl-venv: a file of the user's own that pins it and all
# it needs by hash, or the commit that this script is of with what that commit has locked.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
venv="$RUNNER_TEMP/tenantctl-venv"
python -m venv "$venv"
install=("$venv/bin/python" -m pip --disable-pip-version-check --no-input install --quiet)
if [ -n "${INPUT_REQUIREMENTS:-}" ]; then
    "${install[@]}" --require-hashes --only-binary :all: -r "$INPUT_REQUIREMENTS"
else
    "${install[@]}" --require-hashes -r "$here/requirements/runtime.lock"
    "${install[@]}" --require-hashes -r "$here/requirements/build.lock"
    "${install[@]}" --no-deps --no-build-isolation "$here"
fi
