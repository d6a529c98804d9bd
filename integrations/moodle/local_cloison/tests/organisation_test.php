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
use local_cloison\local\organisation;
use local_cloison\local\tokens;

defined('MOODLE_INTERNAL') || die();

require_once(__DIR__ . '/base_testcase.php');

/**
 * Several companies in one site.
 *
 * @covers \local_cloison\local\organisation
 * @covers \local_cloison\local\connection
 */
final class organisation_test extends base_testcase {
    /** @var int[] companies by name */
    private array $companies = [];
    /** @var \stdClass a course */
    private \stdClass $course;
    /** @var int a block on it */
    private int $block;

    /**
     * IOMAD's tables, as far as they are read.
     */
    protected function setUp(): void {
        global $DB;
        parent::setUp();
        $manager = $DB->get_manager();
        foreach (['company' => ['name', 'suspended'], 'company_users' => ['companyid', 'userid', 'managertype', 'suspended']] as $name => $fields) {
            $table = new \xmldb_table($name);
            $table->add_field('id', XMLDB_TYPE_INTEGER, '10', null, XMLDB_NOTNULL, XMLDB_SEQUENCE);
            foreach ($fields as $field) {
                $isname = $field === 'name';
                $table->add_field($field, $isname ? XMLDB_TYPE_CHAR : XMLDB_TYPE_INTEGER, $isname ? '50' : '10', null, XMLDB_NOTNULL, null, $isname ? null : '0');
            }
            $table->add_key('primary', XMLDB_KEY_PRIMARY, ['id']);
            if (!$manager->table_exists($table)) {
                $manager->create_table($table);
            }
        }
        foreach (['care', 'steel'] as $name) {
            $this->companies[$name] = (int) $DB->insert_record('company', (object) ['name' => $name, 'suspended' => 0]);
        }
        set_config('mode', 'iomad', 'local_cloison');
        $secret = fn(string $letter): string => \core\encryption::encrypt(str_repeat($letter, 32));
        $keys = [
            $this->companies['care'] => ['keyid' => 'emk_' . str_repeat('c', 26), 'secret' => $secret('c'), 'apikey' => $secret('k')],
            $this->companies['steel'] => ['keyid' => 'emk_' . str_repeat('s', 26), 'secret' => $secret('s'), 'apikey' => $secret('k')],
        ];
        set_config('organisations', json_encode($keys), 'local_cloison');
        $this->offer(['dsh_1' => 'everybody']);
        $this->course = $this->getDataGenerator()->create_course();
        $this->block = $this->block(context_course::instance($this->course->id)->id);
    }

    /**
     * Takes the tables away.
     */
    protected function tearDown(): void {
        global $DB;
        foreach (['company', 'company_users'] as $name) {
            $DB->get_manager()->drop_table(new \xmldb_table($name));
        }
        parent::tearDown();
    }

    /**
     * Somebody of some companies logs in.
     *
     * @param array<string, array> $companies fields of company_users by the company's name
     */
    private function login(array $companies): \stdClass {
        global $DB;
        $user = $this->getDataGenerator()->create_user();
        $this->getDataGenerator()->enrol_user($user->id, $this->course->id, 'student');
        foreach ($companies as $name => $fields) {
            $row = ['companyid' => $this->companies[$name], 'userid' => $user->id] + $fields + ['managertype' => 0, 'suspended' => 0];
            $DB->insert_record('company_users', (object) $row);
        }
        $this->setUser($user);
        return $user;
    }

    /**
     * Whose key signs, and how far the token reaches; nothing when there is no token.
     *
     * @return string[]
     */
    private function signed(): array {
        if (tokens::look($this->block, context_course::instance($this->course->id)->id) === null) {
            return [];
        }
        $parts = explode('.', tokens::issue($this->block, context_course::instance($this->course->id)->id)['token']);
        $read = fn(string $part): \stdClass => json_decode(base64_decode(strtr($part, '-_', '+/')));
        return [$read($parts[0])->kid[4], $read($parts[1])->attributes->reach];
    }

    /**
     * Each company's people have that company's key.
     */
    public function test_one_company(): void {
        $this->login(['care' => []]);
        $this->assertSame(['c', 'own'], $this->signed());
        $this->login(['steel' => ['managertype' => 1]]);
        $this->assertSame(['s', 'site'], $this->signed());
        $this->login(['steel' => ['managertype' => 2]]);
        $this->assertSame(['s', 'own'], $this->signed());
    }

    /**
     * Nobody's key is not the site's.
     */
    public function test_no_company(): void {
        global $DB;
        $this->login([]);
        $this->assertSame([], $this->signed());
        $this->login(['care' => ['suspended' => 1]]);
        $this->assertSame([], $this->signed());
        $this->setAdminUser();
        $this->assertSame([], $this->signed());
        $this->login(['care' => []]);
        $DB->set_field('company', 'suspended', 1, ['id' => $this->companies['care']]);
        $this->assertSame([], $this->signed());
    }

    /**
     * In several companies, what was chosen counts, where the user belongs to it.
     */
    public function test_several_companies(): void {
        global $SESSION;
        $this->login(['care' => [], 'steel' => ['managertype' => 1]]);
        $this->assertSame([], $this->signed());
        $SESSION->currenteditingcompany = $this->companies['care'];
        $this->assertSame(['c', 'own'], $this->signed());
        $SESSION->currenteditingcompany = $this->companies['steel'];
        $this->assertSame(['s', 'site'], $this->signed());
        $this->login(['care' => ['managertype' => 1]]);
        $SESSION->currenteditingcompany = $this->companies['steel'];
        $this->assertSame([], $this->signed());
        $this->setAdminUser();
        $SESSION->currenteditingcompany = $this->companies['steel'];
        $this->assertSame(['s', 'site'], $this->signed());
    }

    /**
     * Where the whole site is one organisation, to lead a company is no reason to see the others.
     */
    public function test_a_company_in_a_site_of_one(): void {
        set_config('mode', 'site', 'local_cloison');
        $this->login(['care' => ['managertype' => 1]]);
        $this->assertSame('own', $this->signed()[1]);
        $this->assertNull(organisation::current()->number());
    }
}
