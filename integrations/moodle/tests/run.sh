#!/usr/bin/env bash
# The plugins' checks where there is no Moodle: syntax, texts, templates, copies, and their PHPUnit suites on a stand-in (tests/standin).
# The same suites run in a real Moodle by tests/real-moodle.sh. Needs php with SQLite, and PHPUnit 9 or 10.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# As they lie in a Moodle: files look for each other there.
mkdir -p "$work/local" "$work/blocks" "$work/lib"
cp -R "$here/local_cloison" "$work/local/cloison"
cp -R "$here/block_cloison" "$work/blocks/cloison"
echo '<?php' >"$work/blocks/moodleblock.class.php"
# What the plugins tell Moodle about themselves is asked of a real one.
rm "$work/local/cloison/tests/plugin_test.php"

php "$here/tests/check.php" "$here"
for suite in local/cloison blocks/cloison; do
    STANDIN_ROOT=$work phpunit --configuration "$here/tests/moodle-phpunit.xml" --bootstrap "$here/tests/standin/bootstrap.php" \
        --test-suffix _test.php "$work/$suite/tests" | tee "$work/result"
    # No test at all is no success.
    grep -q '^OK' "$work/result"
done
