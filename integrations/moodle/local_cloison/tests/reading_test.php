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

use local_cloison\local\reading;

/**
 * What a reporting login is given.
 *
 * @covers \local_cloison\local\reading
 */
final class reading_test extends \basic_testcase {
    /**
     * Each engine's own quotes, the site's prefix, the library's names.
     */
    public function test_script(): void {
        $mysql = reading::script(false, 'moodle', 'm4_', 'moodle_reports', false);
        $this->assertStringStartsWith("CREATE DATABASE IF NOT EXISTS `moodle_reports`;\n", $mysql);
        $role = 'CREATE OR REPLACE VIEW `moodle_reports`.`mdl_role` AS SELECT `id`, `archetype` FROM `moodle`.`m4_role`;';
        $this->assertStringContainsString("$role\n", $mysql);
        $this->assertStringNotContainsString('company', $mysql);
        $postgres = reading::script(true, 'public', 'mdl_', 'reports', true);
        $this->assertStringStartsWith("CREATE SCHEMA IF NOT EXISTS \"reports\";\n", $postgres);
        $this->assertStringContainsString('FROM "public"."mdl_company_users" WHERE suspended = 0;', $postgres);
    }

    /**
     * Nothing that a name holds ends the name.
     */
    public function test_names_are_names(): void {
        $this->assertStringContainsString('FROM `a``; DROP`.`x`', str_replace('x_assign`', 'x`', reading::script(false, 'a`; DROP', 'x_', 'b', false)));
        $this->assertStringContainsString('FROM "a""; DROP".', reading::script(true, 'a"; DROP', 'x_', 'b', false));
    }

    /**
     * No secret, no address, nothing that people have written.
     */
    public function test_nothing_private(): void {
        $columns = explode(' ', implode(' ', reading::TABLES));
        $private = ['password', 'secret', 'email', 'username', 'ip', 'lastip', 'phone1', 'city', 'idnumber', 'message', 'subject', 'other', 'feedback'];
        $this->assertSame([], array_intersect($private, $columns));
        foreach (['sessions', 'config', 'config_plugins', 'user_password_history', 'external_tokens', 'user_preferences'] as $table) {
            $this->assertArrayNotHasKey($table, reading::TABLES);
        }
    }
}
