<?php

/**
 * A site: the stand-in over the database of a learning platform, with the settings that setup.php wrote into the folder STANDIN_SITE.
 *
 * @package    local_cloison
 * @copyright  2026 The Cloison contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

require_once(__DIR__ . '/../standin/bootstrap.php');

/** Where the site's settings are. */
function standin_site_file(): string {
    return getenv('STANDIN_SITE') . '/site.json';
}

/** Opens the site's database and takes its settings. */
function standin_open(array $site): void {
    global $DB, $OUTPUT, $SESSION, $USER;
    $DB = new standin_database($site['dsn'], $site['prefix'], $site['user'], $site['password']);
    $OUTPUT = new standin_output();
    $SESSION = new stdClass();
    $USER = (object) ['id' => 0, 'access' => []];
    \core\encryption::use_key(base64_decode($site['key']));
    $GLOBALS['STANDIN_CONFIG'] = ['local_cloison' => $site['config']];
    // Moodle's own curl class, with its proxy and its list of blocked hosts, is asked in a real Moodle.
    \local_cloison\local\library::load();
    \local_cloison\local\connection::through(new \Cloison\Http\CurlTransport());
}

/** Logs somebody in. */
function standin_enter(int $userid): void {
    global $DB, $USER;
    $USER = $DB->get_record('user', ['id' => $userid], '*', MUST_EXIST);
    $USER->access = [];
}
