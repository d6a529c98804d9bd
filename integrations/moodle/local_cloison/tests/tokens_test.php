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

use context_block;
use context_course;
use context_coursecat;
use context_system;
use context_user;
use local_cloison\local\refused;
use local_cloison\local\tokens;

defined('MOODLE_INTERNAL') || die();

require_once(__DIR__ . '/base_testcase.php');

/**
 * Who gets which token.
 *
 * @covers \local_cloison\local\tokens
 * @covers \local_cloison\local\facts
 * @covers \local_cloison\local\page
 */
final class tokens_test extends base_testcase {
    /** @var \stdClass a course */
    private \stdClass $course;
    /** @var \stdClass another one */
    private \stdClass $other;
    /** @var int a block on the first one */
    private int $block;

    /**
     * Two courses, a block.
     */
    protected function setUp(): void {
        parent::setUp();
        $generator = $this->getDataGenerator();
        $this->course = $generator->create_course();
        $this->other = $generator->create_course();
        $this->offer(['dsh_1' => 'everybody', 'dsh_2' => 'leaders'], ['course' => 'Course', 'period' => 'Period']);
        $this->block = $this->block(context_course::instance($this->course->id)->id);
    }

    /**
     * Somebody with a role in a course logs in.
     *
     * @param string|null $role short name of the role
     * @param \stdClass|null $course which one; the first one when left out
     */
    private function login(?string $role, ?\stdClass $course = null): \stdClass {
        $user = $this->getDataGenerator()->create_user();
        if ($role !== null) {
            $this->getDataGenerator()->enrol_user($user->id, ($course ?? $this->course)->id, $role);
        }
        $this->setUser($user);
        return $user;
    }

    /**
     * The claims of the token for a block.
     *
     * @param int|null $block which one; the first one when left out
     * @param \context|null $context of the page; the first course's when left out
     */
    private function token(?int $block = null, ?\context $context = null): \stdClass {
        $context ??= context_course::instance($this->course->id);
        return self::claims(tokens::issue($block ?? $this->block, $context->id)['token']);
    }

    /**
     * There is no token.
     *
     * @param int|null $block which one; the first one when left out
     * @param \context|null $context of the page; the first course's when left out
     */
    private function assert_refused(?int $block = null, ?\context $context = null): void {
        $context ??= context_course::instance($this->course->id);
        $this->assertNull(tokens::look($block ?? $this->block, $context->id));
        try {
            tokens::issue($block ?? $this->block, $context->id);
            $this->fail('there is a token');
        } catch (refused $refused) {
            $this->assertSame('nothinghere', $refused->errorcode);
        }
    }

    /**
     * The claims are those and no others.
     */
    public function test_a_student(): void {
        $user = $this->login('student');
        $claims = $this->token();
        $this->assertSame(['resource', 'params', 'iat', 'exp', 'sub', 'attributes', 'locale', 'timezone'], array_keys((array) $claims));
        $this->assertEquals((object) ['dashboard' => 'dsh_1'], $claims->resource);
        $this->assertEquals(new \stdClass(), $claims->params);
        $this->assertSame((string) $user->id, $claims->sub);
        $expected = ['reach' => 'own', 'courses_taught' => [], 'courses_enrolled' => [(int) $this->course->id],
            'course_id' => (int) $this->course->id, 'language' => 'en',
            'timezone' => \core_date::get_user_timezone($user)];
        $this->assertEquals($expected, (array) $claims->attributes);
        $this->assertSame(300, $claims->exp - $claims->iat);
        $this->assertEqualsWithDelta(time(), $claims->iat, 5);
    }

    /**
     * A teacher has the courses that he or she teaches, wherever the page is.
     */
    public function test_a_teacher(): void {
        $user = $this->login('editingteacher');
        $this->getDataGenerator()->enrol_user($user->id, $this->other->id, 'student');
        $third = $this->getDataGenerator()->create_course();
        $this->getDataGenerator()->enrol_user($user->id, $third->id, 'teacher');
        $claims = $this->token();
        $this->assertSame(['courses', [(int) $this->course->id, (int) $third->id]], [$claims->attributes->reach, $claims->attributes->courses_taught]);
        $mine = $this->block(context_user::instance($user->id)->id);
        $onmine = $this->token($mine, context_user::instance($user->id));
        $this->assertSame($claims->attributes->courses_taught, $onmine->attributes->courses_taught);
        $this->assertFalse(property_exists($onmine->attributes, 'course_id'));
    }

