<?php

declare(strict_types=1);

namespace Cloison;

use Cloison\Exception\InvalidToken;

/**
 * What an embed token says: one dashboard or card, the viewer, locked filters, when it ends. Immutable.
 *
 *     $token = EmbedToken::dashboard('overview')->viewer('42', ['role' => ['teacher'], 'courses_taught' => [3, 5]])
 *         ->lock('course', [3])->lasting(300);
 *
 * The checks are the server's own, so that a mistake shows where it is made. What matters most: a locked filter with an empty value
 * would lock nothing, so it is refused.
 */
final class EmbedToken
{
    private const MOST_ATTRIBUTES = 100;
    private const LONGEST_LIST = 1000;
    private const LONGEST_TEXT = 1000;

    private ?string $subject = null;
    /** @var array<string, mixed> */
    private array $attributes = [];
    /** @var array<string, mixed> */
    private array $locked = [];
    private int $seconds = 300;
    private ?string $locale = null;
    private ?string $timezone = null;
    private ?string $audience = null;

    private function __construct(private readonly string $kind, private readonly string $name)
    {
        if ($name === '') {
            throw new InvalidToken('resource', "name a $kind, by id or slug");
        }
    }

    /** A dashboard, by id or slug. */
    public static function dashboard(string $name): self
    {
        return new self('dashboard', $name);
    }

    /** A card, by id or slug. */
    public static function card(string $name): self
    {
        return new self('card', $name);
    }

    /**
     * Who looks, and facts about that person, which decide about rows.
     *
     * @param array<string, mixed> $attributes
     */
    public function viewer(string $subject, array $attributes = []): self
    {
        if ($subject === '') {
            throw new InvalidToken('sub', 'a viewer has a name');
        }
        if (count($attributes) > self::MOST_ATTRIBUTES) {
            throw new InvalidToken('attributes', 'are at most ' . self::MOST_ATTRIBUTES);
        }
        foreach ($attributes as $name => $value) {
            self::checkAttribute((string) $name, $value);
        }
        $token = clone $this;
        $token->subject = $subject;
        $token->attributes = $attributes;
        return $token;
    }

    /** Locks a filter: the viewer neither sees nor changes it. */
    public function lock(string $filter, mixed $value): self
    {
        if (preg_match('/^[A-Za-z_][A-Za-z0-9_]{0,63}$/D', $filter) !== 1) {
            throw new InvalidToken('params', 'a filter\'s name is a letter or _, then letters, digits and _, 64 at most');
        }
        $values = is_array($value) ? $value : [$value];
        if ($values === [] || !array_is_list($values)) {
            throw new InvalidToken("params.$filter", 'is empty, which would lock nothing: give a value');
        }
        foreach ($values as $one) {
            if ((!is_scalar($one)) || $one === '') {
                throw new InvalidToken("params.$filter", 'holds something that is no value, which would lock nothing');
            }
        }
        $token = clone $this;
        $token->locked[$filter] = $value;
        return $token;
    }

    /** How many seconds it holds: a few minutes, and whoever asks gets a new one. */
    public function lasting(int $seconds): self
    {
        if ($seconds < 10 || $seconds > 86400) {
            throw new InvalidToken('exp', 'a token lasts 10 seconds to a day, and no longer than its key allows');
        }
        $token = clone $this;
        $token->seconds = $seconds;
        return $token;
    }

    /** Language (BCP 47) and time zone (IANA) of the viewer; the tenant's where absent. */
    public function region(?string $locale, ?string $timezone = null): self
    {
        if ($locale !== null && preg_match('/^(?=.{2,35}$)[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/D', $locale) !== 1) {
            throw new InvalidToken('locale', 'is a language tag, such as en or pt-BR');
        }
        if ($timezone !== null && ($timezone === '' || preg_match('/^[A-Za-z0-9_+\/-]{1,64}$/D', $timezone) !== 1)) {
            throw new InvalidToken('timezone', 'is an IANA name, such as Europe/Paris');
        }
        $token = clone $this;
        $token->locale = $locale;
        $token->timezone = $timezone;
        return $token;
    }

    /** The audience of the instance, where it has one of its own. */
    public function audience(?string $audience): self
    {
        $token = clone $this;
        $token->audience = $audience;
        return $token;
    }

    /**
     * The claims, for a moment in seconds since 1970.
     *
     * @return array<string, mixed>
     */
    public function claims(int $now): array
    {
        $claims = [
            'resource' => [$this->kind => $this->name],
            // Needed even when empty, and an object even then.
            'params' => (object) $this->locked,
            'iat' => $now,
            'exp' => $now + $this->seconds,
        ];
        if ($this->subject !== null) {
            $claims['sub'] = $this->subject;
        }
        if ($this->attributes !== []) {
            $claims['attributes'] = (object) $this->attributes;
        }
        $optional = ['locale' => $this->locale, 'timezone' => $this->timezone, 'aud' => $this->audience];
        return $claims + array_filter($optional, static fn (?string $value): bool => $value !== null);
    }

    private static function checkAttribute(string $name, mixed $value): void
    {
        if (preg_match('/^[A-Za-z][A-Za-z0-9_-]{0,63}$/D', $name) !== 1) {
            throw new InvalidToken('attributes', 'a name is a letter, then letters, digits, _ and -, 64 at most');
        }
        $good = static fn (mixed $one): bool => is_string($one) ? strlen($one) <= self::LONGEST_TEXT : is_scalar($one);
        if (is_array($value) && (!array_is_list($value) || count($value) > self::LONGEST_LIST)) {
            throw new InvalidToken("attributes.$name", 'is a list of at most ' . self::LONGEST_LIST . ' values');
        }
        foreach (is_array($value) ? $value : [$value] as $one) {
            if (!$good($one)) {
                throw new InvalidToken("attributes.$name", 'is a text, a number, a boolean, or a list of those');
            }
        }
    }
}
