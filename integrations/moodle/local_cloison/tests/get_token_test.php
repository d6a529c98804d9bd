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

use context_course;
use local_cloison\external\get_token;
use local_cloison\local\refused;

defined('MOODLE_INTERNAL') || die();

require_once(__DIR__ . '/base_testcase.php');

/**
 * The web service.
 *
 * @covers \local_cloison\external\get_token
 */
final class get_token_test extends base_testcase {
    /**
     * A student gets a token, others the one refusal.
     */
    public function test_execute(): void {
        $course = $this->getDataGenerator()->create_course();
        $context = context_course::instance($course->id);
        $this->offer(['dsh_1' => 'everybody']);
        $block = $this->block($context->id);
        $user = $this->getDataGenerator()->create_user();
        $this->getDataGenerator()->enrol_user($user->id, $course->id, 'student');
        $this->setUser($user);
        $this->assertSame((string) $user->id, self::claims(get_token::execute($block, $context->id)['token'])->sub);

        $stranger = $this->getDataGenerator()->create_user();
        $refusals = [];
        $ask = function (int $block, int $context) use (&$refusals): void {
            try {
                get_token::execute($block, $context);
                $this->fail('there is a token');
            } catch (refused $error) {
                $refusals[] = $error->getMessage();
            }
        };
        $this->setUser($stranger);
        $ask($block, (int) $context->id);
        $this->setGuestUser();
        $ask($block, (int) $context->id);
        $this->setUser(null);
        $ask($block, (int) $context->id);
        $this->setUser($user);
        $ask($block + 999, (int) $context->id);
        $ask($block, 999999);
        $this->assertCount(1, array_unique($refusals), 'what is foreign and what is missing are one answer');
    }
}
