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
 * What may be shown.
 *
 * @package    local_cloison
 * @copyright  2026 The Cloison contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace local_cloison\local;

use Cloison\Exception\CloisonException;

/**
 * The dashboards and cards that the server has for this site, and those of them that the site offers.
 *
 * The site's own list is written on one page, by one capability that no course can override. Whatever a block's settings say, a token is
 * made for nothing outside of it.
 */
final class catalog {
    /** Everybody who may view the block. */
    public const EVERYBODY = 'everybody';
    /** People who see every row anyway. */
    public const LEADERS = 'leaders';

    /**
     * What the server has, by id: kind, slug, name, description.
     *
     * @param bool $fresh whether to ask the server even when an answer is a minute old
     * @return array<string, array>
     * @throws CloisonException when the server does not say
     */
    public static function live(bool $fresh = false): array {
        $cache = \cache::make('local_cloison', 'live');
        $found = [];
        foreach (connection::all() as $number => $connection) {
            $key = "n{$number}_" . sha1($connection->base . $connection->keyid);
            $text = $fresh ? false : $cache->get($key);
            if ($text === false) {
                $text = json_encode(self::ask($connection));
                $cache->set($key, $text);
            }
            $found += json_decode($text, true);
        }
        return $found;
    }

    /**
     * The site's list, by id: kind, name, audience, filters by name.
     *
     * @return array<string, array>
     */
    public static function offered(): array {
        $found = json_decode((string) get_config('local_cloison', 'offered'), true);
        return is_array($found) ? $found : [];
    }

    /**
     * Writes the site's list.
     *
     * @param array<string, string> $audiences audience by id; ids that are not live are dropped
     */
    public static function offer(array $audiences): void {
        $live = self::live(true);
        $list = [];
        foreach ($audiences as $id => $audience) {
            if (isset($live[$id]) && in_array($audience, [self::EVERYBODY, self::LEADERS], true)) {
                $list[$id] = ['kind' => $live[$id]['kind'], 'name' => $live[$id]['name'], 'audience' => $audience,
                    'filters' => self::filters($id, $live[$id]['kind'])];
            }
        }
        set_config('offered', json_encode((object) $list), 'local_cloison');
    }

    /**
     * What somebody sees who should see nothing, at every organisation that has the thing: names of items.
     *
     * @param string $id which
     * @return string[]|null nothing when viewer rules hold, null when that could not be tried
     */
    public static function leaks(string $id): ?array {
        $kind = self::live()[$id]['kind'] ?? null;
        $found = $kind === null ? null : [];
        foreach (connection::all() as $connection) {
            if ($found !== null && isset(self::ask($connection)[$id])) {
                $open = diagnosis::leaks($connection, $kind, $id);
                $found = $open === null ? null : array_values(array_unique(array_merge($found, $open)));
            }
        }
        return $found;
    }

    /**
     * The filters of something, name => label.
     *
     * @param string $id which
     * @param string $kind dashboard or card
     * @return array<string, string>
     */
    private static function filters(string $id, string $kind): array {
        foreach (connection::all() as $connection) {
            try {
                $found = $kind === 'card' ? $connection->client()->card($id) : $connection->client()->dashboard($id);
                $filters = array_column($found['filters'] ?? [], 'label', 'name') + array_column($found['filters'] ?? [], 'name', 'name');
                return array_map('strval', $filters);
            } catch (\Cloison\Exception\Problem $problem) {
                // Another organisation's key may see it.
                continue;
            }
        }
        return [];
    }

    /**
     * Asks the server.
     *
     * @param connection $connection whose
     * @return array<string, array>
     */
    private static function ask(connection $connection): array {
        $found = [];
        foreach (['dashboard' => $connection->client()->dashboards(), 'card' => $connection->client()->cards()] as $kind => $list) {
            foreach ($list as $one) {
                $found[$one['id']] = ['kind' => $kind, 'slug' => $one['slug'] ?? '', 'name' => $one['name'], 'description' => $one['description'] ?? ''];
            }
        }
        return $found;
    }
}
