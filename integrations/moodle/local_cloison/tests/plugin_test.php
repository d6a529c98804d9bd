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

use core_privacy\local\metadata\collection;
use local_cloison\local\scope;
use local_cloison\privacy\provider;

/**
 * What the plugin tells Moodle about itself. In a real Moodle only.
 *
 * @coversNothing
 */
final class plugin_test extends \advanced_testcase {
    /**
     * Every attribute that may be sent is declared, and has a text.
     */
    public function test_privacy(): void {
        $items = provider::get_metadata(new collection('local_cloison'))->get_collection();
        $fields = $items[0]->get_privacy_fields();
        $this->assertEqualsCanonicalizing(array_merge(['sub'], scope::NEEDED, scope::OPTIONAL), array_keys($fields));
        foreach ($fields as $text) {
            $this->assertTrue(get_string_manager()->string_exists($text, 'local_cloison'), $text);
        }
    }

    /**
     * Moodle's own library reads our tokens.
     */
    public function test_tokens_are_what_moodles_library_reads(): void {
        \local_cloison\local\library::load();
        $secret = str_repeat('s', 32);
        $key = new \Cloison\EmbedKey('emk_0123456789abcdefghjkmnpqrs', $secret);
        $token = $key->sign(\Cloison\EmbedToken::dashboard('dsh_1')->viewer('7', ['courses_taught' => [1, 2]])->lock('course', [3]));
        $read = \Firebase\JWT\JWT::decode($token, new \Firebase\JWT\Key($secret, 'HS256'));
        $this->assertSame(['7', [1, 2], [3]], [$read->sub, $read->attributes->courses_taught, $read->params->course]);
    }

    /**
     * The capability that decides about server, keys and the site's list holds for the whole site: no course can give it.
     */
    public function test_capabilities(): void {
        global $DB;
        $capability = $DB->get_record('capabilities', ['name' => 'local/cloison:configure'], '*', MUST_EXIST);
        $this->assertEquals(CONTEXT_SYSTEM, $capability->contextlevel);
        $this->assertFalse($DB->record_exists('role_capabilities', ['capability' => 'local/cloison:configure']));
        $guest = $DB->get_field('role', 'id', ['shortname' => 'guest']);
        $permission = $DB->get_field('role_capabilities', 'permission', ['capability' => 'block/cloison:view', 'roleid' => $guest]);
        $this->assertNotEquals(CAP_ALLOW, $permission);
    }

    /**
     * The web service asks for a session, and does not write to it.
     */
    public function test_service(): void {
        global $DB;
        $service = $DB->get_record('external_functions', ['name' => 'local_cloison_get_token'], '*', MUST_EXIST);
        $this->assertSame('block/cloison:view', $service->capabilities);
        $about = \local_cloison\external\get_token::class;
        $this->assertSame($about, ltrim($service->classname, '\\'));
    }
}
