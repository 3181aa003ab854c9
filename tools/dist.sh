#!/usr/bin/env bash
# Builds the wheel and the source archive into dist/, and once more from nothing but what Git has, into
# another folder: both must be the same, byte for byte. Needs hatchling in the Python that it is given.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${1:-.venv/bin/python}
[[ $python == */* ]] && python=$(realpath -s "$python")
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH

again=$(mktemp -d)
trap 'rm -rf "$again"' EXIT
rm -rf dist
"$python" -m hatchling build -d dist
mkdir "$again/source"
git archive HEAD | tar -x -C "$again/source"
(cd "$again/source" && "$python" -m hatchling build -d "$again/dist")
(cd dist && sha256sum -- *) > "$again/first"
(cd "$again/dist" && sha256sum -- *) > "$again/second"
if ! diff "$again/first" "$again/second"; then
    echo "two builds of one commit differ: is something in the work tree that Git does not have?" >&2
    exit 1
fi
cat "$again/first"
