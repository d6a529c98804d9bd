<?php
// This file is part of Moodle - http://moodle.org/
//
// Moodle is free software: you can redistribute it and/or modify
// it under the terms of the GNU General Public License as published by
// the Free Software Foundation, either version 3 of the License, or
// (at your option) any later version.
//
// Moodle is distributed in the hope that it will be useful,
// but WITHOUT ANY WARRANTY; without even the implied warranty of
// MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the
// GNU General Public License for more details.
//
// You should have received a copy of the GNU General Public License
// along with Moodle.  If not, see <http://www.gnu.org/licenses/>.

/**
 * One organisation's way to the server.
 *
 * @package    local_cloison
 * @copyright  2026 The Cloison contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace local_cloison\local;

use Cloison\Client;
use Cloison\EmbedKey;
use Cloison\Http\Transport as carrier;

defined('MOODLE_INTERNAL') || die();

library::load();

/**
 * Address and keys. Each organisation has its own: whoever holds one organisation's key reaches that organisation.
 */
final class connection {
    /** @var Client|null one for a request */
    private ?Client $client = null;

    /** @var carrier|null what sends requests, where tests stand in for the server */
    private static ?carrier $transport = null;

    /**
     * A connection.
     *
     * @param string $base the server's address for browsers
     * @param string $server the server's address for this Moodle
     * @param string $keyid the embed key's id
     * @param string $secret the embed key's secret, sealed
     * @param string $apikey the API key, sealed
     */
    private function __construct(
        /** @var string the server's address for browsers */
        public readonly string $base,
        /** @var string the server's address for this Moodle */
        private readonly string $server,
        /** @var string the embed key's id */
        public readonly string $keyid,
        /** @var string the embed key's secret, sealed */
        private readonly string $secret,
        /** @var string the API key, sealed */
        private readonly string $apikey,
    ) {
    }

    /**
     * The connection of an organisation; null when there is none. An organisation never falls back to the site's.
     *
     * @param int|null $number null for the whole site
     */
    public static function of(?int $number): ?self {
        $config = get_config('local_cloison');
        $keys = $config;
        if ($number !== null) {
            $keys = json_decode($config->organisations ?? '{}')->{(string) $number} ?? null;
        }
        if ($keys === null || empty($config->base) || empty($keys->keyid) || empty($keys->secret) || empty($keys->apikey)) {
            return null;
        }
        $server = empty($config->server) ? $config->base : $config->server;
        return new self(rtrim($config->base, '/'), rtrim($server, '/'), $keys->keyid, $keys->secret, $keys->apikey);
    }

    /**
     * The connections of the site's organisations by number; the whole site's is number 0.
     *
     * @return array<int, self>
     */
    public static function all(): array {
        if (organisation::mode() === organisation::SITE) {
            $only = self::of(null);
            return $only === null ? [] : [0 => $only];
        }
        return array_filter(array_map(fn(int $number): ?self => self::of($number), array_combine($all = array_keys(organisation::all()), $all)));
    }

    /**
     * What signs this organisation's tokens.
     */
    public function embedkey(): EmbedKey {
        return new EmbedKey($this->keyid, \core\encryption::decrypt($this->secret));
    }

    /**
     * Sends requests another way; for tests.
     *
     * @param carrier|null $transport what sends them
     */
    public static function through(?carrier $transport): void {
        self::$transport = $transport;
    }

    /**
     * The API by this organisation's key.
     */
    public function client(): Client {
        return $this->client ??= new Client($this->server, \core\encryption::decrypt($this->apikey), self::$transport ?? new transport());
    }

    /**
     * The API by an embed token.
     *
     * @param string $token the token
     */
    public function viewer(string $token): Client {
        return new Client($this->server, $token, self::$transport ?? new transport());
    }
}
