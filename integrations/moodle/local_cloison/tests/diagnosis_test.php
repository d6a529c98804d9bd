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

use local_cloison\local\catalog;
use local_cloison\local\connection;
use local_cloison\local\diagnosis;

defined('MOODLE_INTERNAL') || die();

require_once(__DIR__ . '/base_testcase.php');

/**
 * The test of the connection, and the site's list.
 *
 * @covers \local_cloison\local\diagnosis
 * @covers \local_cloison\local\catalog
 */
final class diagnosis_test extends base_testcase {
    /**
     * A server where everything is right.
     *
     * @param array $more what differs
     */
    private static function sound(array $more = []): array {
        $overview = ['id' => 'dsh_1', 'slug' => 'overview', 'name' => 'Overview', 'description' => null];
        return $more + [
            'GET /health/ready' => ['ok' => true],
            'GET /v1/tenant' => ['name' => 'Alder', 'actions' => ['dashboards:read']],
            'GET /v1/dashboards' => ['data' => [$overview]],
            'GET /v1/dashboards/dsh_1' => $overview + ['filters' => [['name' => 'course', 'label' => 'Course']]],
            'GET /v1/cards' => ['data' => []],
            'GET /v1/embed' => ['tenant' => ['name' => 'Alder'], 'items' => [
                ['id' => 'a', 'name' => 'Logins', 'visualization' => ['type' => 'bar', 'x' => 'hour', 'y' => ['logins']]],
                ['id' => 'b', 'name' => 'Grades', 'visualization' => ['type' => 'table']],
            ]],
            'POST /v1/embed/run' => self::lines(['a' => [['08', 0], ['09', null]], 'b' => []]),
        ];
    }

    /**
     * What a run answers.
     *
     * @param array $items rows, or a problem's code, by item
     */
    private static function lines(array $items): string {
        $lines = [];
        foreach ($items as $item => $rows) {
            if (is_string($rows)) {
                $lines[] = ['item' => $item, 'event' => 'error', 'problem' => ['code' => $rows]];
                continue;
            }
            $lines[] = ['item' => $item, 'event' => 'columns', 'columns' => [['name' => 'hour'], ['name' => 'logins']]];
            $lines[] = ['item' => $item, 'event' => 'rows', 'rows' => $rows];
        }
        $lines[] = ['event' => 'end'];
        return implode("\n", array_map('json_encode', $lines));
    }

    /**
     * The steps' statuses and the last one's text.
     *
     * @param array $more what differs at the server
     * @param string $wwwroot of this Moodle
     * @return array{string[], string}
     */
    private static function diagnose(array $more = [], string $wwwroot = 'https://moodle.example/lms'): array {
        self::server(self::sound($more));
        $steps = (new diagnosis($wwwroot))->of(connection::of(null));
        foreach ($steps as $step) {
            self::assertSame($step['status'] === diagnosis::GOOD, $step['cure'] === '', 'what is wrong has a cure');
            self::assertStringNotContainsString('[[', $step['what'] . $step['cure']);
        }
        return [array_column($steps, 'status'), end($steps)['what']];
    }

    /**
     * Everything is right.
     */
    public function test_good(): void {
        [$statuses] = self::diagnose();
        $this->assertSame(['good', 'good', 'good', 'good'], $statuses);
    }

    /**
     * Each thing that may be wrong is named.
     *
     * @param array $more what differs at the server
     * @param string $text a part of what is said
     * @dataProvider wrongs
     */
    public function test_wrong(array $more, string $text): void {
        [$statuses, $said] = self::diagnose($more);
        $this->assertContains('bad', $statuses);
        self::server(self::sound($more));
        $all = implode(' ', array_column((new diagnosis('https://moodle.example'))->of(connection::of(null)), 'what'));
        $this->assertStringContainsString($text, $all, $said);
    }

    /**
     * What may be wrong.
     */
    public static function wrongs(): array {
        return [
            'key' => [['GET /v1/tenant' => [401, 'credential-invalid']], 'API key is not valid'],
            'key is over' => [['GET /v1/tenant' => [401, 'credential-expired']], 'API key is over'],
            'no content' => [['GET /v1/dashboards' => ['data' => []]], 'no dashboard'],
            'secret' => [['GET /v1/embed' => [401, 'token-invalid']], 'does not sign'],
            'clock' => [['GET /v1/embed' => [401, 'token-expired']], 'not acceptable'],
            'narrow' => [['GET /v1/embed' => [404, 'not-found']], 'may not show'],
            'two tenants' => [['GET /v1/embed' => ['tenant' => ['name' => 'Birch']]], 'that of "Birch"'],
            'origin' => [['GET /v1/embed' => ['tenant' => ['name' => 'Alder'], 'origins' => ['https://other.example']]], 'https://moodle.example'],
            'another server' => [['GET /v1/tenant' => 'hello'], 'does not answer'],
        ];
    }

    /**
     * A key that may do more than it needs, and a page without encryption in one that has it.
     */
    public function test_doubts(): void {
        [$statuses] = self::diagnose(['GET /v1/tenant' => ['name' => 'Alder', 'actions' => ['dashboards:read', 'content:write']]]);
        $this->assertContains('doubtful', $statuses);
        set_config('base', 'http://reports.example', 'local_cloison');
        $this->assertContains('bad', self::diagnose()[0]);
        $this->assertNotContains('bad', self::diagnose([], 'http://moodle.example')[0]);
    }

    /**
     * Incomplete settings, and secrets of another site.
     */
    public function test_settings(): void {
        set_config('secret', 'sodium:' . base64_encode(random_bytes(64)), 'local_cloison');
        $this->assertSame('The stored keys cannot be read', self::diagnose()[1]);
        set_config('apikey', '', 'local_cloison');
        $this->assertSame(['bad'], self::diagnose()[0]);
    }

    /**
     * What somebody sees who should see nothing.
     */
    public function test_leaks(): void {
        $leaks = function (array|string $run): ?array {
            self::server(self::sound(['POST /v1/embed/run' => $run]));
            return catalog::leaks('dsh_1');
        };
        $this->assertSame([], $leaks(self::lines(['a' => [['08', 0]], 'b' => []])));
        $this->assertSame([], $leaks(self::lines(['a' => 'viewer-attribute', 'b' => []])));
        $this->assertSame(['Grades'], $leaks(self::lines(['a' => [['08', 0]], 'b' => [['Ada', 0]]])));
        $this->assertSame(['Logins'], $leaks(self::lines(['a' => [['08', 3]], 'b' => []])));
        // What could not be tried does not hold.
        $this->assertNull($leaks(self::lines(['a' => 'query-refused', 'b' => []])));
        $this->assertNull($leaks([503, 'busy']));
        $this->assertNull(catalog::leaks('dsh_9'));
    }

    /**
     * The site's list holds what the server has, with its filters.
     */
    public function test_offer(): void {
        self::server(self::sound());
        catalog::offer(['dsh_1' => 'everybody', 'dsh_9' => 'everybody', 'dsh_2' => 'anything']);
        $expected = ['dsh_1' => ['kind' => 'dashboard', 'name' => 'Overview', 'audience' => 'everybody', 'filters' => ['course' => 'Course']]];
        $this->assertSame($expected, catalog::offered());
        catalog::offer(['dsh_1' => '']);
        $this->assertSame([], catalog::offered());
        set_config('offered', 'rubbish', 'local_cloison');
        $this->assertSame([], catalog::offered());
    }
}
