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
 * What works between this Moodle and the server, and what to do about what does not.
 *
 * @package    local_cloison
 * @copyright  2026 The Cloison contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace local_cloison\local;

use Cloison\Client;
use Cloison\EmbedToken;
use Cloison\Exception\CloisonException;
use Cloison\Exception\Problem;
use Cloison\Exception\Unreachable;
use Cloison\Rows;

defined('MOODLE_INTERNAL') || die();

library::load();

/**
 * Goes the whole way that a block goes, step by step, and stops where it goes no further.
 */
final class diagnosis {
    /** Works. */
    public const GOOD = 'good';
    /** Works, but look at it. */
    public const DOUBTFUL = 'doubtful';
    /** Does not work. */
    public const BAD = 'bad';

    /** @var array<int, array{status: string, what: string, cure: string}> what was found */
    private array $steps = [];

    /** @var string the browser's address of this Moodle */
    private readonly string $wwwroot;

    /**
     * A diagnosis.
     *
     * @param string $wwwroot the browser's address of this Moodle
     */
    public function __construct(string $wwwroot) {
        $this->wwwroot = $wwwroot;
    }

    /**
     * Looks at a connection.
     *
     * @param connection|null $connection which; null when its settings are not complete
     * @return array<int, array{status: string, what: string, cure: string}>
     */
    public function of(?connection $connection): array {
        $this->steps = [];
        if ($connection === null) {
            $this->say(self::BAD, 'settingsmissing');
            return $this->steps;
        }
        try {
            $this->address($connection);
            $tenant = $this->apikey($connection->client());
            $found = $this->content($connection);
            if ($found !== null) {
                $this->embedkey($connection, $found, $tenant);
            }
        } catch (Unreachable $error) {
            $this->say(self::BAD, 'unreachable', $error->getMessage());
        } catch (Problem $error) {
            $this->say(self::BAD, 'refused', $error->getMessage());
        } catch (\InvalidArgumentException $error) {
            $this->say(self::BAD, 'keyunreadable', $error->getMessage());
        } catch (\moodle_exception $error) {
            // The site's own key is gone: a data folder that was copied without its secrets.
            $this->say(self::BAD, 'secretunreadable');
        }
        return $this->steps;
    }

    /**
     * Whether there is a server, and whether browsers will load it into our pages.
     *
     * @param connection $connection which
     */
    private function address(connection $connection): void {
        $connection->client()->isReady() ? $this->say(self::GOOD, 'reached', $connection->base) : $this->say(self::DOUBTFUL, 'notready', $connection->base);
        if (str_starts_with($this->wwwroot, 'https:') && !str_starts_with($connection->base, 'https:')) {
            $this->say(self::BAD, 'mixedcontent', $connection->base);
        }
    }

    /**
     * Whether the API key is good, and whose it is.
     *
     * @param Client $client by that key
     * @return string the organisation's name there
     */
    private function apikey(Client $client): string {
        try {
            $tenant = $client->tenant();
        } catch (Problem $problem) {
            $this->say(self::BAD, $problem->problemCode === 'credential-expired' ? 'apikeyexpired' : 'apikeyinvalid');
            throw $problem;
        }
        $this->say(self::GOOD, 'apikeygood', $tenant['name']);
        $needless = array_diff($tenant['actions'], ['dashboards:read', 'cards:run']);
        if ($needless !== []) {
            $this->say(self::DOUBTFUL, 'apikeywide', implode(', ', $needless));
        }
        return $tenant['name'];
    }

    /**
     * Whether there is something to show.
     *
     * @param connection $connection which
     * @return array{string, string}|null kind and id of something
     */
    private function content(connection $connection): ?array {
        $dashboards = $connection->client()->dashboards();
        $cards = $connection->client()->cards();
        if ($dashboards === [] && $cards === []) {
            $this->say(self::BAD, 'nocontent');
            return null;
        }
        $this->say(self::GOOD, 'content', (object) ['dashboards' => count($dashboards), 'cards' => count($cards)]);
        return $dashboards !== [] ? ['dashboard', $dashboards[0]['id']] : ['card', $cards[0]['id']];
    }

