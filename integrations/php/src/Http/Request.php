<?php

declare(strict_types=1);

namespace Cloison\Http;

/** One request, as a transport sends it. */
final class Request
{
    /** @param array<string, string> $headers */
    public function __construct(
        public readonly string $method,
        public readonly string $url,
        #[\SensitiveParameter]
        public readonly array $headers,
        public readonly ?string $body = null,
    ) {
    }

    /** The credential stays out of dumps. */
    public function __debugInfo(): array
    {
        return ['method' => $this->method, 'url' => $this->url, 'headers' => array_keys($this->headers)];
    }
}
