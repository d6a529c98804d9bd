<?php

declare(strict_types=1);

namespace Cloison\Tests;

use Cloison\Client;
use Cloison\Exception\Problem;
use Cloison\Exception\Unreachable;
use Cloison\Http\CurlTransport;
use Cloison\Http\Request;
use Cloison\Rows;
use PHPUnit\Framework\TestCase;

final class ClientTest extends TestCase
{
    private const KEY = 'clo_secretsecretsecret';

    public function testAsksWithTheKeyAndNothingElse(): void
    {
        $transport = FakeTransport::json(['data' => [['id' => 'dsh_1', 'slug' => 'overview', 'name' => 'Overview', 'description' => null]]]);
        $found = (new Client('https://reports.example/base/', self::KEY, $transport))->dashboards();
        self::assertSame('Overview', $found[0]['name']);
        [$asked] = $transport->asked;
        self::assertSame(['GET', 'https://reports.example/base/v1/dashboards', null], [$asked->method, $asked->url, $asked->body]);
        self::assertSame(['Authorization' => 'Bearer ' . self::KEY, 'Accept' => 'application/json'], $asked->headers);
    }

    public function testNamesAreOneSegmentOfThePath(): void
    {
        $transport = FakeTransport::json(['columns' => [], 'rows' => []]);
        (new Client('https://reports.example', self::KEY, $transport))->rows('a/../b', 'c?d', []);
        self::assertSame('https://reports.example/v1/dashboards/a%2F..%2Fb/items/c%3Fd/rows', $transport->asked[0]->url);
        self::assertSame('{"parameters":{}}', $transport->asked[0]->body);
    }

    public function testARefusalSaysWhatTheServerSaid(): void
    {
        $problem = ['type' => '/problems/rate-limited', 'title' => 'Too Many Requests', 'status' => 429, 'detail' => 'Slow down.', 'code' => 'rate-limited',
            'field' => 'x', 'retry_after' => 3];
        $client = new Client('https://reports.example', self::KEY, FakeTransport::json($problem, 429, 'application/problem+json'));
        try {
            $client->tenant();
            self::fail('no refusal');
        } catch (Problem $refusal) {
            $said = [$refusal->status, $refusal->problemCode, $refusal->getMessage(), $refusal->field, $refusal->retryAfter, $refusal->requestId];
            self::assertSame([429, 'rate-limited', 'Slow down.', 'x', 3, 'r1'], $said);
        }
    }

    /** @dataProvider strangers */
    public function testWhatIsNotOurServerIsUnreachable(FakeTransport $transport): void
    {
        $this->expectException(Unreachable::class);
        (new Client('https://reports.example', self::KEY, $transport))->dashboards();
    }

    public static function strangers(): array
    {
        return [
            'a page' => [FakeTransport::json('<html>hello</html>', 200, 'text/html')],
            'a page that refuses' => [FakeTransport::json('<html>no</html>', 404, 'text/html')],
            'a redirect' => [FakeTransport::json('', 302, 'text/html')],
            'other JSON' => [FakeTransport::json(['hello' => 1])],
            'a problem of somebody else' => [FakeTransport::json(['title' => 'x'], 500, 'application/problem+json')],
        ];
    }

    public function testARunGivesEachItemsRowsOrItsProblem(): void
    {
        $lines = [
            ['item' => 'a', 'event' => 'columns', 'columns' => [['name' => 'n']]],
            ['item' => 'b', 'event' => 'error', 'problem' => ['code' => 'query-timeout', 'status' => 504, 'detail' => 'Too long.']],
            ['item' => 'a', 'event' => 'rows', 'rows' => [[1], [2]]],
            ['item' => 'a', 'event' => 'rows', 'rows' => [[3]]],
            ['item' => 'a', 'event' => 'done'],
            ['event' => 'end'],
        ];
        $text = implode("\n", array_map('json_encode', $lines));
        $found = (new Client('https://r.example', self::KEY, FakeTransport::json($text, 200, 'application/x-ndjson')))->run('overview');
        self::assertSame([[1], [2], [3]], $found['a']->rows);
        self::assertSame('query-timeout', $found['b']->problemCode);
        array_pop($lines);
        $this->expectException(Unreachable::class);
        $text = implode("\n", array_map('json_encode', $lines));
        (new Client('https://r.example', self::KEY, FakeTransport::json($text, 200, 'application/x-ndjson')))->run('overview');
    }

