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
 * Fills an empty throw-away site, the same each time for the same seed: fill-site.php MOODLE_DIR SEED.
 *
 * @package    local_cloison
 * @copyright  2026 The Cloison contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

define('CLI_SCRIPT', true);

require($argv[1] . '/config.php');
require_once($CFG->libdir . '/testing/generator/lib.php');
require_once($CFG->libdir . '/completionlib.php');
require_once($CFG->libdir . '/gradelib.php');

mt_srand((int) $argv[2]);
\core\session\manager::set_user(get_admin());
set_config('enablecompletion', 1);
$generator = new testing_data_generator();
$now = time();
$day = 86400;

$first = ['Ada', 'Ben', 'Cleo', 'Dan', 'Eva', 'Finn', 'Gia', 'Hugo', 'Ines', 'Jon', 'Kira', 'Leo', 'Mona', 'Nils', 'Olga', 'Paul'];
$last = ['Ash', 'Brook', 'Cole', 'Dale', 'Elm', 'Ford', 'Grove', 'Hill'];
$user = function (string $name, int $n) use ($generator, $first, $last): stdClass {
    return $generator->create_user(['username' => $name, 'password' => 'Cloison-1!', 'firstname' => $first[$n % count($first)],
        'lastname' => $last[$n % count($last)] . intdiv($n, 128)]);
};
$log = function (int $userid, int $courseid, int $when, array $more = []) use ($DB): void {
    $context = $courseid ? context_course::instance($courseid) : context_system::instance();
    $DB->insert_record('logstore_standard_log', (object) ($more + ['eventname' => '\core\event\course_viewed', 'component' => 'core', 'action' => 'viewed',
        'target' => 'course', 'crud' => 'r', 'edulevel' => 2, 'contextid' => $context->id, 'contextlevel' => $context->contextlevel,
        'contextinstanceid' => $context->instanceid, 'userid' => $userid, 'courseid' => $courseid, 'anonymous' => 0, 'other' => 'N;', 'timecreated' => $when,
        'origin' => 'web', 'ip' => '127.0.0.1']));
};

$category = $generator->create_category(['name' => 'Health']);
$other = $generator->create_category(['name' => 'Crafts']);
$manager = $user('manager', 0);
$generator->role_assign('manager', $manager->id, context_system::instance()->id);
$teacher = $user('teacher', 1);
$dean = $user('dean', 2);
$generator->role_assign('manager', $dean->id, context_coursecat::instance($other->id)->id);
$students = [];
for ($n = 0; $n < 24; $n++) {
    $students[] = $user('student' . ($n + 1), $n + 3);
}
$cohort = $generator->create_cohort(['name' => 'Spring intake']);
foreach (array_slice($students, 0, 10) as $student) {
    cohort_add_member($cohort->id, $student->id);
}

$names = ['First aid', 'Hygiene', 'Lifting', 'Joinery', 'Welding'];
foreach ($names as $number => $name) {
    $course = $generator->create_course(['fullname' => $name, 'shortname' => "c$number", 'enablecompletion' => 1, 'startdate' => $now - 120 * $day,
        'category' => $number < 3 ? $category->id : $other->id]);
    $context = context_course::instance($course->id);
    // The teacher has the first two; nobody else is told by name.
    if ($number < 2) {
        $generator->enrol_user($teacher->id, $course->id, 'editingteacher');
    }
    $modules = [];
    for ($n = 0; $n < 6; $n++) {
        $kind = ['page', 'forum', 'assign'][$n % 3];
        $modules[] = $generator->create_module($kind, ['course' => $course->id, 'name' => "$name: " . ucfirst($kind) . ' ' . ($n + 1)], ['completion' => 1]);
    }
    $total = grade_item::fetch_course_item($course->id);
    foreach ($students as $n => $student) {
        if (mt_rand(0, 99) < 30) {
            continue;
        }
        $enrolled = $now - mt_rand(20, 110) * $day;
        $generator->enrol_user($student->id, $course->id, 'student', 'manual', $enrolled);
        $DB->set_field_select('user_enrolments', 'timecreated', $enrolled, 'userid = ? AND enrolid IN (SELECT id FROM {enrol} WHERE courseid = ?)', [$student->id, $course->id]);
        $done = mt_rand(0, count($modules));
        foreach ($modules as $place => $module) {
            if ($place < $done) {
                $DB->insert_record('course_modules_completion', (object) ['coursemoduleid' => $module->cmid, 'userid' => $student->id,
                    'completionstate' => 1, 'timemodified' => $enrolled + ($place + 1) * $day]);
            }
        }
        $isdone = $done === count($modules);
        $DB->insert_record('course_completions', (object) ['userid' => $student->id, 'course' => $course->id, 'timeenrolled' => $enrolled,
            'timestarted' => $done > 0 ? $enrolled + $day : 0, 'timecompleted' => $isdone ? $enrolled + 10 * $day : null, 'reaggregate' => 0]);
        if ($done > 1) {
            $total->update_final_grade($student->id, mt_rand(35, 100));
        }
        $visits = mt_rand(3, 25);
        for ($visit = 0; $visit < $visits; $visit++) {
            $when = $now - mt_rand(1, 60 * $day);
            $log($student->id, $course->id, $when);
            $log($student->id, 0, $when - 60, ['component' => 'core', 'target' => 'user', 'action' => 'loggedin', 'eventname' => '\core\event\user_loggedin']);
            $module = $modules[mt_rand(0, count($modules) - 1)];
            $log($student->id, $course->id, $when + 60, ['component' => 'mod_page', 'target' => 'course_module', 'contextlevel' => CONTEXT_MODULE,
                'contextinstanceid' => $module->cmid, 'contextid' => context_module::instance($module->cmid)->id]);
        }
        $DB->insert_record('user_lastaccess', (object) ['userid' => $student->id, 'courseid' => $course->id, 'timeaccess' => $now - mt_rand(1, 40 * $day)]);
    }
}
mtrace('filled');
