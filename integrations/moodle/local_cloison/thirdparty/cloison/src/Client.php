<?php

declare(strict_types=1);

namespace Cloison;

use Cloison\Exception\Problem;
use Cloison\Exception\Unreachable;
use Cloison\Http\CurlTransport;
use Cloison\Http\Request;
use Cloison\Http\Response;
use Cloison\Http\Transport;

/**
 * The API of one tenant, by an API key (`clo_…`) or, for `embed…`, by an embed token.
 *
 * The credential names the tenant; nothing here chooses one. Every method throws `Problem` when the server refuses and `Unreachable` when
 * there is no answer.
 */
final class Client
{
    public readonly string $base;
    private readonly Transport $transport;

    public function __construct(string $base, #[\SensitiveParameter] private readonly string $credential, ?Transport $transport = null)
    {
        $this->base = self::address($base);
        if ($credential === '' || preg_match('/[^\x21-\x7e]/', $credential) === 1) {
            throw new \InvalidArgumentException('A credential is printable text without blanks: copy it whole.');
        }
        $this->transport = $transport ?? new CurlTransport();
    }

    /** An address without a slash at its end; only http and https, and no name, password, query or fragment in it. */
    public static function address(string $base): string
    {
        $parts = parse_url(trim($base));
        $plain = is_array($parts) && in_array(strtolower($parts['scheme'] ?? ''), ['http', 'https'], true) && ($parts['host'] ?? '') !== ''
            && !isset($parts['user']) && !isset($parts['pass']) && !isset($parts['query']) && !isset($parts['fragment']);
        if (!$plain) {
            throw new \InvalidArgumentException('The server\'s address looks like https://reports.example.');
        }
        return rtrim(trim($base), '/');
    }

    /** Which tenant the key reaches, and what it may do: `slug`, `name`, `locale`, `timezone`, `actions`. */
    public function tenant(): array
    {
        return $this->object($this->get('/v1/tenant'));
    }

    /** @return list<array{id: string, slug: ?string, name: string, description: ?string}> The dashboards that the key sees. */
    public function dashboards(): array
    {
        return $this->listing($this->get('/v1/dashboards'));
    }

    /** @return list<array{id: string, slug: ?string, name: string, description: ?string}> The cards that the key sees by themselves. */
    public function cards(): array
    {
        return $this->listing($this->get('/v1/cards'));
    }

    /** A dashboard with its items and `filters`, by id or slug. */
    public function dashboard(string $name): array
    {
        return $this->object($this->get('/v1/dashboards/' . rawurlencode($name)));
    }

    /** A card with its `filters`, by id or slug. */
    public function card(string $name): array
    {
        return $this->object($this->get('/v1/cards/' . rawurlencode($name)));
    }

    /**
     * The rows of one item of a dashboard: `columns` and `rows`.
     *
     * @param array<string, mixed> $parameters filters by name
     */
    public function rows(string $dashboard, string $item, array $parameters = []): array
    {
        $path = '/v1/dashboards/' . rawurlencode($dashboard) . '/items/' . rawurlencode($item) . '/rows';
        return $this->object($this->post($path, ['parameters' => (object) $parameters]));
    }

    /**
     * The rows of a card: `columns` and `rows`.
     *
     * @param array<string, mixed> $parameters
     */
    public function cardRows(string $card, array $parameters = []): array
    {
        return $this->object($this->post('/v1/cards/' . rawurlencode($card) . '/rows', ['parameters' => (object) $parameters]));
    }

    /**
     * Runs a whole dashboard. One item's failure does not end the others.
     *
     * @param array<string, mixed> $parameters
     * @return array<string, Rows|Problem> by item
     */
    public function run(string $dashboard, array $parameters = []): array
    {
        return $this->answers($this->post('/v1/dashboards/' . rawurlencode($dashboard) . '/run', ['parameters' => (object) $parameters]));
    }

    /** With an embed token as the credential: what it shows, without rows. */
    public function embedShow(): array
    {
        return $this->object($this->get('/v1/embed'));
    }

    /**
     * With an embed token as the credential: runs what it shows.
     *
     * @param array<string, mixed> $parameters
     * @return array<string, Rows|Problem> by item
     */
    public function embedRun(array $parameters = []): array
    {
        return $this->answers($this->post('/v1/embed/run', ['parameters' => (object) $parameters]));
    }

    /** Whether a server is there at all. */
    public function isReady(): bool
    {
        return $this->transport->send(new Request('GET', $this->base . '/health/ready', []))->status === 200;
    }

    /** The credential stays out of dumps. */
    public function __debugInfo(): array
    {
        return ['base' => $this->base];
    }

    private function get(string $path): Response
    {
        return $this->send('GET', $path, null);
    }

    private function post(string $path, array $body): Response
    {
        return $this->send('POST', $path, json_encode($body, JSON_THROW_ON_ERROR | JSON_PRESERVE_ZERO_FRACTION));
    }

    private function send(string $method, string $path, ?string $body): Response
    {
        $headers = ['Authorization' => 'Bearer ' . $this->credential, 'Accept' => 'application/json'];
        if ($body !== null) {
            $headers['Content-Type'] = 'application/json';
        }
        $response = $this->transport->send(new Request($method, $this->base . $path, $headers, $body));
        if ($response->status < 200 || $response->status > 299) {
            throw Problem::of($response);
        }
        return $response;
    }

    private function object(Response $response): array
    {
        $found = json_decode($response->body, true, 64);
        if (!is_array($found)) {
            throw new Unreachable('The answer is not JSON: is the address that of a Cloison server?');
        }
        return $found;
    }

    private function listing(Response $response): array
    {
        $data = $this->object($response)['data'] ?? null;
        if (!is_array($data) || !array_is_list($data)) {
            throw new Unreachable('The answer has no list: is the address that of a Cloison server?');
        }
        return $data;
    }

    /** @return array<string, Rows|Problem> */
    private function answers(Response $response): array
    {
        $found = [];
        $ended = false;
        foreach (explode("\n", $response->body) as $line) {
            if (trim($line) === '') {
                continue;
            }
            $event = json_decode($line, true, 64);
            $name = is_array($event) ? ($event['event'] ?? null) : null;
            $item = is_array($event) && is_string($event['item'] ?? null) ? $event['item'] : null;
            if ($name === 'end') {
                $ended = true;
            } elseif ($item === null) {
                continue;
            } elseif ($name === 'columns') {
                $found[$item] = new Rows($event['columns'] ?? [], []);
            } elseif ($name === 'rows' && ($found[$item] ?? null) instanceof Rows) {
                $found[$item] = $found[$item]->and($event['rows'] ?? []);
            } elseif ($name === 'error') {
                $found[$item] = Problem::ofItem(is_array($event['problem'] ?? null) ? $event['problem'] : []);
            }
        }
        if (!$ended) {
            throw new Unreachable('The answer broke off: ask again.');
        }
        return $found;
    }
}
