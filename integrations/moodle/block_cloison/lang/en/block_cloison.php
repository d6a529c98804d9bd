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
 * Texts.
 *
 * @package    block_cloison
 * @copyright  2026 The Cloison contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

$string['choosehere'] = 'Choose...';
$string['cloison:addinstance'] = 'Add a dashboard block';
$string['cloison:choose'] = 'Choose what a dashboard block shows';
$string['cloison:myaddinstance'] = 'Add a dashboard block to the own dashboard';
$string['cloison:view'] = 'View a dashboard block';
$string['failed'] = 'This cannot be shown at the moment. Reload the page, or log in again.';
$string['lock'] = 'Lock "{$a}" to';
$string['lock_help'] = 'Whoever looks neither sees nor changes a locked filter: it has the value that fits him or her. Where somebody has none, that person sees no block.';
$string['lock_none'] = 'Not locked';
$string['locks'] = 'Locked filters';
$string['noneoffered'] = 'This site offers no dashboard yet.';
$string['nothingforyou'] = 'There is nothing here for you; others may see something.';
$string['notoffered'] = 'Not offered any more';
$string['pluginname'] = 'Cloison dashboard';
$string['privacy:metadata'] = 'The block keeps its own settings only: what it shows, and which filters it locks. What the server is told about who looks is described by the plugin Cloison.';
$string['shows'] = 'Show';
$string['shows_help'] = 'The dashboards and cards that this site offers. Everybody sees it on the rows that he or she may see: whoever leads the site all of them, teachers those of their courses, everybody else their own.';
$string['title'] = 'Title';
$string['title_help'] = 'The dashboard\'s own name when it is left empty.';
$string['unset'] = 'Nothing is chosen yet: open the block\'s settings.';
$string['wait'] = 'Loading...';
$string['way'] = 'Way of showing';
$string['way_usual'] = 'As the site does it';
