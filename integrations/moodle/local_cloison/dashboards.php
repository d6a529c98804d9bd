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
 * The page where a site says which dashboards it offers, and to whom.
 *
 * @package    local_cloison
 * @copyright  2026 The Cloison contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

use Cloison\Exception\CloisonException;
use local_cloison\local\catalog;
use local_cloison\local\connection;
use local_cloison\local\diagnosis;

require_once(__DIR__ . '/../../config.php');
require_once($CFG->libdir . '/adminlib.php');

admin_externalpage_setup('local_cloison_dashboards');
require_capability('local/cloison:configure', context_system::instance());

$url = new moodle_url('/local/cloison/dashboards.php');
$offered = catalog::offered();
$problem = '';
$live = [];
try {
    $live = catalog::live(true);
} catch (CloisonException | InvalidArgumentException $error) {
    $problem = $error->getMessage();
}

if ($problem === '' && ($given = data_submitted()) && confirm_sesskey()) {
    $audiences = [];
    $held = [];
    foreach ($live as $id => $one) {
        $audience = optional_param("audience_$id", '', PARAM_ALPHA);
        $sure = optional_param("sure_$id", 0, PARAM_BOOL);
        // Everybody means students too. Where rules do not hold they would see each other's rows.
        if ($audience === catalog::EVERYBODY && !$sure && catalog::leaks($id) !== []) {
            $audience = catalog::LEADERS;
            $held[] = $one['name'];
        }
        $audiences[$id] = $audience;
    }
    catalog::offer($audiences);
    if ($held !== []) {
        $message = get_string('heldback', 'local_cloison', s(implode(', ', $held)));
        redirect($url, $message, null, \core\output\notification::NOTIFY_WARNING);
    }
    redirect($url, get_string('changessaved'), null, \core\output\notification::NOTIFY_SUCCESS);
}

$rows = [];
foreach ($live as $id => $one) {
    $leaks = catalog::leaks($id);
    $audience = $offered[$id]['audience'] ?? '';
    $rows[] = [
        'id' => $id,
        'name' => $one['name'],
        'description' => $one['description'],
        'iscard' => $one['kind'] === 'card',
        'isnone' => $audience === '',
        'isleaders' => $audience === catalog::LEADERS,
        'iseverybody' => $audience === catalog::EVERYBODY,
        'holds' => $leaks === [],
        'unknown' => $leaks === null,
        'open' => $leaks === null || $leaks === [] ? '' : implode(', ', $leaks),
    ];
}

echo $OUTPUT->header();
echo $OUTPUT->heading(get_string('dashboards', 'local_cloison'));
echo $OUTPUT->render_from_template('local_cloison/dashboards', [
    'action' => $url->out(false),
    'sesskey' => sesskey(),
    'problem' => $problem,
    'isempty' => $problem === '' && $rows === [],
    'rows' => $rows,
    'hasrows' => $rows !== [],
    'test' => (new moodle_url('/local/cloison/test.php'))->out(false),
]);
echo $OUTPUT->footer();