    /** @dataProvider blanks */
    public function testBlank(bool $blank, array $rows): void
    {
        self::assertSame($blank, (new Rows([['name' => 'a']], $rows))->isBlank());
    }

    public static function blanks(): array
    {
        return [[true, []], [true, [[null, 0, '0.0', '']]], [false, [[0], [1]]], [false, [['x']]], [false, [['0.5']]], [false, [[true]]]];
    }

    public function testBlankByMeasures(): void
    {
        $rows = new Rows([['name' => 'hour'], ['name' => 'logins']], [['08', 0], ['09', '0.00']]);
        self::assertTrue($rows->isBlank(['logins']));
        self::assertFalse($rows->isBlank());
        self::assertFalse($rows->isBlank(['nothere']), 'measures that are not there are no reason to look away');
        self::assertFalse($rows->and([['10', 1]])->isBlank(['logins']));
    }

    /** @dataProvider addresses */
    public function testAddressesOfServersOnly(string $address): void
    {
        $this->expectException(\InvalidArgumentException::class);
        new Client($address, self::KEY);
    }

    public static function addresses(): array
    {
        return [['reports.example'], ['ftp://a.example'], ['javascript:alert(1)'], ['https://a:b@c.example'], ['https://a.example/?x'], ['https://a.example/#x'], ['']];
    }

    public function testTheKeyIsNotDumped(): void
    {
        $transport = FakeTransport::json(['data' => []]);
        $client = new Client('https://reports.example', self::KEY, $transport);
        $client->dashboards();
        self::assertStringNotContainsString(self::KEY, print_r($client, true) . print_r($transport->asked, true));
        $this->expectException(\InvalidArgumentException::class);
        new Client('https://reports.example', "clo_x\r\nX-Evil: 1");
    }

    public function testTheTransportFollowsNoRedirectAndSaysWhenNobodyAnswers(): void
    {
        $folder = sys_get_temp_dir() . '/cloison-' . bin2hex(random_bytes(8));
        mkdir($folder);
        file_put_contents("$folder/index.php", '<?php if ($_SERVER["REQUEST_URI"] === "/away") { header("Location: /", true, 302); exit; }
            header("X-Seen: " . $_SERVER["HTTP_AUTHORIZATION"]); echo file_get_contents("php://input"), $_SERVER["REQUEST_METHOD"];');
        $port = self::freePort();
        $server = proc_open([PHP_BINARY, '-S', "127.0.0.1:$port", "$folder/index.php"], [1 => ['file', '/dev/null', 'w'], 2 => ['file', '/dev/null', 'w']], $pipes);
        try {
            $transport = new CurlTransport();
            for ($try = 0; $try < 200 && !@fsockopen('127.0.0.1', $port); $try++) {
                usleep(20_000);
            }
            $answer = $transport->send(new Request('POST', "http://127.0.0.1:$port/", ['Authorization' => 'Bearer x', 'Content-Type' => 'text/plain'], 'hi '));
            self::assertSame([200, 'hi POST', 'Bearer x'], [$answer->status, $answer->body, $answer->header('x-seen')]);
            self::assertSame(302, $transport->send(new Request('GET', "http://127.0.0.1:$port/away", []))->status);
        } finally {
            proc_terminate($server);
            proc_close($server);
            unlink("$folder/index.php");
            rmdir($folder);
        }
        $this->expectException(Unreachable::class);
        $transport->send(new Request('GET', "http://127.0.0.1:$port/", []));
    }

    private static function freePort(): int
    {
        $socket = stream_socket_server('tcp://127.0.0.1:0');
        $port = (int) substr(strrchr(stream_socket_get_name($socket, false), ':'), 1);
        fclose($socket);
        return $port;
    }
}
