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
 * The setting that says where the server is.
 *
 * @package    local_cloison
 * @copyright  2026 The Cloison contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace local_cloison\local;

defined('MOODLE_INTERNAL') || die();

require_once($CFG->libdir . '/adminlib.php');
library::load();

/**
 * An address of a server: nothing else is saved.
 */
final class setting_base extends \admin_setting_configtext {
    /**
     * Checks an address.
     *
     * @param string $data what was typed
     * @return true|string
     */
    public function validate($data) {
        if (trim($data) === '') {
            return true;
        }
        try {
            \Cloison\Client::address($data);
            return true;
        } catch (\InvalidArgumentException $error) {
            return get_string('baseinvalid', 'local_cloison');
        }
    }

    /**
     * Saves an address without blanks around it and without a slash at its end.
     *
     * @param string $data what was typed
     * @return string an error, or nothing
     */
    public function write_setting($data) {
        return parent::write_setting(rtrim(trim((string) $data), '/'));
    }
}
