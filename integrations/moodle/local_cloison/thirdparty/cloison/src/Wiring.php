<?php

declare(strict_types=1);

namespace Cloison;

use Cloison\Exception\InvalidToken;

/**
 * Which attributes of the viewer lock which filters: `['course' => 'course_id', 'teacher' => 'user_id']`.
 *
 * A filter that is wired is locked for everybody. A viewer without the attribute gets no token at all, because the filter would then be
 * open: that viewer would see everything.
 */
final class Wiring
{
    /** @param array<string, string> $wires filter => attribute */
    public function __construct(private readonly array $wires)
    {
    }

    /** @return list<string> The attributes that it needs. */
    public function attributes(): array
    {
        return array_values(array_unique(array_values($this->wires)));
    }

    /**
     * Locks the filters.
     *
     * @param array<string, mixed> $facts what is known about the viewer
     * @throws InvalidToken when a fact is missing or empty
     */
    public function apply(EmbedToken $token, array $facts): EmbedToken
    {
        foreach ($this->wires as $filter => $attribute) {
            $value = $facts[$attribute] ?? null;
            if ($value === null || $value === '' || $value === []) {
                throw new InvalidToken("attributes.$attribute", "the viewer has none, and the filter \"$filter\" is locked to it");
            }
            $token = $token->lock((string) $filter, $value);
        }
        return $token;
    }
}
