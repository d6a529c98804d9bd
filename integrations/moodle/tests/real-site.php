<?php
// This file is part of Moodle - http://moodle.org/
//
// Moodle is free software: you can redistribute it and/or modify
// it under the terms of the GNU General Public License as published by
// the Free Software Foundation, either version 3 of the License, or
// (at your option) any later version.
//
// Moodle is distributed in the hope that it will be useful,
// but WITHOUT ANY WARRANTY; without even the implied warranty of
// MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the
// GNU General Public License for more details.
//
// You should have received a copy of the GNU General Public License
// along with Moodle.  If not, see <http://www.gnu.org/licenses/>.

/**
 * Connects a filled throw-away site, puts blocks on its pages, and prints who has to see what, by plain SQL: real-site.php MOODLE_DIR CONTENT < settings.
 *
 * @package    local_cloison
 * @copyright  2026 The Cloison contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

define('CLI_SCRIPT', true);

require($argv[1] . '/config.php');
$content = $argv[2];
$in = json_decode(stream_get_contents(STDIN), true, 512, JSON_THROW_ON_ERROR);
\core\session\manager::set_user(get_admin());

// As an administrator saves them.
\core\encryption::key_exists() || \core\encryption::create_key();
foreach (['base' => $in['base'], 'keyid' => $in['keyid'], 'life' => 300, 'mode' => 'site', 'attributes' => 'user_id,course_id,language,timezone'] as $name => $value) {
    set_config($name, $value, 'local_cloison');
}
foreach (['secret', 'apikey'] as $name) {
    set_config($name, \core\encryption::encrypt($in[$name]), 'local_cloison');
}
$live = array_filter(\local_cloison\local\catalog::live(true), fn(array $one): bool => $one['kind'] === 'dashboard');
$ids = array_combine(array_column($live, 'slug'), array_keys($live));
\local_cloison\local\catalog::offer([$ids['learning'] => 'everybody', $ids['course'] => 'everybody', $ids['overview'] => 'leaders']);

// Blocks: on everybody's dashboard, and on each course's page.
$DB->delete_records('block_instances', ['blockname' => 'cloison']);
$DB->delete_records_select('my_pages', 'userid IS NOT NULL');
$add = function (int $parent, string $pages, ?string $subpage, string $region, array $config) use ($DB): int {
    $id = $DB->insert_record('block_instances', (object) ['blockname' => 'cloison', 'parentcontextid' => $parent, 'showinsubcontexts' => 0,
        'requiredbytheme' => 0, 'pagetypepattern' => $pages, 'subpagepattern' => $subpage, 'defaultregion' => $region, 'defaultweight' => -5,
        'configdata' => base64_encode(serialize((object) $config)), 'timecreated' => time(), 'timemodified' => time()]);
    context_block::instance($id);
    return $id;
};
$default = $DB->get_field_select('my_pages', 'id', "userid IS NULL AND private = 1 AND name = '__default'");
$add(context_system::instance()->id, 'my-index', $default, 'content', ['shows' => $ids['learning']]);
$add(context_system::instance()->id, 'my-index', $default, 'content', ['shows' => $ids['overview']]);
$courses = $DB->get_fieldset_select('course', 'id', 'id <> ? ORDER BY id', [SITEID]);
$course = (int) $courses[0];
foreach (['course' => '', 'learning' => 'iframe'] as $slug => $way) {
    $config = ['shows' => $ids[$slug], 'way' => $way, 'lock_course' => $slug === 'course' ? 'course_id' : ''];
    $add(context_course::instance($course)->id, 'course-view-*', null, 'side-pre', $config);
}

/** What of a table is somebody's, written out by hand: nothing of the product is asked. */
$predicate = function (string $table, ?array $mine, string $people, string $self) use ($DB): string {
    if ($mine === null) {
        return '1 = 1';
    }
    $in = implode(', ', array_merge($mine, [-1]));
    $via = fn(string $column, string $lead, string $of): string => "$self AND $column IN (SELECT id FROM {{$lead}} WHERE $of IN ($in))";
    $nowhere = $self === '1 = 1' ? -1 : 1;
    return match ($table) {
        'modules', 'role' => '1 = 1',
        'course' => "id IN ($in)",
        'user' => "id IN ($people)",
        'context' => "contextlevel = 50 AND instanceid IN ($in)",
        'role_assignments' => "userid IN ($people) AND contextid IN (SELECT id FROM {context} WHERE contextlevel = 50 AND instanceid IN ($in))",
        'course_completions' => "$self AND course IN ($in)",
        'user_lastaccess' => "$self AND courseid IN ($in)",
        'logstore_standard_log' => "$self AND (courseid IN ($in) OR courseid <= $nowhere)",
        'course_modules_completion' => $via('coursemoduleid', 'course_modules', 'course'),
        'user_enrolments' => $via('enrolid', 'enrol', 'courseid'),
        'grade_grades' => $via('itemid', 'grade_items', 'courseid'),
        'badge_issued' => $via('badgeid', 'badge', 'courseid'),
        'enrol', 'grade_items', 'badge' => "courseid IN ($in)",
        'assign', 'course_modules', 'forum', 'quiz' => "course IN ($in)",
    };
};

