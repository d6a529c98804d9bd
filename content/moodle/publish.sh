#!/bin/sh
# Makes the library what this folder says, and publishes it: publish.sh [--iomad] [TENANT...]; to all tenants when none is named.
# Runs `cloison` (or what $CLOISON_BINARY names) with the configuration of the current folder. May be run again at any time.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cloison=${CLOISON_BINARY:-cloison}
# The variable is ours; the server's own configuration has none of this name.
unset CLOISON_BINARY
tables=tables.json
[ "${1:-}" = --iomad ] && { tables=tables-iomad.json; shift; }

"$cloison" source show lms >/dev/null 2>&1 || "$cloison" source create lms --name "Learning platform" --engine mysql >/dev/null
"$cloison" content apply "$here"
"$cloison" source tables lms "$here/$tables" >/dev/null
# Publishing twice would be two publications of the same thing.
"$cloison" --json publish list | grep -q '"collection"' && exit 0
if [ $# -eq 0 ]; then
    "$cloison" publish create --collection moodle --all
else
    for tenant in "$@"; do "$cloison" publish create --collection moodle --tenant "$tenant"; done
fi
