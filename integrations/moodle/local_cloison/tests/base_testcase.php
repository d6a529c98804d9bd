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
 * What the tests share.
 *
 * @package    local_cloison
 * @copyright  2026 The Cloison contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace local_cloison;

use Cloison\Http\Request;
use Cloison\Http\Response;
use Cloison\Http\Transport;
use local_cloison\local\connection;
use local_cloison\local\library;
use stdClass;

defined('MOODLE_INTERNAL') || die();

library::load();

/**
 * A site with a connection, and a server that answers what the test says.
 */
abstract class base_testcase extends \advanced_testcase {
    /** @var string an embed key's id */
    protected const KEY = 'emk_0123456789abcdefghjkmnpqrs';
    /** @var string its secret */
    protected const SECRET = '0123456789abcdef0123456789abcdef';

    /**
     * Sets the connection up.
     */
    protected function setUp(): void {
        parent::setUp();
        $this->resetAfterTest();
        \core\encryption::key_exists() || \core\encryption::create_key();
        set_config('base', 'https://reports.example', 'local_cloison');
        set_config('keyid', self::KEY, 'local_cloison');
        set_config('secret', \core\encryption::encrypt(self::SECRET), 'local_cloison');
        set_config('apikey', \core\encryption::encrypt('clo_' . str_repeat('a', 39)), 'local_cloison');
        set_config('attributes', 'course_id,language,timezone', 'local_cloison');
        set_config('life', 300, 'local_cloison');
        set_config('mode', 'site', 'local_cloison');
    }

    /**
     * The next test has the real server again.
     */
    protected function tearDown(): void {
        connection::through(null);
        parent::tearDown();
    }

    /**
     * The site offers these.
     *
     * @param array<string, string> $audiences by id
     * @param array<string, string> $filters of each
     */
    protected function offer(array $audiences, array $filters = []): void {
        $entry = fn(string $audience): array => ['kind' => 'dashboard', 'name' => 'Overview', 'audience' => $audience, 'filters' => $filters];
        set_config('offered', json_encode(array_map($entry, $audiences)), 'local_cloison');
    }

    /**
     * A block.
     *
     * @param int $parentcontextid where it is
     * @param array $config its settings
     * @param bool $below whether it is shown in contexts below, too
     * @return int its id
     */
    protected function block(int $parentcontextid, array $config = ['shows' => 'dsh_1'], bool $below = false): int {
        global $DB;
        $id = $DB->insert_record('block_instances', (object) [
            'blockname' => 'cloison', 'parentcontextid' => $parentcontextid, 'showinsubcontexts' => (int) $below, 'requiredbytheme' => 0,
            'pagetypepattern' => '*', 'subpagepattern' => null, 'defaultregion' => 'side-pre', 'defaultweight' => 0,
            'configdata' => base64_encode(serialize((object) $config)), 'timecreated' => time(), 'timemodified' => time(),
        ]);
        \context_block::instance($id);
        return (int) $id;
    }

    /**
     * What a token says.
     *
     * @param string $token the token
     */
    protected static function claims(string $token): stdClass {
        [$head, $body, $signature] = explode('.', $token);
        $bytes = fn(string $part): string => base64_decode(strtr($part, '-_', '+/'));
        self::assertSame(hash_hmac('sha256', "$head.$body", self::SECRET, true), $bytes($signature));
        self::assertSame(self::KEY, json_decode($bytes($head))->kid);
        return json_decode($bytes($body));
    }

    /**
     * The server answers: path => body, or path => [status, problem].
     *
     * @param array $answers by method and path
     */
    protected static function server(array $answers): void {
        connection::through(new class ($answers) implements Transport {
            /**
             * A server.
             *
             * @param array $answers by method and path
             */
            public function __construct(
                /** @var array by method and path */
                private array $answers,
            ) {
            }

            /**
             * Answers.
             *
             * @param Request $request what is asked
             */
            public function send(Request $request): Response {
                $path = $request->method . ' ' . parse_url($request->url, PHP_URL_PATH);
                $answer = $this->answers[$path] ?? [404, 'not-found'];
                $answer = $answer instanceof \Closure ? $answer($request) : $answer;
                if (is_string($answer)) {
                    return new Response(200, ['content-type' => 'application/x-ndjson'], $answer);
                }
                if (array_is_list($answer) && is_int($answer[0] ?? null)) {
                    $body = json_encode(['code' => $answer[1], 'detail' => 'Said the server.', 'status' => $answer[0]]);
                    return new Response($answer[0], ['content-type' => 'application/problem+json'], $body);
                }
                return new Response(200, ['content-type' => 'application/json'], json_encode($answer));
            }
        });
    }
}