/** The rows of a card, by its own text over somebody's rows. */
$rows = function (string $card, ?array $mine, string $people, string $self, ?int $locked) use ($DB, $content, $predicate): array {
    $about = json_decode(file_get_contents("$content/cards/$card.json"), true);
    $columns = array_column($about['query']['parameters'], 'column', 'name');
    $sql = preg_replace(['/^\s*--.*$/m', '/\[\[.*?\]\]/s', '/\{\{period\}\}/'], ['', '', '1 = 1'], file_get_contents("$content/cards/$card.sql"));
    $sql = str_replace('{{course}}', $locked === null ? '1 = 1' : ($columns['course']['sql'] ?? '0') . " = $locked", $sql);
    $sql = preg_replace_callback('/\bmdl_(\w+) (\w+)/', fn(array $m): string => "(SELECT * FROM {{$m[1]}} WHERE {$predicate($m[1], $mine, $people, $self)}) $m[2]", $sql);
    $found = [];
    foreach ($DB->get_recordset_sql($sql) as $row) {
        $found[] = array_map(fn($value) => is_numeric($value) ? (float) $value : $value, (array) $row);
    }
    return $found;
};

$dashboard = function (string $slug, ...$who) use ($content, $rows): array {
    $found = [];
    foreach (json_decode(file_get_contents("$content/dashboards/$slug.json"), true)['items'] as $item) {
        if ($item['show']['kind'] === 'card') {
            $found[$item['show']['card']] ??= $rows($item['show']['card'], ...$who);
        }
    }
    return $found;
};

$enrolled = "SELECT ue.userid FROM {user_enrolments} ue JOIN {enrol} e ON e.id = ue.enrolid WHERE e.courseid IN (%s)";
$teacher = $DB->get_record('user', ['username' => 'teacher']);
$taught = array_map('intval', array_slice($courses, 0, 2));
// A student of the first course who has finished something.
$student = $DB->get_record_sql("SELECT u.* FROM {user} u JOIN {course_completions} cc ON cc.userid = u.id AND cc.course = ? AND cc.timestarted > 0
    WHERE u.username LIKE 'student%' ORDER BY cc.timecompleted DESC, u.id", [$course], IGNORE_MULTIPLE);
// No tour stands before the page, and the drawer with a course's blocks is open.
$DB->set_field('tool_usertours_tours', 'enabled', 0);
foreach ([$DB->get_field('user', 'id', ['username' => 'manager']), $teacher->id, $student->id] as $user) {
    set_user_preference('drawer-open-block', 1, $user);
}
// Looking changes nothing that is compared: no events are logged from here on, and the student was in the course today already.
set_config('enabled_stores', '', 'tool_log');
$DB->set_field('user_lastaccess', 'timeaccess', time(), ['userid' => $student->id, 'courseid' => $course]);
$own = array_map('intval', array_keys(enrol_get_users_courses($student->id, true, 'id')));
$people = [];
foreach ([
    ['manager', 'manager', null, '', '1 = 1'],
    ['teacher', 'teacher', $taught, sprintf($enrolled, implode(', ', $taught)), '1 = 1'],
    ['student', $student->username, $own, (string) $student->id, "userid IN ($student->id)"],
] as [$name, $login, $mine, $among, $self]) {
    $pages = [
        ['path' => '/my/', 'dashboard' => 'learning', 'way' => 'component', 'rows' => $dashboard('learning', $mine, $among, $self, null)],
        ['path' => "/course/view.php?id=$course", 'dashboard' => 'course', 'way' => 'component',
            'rows' => $dashboard('course', $mine, $among, $self, $course)],
        ['path' => "/course/view.php?id=$course", 'dashboard' => 'learning', 'way' => 'iframe',
            'rows' => $dashboard('learning', $mine, $among, $self, null)],
    ];
    $people[] = ['who' => $name, 'login' => $login, 'password' => 'Cloison-1!', 'pages' => $pages];
}
purge_all_caches();
echo json_encode(['slug' => $CFG->dbtype, 'release' => $CFG->release ?? get_config('', 'release'), 'moodle' => $CFG->wwwroot, 'people' => $people,
    'period' => date('Y-m-d', time() - 800 * DAYSECS) . '~' . date('Y-m-d', time() + 2 * DAYSECS)], JSON_THROW_ON_ERROR);
