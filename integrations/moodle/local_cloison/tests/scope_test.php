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
 * Tests.
 *
 * @package    local_cloison
 * @copyright  2026 The Cloison contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace local_cloison;

use local_cloison\local\scope;

/**
 * From facts to attributes. Needs no Moodle.
 *
 * @covers \local_cloison\local\scope
 */
final class scope_test extends \basic_testcase {
    /**
     * Facts about somebody who has nothing.
     *
     * @param array $more what differs
     */
    private static function facts(array $more = []): array {
        return $more + ['userid' => 42, 'username' => 'ada', 'email' => 'ada@example.org', 'siteadmin' => false, 'companymanager' => false,
            'systemarchetypes' => [], 'taught' => [], 'grouped' => [], 'switched' => null, 'roles' => [], 'archetypes' => [],
            'courseid' => null, 'enrolled' => [], 'cohorts' => [], 'groups' => [], 'language' => 'en', 'timezone' => 'Europe/London',
            'companyid' => null, 'tenantid' => null];
    }

    /**
     * How far people see.
     *
     * @param array $facts what is known
     * @param string $reach how far
     * @param int[] $courses courses taught that are sent
     * @dataProvider people
     */
    public function test_reach(array $facts, string $reach, array $courses): void {
        $scope = new scope(self::facts($facts));
        $this->assertSame($reach, $scope->reach());
        $this->assertSame(['reach' => $reach, 'courses_taught' => $courses, 'courses_enrolled' => $facts['enrolled'] ?? []], $scope->sent([]));
    }

    /**
     * People.
     */
    public static function people(): array {
        $teacher = ['taught' => [5 => ['editingteacher'], 3 => ['teacher']]];
        return [
            'nobody' => [[], 'own', []],
            'student' => [['enrolled' => [3], 'roles' => ['student'], 'archetypes' => ['student']], 'own', []],
            'a role called teacher' => [['roles' => ['teacher'], 'courseid' => 3], 'own', []],
            'teacher' => [$teacher, 'courses', [3, 5]],
            'teacher of one, student of another' => [$teacher + ['enrolled' => [9]], 'courses', [3, 5]],
            'course manager' => [['taught' => [7 => ['manager']]], 'courses', [7]],
            'other archetypes in courses' => [['taught' => [7 => ['student', 'coursecreator', 'guest', '']]], 'own', []],
            'teacher who sees some groups only' => [$teacher + ['grouped' => [5]], 'courses', [3]],
            'teacher who sees groups everywhere' => [$teacher + ['grouped' => [3, 5]], 'own', []],
            'site manager' => [['systemarchetypes' => ['manager']] + $teacher, 'site', []],
            'site teacher' => [['systemarchetypes' => ['teacher']], 'site', []],
            'course creator of the site' => [['systemarchetypes' => ['coursecreator']], 'own', []],
            'administrator' => [['siteadmin' => true], 'site', []],
            'leads a company' => [['companymanager' => true], 'site', []],
            'teacher as student' => [$teacher + ['switched' => 'student', 'courseid' => 3], 'own', []],
            'administrator as teacher' => [['siteadmin' => true, 'switched' => 'editingteacher', 'courseid' => 3], 'courses', [3]],
            'administrator as student' => [['siteadmin' => true, 'switched' => 'student', 'courseid' => 3], 'own', []],
            'manager as nobody' => [['systemarchetypes' => ['manager'], 'switched' => '', 'courseid' => 3], 'own', []],
            'switched on the front page' => [['siteadmin' => true, 'switched' => 'manager'], 'own', []],
        ];
    }

    /**
     * Nothing is sent that the site does not allow, and nothing can be locked to it.
     */
    public function test_only_what_is_allowed(): void {
        $scope = new scope(self::facts(['courseid' => 3, 'companyid' => 7, 'taught' => [3 => ['teacher']]]));
        $this->assertSame(scope::NEEDED, array_keys($scope->sent(['', 'password', 'reach'])));
        $this->assertSame(['courses_taught' => [3], 'courses_enrolled' => []], $scope->lockable(['']));
        $sent = $scope->sent(['email', 'course_id', 'company_id', 'tenant_id']);
        $expected = ['reach' => 'courses', 'courses_taught' => [3], 'courses_enrolled' => [], 'email' => 'ada@example.org', 'course_id' => 3,
            'company_id' => 7];
        $this->assertEquals($expected, $sent);
        $this->assertArrayNotHasKey('email', $scope->lockable(['course_id']));
    }

    /**
     * A role that is tried hides the real ones.
     */
    public function test_switched_hides_roles(): void {
        $facts = self::facts(['roles' => ['manager'], 'archetypes' => ['manager'], 'switched' => 'student', 'courseid' => 3]);
        $sent = (new scope($facts))->sent(['roles', 'archetypes']);
        $this->assertSame([[], ['student']], [$sent['roles'], $sent['archetypes']]);
    }
}
