<?php

declare(strict_types=1);

namespace Cloison;

use Cloison\Exception\InvalidToken;

/**
 * An embed key: signs embed tokens of one tenant (HS256).
 *
 * Signs by itself, without a JWT library: a signature of one fixed algorithm is one call of `hash_hmac`, and a library would be a
 * version that this package and its host must agree on. Nothing here reads tokens; that is the server's work.
 */
final class EmbedKey
{
    /** The longest token that the server looks at, in bytes. */
    public const LONGEST_TOKEN = 8192;

    private readonly string $secret;

    public function __construct(public readonly string $id, #[\SensitiveParameter] string $secret)
    {
        if (preg_match('/^emk_[a-z0-9]{26}$/D', $id) !== 1) {
            throw new InvalidToken('key', 'an embed key\'s id begins with emk_ and has 30 characters');
        }
        // A short secret is a cut-off one, and an empty one would sign for everybody.
        if (strlen($secret) < 32) {
            throw new InvalidToken('secret', 'an embed key\'s secret has 32 characters at least: copy it whole');
        }
        $this->secret = $secret;
    }

    /** The signed token. */
    public function sign(EmbedToken $token, ?int $now = null): string
    {
        $flags = JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_PRESERVE_ZERO_FRACTION;
        try {
            $head = json_encode(['alg' => 'HS256', 'typ' => 'JWT', 'kid' => $this->id], $flags);
            $body = json_encode($token->claims($now ?? time()), $flags);
        } catch (\JsonException) {
            throw new InvalidToken('token', 'a value is not UTF-8 or not a finite number');
        }
        $signed = self::part($head) . '.' . self::part($body);
        $text = $signed . '.' . self::part(hash_hmac('sha256', $signed, $this->secret, true));
        if (strlen($text) > self::LONGEST_TOKEN) {
            throw new InvalidToken('token', 'is longer than 8 KiB: give fewer or shorter attributes');
        }
        return $text;
    }

    /** The secret stays out of dumps. */
    public function __debugInfo(): array
    {
        return ['id' => $this->id];
    }

    public function __serialize(): array
    {
        throw new \LogicException('An embed key is not serialized: its secret would be in the clear.');
    }

    private static function part(string $bytes): string
    {
        return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
    }
}
