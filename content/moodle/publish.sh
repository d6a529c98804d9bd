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

id_of() { "$cloison" --json "$1" show "$2" | sed -n 's/^  "id": "\(.*\)",$/\1/p'; }

"$cloison" source show lms >/dev/null 2>&1 || "$cloison" source create lms --name "Learning platform" --engine mysql >/dev/null
"$cloison" content apply "$here"
"$cloison" source tables lms "$here/$tables" >/dev/null

# Publishing twice would be two publications of the same thing. One line for each publication of this collection:
collection=$(id_of collection moodle)
published=$("$cloison" --json publish list | tr -d ' \n' | sed 's/},{"audience"/}\n{"audience"/g' | grep -F "\"$collection\"" || true)
case $published in *'"audience":"all"'*) exit 0 ;; esac
if [ $# -eq 0 ]; then
    "$cloison" publish create --collection moodle --all
fi
for tenant in "$@"; do
    case $published in
        *"\"$(id_of tenant "$tenant")\""*) ;;
        *) "$cloison" publish create --collection moodle --tenant "$tenant" ;;
    esac
done
