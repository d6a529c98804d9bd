<?php

declare(strict_types=1);

namespace Cloison\Http;

use Cloison\Exception\Unreachable;

/** Sends requests. Redirects are not followed: a credential goes to the server that it was given for and to no other. */
interface Transport
{
    /** @throws Unreachable when there is no answer */
    public function send(Request $request): Response;
}
