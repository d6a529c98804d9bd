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
 * The block's settings.
 *
 * @package    block_cloison
 * @copyright  2026 The Cloison contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

use local_cloison\local\catalog;
use local_cloison\local\scope;
use local_cloison\local\tokens;

/**
 * What it shows, and which filters it locks.
 */
class block_cloison_edit_form extends block_edit_form {
    /**
     * The fields.
     *
     * @param MoodleQuickForm $mform the form
     */
    protected function specific_definition($mform): void {
        $mform->addElement('header', 'configheader', get_string('blocksettings', 'block'));
        $mform->addElement('text', 'config_title', get_string('title', 'block_cloison'));
        $mform->setType('config_title', PARAM_TEXT);
        $mform->addHelpButton('config_title', 'title', 'block_cloison');

        $offered = catalog::offered();
        $mform->addElement('select', 'config_shows', get_string('shows', 'block_cloison'), $this->choices($offered));
        $mform->addHelpButton('config_shows', 'shows', 'block_cloison');
        if ($offered === []) {
            $mform->addElement('static', 'noneoffered', '', get_string('noneoffered', 'block_cloison'));
        }
        if (!has_capability('block/cloison:choose', $this->block->context)) {
            $mform->freeze(['config_shows']);
            $mform->setConstant('config_shows', $this->block->config->shows ?? '');
        }

        $ways = ['' => get_string('way_usual', 'block_cloison'), 'component' => get_string('way_component', 'local_cloison'),
            'iframe' => get_string('way_iframe', 'local_cloison')];
        $mform->addElement('select', 'config_way', get_string('way', 'block_cloison'), $ways);

        $this->locks($mform, $offered);
    }

    /**
     * One field for each filter that something offered has. Those that what is chosen has not are hidden.
     *
     * @param MoodleQuickForm $mform the form
     * @param array $offered the site's list
     */
    private function locks(MoodleQuickForm $mform, array $offered): void {
        $labels = [];
        foreach ($offered as $one) {
            $labels += $one['filters'];
        }
        if ($labels === []) {
            return;
        }
        $names = array_merge(['courses_taught', 'courses_enrolled'], array_intersect(scope::OPTIONAL, tokens::allowed()));
        $choices = ['' => get_string('lock_none', 'block_cloison')];
        foreach ($names as $name) {
            $choices[$name] = get_string("attribute_$name", 'local_cloison');
        }
        $mform->addElement('header', 'locksheader', get_string('locks', 'block_cloison'));
        $mayset = has_capability('block/cloison:choose', $this->block->context);
        foreach ($labels as $filter => $label) {
            $field = "config_lock_$filter";
            $mform->addElement('select', $field, get_string('lock', 'block_cloison', s($label)), $choices);
            $mform->addHelpButton($field, 'lock', 'block_cloison');
            $without = array_keys(array_filter($offered, fn(array $one): bool => !isset($one['filters'][$filter])));
            $mform->hideIf($field, 'config_shows', 'in', array_merge([''], $without));
            if (!$mayset) {
                $mform->freeze([$field]);
                $mform->setConstant($field, $this->block->config->{"lock_$filter"} ?? '');
            }
        }
    }

    /**
     * What the site offers and the server has, and what the block shows already.
     *
     * @param array $offered the site's list
     * @return array<string, string>
     */
    private function choices(array $offered): array {
        $choices = ['' => get_string('choosehere', 'block_cloison')];
        try {
            $live = catalog::live();
        } catch (\Throwable $error) {
            // The server is away: the site's own list will do.
            $live = $offered;
        }
        foreach (array_intersect_key($offered, $live) as $id => $one) {
            $choices[$id] = format_string($live[$id]['name']);
        }
        $own = (string) ($this->block->config->shows ?? '');
        if ($own !== '' && !isset($choices[$own])) {
            $choices[$own] = get_string('notoffered', 'block_cloison');
        }
        return $choices;
    }

    /**
     * Only what is offered is saved.
     *
     * @param array $data by name
     * @param array $files none
     * @return array<string, string>
     */
    public function validation($data, $files): array {
        $errors = parent::validation($data, $files);
        $shows = (string) ($data['config_shows'] ?? '');
        $own = (string) ($this->block->config->shows ?? '');
        if ($shows !== '' && $shows !== $own && !isset(catalog::offered()[$shows])) {
            $errors['config_shows'] = get_string('notoffered', 'block_cloison');
        }
        return $errors;
    }
}
