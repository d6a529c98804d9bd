<?php

declare(strict_types=1);

namespace Cloison\Tests;

use Cloison\Http\Request;
use Cloison\Http\Response;
use Cloison\Http\Transport;

/** Answers from a list and remembers what was asked. */
final class FakeTransport implements Transport
{
    /** @var list<Request> */
    public array $asked = [];

    public function __construct(private readonly Response $answer)
    {
    }

    public static function json(mixed $body, int $status = 200, string $type = 'application/json'): self
    {
        return new self(new Response($status, ['Content-Type' => $type, 'X-Request-Id' => 'r1'], is_string($body) ? $body : json_encode($body)));
    }

    public function send(Request $request): Response
    {
        $this->asked[] = $request;
        return $this->answer;
    }
}
