<?php

declare(strict_types=1);

namespace Cloison\Exception;

/** No answer, or one that is not the server's. */
final class Unreachable extends \RuntimeException implements CloisonException
{
}
