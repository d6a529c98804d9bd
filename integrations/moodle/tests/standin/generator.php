<?php

/**
 * Makes people and courses.
 *
 * @package    local_cloison
 * @copyright  2026 The Cloison contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

/** The part of Moodle's generator that the tests use. */
final class standin_generator {
    private int $count = 0;

    public function create_category(array $record = []): stdClass {
        global $DB;
        $id = $DB->insert_record('course_categories', $record + ['name' => 'Category ' . ++$this->count, 'parent' => 0]);
        context_coursecat::instance($id);
        return $DB->get_record('course_categories', ['id' => $id]);
    }

    public function create_course(array $record = []): stdClass {
        global $DB;
        $n = ++$this->count;
        $id = $DB->insert_record('course', $record + ['category' => 1, 'fullname' => "Course $n", 'shortname' => "c$n"]);
        context_course::instance($id);
        $DB->insert_record('enrol', ['enrol' => 'manual', 'courseid' => $id]);
        return $DB->get_record('course', ['id' => $id]);
    }

    public function create_user(array $record = []): stdClass {
        global $DB;
        $n = ++$this->count;
        $id = $DB->insert_record('user', $record + ['username' => "user$n", 'email' => "user$n@example.org"]);
        context_user::instance($id);
        return $DB->get_record('user', ['id' => $id]);
    }

    public function create_role(array $record): int {
        return standin_role($record['shortname'], $record['archetype'] ?? '');
    }

    public function role_assign(int|string $role, int|string $userid, int|string $contextid): void {
        global $DB;
        $id = is_numeric($role) ? $role : $DB->get_field('role', 'id', ['shortname' => $role]);
        $DB->insert_record('role_assignments', ['roleid' => $id, 'userid' => $userid, 'contextid' => $contextid]);
    }

    public function enrol_user(
        int|string $userid,
        int|string $courseid,
        string $role,
        string $enrol = 'manual',
        int $timestart = 0,
        int $timeend = 0,
        int $status = ENROL_USER_ACTIVE,
    ): void {
        global $DB;
        $way = $DB->get_field('enrol', 'id', ['courseid' => $courseid, 'enrol' => $enrol]);
        $row = ['enrolid' => $way, 'userid' => $userid];
        if (!$DB->record_exists('user_enrolments', $row)) {
            $DB->insert_record('user_enrolments', $row + ['status' => $status, 'timestart' => $timestart, 'timeend' => $timeend]);
        }
        $this->role_assign($role, $userid, context_course::instance($courseid)->id);
    }
}
