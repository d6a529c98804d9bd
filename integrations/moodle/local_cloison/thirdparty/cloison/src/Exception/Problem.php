<?php

declare(strict_types=1);

namespace Cloison\Exception;

use Cloison\Http\Response;

/**
 * The server's refusal (`application/problem+json`, RFC 9457).
 *
 * What belongs to another tenant and what does not exist are the same problem: `not-found`.
 */
final class Problem extends \RuntimeException implements CloisonException
{
    private function __construct(
        /** HTTP status. */
        public readonly int $status,
        /** A stable word for programs, such as `credential-invalid`. */
        public readonly string $problemCode,
        string $detail,
        /** The field that is meant, as a path. */
        public readonly ?string $field,
        /** Seconds after which to try again. */
        public readonly ?int $retryAfter,
        /** The request's id in the server's log. */
        public readonly ?string $requestId,
    ) {
        parent::__construct($detail, $status);
    }

    /** What a refusing answer says; an answer that is not the server's own is `Unreachable`. */
    public static function of(Response $response): self|Unreachable
    {
        $body = json_decode($response->body, true, 16);
        $type = strtolower($response->header('content-type') ?? '');
        if (!str_starts_with($type, 'application/problem+json') || !is_array($body) || !is_string($body['code'] ?? null)) {
            return new Unreachable("The answer (HTTP $response->status) is not a Cloison server's: is the address right, and is a proxy in between?");
        }
        $retry = is_int($body['retry_after'] ?? null) ? $body['retry_after'] : null;
        $field = is_string($body['field'] ?? null) ? $body['field'] : null;
        $detail = is_string($body['detail'] ?? null) ? $body['detail'] : $body['code'];
        return new self($response->status, $body['code'], $detail, $field, $retry, $response->header('x-request-id'));
    }

    /** One item's failure within a run that goes on. */
    public static function ofItem(array $problem): self
    {
        $text = static fn (string $name): ?string => is_string($problem[$name] ?? null) ? $problem[$name] : null;
        $number = static fn (string $name): ?int => is_int($problem[$name] ?? null) ? $problem[$name] : null;
        return new self($number('status') ?? 0, $text('code') ?? 'unknown', $text('detail') ?? '', $text('field'), $number('retry_after'), null);
    }
}