    /**
     * A role in a category holds for the courses below it, those of categories below included.
     */
    public function test_a_teacher_of_a_category(): void {
        $generator = $this->getDataGenerator();
        $above = $generator->create_category();
        $below = $generator->create_category(['parent' => $above->id]);
        $first = $generator->create_course(['category' => $above->id]);
        $second = $generator->create_course(['category' => $below->id]);
        $user = $this->login('student');
        $generator->role_assign('editingteacher', $user->id, context_coursecat::instance($above->id)->id);
        $this->assertSame([(int) $first->id, (int) $second->id], $this->token()->attributes->courses_taught);
        $other = $this->login('student');
        $generator->role_assign('manager', $other->id, context_coursecat::instance($below->id)->id);
        $this->assertSame([(int) $second->id], $this->token()->attributes->courses_taught);
    }

    /**
     * A role for the site, and administrators.
     */
    public function test_who_sees_the_site(): void {
        $user = $this->login('student');
        $this->getDataGenerator()->role_assign('manager', $user->id, context_system::instance()->id);
        $this->assertSame('site', $this->token()->attributes->reach);
        $this->setAdminUser();
        $this->assertSame('site', $this->token()->attributes->reach);
    }

    /**
     * Archetypes count, names do not.
     */
    public function test_a_role_of_the_sites_own(): void {
        $generator = $this->getDataGenerator();
        $tutor = $generator->create_role(['shortname' => 'tutor', 'archetype' => 'teacher']);
        $fake = $generator->create_role(['shortname' => 'supermanager', 'archetype' => '']);
        $user = $this->login('student');
        $generator->role_assign($fake, $user->id, context_course::instance($this->course->id)->id);
        $this->assertSame('own', $this->token()->attributes->reach);
        $generator->role_assign($tutor, $user->id, context_course::instance($this->course->id)->id);
        $this->assertSame([(int) $this->course->id], $this->token()->attributes->courses_taught);
    }

    /**
     * An enrolment that is suspended or over leaves the role behind, and nothing else.
     */
    public function test_a_teacher_who_has_left(): void {
        $generator = $this->getDataGenerator();
        $user = $this->login('student');
        $generator->enrol_user($user->id, $this->other->id, 'editingteacher', 'manual', 0, 0, ENROL_USER_SUSPENDED);
        $past = $generator->create_course();
        $generator->enrol_user($user->id, $past->id, 'editingteacher', 'manual', time() - 200, time() - 100);
        $this->assertSame([], $this->token()->attributes->courses_taught);
    }

    /**
     * Where groups are kept apart, a course's rows are not all for its tutor.
     */
    public function test_separate_groups(): void {
        $apart = $this->getDataGenerator()->create_course(['groupmode' => SEPARATEGROUPS]);
        $user = $this->login('teacher');
        $this->getDataGenerator()->enrol_user($user->id, $apart->id, 'teacher');
        $this->assertSame([(int) $this->course->id], $this->token()->attributes->courses_taught);
        $this->getDataGenerator()->enrol_user($user->id, $apart->id, 'editingteacher');
        $this->assertSame([(int) $this->course->id, (int) $apart->id], $this->token()->attributes->courses_taught);
    }

    /**
     * Somebody who tries another role sees what that role sees.
     */
    public function test_a_role_that_is_tried(): void {
        global $DB, $USER;
        $this->setAdminUser();
        $context = context_course::instance($this->course->id);
        $USER->access['rsw'][$context->path] = $DB->get_field('role', 'id', ['shortname' => 'student']);
        $this->assertSame('own', $this->token()->attributes->reach);
        $USER->access['rsw'][$context->path] = $DB->get_field('role', 'id', ['shortname' => 'teacher']);
        $this->assertSame(['courses', [(int) $this->course->id]], [$this->token()->attributes->reach, $this->token()->attributes->courses_taught]);
    }

    /**
     * Guests, people who are not logged in, and people who may not enter.
     */
    public function test_strangers(): void {
        $this->setUser(null);
        $this->assert_refused();
        $this->setGuestUser();
        $this->assert_refused();
        $this->login(null);
        $this->assert_refused();
        $this->login('student', $this->other);
        $this->assert_refused();
    }

    /**
     * On the site's home too, and when somebody has let guests view blocks.
     */
    public function test_guests_on_the_home_page(): void {
        global $DB;
        $home = context_course::instance(SITEID);
        $block = $this->block($home->id);
        assign_capability('block/cloison:view', CAP_ALLOW, $DB->get_field('role', 'id', ['shortname' => 'guest']), context_system::instance()->id, true);
        $this->setGuestUser();
        $this->assert_refused($block, $home);
        $this->setUser(null);
        $this->assert_refused($block, $home);
        $user = $this->login(null);
        $this->assertSame((string) $user->id, $this->token($block, $home)->sub);
    }

    /**
     * The capability counts, where it is overridden too.
     */
    public function test_the_capability(): void {
        global $DB;
        $this->login('student');
        $this->token();
        $student = $DB->get_field('role', 'id', ['shortname' => 'student']);
        assign_capability('block/cloison:view', CAP_PROHIBIT, $student, context_block::instance($this->block)->id, true);
        $this->assert_refused();
    }

