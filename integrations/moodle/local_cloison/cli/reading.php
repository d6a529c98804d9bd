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
 * Prints the views that a reporting login reads, for this site's database.
 *
 * @package    local_cloison
 * @copyright  2026 The Cloison contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

define('CLI_SCRIPT', true);

require(__DIR__ . '/../../../config.php');
require_once($CFG->libdir . '/clilib.php');

[$options, $unknown] = cli_get_params(['help' => false, 'place' => ''], ['h' => 'help']);
if ($options['help'] || $unknown !== []) {
    cli_writeln('Prints SQL for the administrator of the database: views that hold what dashboards read, and nothing else.

  php local/cloison/cli/reading.php [--place=NAME] > views.sql

--place is the schema (PostgreSQL) or the database (MariaDB, MySQL) that the views go into: "reports", or the site\'s database and "_reports".
Nothing is changed by this command.');
    exit($options['help'] ? 0 : 1);
}
$ispostgres = $DB->get_dbfamily() === 'postgres';
$from = $ispostgres ? ($CFG->dboptions['dbschema'] ?? '') ?: 'public' : $CFG->dbname;
$place = $options['place'] !== '' ? $options['place'] : ($ispostgres ? 'reports' : "{$CFG->dbname}_reports");
cli_write(\local_cloison\local\reading::script($ispostgres, $from, $CFG->prefix, $place, $DB->get_manager()->table_exists('company_users')));
