#!/usr/bin/env bash
# The plugins in a real Moodle, on throw-away databases: installed, upgraded, their PHPUnit suites run.
#
#   real-moodle.sh MOODLE_DIR [mariadb|postgres|both] [--keep FOLDER] [--no-tests]
#
# MOODLE_DIR is an unpacked Moodle, 4.1 or later; nothing in it is changed. With --keep the sites stay in FOLDER, for
# real-browser.sh. Needs MariaDB and PostgreSQL servers, PHP with Moodle's extensions, and the PHPUnit that this Moodle is written for:
# 9.6 up to Moodle 4.5, 11 from 5.0 on. PHPUNIT and PHPUNIT_AUTOLOAD name another than the distribution's.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
engines="mariadb postgres" keep="" tests=yes moodle=""
while [ $# -gt 0 ]; do
    case $1 in
        mariadb | postgres) engines=$1 ;;
        both) ;;
        --keep) keep=$2; shift ;;
        --no-tests) tests=no ;;
        *) moodle=$1 ;;
    esac
    shift
done
[ -f "$moodle/lib/moodlelib.php" ] || [ -f "$moodle/public/lib/moodlelib.php" ] || { echo "say where an unpacked Moodle is" >&2; exit 2; }

work=${keep:-$(mktemp -d /tmp/cloison-moodle.XXXXXX)}
mkdir -p "$work"
work=$(cd "$work" && pwd)
chmod 755 "$work"
. "$here/tests/servers.sh"
phpunit=${PHPUNIT:-$(command -v phpunit)}
stop() {
    for engine in $engines; do "stop_$engine"; done
    if [ -z "$keep" ]; then wait || true; rm -rf "$work"; fi
}
trap stop EXIT

root=$work/moodle
if [ ! -d "$root" ]; then
    cp -al "$moodle" "$root" 2>/dev/null || cp -a "$moodle" "$root"
fi
# From 5.1 on the web root is a folder of its own.
web=$root
[ -d "$root/public/lib" ] && web=$root/public
rm -rf "$web/local/cloison" "$web/blocks/cloison"
cp -a "$here/local_cloison" "$web/local/cloison"
cp -a "$here/block_cloison" "$web/blocks/cloison"
# Moodle's set-up of its tests looks for PHPUnit where Composer puts it. The distribution's own does as well.
if [ ! -e "$root/vendor/autoload.php" ]; then
    mkdir -p "$root/vendor/bin" "$root/vendor/phpunit/phpunit"
    echo '{}' >"$root/vendor/phpunit/phpunit/composer.json"
    printf '<?php require_once "%s";\n' "${PHPUNIT_AUTOLOAD:-PHPUnit/Autoload.php}" >"$root/vendor/autoload.php"
    cp "$phpunit" "$root/vendor/bin/phpunit"
fi
rm -f "$root/config.php"
cat >"$root/config.php" <<'PHP'
<?php // One tree, several sites: the environment says which.
unset($CFG);
global $CFG;
$CFG = new stdClass();
$work = dirname(__DIR__);
$engine = getenv('MOODLE_SITE_ENGINE') ?: 'mariadb';
$CFG->dbtype = $engine === 'postgres' ? 'pgsql' : 'mariadb';
$CFG->dblibrary = 'native';
$CFG->dbhost = 'localhost';
$CFG->dbname = getenv('MOODLE_SITE_DATABASE') ?: 'moodle';
$CFG->dbuser = $engine === 'postgres' ? 'moodle' : 'root';
$CFG->dbpass = '';
$CFG->prefix = getenv('MOODLE_SITE_PREFIX') ?: 'mdl_';
$CFG->dboptions = ['dbsocket' => $engine === 'postgres' ? "$work/db-postgres" : "$work/db-mariadb/sock", 'dbcollation' => 'utf8mb4_unicode_ci',
    'dbport' => $engine === 'postgres' ? (getenv('MOODLE_POSTGRES_PORT') ?: 33462) : ''];
$CFG->wwwroot = getenv('MOODLE_SITE_WWWROOT') ?: 'http://127.0.0.1:8101';
$CFG->dataroot = "$work/data-$engine" . (getenv('MOODLE_SITE_DATABASE') ?: '');
$CFG->admin = 'admin';
$CFG->directorypermissions = 0777;
$CFG->phpunit_prefix = 'phpu_';
$CFG->phpunit_dataroot = "$work/phpunit-$engine";
$CFG->noemailever = true;
$CFG->cronclionly = true;
$CFG->curlsecurityblockedhosts = '';
$CFG->curlsecurityallowedport = '';
require_once(is_dir(__DIR__ . '/public/lib') ? __DIR__ . '/public/lib/setup.php' : __DIR__ . '/lib/setup.php');
PHP

for engine in $engines; do
    export MOODLE_SITE_ENGINE=$engine
    "start_$engine"
    mkdir -p "$work/data-$engine" "$work/phpunit-$engine"
    if [ "$engine" = mariadb ]; then
        sql_mariadb -e 'CREATE DATABASE IF NOT EXISTS moodle'
    else
        sql_postgres -d postgres -tc "SELECT 1 FROM pg_database WHERE datname = 'moodle'" | grep -q 1 ||
            sql_postgres -d postgres -c 'CREATE DATABASE moodle'
    fi
    echo "== $engine: install"
    if [ ! -f "$work/installed-$engine" ]; then
        php "$web/admin/cli/install_database.php" --agree-license --lang=en --adminuser=admin --adminpass=Cloison-1! --adminemail=admin@example.org \
            --fullname="Cloison $engine" --shortname=cloison >"$work/install-$engine.log" 2>&1 || { tail -20 "$work/install-$engine.log"; exit 1; }
        touch "$work/installed-$engine"
    else
        php "$web/admin/cli/upgrade.php" --non-interactive >"$work/upgrade-$engine.log" 2>&1 || { tail -20 "$work/upgrade-$engine.log"; exit 1; }
    fi
    php "$web/admin/cli/check_database_schema.php" || exit 1
    [ "$tests" = yes ] || continue
    echo "== $engine: PHPUnit"
    if ! php "$web/admin/tool/phpunit/cli/util.php" --diag >/dev/null 2>&1; then
        php "$web/admin/tool/phpunit/cli/util.php" --drop >/dev/null 2>&1 || true
        php "$web/admin/tool/phpunit/cli/util.php" --install >"$work/phpunit-$engine.log" 2>&1 || { tail -20 "$work/phpunit-$engine.log"; exit 1; }
    fi
    for suite in local/cloison blocks/cloison; do
        (cd "$web" && php "$phpunit" --configuration "$here/tests/moodle-phpunit.xml" --bootstrap "$web/lib/phpunit/bootstrap.php" \
            --test-suffix _test.php "$web/$suite/tests") | tee "$work/result"
        grep -q '^OK' "$work/result" || exit 1
    done
done
