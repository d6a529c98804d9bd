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
 * Privacy.
 *
 * @package    local_cloison
 * @copyright  2026 The Cloison contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace local_cloison\privacy;

use core_privacy\local\metadata\collection;
use core_privacy\local\request\approved_contextlist;
use core_privacy\local\request\approved_userlist;
use core_privacy\local\request\contextlist;
use core_privacy\local\request\userlist;

/**
 * Nothing about a person is stored here. What a token says about its viewer goes to the server that the site has chosen.
 */
final class provider implements
    \core_privacy\local\metadata\provider,
    \core_privacy\local\request\core_userlist_provider,
    \core_privacy\local\request\plugin\provider {
    /**
     * What is sent, and why.
     *
     * @param collection $collection to add to
     */
    public static function get_metadata(collection $collection): collection {
        $names = array_merge(\local_cloison\local\scope::NEEDED, \local_cloison\local\scope::OPTIONAL);
        $fields = array_combine($names, array_map(fn(string $name): string => "attribute_$name", $names));
        $collection->add_external_location_link('server', ['sub' => 'attribute_user_id'] + $fields, 'privacy:server');
        return $collection;
    }

    /**
     * No context holds anything.
     *
     * @param int $userid whose
     */
    public static function get_contexts_for_userid(int $userid): contextlist {
        return new contextlist();
    }

    /**
     * Nobody has anything here.
     *
     * @param userlist $userlist to add to
     */
    public static function get_users_in_context(userlist $userlist): void {
    }

    /**
     * There is nothing to export.
     *
     * @param approved_contextlist $contextlist what for
     */
    public static function export_user_data(approved_contextlist $contextlist): void {
    }

    /**
     * There is nothing to delete.
     *
     * @param \context $context where
     */
    public static function delete_data_for_all_users_in_context(\context $context): void {
    }

    /**
     * There is nothing to delete.
     *
     * @param approved_contextlist $contextlist what for
     */
    public static function delete_data_for_user(approved_contextlist $contextlist): void {
    }

    /**
     * There is nothing to delete.
     *
     * @param approved_userlist $userlist for whom
     */
    public static function delete_data_for_users(approved_userlist $userlist): void {
    }
}
