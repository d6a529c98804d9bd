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
 * The PHP client, copied into thirdparty.
 *
 * @package    local_cloison
 * @copyright  2026 The Cloison contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace local_cloison\local;

/**
 * Loads the client's classes: Moodle loads a plugin's own names only.
 */
final class library {
    /** @var bool whether it is done */
    private static bool $isloaded = false;

    /**
     * Makes the classes of the namespace Cloison known.
     */
    public static function load(): void {
        if (self::$isloaded) {
            return;
        }
        self::$isloaded = true;
        spl_autoload_register(static function (string $class): void {
            if (preg_match('/^Cloison(\\\\[A-Z][A-Za-z0-9]*)+$/D', $class) === 1) {
                $file = __DIR__ . '/../../thirdparty/cloison/src/' . strtr(substr($class, 8), '\\', '/') . '.php';
                if (is_file($file)) {
                    require_once($file);
                }
            }
        });
    }
}
