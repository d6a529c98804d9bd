# Throw-away database servers in the folder $work, by socket and on loopback: for scripts that source this.
# Database servers refuse to run as root.
as() { local user=$1; shift; if [ "$(id -u)" = 0 ]; then runuser -u "$user" -- "$@"; else "$@"; fi; }
php() { command php -d max_input_vars=5000 -d error_reporting='E_ALL & ~E_DEPRECATED' "$@"; }
pgbin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
mariadb_port=${MOODLE_MARIADB_PORT:-33461}
postgres_port=${MOODLE_POSTGRES_PORT:-33462}

start_mariadb() {
    local folder=$work/db-mariadb
    if [ ! -d "$folder" ]; then
        mkdir -p "$folder" && { [ "$(id -u)" != 0 ] || chown mysql "$folder"; }
        as mysql mariadb-install-db --no-defaults --datadir="$folder/data" --auth-root-authentication-method=normal --skip-test-db >"$work/mariadb-install.log" 2>&1
    fi
    as mysql mariadbd --no-defaults --datadir="$folder/data" --socket="$folder/sock" --pid-file="$folder/pid" --bind-address=127.0.0.1 --port="$mariadb_port" \
        --innodb-flush-log-at-trx-commit=0 --innodb-doublewrite=0 --character-set-server=utf8mb4 --collation-server=utf8mb4_unicode_ci \
        >"$work/mariadb.log" 2>&1 &
    for _ in $(seq 300); do mariadb --no-defaults -uroot -S "$folder/sock" -e 'SELECT 1' >/dev/null 2>&1 && return; sleep 0.2; done
    echo "MariaDB does not start: see $work/mariadb.log" >&2; exit 1
}
stop_mariadb() { [ -f "$work/db-mariadb/pid" ] && kill "$(cat "$work/db-mariadb/pid")" 2>/dev/null || true; }
sql_mariadb() { mariadb --no-defaults -uroot -S "$work/db-mariadb/sock" "$@"; }

start_postgres() {
    local folder=$work/db-postgres
    if [ ! -d "$folder" ]; then
        mkdir -p "$folder" && { [ "$(id -u)" != 0 ] || chown postgres "$folder"; }
        as postgres "$pgbin/initdb" -D "$folder/data" -U moodle -A trust -E UTF8 --locale=C.UTF-8 >"$work/postgres-install.log" 2>&1
    fi
    as postgres "$pgbin/pg_ctl" -D "$folder/data" -w -l "$folder/log" \
        -o "-k $folder -p $postgres_port -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off" start >/dev/null
}
stop_postgres() { [ -d "$work/db-postgres/data" ] && as postgres "$pgbin/pg_ctl" -D "$work/db-postgres/data" -m immediate stop >/dev/null 2>&1 || true; }
sql_postgres() { psql -q -v ON_ERROR_STOP=1 -h "$work/db-postgres" -p "$postgres_port" -U moodle "$@"; }
