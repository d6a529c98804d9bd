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
 * Tokens for blocks.
 *
 * @package    local_cloison
 * @copyright  2026 The Cloison contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace local_cloison\local;

use Cloison\EmbedToken;
use Cloison\Exception\InvalidToken;
use Cloison\Wiring;
use context;
use context_block;
use stdClass;

defined('MOODLE_INTERNAL') || die();

library::load();

/**
 * Decides what a block shows to the user who is logged in, and signs it.
 *
 * What comes from outside is two numbers, of a block and of a page; everything else is looked up here, each time. Whatever is not there and
 * whatever is not for this user are one answer.
 */
final class tokens {
    /** @var array<string, array|null> what was prepared in this request */
    private static array $prepared = [];

    /**
     * A token.
     *
     * @param int $instanceid the block's
     * @param int $contextid the page's context
     * @return array{token: string, kind: string, base: string}
     * @throws refused when there is nothing for this user
     */
    public static function issue(int $instanceid, int $contextid): array {
        $found = self::prepare($instanceid, $contextid) ?? throw new refused();
        return [
            'token' => $found['connection']->embedkey()->sign($found['token']),
            'kind' => $found['kind'],
            'base' => $found['connection']->base,
        ];
    }

    /**
     * Whether there is something for this user, without signing.
     *
     * @param int $instanceid the block's
     * @param int $contextid the page's context
     * @return array{kind: string, base: string, name: string, locale: string, timezone: string}|null
     */
    public static function look(int $instanceid, int $contextid): ?array {
        $found = self::prepare($instanceid, $contextid);
        if ($found === null) {
            return null;
        }
        $about = array_intersect_key($found, ['kind' => 1, 'name' => 1, 'locale' => 1, 'timezone' => 1]);
        return $about + ['base' => $found['connection']->base];
    }

    /**
     * Everything up to the signature.
     *
     * @param int $instanceid the block's
     * @param int $contextid the page's context
     * @return array{token: EmbedToken, connection: connection, kind: string, name: string, locale: string, timezone: string}|null
     */
    private static function prepare(int $instanceid, int $contextid): ?array {
        global $USER;
        $key = "$USER->id-$instanceid-$contextid";
        if (PHPUNIT_TEST || !array_key_exists($key, self::$prepared)) {
            self::$prepared[$key] = self::decide($instanceid, $contextid);
        }
        return self::$prepared[$key];
    }

    /**
     * Decides.
     *
     * @param int $instanceid the block's
     * @param int $contextid the page's context
     * @return array|null see prepare()
     */
    private static function decide(int $instanceid, int $contextid): ?array {
        if (!isloggedin() || isguestuser()) {
            return null;
        }
        $block = self::block($instanceid);
        $context = context::instance_by_id($contextid, IGNORE_MISSING);
        if ($block === null || !$context || !page::shows($block, $context)) {
            return null;
        }
        if (!has_capability('block/cloison:view', context_block::instance($instanceid))) {
            return null;
        }
        $config = self::config($block);
        $id = (string) ($config->shows ?? '');
        $offered = catalog::offered()[$id] ?? null;
        $connection = connection::of(organisation::current()->number());
        if ($offered === null || $connection === null) {
            return null;
        }
        $scope = new scope(facts::collect($context));
        if ($offered['audience'] !== catalog::EVERYBODY && $scope->reach() !== scope::SITE) {
            return null;
        }
        try {
            $token = self::token($offered['kind'], $id, $scope, self::wires($config, $offered));
        } catch (InvalidToken $error) {
            debugging("local_cloison: {$error->getMessage()}", DEBUG_DEVELOPER);
            return null;
        }
        $region = $scope->lockable(['language', 'timezone']);
        return ['token' => $token, 'connection' => $connection, 'kind' => $offered['kind'], 'name' => $offered['name'],
            'locale' => $region['language'], 'timezone' => $region['timezone']];
    }

    /**
     * The token, not yet signed.
     *
     * @param string $kind dashboard or card
     * @param string $id which
     * @param scope $scope who looks
     * @param array<string, string> $wires filter => attribute
     */
    private static function token(string $kind, string $id, scope $scope, array $wires): EmbedToken {
        $allowed = self::allowed();
        $facts = $scope->lockable($allowed);
        $token = $kind === 'card' ? EmbedToken::card($id) : EmbedToken::dashboard($id);
        $all = $scope->lockable(scope::OPTIONAL);
        $token = $token->viewer((string) $all['user_id'], $scope->sent($allowed))->region($all['language'], $all['timezone']);
        $life = (int) get_config('local_cloison', 'life');
        return (new Wiring($wires))->apply($token->lasting(min(600, max(60, $life))), $facts);
    }

    /**
     * The optional attributes that the site sends.
     *
     * @return string[]
     */
    public static function allowed(): array {
        return explode(',', (string) get_config('local_cloison', 'attributes'));
    }

    /**
     * The block; null when it is none of ours.
     *
     * @param int $instanceid the block's
     */
    private static function block(int $instanceid): ?stdClass {
        global $DB;
        return $DB->get_record('block_instances', ['id' => $instanceid, 'blockname' => 'cloison']) ?: null;
    }

    /**
     * The block's settings.
     *
     * @param stdClass $block the instance
     */
    private static function config(stdClass $block): stdClass {
        // Moodle's unserialize_object() takes a list for an object, and says a word of what is no text of its own.
        // phpcs:ignore moodle.PHP.ForbiddenFunctions.Found
        $config = @unserialize(base64_decode((string) $block->configdata), ['allowed_classes' => [stdClass::class]]);
        return $config instanceof stdClass ? $config : new stdClass();
    }

    /**
     * The filters that the block locks. Only filters that are there, only attributes that we know: a wire that means nothing would
     * be refused by the server for everybody.
     *
     * @param stdClass $config the block's settings
     * @param array $offered the site's entry
     * @return array<string, string>
     */
    private static function wires(stdClass $config, array $offered): array {
        $wires = [];
        foreach (array_keys($offered['filters']) as $filter) {
            $attribute = (string) ($config->{"lock_$filter"} ?? '');
            if ($attribute !== '') {
                $wires[$filter] = $attribute;
            }
        }
        return $wires;
    }
}
