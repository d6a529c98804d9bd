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
 * Settings.
 *
 * @package    local_cloison
 * @copyright  2026 The Cloison contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

use local_cloison\local\organisation;
use local_cloison\local\scope;
use local_cloison\local\setting_base;
use local_cloison\local\setting_secret;

defined('MOODLE_INTERNAL') || die();

$capability = 'local/cloison:configure';
if ($hassiteconfig || has_capability($capability, context_system::instance())) {
    $text = fn(string $name): string => get_string($name, 'local_cloison');
    $ADMIN->add('localplugins', new admin_category('local_cloison', $text('pluginname')));
    $page = new admin_settingpage('local_cloison_settings', $text('connection'), $capability);
    if ($ADMIN->fulltree) {
        $test = html_writer::link(new moodle_url('/local/cloison/test.php'), $text('test'), ['class' => 'btn btn-secondary']);
        $list = html_writer::link(new moodle_url('/local/cloison/dashboards.php'), $text('dashboards'), ['class' => 'btn btn-secondary']);
        $page->add(new admin_setting_heading('local_cloison/intro', '', $text('intro') . html_writer::div("$test $list", 'my-3')));
        $page->add(new setting_base('local_cloison/base', $text('base'), $text('base_desc'), '', PARAM_RAW_TRIMMED, 60));
        $page->add(new admin_setting_configtext('local_cloison/keyid', $text('keyid'), $text('keyid_desc'), '', '/^(emk_[a-z0-9]{26})?$/', 40));
        $page->add(new setting_secret('local_cloison/secret', $text('secret'), $text('secret_desc'), '/^[\x21-\x7e]{32,200}$/D'));
        $page->add(new setting_secret('local_cloison/apikey', $text('apikey'), $text('apikey_desc'), '/^clo_[a-z0-9]{30,60}$/D'));
        $page->add(new admin_setting_heading('local_cloison/people', $text('people'), $text('people_desc')));
        $names = array_combine(scope::OPTIONAL, array_map(fn(string $name): string => $text("attribute_$name"), scope::OPTIONAL));
        $usual = array_fill_keys(['course_id', 'language', 'timezone'], 1);
        $page->add(new admin_setting_configmulticheckbox('local_cloison/attributes', $text('attributes'), $text('attributes_desc'), $usual, $names));
        $page->add(new admin_setting_heading('local_cloison/more', $text('more'), ''));
        $lives = array_combine($seconds = [60, 120, 300, 600], array_map('format_time', $seconds));
        $page->add(new admin_setting_configselect('local_cloison/life', $text('life'), $text('life_desc'), 300, $lives));
        $ways = ['component' => $text('way_component'), 'iframe' => $text('way_iframe')];
        $page->add(new admin_setting_configselect('local_cloison/way', $text('way'), $text('way_desc'), 'component', $ways));
        $page->add(new setting_base('local_cloison/server', $text('server'), $text('server_desc'), '', PARAM_RAW_TRIMMED, 60));
        $modes = [organisation::SITE, organisation::IOMAD, organisation::WORKPLACE];
        $modes = array_combine($modes, array_map(fn(string $mode): string => $text("mode_$mode"), $modes));
        $page->add(new admin_setting_configselect('local_cloison/mode', $text('mode'), $text('mode_desc'), organisation::SITE, $modes));
    }
    $ADMIN->add('local_cloison', $page);
    foreach (['dashboards', 'test'] as $name) {
        $url = new moodle_url("/local/cloison/$name.php");
        $ADMIN->add('local_cloison', new admin_externalpage("local_cloison_$name", $text($name), $url, $capability));
    }
    if (organisation::mode() !== organisation::SITE) {
        $url = new moodle_url('/local/cloison/organisations.php');
        $ADMIN->add('local_cloison', new admin_externalpage('local_cloison_organisations', $text('organisations'), $url, $capability));
    }
}
