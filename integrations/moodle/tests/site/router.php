<?php

/**
 * The pages of a site, for `php -S`: a login without a password, people's own page, courses, and the web service that pages call. What is in a
 * block and what the service answers is the plugins' own; around it there is as little as they need.
 *
 * @package    local_cloison
 * @copyright  2026 The Cloison contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

require_once(__DIR__ . '/site.php');

$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
$scripts = ['/site/amd.js' => __DIR__ . '/amd.js', '/local/cloison/view.js' => "$CFG->dirroot/local/cloison/amd/build/view.min.js"];
if (isset($scripts[$path])) {
    header('Content-Type: text/javascript');
    readfile($scripts[$path]);
    return;
}

standin_open(json_decode(file_get_contents(standin_site_file()), true));
session_save_path(getenv('STANDIN_SITE'));
session_name('MoodleSession');
session_start(['cookie_httponly' => true, 'cookie_samesite' => 'Lax']);
if (isset($_SESSION['user'])) {
    standin_enter($_SESSION['user']);
}

/** Answers and ends. */
function standin_answer(int $status, string $type, string $body): never {
    http_response_code($status);
    header("Content-Type: $type");
    echo $body;
    exit;
}

/** What the web service says: Moodle's form, one entry for each call, none after the first that failed. */
function standin_service(): array {
    global $CFG;
    $fail = fn(string $code, string $message): array => [['error' => true, 'exception' => ['message' => $message, 'errorcode' => $code]]];
    if (!isset($_SESSION['sesskey']) || !hash_equals($_SESSION['sesskey'], (string) ($_GET['sesskey'] ?? ''))) {
        return $fail('servicerequireslogin', 'Web service is not available. The session has been logged out or has expired.');
    }
    $functions = [];
    require("$CFG->dirroot/local/cloison/db/services.php");
    $answers = [];
    foreach (json_decode(file_get_contents('php://input'), true) as $call) {
        $function = $functions[$call['methodname']] ?? null;
        if ($function === null || !$function['ajax']) {
            return $fail('servicenotavailable', 'Web service is not available.');
        }
        try {
            $given = $function['classname']::validate_parameters($function['classname']::execute_parameters(), $call['args']);
            $answers[] = ['error' => false, 'data' => $function['classname']::execute(...$given)];
        } catch (moodle_exception $error) {
            return array_merge($answers, $fail($error->errorcode, $error->getMessage()));
        }
    }
    return $answers;
}

/** A page with its blocks. */
function standin_page(context $context, context $parent, string $heading): string {
    global $CFG, $DB;
    require_once("$CFG->dirroot/blocks/cloison/block_cloison.php");
    $page = new moodle_page();
    $page->set_context($context);
    $blocks = '';
    foreach ($DB->get_fieldset_select('block_instances', 'id', 'blockname = ? AND parentcontextid = ?', ['cloison', $parent->id]) as $id) {
        $block = block_instance('cloison', $DB->get_record('block_instances', ['id' => $id]), $page);
        $content = $block->get_content()->text;
        // As in Moodle: what is empty is not there.
        $blocks .= $content === '' ? '' : "<section class=\"block block_cloison\" id=\"inst$id\"><h3>$block->title</h3>$content</section>\n";
    }
    $flags = JSON_HEX_TAG | JSON_HEX_AMP | JSON_THROW_ON_ERROR;
    $calls = json_encode($page->requires->calls, $flags);
    $sesskey = json_encode($_SESSION['sesskey'], $flags);
    return <<<HTML
        <!doctype html><html lang="en"><head><meta charset="utf-8"><title>$heading</title><link rel="icon" href="data:,">
        <style>body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:1200px;padding:24px}.block{border:1px solid #dee2e6;border-radius:8px;padding:16px;margin:16px 0}</style>
        </head><body><h1>$heading</h1>$blocks
        <script>var M = {cfg: {sesskey: $sesskey}};</script><script src="/site/amd.js"></script><script src="/local/cloison/view.js"></script>
        <script>for (const [module, name, given] of $calls) require(module)[name](...given);</script></body></html>
        HTML;
}

if ($path === '/login') {
    session_regenerate_id(true);
    $_SESSION = ['user' => (int) $_GET['user'], 'sesskey' => bin2hex(random_bytes(5))];
    standin_answer(200, 'text/plain', 'in');
}
if ($path === '/logout') {
    session_destroy();
    standin_answer(200, 'text/plain', 'out');
}
if ($path === '/lib/ajax/service.php') {
    standin_answer(200, 'application/json', json_encode(standin_service(), JSON_THROW_ON_ERROR));
}
if (!isloggedin()) {
    standin_answer(403, 'text/plain', 'Log in first.');
}
if ($path === '/my') {
    standin_answer(200, 'text/html; charset=utf-8', standin_page(context_user::instance($USER->id), context_system::instance(), 'Dashboard'));
}
$course = $path === '/course' ? $DB->get_record('course', ['id' => (int) ($_GET['id'] ?? 0)]) : false;
if ($course === false || !can_access_course($course, null, '', true)) {
    standin_answer(404, 'text/plain', 'No such page.');
}
$context = context_course::instance($course->id);
standin_answer(200, 'text/html; charset=utf-8', standin_page($context, $context, s($course->fullname)));
