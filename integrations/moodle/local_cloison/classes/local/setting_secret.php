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
 * A setting that holds a key.
 *
 * @package    local_cloison
 * @copyright  2026 The Cloison contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace local_cloison\local;

defined('MOODLE_INTERNAL') || die();

require_once($CFG->libdir . '/adminlib.php');

/**
 * A key, sealed by Moodle. What cannot be one is not saved: most often it is half of one.
 */
final class setting_secret extends \admin_setting_encryptedpassword {
    /** @var string what it must look like */
    private readonly string $pattern;

    /**
     * A setting.
     *
     * @param string $name its name
     * @param string $visiblename for people
     * @param string $description for people
     * @param string $pattern what the key must look like
     */
    public function __construct(string $name, string $visiblename, string $description, string $pattern) {
        $this->pattern = $pattern;
        parent::__construct($name, $visiblename, $description);
    }

    /**
     * Saves a key.
     *
     * @param string $data what was typed
     * @return string an error, or nothing
     */
    public function write_setting($data) {
        $data = trim((string) $data);
        if ($data !== '' && preg_match($this->pattern, $data) !== 1) {
            return get_string('keyinvalid', 'local_cloison');
        }
        return parent::write_setting($data);
    }
}
