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
 * Facts about a user, from Moodle's own tables.
 *
 * @package    local_cloison
 * @copyright  2026 The Cloison contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace local_cloison\local;

use context;
use context_course;
use stdClass;

/**
 * Collects what scope works with.
 */
final class facts {
    /** Levels whose role assignments lead to courses. */
    private const LEVELS = [CONTEXT_SYSTEM, CONTEXT_COURSECAT, CONTEXT_COURSE];

    /**
     * The facts about the user who is logged in, on a page.
     *
     * @param context $context the page's
     * @return array<string, mixed> see scope
     */
    public static function collect(context $context): array {
        global $USER, $DB;
        $userid = (int) $USER->id;
        $coursecontext = $context->get_course_context(false);
        $courseid = $coursecontext && $coursecontext->instanceid != SITEID ? (int) $coursecontext->instanceid : null;
        $enrolled = array_map('intval', array_keys(enrol_get_users_courses($userid, true, 'id')));
        sort($enrolled);
        [$system, $taught] = self::teaching($userid, $enrolled);
        $here = get_user_roles($context, $userid, true);
        $archetypes = $DB->get_records_menu('role', null, '', 'id, archetype');
        $own = array_filter(array_map(fn(stdClass $one): string => (string) $archetypes[$one->roleid], $here));
        $switched = self::switched($context);
        $organisation = organisation::current();
        return [
            'userid' => $userid,
            'username' => $USER->username,
            'email' => $USER->email,
            'siteadmin' => is_siteadmin($userid),
            'companymanager' => $organisation->ismanager,
            'systemarchetypes' => $system,
            'taught' => $taught,
            'grouped' => self::grouped($userid, array_keys($taught)),
            'switched' => $switched === null ? null : (string) $archetypes[$switched],
            'roles' => self::texts(array_column($here, 'shortname')),
            'archetypes' => self::texts($own),
            'courseid' => $courseid,
            'enrolled' => $enrolled,
            'cohorts' => self::ids($DB->get_fieldset_select('cohort_members', 'cohortid', 'userid = ?', [$userid])),
            'groups' => $courseid === null ? [] : self::ids(groups_get_user_groups($courseid, $userid)[0] ?? []),
            'language' => self::language(),
            'timezone' => \core_date::get_user_timezone($USER),
            'companyid' => $organisation->companyid,
            'tenantid' => $organisation->tenantid,
        ];
    }

    /**
     * Leading roles: those for the whole site, and those of each course, given in the course or in a category above it.
     *
     * Roles are told by archetype: names and short names are a site's own business.
     *
     * @param int $userid whose
     * @param int[] $enrolled courses with an enrolment that holds
     * @return array{string[], array<int, string[]>}
     */
    private static function teaching(int $userid, array $enrolled): array {
        global $DB;
        [$levels, $params] = $DB->get_in_or_equal(self::LEVELS, SQL_PARAMS_NAMED);
        $sql = "SELECT ra.id, r.archetype, x.contextlevel, x.instanceid, x.path
                  FROM {role_assignments} ra
                  JOIN {role} r ON r.id = ra.roleid AND r.archetype IN ('manager', 'editingteacher', 'teacher')
                  JOIN {context} x ON x.id = ra.contextid
                 WHERE ra.userid = :userid AND x.contextlevel $levels";
        $system = [];
        $taught = [];
        foreach ($DB->get_records_sql($sql, $params + ['userid' => $userid]) as $one) {
            if ($one->contextlevel == CONTEXT_SYSTEM) {
                $system[] = $one->archetype;
                continue;
            }
            $courses = $one->contextlevel == CONTEXT_COURSE ? [(int) $one->instanceid] : self::below($one->path);
            foreach ($courses as $course) {
                if ($course != SITEID && ($one->contextlevel == CONTEXT_COURSECAT || self::mayenter($userid, $course, $enrolled))) {
                    $taught[$course][] = $one->archetype;
                }
            }
        }
        return [array_values(array_unique($system)), $taught];
    }

    /**
     * Whether a role in a course counts: an enrolment that is suspended or over leaves the role behind.
     *
     * @param int $userid whose
     * @param int $course which
     * @param int[] $enrolled courses with an enrolment that holds
     */
    private static function mayenter(int $userid, int $course, array $enrolled): bool {
        if (in_array($course, $enrolled, true)) {
            return true;
        }
        $context = context_course::instance($course, IGNORE_MISSING);
        return $context && has_capability('moodle/course:view', $context, $userid);
    }

    /**
     * The courses below a category.
     *
     * @param string $path of the category's context
     * @return int[]
     */
    private static function below(string $path): array {
        global $DB;
        $like = $DB->sql_like('x.path', ':path');
        $sql = "SELECT x.instanceid FROM {context} x JOIN {course} c ON c.id = x.instanceid WHERE x.contextlevel = :level AND $like";
        $params = ['level' => CONTEXT_COURSE, 'path' => $DB->sql_like_escape($path) . '/%'];
        return self::ids($DB->get_fieldset_sql($sql, $params));
    }

    /**
     * Courses where the user sees some groups only.
     *
     * @param int $userid whose
     * @param int[] $courses among which
     * @return int[]
     */
    private static function grouped(int $userid, array $courses): array {
        global $DB;
        if ($courses === []) {
            return [];
        }
        [$in, $params] = $DB->get_in_or_equal($courses);
        $params[] = SEPARATEGROUPS;
        $separate = self::ids($DB->get_fieldset_select('course', 'id', "id $in AND groupmode = ?", $params));
        $sees = fn(int $id): bool => has_capability('moodle/site:accessallgroups', context_course::instance($id), $userid);
        return array_values(array_filter($separate, fn(int $id): bool => !$sees($id)));
    }

    /**
     * The role that the user tries in this course, with "switch role to".
     *
     * @param context $context the page's
     */
    private static function switched(context $context): ?int {
        global $USER;
        $switched = $USER->access['rsw'] ?? [];
        foreach ($context->get_parent_context_paths(true) as $path) {
            if (isset($switched[$path])) {
                return (int) $switched[$path];
            }
        }
        return null;
    }

    /**
     * The language as a tag: en, pt-BR. Moodle's own variants, such as de_du, are left out.
     */
    private static function language(): string {
        $parts = explode('_', current_language());
        $country = strtoupper($parts[1] ?? '');
        $known = $country !== '' && array_key_exists($country, get_string_manager()->get_list_of_countries(true, 'en'));
        return $known ? "{$parts[0]}-$country" : $parts[0];
    }

    /**
     * Ids in order.
     *
     * @param array $values numbers, perhaps as texts
     * @return int[]
     */
    private static function ids(array $values): array {
        $ids = array_values(array_unique(array_map('intval', $values)));
        sort($ids);
        return $ids;
    }

    /**
     * Texts in order.
     *
     * @param array $values texts
     * @return string[]
     */
    private static function texts(array $values): array {
        $texts = array_values(array_unique($values));
        sort($texts);
        return $texts;
    }
}
