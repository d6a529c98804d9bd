<?php

declare(strict_types=1);

namespace Cloison\Http;

use Cloison\Exception\Unreachable;

/** Over PHP's own cURL. */
final class CurlTransport implements Transport
{
    /** The largest answer that is kept, in bytes. */
    private const LARGEST = 64 * 1024 * 1024;

    public function __construct(private readonly int $connectSeconds = 5, private readonly int $seconds = 60)
    {
    }

    public function send(Request $request): Response
    {
        $lines = [];
        foreach ($request->headers as $name => $value) {
            $lines[] = "$name: $value";
        }
        $headers = [];
        $body = '';
        $handle = curl_init();
        curl_setopt_array($handle, [
            CURLOPT_URL => $request->url,
            CURLOPT_CUSTOMREQUEST => $request->method,
            CURLOPT_HTTPHEADER => $lines,
            CURLOPT_CONNECTTIMEOUT => $this->connectSeconds,
            CURLOPT_TIMEOUT => $this->seconds,
            CURLOPT_FOLLOWLOCATION => false,
            CURLOPT_PROTOCOLS => CURLPROTO_HTTP | CURLPROTO_HTTPS,
            CURLOPT_ENCODING => '',
            CURLOPT_HEADERFUNCTION => static function ($handle, string $line) use (&$headers): int {
                if (str_contains($line, ':')) {
                    [$name, $value] = explode(':', $line, 2);
                    $headers[trim($name)] = trim($value);
                }
                return strlen($line);
            },
            CURLOPT_WRITEFUNCTION => static function ($handle, string $part) use (&$body): int {
                $body .= $part;
                return strlen($body) > self::LARGEST ? 0 : strlen($part);
            },
        ]);
        if ($request->body !== null) {
            curl_setopt($handle, CURLOPT_POSTFIELDS, $request->body);
        }
        $done = curl_exec($handle);
        $status = (int) curl_getinfo($handle, CURLINFO_RESPONSE_CODE);
        $error = curl_error($handle);
        curl_close($handle);
        if ($done === false || $status === 0) {
            throw new Unreachable("The server does not answer: $error");
        }
        return new Response($status, $headers, $body);
    }
}
