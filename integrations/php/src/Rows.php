<?php

declare(strict_types=1);

namespace Cloison;

/** What a card answers. */
final class Rows
{
    /**
     * @param list<array{name: string}> $columns
     * @param list<list<mixed>> $rows
     */
    public function __construct(public readonly array $columns, public readonly array $rows)
    {
    }

    /** @param list<list<mixed>> $rows */
    public function and(array $rows): self
    {
        return new self($this->columns, array_merge($this->rows, $rows));
    }

    /**
     * Whether there is nothing to see: no row, or nothing but NULL, zero and empty text, as sums over no rows are.
     *
     * @param list<string> $measures look at these columns only, where the others are labels; at all when empty
     */
    public function isBlank(array $measures = []): bool
    {
        $places = array_keys(array_intersect(array_column($this->columns, 'name'), $measures));
        foreach ($this->rows as $row) {
            foreach ($places === [] ? $row : array_intersect_key($row, array_flip($places)) as $cell) {
                if (!($cell === null || $cell === '' || $cell === false || (is_numeric($cell) && (float) $cell === 0.0))) {
                    return false;
                }
            }
        }
        return true;
    }
}
