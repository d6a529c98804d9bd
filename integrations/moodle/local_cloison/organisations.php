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
 * The page with the keys of each organisation of the site.
 *
 * @package    local_cloison
 * @copyright  2026 The Cloison contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

use local_cloison\local\organisation;
use local_cloison\local\organisations_form;

require_once(__DIR__ . '/../../config.php');
require_once($CFG->libdir . '/adminlib.php');

admin_externalpage_setup('local_cloison_organisations');
require_capability('local/cloison:configure', context_system::instance());

$url = new moodle_url('/local/cloison/organisations.php');
$known = json_decode((string) get_config('local_cloison', 'organisations'), true) ?: [];
$form = new organisations_form($url, ['organisations' => organisation::all(), 'known' => $known]);
if ($form->is_cancelled()) {
    redirect(new moodle_url('/admin/settings.php', ['section' => 'local_cloison_settings']));
}
if ($data = $form->get_data()) {
    set_config('organisations', json_encode((object) organisations_form::merge($known, $data, array_keys(organisation::all()))), 'local_cloison');
    redirect($url, get_string('changessaved'), null, \core\output\notification::NOTIFY_SUCCESS);
}

echo $OUTPUT->header();
echo $OUTPUT->heading(get_string('organisations', 'local_cloison'));
echo html_writer::div(get_string('organisations_desc', 'local_cloison'), 'mb-3');
$form->display();
echo $OUTPUT->footer();