    /**
     * Whether a token that we sign is taken, for the same organisation, and by our own pages.
     *
     * @param connection $connection which
     * @param array{string, string} $what kind and id of something
     * @param string $tenant the organisation of the API key
     */
    private function embedkey(connection $connection, array $what, string $tenant): void {
        $life = (int) get_config('local_cloison', 'life');
        [$kind, $id] = $what;
        $token = ($kind === 'card' ? EmbedToken::card($id) : EmbedToken::dashboard($id))->lasting(min(600, max(60, $life)));
        $text = $connection->embedkey()->sign($token->viewer('0', self::nobody()));
        try {
            $shown = $connection->viewer($text)->embedShow();
        } catch (Problem $problem) {
            $name = match ($problem->problemCode) {
                'token-invalid' => 'embedkeyinvalid',
                'token-expired', 'token-unacceptable' => 'tokenunacceptable',
                'not-found' => 'embedkeynarrow',
                default => 'refused',
            };
            $this->say(self::BAD, $name, $problem->getMessage());
            return;
        }
        if ($shown['tenant']['name'] !== $tenant) {
            $this->say(self::BAD, 'twotenants', (object) ['api' => $tenant, 'embed' => $shown['tenant']['name']]);
            return;
        }
        $this->say(self::GOOD, 'embedkeygood');
        $origins = $shown['origins'] ?? [];
        $parts = parse_url($this->wwwroot);
        $origin = $parts['scheme'] . '://' . $parts['host'] . (isset($parts['port']) ? ":{$parts['port']}" : '');
        if ($origins !== [] && !in_array($origin, $origins, true)) {
            $this->say(self::BAD, 'originmissing', $origin);
        }
    }

    /**
     * Whether viewer rules hold: what somebody sees who has no course, no role and no row.
     *
     * @param connection $connection which
     * @param string $kind dashboard or card
     * @param string $id which
     * @return string[]|null names of items that show something; null when nothing could be run
     */
    public static function leaks(connection $connection, string $kind, string $id): ?array {
        $token = ($kind === 'card' ? EmbedToken::card($id) : EmbedToken::dashboard($id))->lasting(60)->viewer('0', self::nobody());
        $client = $connection->viewer($connection->embedkey()->sign($token));
        try {
            $shown = $client->embedShow();
            $answers = $client->embedRun();
        } catch (CloisonException $error) {
            return null;
        }
        $names = array_column($shown['items'], 'name', 'id');
        $drawn = array_column($shown['items'], 'visualization', 'id');
        $open = [];
        foreach ($answers as $item => $answer) {
            // What is drawn beside the numbers may be a list that everybody has, such as the hours of a day.
            if ($answer instanceof Rows && !$answer->isBlank($drawn[$item]['y'] ?? [])) {
                $open[] = $names[$item] ?? (string) $item;
            } else if ($answer instanceof Problem && $answer->problemCode !== 'viewer-attribute') {
                return null;
            }
        }
        return $open;
    }

    /**
     * What a token says about nobody.
     *
     * @return array<string, mixed>
     */
    private static function nobody(): array {
        return ['reach' => scope::OWN, 'courses_taught' => [], 'courses_enrolled' => []];
    }

    /**
     * Adds a step.
     *
     * @param string $status GOOD, DOUBTFUL or BAD
     * @param string $name of its text: diagnosis_NAME, and what to do: cure_NAME
     * @param mixed $a what stands in the text
     */
    private function say(string $status, string $name, mixed $a = null): void {
        $cure = $status === self::GOOD ? '' : get_string("cure_$name", 'local_cloison', $a);
        $this->steps[] = ['status' => $status, 'what' => get_string("diagnosis_$name", 'local_cloison', $a), 'cure' => $cure];
    }
}