    /**
     * Numbers that were changed lead nowhere.
     */
    public function test_changed_numbers(): void {
        global $DB;
        $user = $this->login('student');
        $this->getDataGenerator()->enrol_user($user->id, $this->other->id, 'student');
        $this->token();
        // The block is not on that page, though the user may be there.
        $this->assert_refused(null, context_course::instance($this->other->id));
        $this->assert_refused(null, context_system::instance());
        $this->assert_refused(null, context_user::instance($user->id));
        // There is no such block; another kind of block; a block on somebody else's page.
        $this->assert_refused(999999);
        $foreign = $this->block(context_user::instance($this->getDataGenerator()->create_user()->id)->id);
        $this->assert_refused($foreign, context_user::instance($user->id));
        $this->assert_refused($foreign, \context::instance_by_id($DB->get_field('block_instances', 'parentcontextid', ['id' => $foreign])));
        $DB->set_field('block_instances', 'blockname', 'html', ['id' => $this->block]);
        $this->assert_refused();
    }

    /**
     * A block above a course is on the course's pages when it says so, with that course's facts.
     */
    public function test_a_block_above(): void {
        $user = $this->login('student');
        $category = context_coursecat::instance($this->course->category);
        $this->assert_refused($this->block($category->id));
        $below = $this->block($category->id, ['shows' => 'dsh_1', 'lock_course' => 'course_id'], true);
        $this->assertSame((int) $this->course->id, $this->token($below)->params->course);
        // The other course is below it too, but is closed to this user.
        $this->assert_refused($below, context_course::instance($this->other->id));
        $standard = $this->block(context_system::instance()->id);
        $this->assertSame((string) $user->id, $this->token($standard, context_user::instance($user->id))->sub);
    }

    /**
     * Settings of a block lead to nothing that the site does not offer.
     */
    public function test_what_is_offered(): void {
        $course = context_course::instance($this->course->id)->id;
        $this->login('editingteacher');
        $this->assert_refused($this->block($course, ['shows' => 'dsh_9']));
        $this->assert_refused($this->block($course, ['shows' => '']));
        $this->assert_refused($this->block($course, []));
        // For people who see the whole site.
        $leaders = $this->block($course, ['shows' => 'dsh_2']);
        $this->assert_refused($leaders);
        $this->setAdminUser();
        $this->assertSame('dsh_2', $this->token($leaders)->resource->dashboard);
    }

    /**
     * Filters are locked to facts, and to nothing that is typed.
     */
    public function test_locked_filters(): void {
        $course = context_course::instance($this->course->id)->id;
        $config = ['shows' => 'dsh_1', 'lock_course' => 'course_id', 'lock_nothere' => 'course_id', 'course' => '999', 'params' => ['course' => 999]];
        $this->login('student');
        $this->assertEquals((object) ['course' => (int) $this->course->id], $this->token($this->block($course, $config))->params);
        // A fact that is not sent, or that there is none of, would leave the filter open.
        $this->assert_refused($this->block($course, ['shows' => 'dsh_1', 'lock_course' => 'email']));
        $this->assert_refused($this->block($course, ['shows' => 'dsh_1', 'lock_course' => 'courses_taught']));
        $this->assert_refused($this->block($course, ['shows' => 'dsh_1', 'lock_course' => '5']));
        $this->assertDebuggingCalledCount(6);
    }

    /**
     * A block's settings are data, never objects of somebody's choice.
     */
    public function test_crafted_settings(): void {
        global $DB;
        $this->login('student');
        foreach (['', 'rubbish', base64_encode('O:8:"DateTime":0:{}'), base64_encode(serialize(['shows' => 'dsh_1']))] as $crafted) {
            $DB->set_field('block_instances', 'configdata', $crafted, ['id' => $this->block]);
            $this->assert_refused();
        }
    }

    /**
     * Without keys there is nothing, and no half-made token.
     */
    public function test_no_connection(): void {
        $this->login('student');
        foreach (['base', 'keyid', 'secret', 'apikey'] as $name) {
            $kept = get_config('local_cloison', $name);
            set_config($name, '', 'local_cloison');
            $this->assert_refused();
            set_config($name, $kept, 'local_cloison');
        }
        $this->token();
    }

    /**
     * More courses than a token holds: no token, rather than one that leaves some out.
     */
    public function test_a_token_that_is_too_long(): void {
        global $DB;
        $user = $this->login('student');
        $category = $this->getDataGenerator()->create_category();
        $this->getDataGenerator()->role_assign('teacher', $user->id, context_coursecat::instance($category->id)->id);
        for ($i = 0; $i < 1001; $i++) {
            $id = $DB->insert_record('course', ['category' => $category->id, 'fullname' => "c$i", 'shortname' => "c$i"]);
            context_course::instance($id);
        }
        $this->assert_refused();
        $this->assertDebuggingCalledCount(2);
    }
}
