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

namespace block_cloison;

use context_course;
use local_cloison\base_testcase;

defined('MOODLE_INTERNAL') || die();

require_once(__DIR__ . '/../../../local/cloison/tests/base_testcase.php');
require_once(__DIR__ . '/../../moodleblock.class.php');
require_once(__DIR__ . '/../block_cloison.php');

/**
 * The block.
 *
 * @covers \block_cloison
 */
final class block_test extends base_testcase {
    /**
     * What is in a block on a course's page.
     *
     * @param \stdClass $course the course
     * @param int $id the block's
     */
    private function content(\stdClass $course, int $id): string {
        global $DB;
        $page = new \moodle_page();
        $page->set_context(context_course::instance($course->id));
        $page->set_url('/course/view.php', ['id' => $course->id]);
        $block = block_instance('cloison', $DB->get_record('block_instances', ['id' => $id]), $page);
        return $block->get_content()->text;
    }

    /**
     * A student has a place without a token in it; others have nothing at all.
     */
    public function test_content(): void {
        $course = $this->getDataGenerator()->create_course();
        $this->offer(['dsh_1' => 'everybody']);
        $id = $this->block((int) context_course::instance($course->id)->id, ['shows' => 'dsh_1', 'way' => 'iframe']);
        $user = $this->getDataGenerator()->create_user();
        $this->getDataGenerator()->enrol_user($user->id, $course->id, 'student');
        $this->setUser($user);
        $text = $this->content($course, $id);
        foreach (["data-instance=\"$id\"", 'data-base="https://reports.example"', 'data-way="iframe"', 'data-kind="dashboard"', 'data-title="Overview"'] as $part) {
            $this->assertStringContainsString($part, $text);
        }
        $this->assertStringNotContainsString('eyJ', $text);
        $this->setUser($this->getDataGenerator()->create_user());
        $this->assertSame('', $this->content($course, $id));
        $this->setGuestUser();
        $this->assertSame('', $this->content($course, $id));
        $this->setUser(null);
        $this->assertSame('', $this->content($course, $id));
    }

    /**
     * Settings are kept as plain texts, and only ours.
     */
    public function test_settings(): void {
        global $DB;
        $course = $this->getDataGenerator()->create_course();
        $id = $this->block((int) context_course::instance($course->id)->id, []);
        $block = block_instance('cloison', $DB->get_record('block_instances', ['id' => $id]));
        $block->instance_config_save((object) ['shows' => 'dsh_1', 'lock_course' => 'course_id', 'token' => 'x', 'params' => (object) ['a' => 1]]);
        $saved = unserialize_object(base64_decode($DB->get_field('block_instances', 'configdata', ['id' => $id])));
        $this->assertEquals((object) ['shows' => 'dsh_1', 'lock_course' => 'course_id'], $saved);
    }
}
