#!/usr/bin/env bash
# The blocks in a real Moodle, in a browser: a manager, a teacher and a student log in, and what their blocks say is compared with plain SQL.
#
#   real-moodle.sh MOODLE_DIR both --keep FOLDER --no-tests
#   real-browser.sh FOLDER [mariadb|postgres|both] [--pictures FOLDER]
#
# Everything is set up by the guide (docs/moodle.md). Needs what real-moodle.sh needs, Node, Chromium, the packages of web/ and the server:
# target/debug/cloison, or what CLOISON_BINARY names.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
project=$(cd "$here/../.." && pwd)
engines="mariadb postgres" work="" pictures=""
while [ $# -gt 0 ]; do
    case $1 in
        mariadb | postgres) engines=$1 ;;
        both) ;;
        --pictures) pictures=$2; shift ;;
        *) work=$(cd "$1" && pwd) ;;
    esac
    shift
done
[ -f "$work/moodle/config.php" ] || { echo "say where real-moodle.sh has kept its sites" >&2; exit 2; }
. "$here/tests/servers.sh"
cloison=$(realpath "${CLOISON_BINARY:-$project/target/debug/cloison}")
site_port=${MOODLE_SITE_PORT:-33463}
server_port=${MOODLE_SERVER_PORT:-33464}
web=$work/moodle
[ -d "$web/public/lib" ] && web=$web/public
running=()
stop() {
    # PHP's workers do not end with their parent.
    for one in "${running[@]}"; do kill $(pgrep -P "$one") "$one" 2>/dev/null || true; done
    for engine in $engines; do "stop_$engine"; done
}
trap stop EXIT
password=$(openssl rand -hex 24)

for engine in $engines; do
    echo "== $engine"
    export MOODLE_SITE_ENGINE=$engine MOODLE_SITE_WWWROOT=http://127.0.0.1:$site_port
    "start_$engine"
    if [ ! -f "$work/filled-$engine" ]; then
        php "$here/tests/fill-site.php" "$web" 7 >"$work/fill-$engine.log" 2>&1 || { tail -5 "$work/fill-$engine.log"; exit 1; }
        touch "$work/filled-$engine"
    fi

    # The operator's part of the guide.
    folder=$(mktemp -d "$work/cloison-$engine.XXXXXX")
    cd "$folder"
    export CLOISON_LISTEN=127.0.0.1:$server_port
    printf %s "$password" >reader.password
    printf %s "$password" >admin.password
    php "$web/local/cloison/cli/reading.php" >views.sql
    if [ "$engine" = mariadb ]; then
        sql_mariadb moodle <views.sql
        sql_mariadb -e "DROP USER IF EXISTS alder_reports; CREATE OR REPLACE USER keeper IDENTIFIED BY '$password'; GRANT ALL ON *.* TO keeper WITH GRANT OPTION"
        place=(--engine mysql --port "$mariadb_port" --database moodle_reports)
    else
        sql_postgres -d moodle -f views.sql -c ANALYZE
        sql_postgres -d moodle -c "DO \$\$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'alder_reports') THEN DROP OWNED BY alder_reports; DROP ROLE alder_reports; END IF; END \$\$" \
            -c "DROP ROLE IF EXISTS keeper" -c "CREATE ROLE keeper SUPERUSER LOGIN PASSWORD '$password'"
        place=(--engine postgres --port "$postgres_port" --database moodle --level schema --schema reports)
    fi
    CLOISON_BINARY=$cloison sh "$project/content/moodle/publish.sh" >/dev/null
    "$cloison" tenant create alder --name "Alder College" >/dev/null
    "$cloison" placement set alder lms --host 127.0.0.1 --tls off --user alder_reports --password-file reader.password "${place[@]}" >/dev/null
    "$cloison" placement script alder lms --apply --admin keeper --admin-password-file admin.password >/dev/null
    "$cloison" placement check alder lms >/dev/null
    "$cloison" --json key create alder --name Moodle --allow dashboards:read >key.json
    "$cloison" --json embed-key create alder --name Moodle --longest-life 600 --origin "$MOODLE_SITE_WWWROOT" >embed-key.json
    "$cloison" serve >serve.log 2>&1 &
    server=$!
    running+=("$server")
    for _ in $(seq 300); do curl -sf "http://$CLOISON_LISTEN/health/ready" >/dev/null && break; sleep 0.1; done

    # The administrator's part, and what has to be seen.
    node -e 'const [key, embed] = ["key.json", "embed-key.json"].map((name) => JSON.parse(require("fs").readFileSync(name)));
        console.log(JSON.stringify({ base: process.argv[1], keyid: embed.id, secret: embed.secret, apikey: key.secret }))' "http://$CLOISON_LISTEN" |
        php "$here/tests/real-site.php" "$web" "$project/content/moodle" >site.json
    PHP_CLI_SERVER_WORKERS=4 command php -d max_input_vars=5000 -d error_reporting='E_ALL & ~E_DEPRECATED' -S "127.0.0.1:$site_port" -t "$web" >pages.log 2>&1 &
    pages=$!
    running+=("$pages")
    node "$here/tests/browser/real.mjs" site.json ${pictures:+"$pictures"}
    kill $(pgrep -P "$pages") "$pages" "$server"
    wait "$pages" "$server" 2>/dev/null || true
    cd "$work"
    rm -rf "$folder"
done
