<?php

declare(strict_types=1);

namespace Cloison\Exception;

/** Whatever this client throws. */
interface CloisonException extends \Throwable
{
}
