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
 * The web service that gives a block its tokens.
 *
 * @package    local_cloison
 * @copyright  2026 The Cloison contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace local_cloison\external;

use core_external\external_api;
use core_external\external_function_parameters;
use core_external\external_single_structure;
use core_external\external_value;
use local_cloison\local\refused;
use local_cloison\local\tokens;

defined('MOODLE_INTERNAL') || die();

require_once(__DIR__ . '/../../externalcompat.php');

/**
 * Called by the page that a block is on: first when it is drawn, then before each token ends. Moodle has looked at the session and
 * at its key before we are asked, so that a page that was left open stops when its user logs out.
 */
final class get_token extends external_api {
    /**
     * What it takes.
     */
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'instanceid' => new external_value(PARAM_INT, 'The block'),
            'contextid' => new external_value(PARAM_INT, 'The context of the page that it is on'),
        ]);
    }

    /**
     * Gives a token.
     *
     * @param int $instanceid the block
     * @param int $contextid the context of the page that it is on
     * @return array{token: string}
     */
    public static function execute(int $instanceid, int $contextid): array {
        $given = self::validate_parameters(self::execute_parameters(), ['instanceid' => $instanceid, 'contextid' => $contextid]);
        $context = \context::instance_by_id($given['contextid'], IGNORE_MISSING);
        if (!$context || !isloggedin() || isguestuser()) {
            throw new refused();
        }
        try {
            self::validate_context($context);
        } catch (\moodle_exception $error) {
            // A course that the user may not enter is no other answer than one that is not there.
            throw new refused();
        }
        return ['token' => tokens::issue($given['instanceid'], $given['contextid'])['token']];
    }

    /**
     * What it answers.
     */
    public static function execute_returns(): external_single_structure {
        return new external_single_structure(['token' => new external_value(PARAM_RAW, 'The token')]);
    }
}
