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
 * What a reporting login needs of this site's database.
 *
 * @package    local_cloison
 * @copyright  2026 The Cloison contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace local_cloison\local;

/**
 * Writes views over the site's tables: under the names that the library of dashboards reads, whatever the site's prefix is, and without
 * passwords, addresses, texts and all else that no dashboard needs. Calls nothing of Moodle, so that it is tested without one.
 */
final class reading {
    /** Tables without their prefix, and the columns that dashboards read. */
    public const TABLES = [
        'assign' => 'id course name',
        'assign_grades' => 'id assignment userid timemodified grader grade',
        'assign_submission' => 'id assignment userid timemodified latest',
        'badge' => 'id name courseid',
        'badge_issued' => 'id badgeid userid dateissued dateexpire',
        'cohort' => 'id name visible',
        'cohort_members' => 'id cohortid userid',
        'context' => 'id contextlevel instanceid path',
        'course' => 'id fullname visible enablecompletion enddate',
        'course_completions' => 'id userid course timeenrolled timestarted timecompleted',
        'course_modules' => 'id course module instance section visible completion deletioninprogress',
        'course_modules_completion' => 'id coursemoduleid userid completionstate',
        'enrol' => 'id courseid status',
        'forum' => 'id course name',
        'forum_discussions' => 'id course',
        'forum_posts' => 'id discussion parent userid created deleted',
        'grade_grades' => 'id itemid userid rawgrademax rawgrademin finalgrade hidden timemodified',
        'grade_items' => 'id courseid itemtype hidden',
        'logstore_standard_log' => 'id component action target contextlevel contextinstanceid userid courseid anonymous timecreated',
        'modules' => 'id name',
        'question' => 'id name',
        'question_attempt_steps' => 'id questionattemptid sequencenumber fraction',
        'question_attempts' => 'id questionusageid slot questionid',
        'quiz' => 'id course name sumgrades',
        'quiz_attempts' => 'id quiz userid attempt uniqueid preview state timestart timefinish sumgrades',
        'role' => 'id archetype',
        'role_assignments' => 'id roleid contextid userid',
        'user' => 'id firstname lastname deleted suspended',
        'user_enrolments' => 'id enrolid userid status timecreated',
        'user_lastaccess' => 'id userid courseid timeaccess',
        'company' => 'id name',
        'company_course' => 'id companyid courseid',
        'company_users' => 'id companyid userid',
    ];

    /** IOMAD's tables, which other sites have not. */
    public const IOMAD = ['company', 'company_course', 'company_users'];

    /** Rows that are left out: places that no role in a course comes from, and people whom a company has suspended. */
    private const ROWS = [
        'context' => 'contextlevel IN (10, 40, 50)',
        'company_users' => 'suspended = 0',
    ];

    /**
     * The statements that make the views, for the database's administrator. They may run again.
     *
     * @param bool $ispostgres PostgreSQL, or else MariaDB or MySQL
     * @param string $from the schema (PostgreSQL) or database that holds the site's tables
     * @param string $prefix of the site's tables
     * @param string $place the schema (PostgreSQL) or database for the views
     * @param bool $isiomad whether there are companies
     * @return string
     */
    public static function script(bool $ispostgres, string $from, string $prefix, string $place, bool $isiomad): string {
        $quote = fn(string $name): string => $ispostgres ? '"' . str_replace('"', '""', $name) . '"' : '`' . str_replace('`', '``', $name) . '`';
        $lines = ['CREATE ' . ($ispostgres ? 'SCHEMA' : 'DATABASE') . " IF NOT EXISTS {$quote($place)};"];
        foreach (self::TABLES as $table => $columns) {
            if (in_array($table, self::IOMAD, true) && !$isiomad) {
                continue;
            }
            $list = implode(', ', array_map($quote, explode(' ', $columns)));
            $rows = isset(self::ROWS[$table]) ? ' WHERE ' . self::ROWS[$table] : '';
            $lines[] = "CREATE OR REPLACE VIEW {$quote($place)}.{$quote("mdl_$table")} AS SELECT $list FROM {$quote($from)}.{$quote($prefix . $table)}$rows;";
        }
        return implode("\n", $lines) . "\n";
    }
}
