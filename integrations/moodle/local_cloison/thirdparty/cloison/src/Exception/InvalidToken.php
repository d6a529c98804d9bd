<?php

declare(strict_types=1);

namespace Cloison\Exception;

/** A token that the server would refuse, or that would lock nothing where something was meant to be locked. */
final class InvalidToken extends \InvalidArgumentException implements CloisonException
{
    public function __construct(public readonly string $field, string $message)
    {
        parent::__construct("$field: $message");
    }
}
