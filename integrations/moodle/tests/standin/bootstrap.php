<?php

/**
 * Stands in for a Moodle, as far as the plugins and their tests ask for one: real role assignments, contexts, overrides and enrolments in a
 * SQLite database, so that "who sees what" is decided by the plugins' own queries here too. What it does not have is an error.
 *
 * The same tests run in a real Moodle (tests/real-moodle.sh), which is what keeps this honest. Beside tests it serves pages over a site's own
 * database (tests/site).
 *
 * @package    local_cloison
 * @copyright  2026 The Cloison contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

define('MOODLE_INTERNAL', true);
define('PHPUNIT_TEST', getenv('STANDIN_SITE') === false);
foreach (['CONTEXT_SYSTEM' => 10, 'CONTEXT_USER' => 30, 'CONTEXT_COURSECAT' => 40, 'CONTEXT_COURSE' => 50, 'CONTEXT_MODULE' => 70, 'CONTEXT_BLOCK' => 80,
    'CAP_INHERIT' => 0, 'CAP_ALLOW' => 1, 'CAP_PREVENT' => -1, 'CAP_PROHIBIT' => -1000, 'IGNORE_MISSING' => 0, 'MUST_EXIST' => 2, 'SITEID' => 1,
    'SEPARATEGROUPS' => 1, 'ENROL_USER_ACTIVE' => 0, 'ENROL_USER_SUSPENDED' => 1, 'SQL_PARAMS_NAMED' => 1, 'SQL_PARAMS_QM' => 2, 'DEBUG_DEVELOPER' => 32767,
    'RISK_CONFIG' => 2, 'RISK_PERSONAL' => 8, 'RISK_DATALOSS' => 32, 'XMLDB_TYPE_INTEGER' => 1, 'XMLDB_TYPE_CHAR' => 4, 'XMLDB_NOTNULL' => true,
    'XMLDB_SEQUENCE' => true, 'XMLDB_KEY_PRIMARY' => 1, 'PARAM_INT' => 'int', 'PARAM_RAW' => 'raw'] as $name => $value) {
    define($name, $value);
}

$CFG = (object) ['dirroot' => getenv('STANDIN_ROOT') ?: throw new RuntimeException('run tests/run.sh')];
$CFG->libdir = "$CFG->dirroot/lib";

spl_autoload_register(static function (string $class): void {
    global $CFG;
    foreach (['local_cloison\\' => 'local/cloison', 'block_cloison\\' => 'blocks/cloison'] as $prefix => $folder) {
        $file = "$CFG->dirroot/$folder/classes/" . strtr(substr($class, strlen($prefix)), '\\', '/') . '.php';
        if (str_starts_with($class, $prefix) && is_file($file)) {
            require_once($file);
        }
    }
});

foreach (['database', 'contexts', 'access', 'enrolments', 'texts', 'settings', 'pages', 'services', 'generator'] as $part) {
    require_once(__DIR__ . "/$part.php");
}
if (PHPUNIT_TEST) {
    require_once(__DIR__ . '/testcase.php');
}
