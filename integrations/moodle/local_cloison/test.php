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
 * The page that tests the connection.
 *
 * @package    local_cloison
 * @copyright  2026 The Cloison contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

use local_cloison\local\connection;
use local_cloison\local\diagnosis;
use local_cloison\local\organisation;

require_once(__DIR__ . '/../../config.php');
require_once($CFG->libdir . '/adminlib.php');

admin_externalpage_setup('local_cloison_test');
require_capability('local/cloison:configure', context_system::instance());

$diagnosis = new diagnosis($CFG->wwwroot);
$names = organisation::mode() === organisation::SITE ? ['' => ''] : organisation::all();
$parts = [];
foreach ($names as $number => $name) {
    $steps = $diagnosis->of(connection::of($number === '' ? null : $number));
    $parts[] = [
        'name' => $name,
        'steps' => array_map(fn(array $step): array => $step + [$step['status'] => true], $steps),
        'works' => array_filter($steps, fn(array $step): bool => $step['status'] === diagnosis::BAD) === [],
    ];
}

echo $OUTPUT->header();
echo $OUTPUT->heading(get_string('test', 'local_cloison'));
echo $OUTPUT->render_from_template('local_cloison/test', [
    'parts' => $parts,
    'settings' => (new moodle_url('/admin/settings.php', ['section' => 'local_cloison_settings']))->out(false),
    'dashboards' => (new moodle_url('/local/cloison/dashboards.php'))->out(false),
    'again' => (new moodle_url('/local/cloison/test.php'))->out(false),
]);
echo $OUTPUT->footer();
