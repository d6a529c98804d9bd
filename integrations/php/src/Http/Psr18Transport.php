<?php

declare(strict_types=1);

namespace Cloison\Http;

use Cloison\Exception\Unreachable;
use Psr\Http\Client\ClientExceptionInterface;
use Psr\Http\Client\ClientInterface;
use Psr\Http\Message\RequestFactoryInterface;
use Psr\Http\Message\StreamFactoryInterface;

/** Over an HTTP client of your own (PSR-18). Have it follow no redirects. */
final class Psr18Transport implements Transport
{
    public function __construct(
        private readonly ClientInterface $client,
        private readonly RequestFactoryInterface $requests,
        private readonly StreamFactoryInterface $streams,
    ) {
    }

    public function send(Request $request): Response
    {
        $message = $this->requests->createRequest($request->method, $request->url);
        foreach ($request->headers as $name => $value) {
            $message = $message->withHeader($name, $value);
        }
        if ($request->body !== null) {
            $message = $message->withBody($this->streams->createStream($request->body));
        }
        try {
            $answer = $this->client->sendRequest($message);
        } catch (ClientExceptionInterface $error) {
            throw new Unreachable('The server does not answer: ' . $error->getMessage(), 0, $error);
        }
        $headers = [];
        foreach ($answer->getHeaders() as $name => $values) {
            $headers[(string) $name] = implode(', ', $values);
        }
        return new Response($answer->getStatusCode(), $headers, (string) $answer->getBody());
    }
}
