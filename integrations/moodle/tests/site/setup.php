<?php

/**
 * Makes a site of a learning platform's database: what a Moodle has besides the tables that dashboards read, the plugin's settings as an
 * administrator saves them, the list of what is offered as the plugin's own code makes it, and blocks. Reads JSON, prints the blocks' numbers.
 *
 * @package    local_cloison
 * @copyright  2026 The Cloison contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

require_once(__DIR__ . '/site.php');

$in = json_decode(stream_get_contents(STDIN), true, 512, JSON_THROW_ON_ERROR);
$site = array_intersect_key($in, ['dsn' => 1, 'user' => 1, 'password' => 1, 'prefix' => 1]);
$site['key'] = base64_encode(sodium_crypto_secretbox_keygen());
$site['config'] = [];
standin_open($site);
$DB->complete();
standin_roles();

foreach (['base' => $in['base'], 'keyid' => $in['keyid'], 'life' => 300, 'mode' => 'site', 'attributes' => 'user_id,course_id,language,timezone'] as $name => $value) {
    set_config($name, $value, 'local_cloison');
}
foreach (['secret', 'apikey'] as $name) {
    set_config($name, \core\encryption::encrypt($in[$name]), 'local_cloison');
}
$live = array_filter(\local_cloison\local\catalog::live(true), fn(array $one): bool => $one['kind'] === 'dashboard');
$ids = array_combine(array_column($live, 'slug'), array_keys($live));
$offered = [];
foreach ($in['offered'] as $slug => $audience) {
    $offered[$ids[$slug]] = $audience;
}
\local_cloison\local\catalog::offer($offered);
$site['config'] = $GLOBALS['STANDIN_CONFIG']['local_cloison'];
file_put_contents(standin_site_file(), json_encode($site, JSON_THROW_ON_ERROR));

$blocks = [];
foreach ($in['blocks'] as $name => $block) {
    $parent = isset($block['course']) ? context_course::instance($block['course']) : context_system::instance();
    $id = $DB->insert_record('block_instances', ['blockname' => 'cloison', 'parentcontextid' => $parent->id, 'showinsubcontexts' => 0, 'requiredbytheme' => 0,
        'pagetypepattern' => isset($block['course']) ? 'course-view-*' : 'my-index', 'defaultregion' => 'content', 'defaultweight' => 0,
        'configdata' => '', 'timecreated' => time(), 'timemodified' => time()]);
    require_once("$CFG->dirroot/blocks/cloison/block_cloison.php");
    $config = ['shows' => $ids[$block['shows']], 'way' => $block['way'] ?? ''] + ($block['locks'] ?? []);
    block_instance('cloison', $DB->get_record('block_instances', ['id' => $id]))->instance_config_save((object) $config);
    $blocks[$name] = ['instance' => $id, 'context' => $parent->id, 'shows' => $ids[$block['shows']]];
}
echo json_encode(['blocks' => $blocks, 'pages' => array_map(fn(int $id): int => context_user::instance($id)->id, $in['people'])]);
