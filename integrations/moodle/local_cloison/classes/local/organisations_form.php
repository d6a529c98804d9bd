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
 * The form with the keys of each organisation.
 *
 * @package    local_cloison
 * @copyright  2026 The Cloison contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace local_cloison\local;

defined('MOODLE_INTERNAL') || die();

require_once($CFG->libdir . '/formslib.php');

/**
 * Keys are written here and never shown: an empty field keeps what there is.
 */
final class organisations_form extends \moodleform {
    /**
     * The fields.
     */
    protected function definition(): void {
        $form = $this->_form;
        foreach ($this->_customdata['organisations'] as $number => $name) {
            $known = $this->_customdata['known'][$number] ?? [];
            $form->addElement('header', "organisation_$number", $name);
            $form->addElement('text', "keyid_$number", get_string('keyid', 'local_cloison'), ['size' => 40]);
            $form->setType("keyid_$number", PARAM_ALPHANUMEXT);
            $form->setDefault("keyid_$number", $known['keyid'] ?? '');
            foreach (['secret', 'apikey'] as $field) {
                $form->addElement('password', "{$field}_$number", get_string($field, 'local_cloison'), ['size' => 60, 'autocomplete' => 'off']);
                $form->setType("{$field}_$number", PARAM_RAW_TRIMMED);
                $isset = !empty($known[$field]);
                $form->addElement('static', "{$field}_is_$number", '', get_string($isset ? 'keyset' : 'keynotset', 'local_cloison'));
            }
        }
        $this->add_action_buttons();
    }

    /**
     * Checks the fields.
     *
     * @param array $data by name
     * @param array $files none
     * @return array<string, string>
     */
    public function validation($data, $files): array {
        $errors = [];
        $patterns = ['keyid' => '/^emk_[a-z0-9]{26}$/D', 'secret' => '/^[\x21-\x7e]{32,200}$/D', 'apikey' => '/^clo_[a-z0-9]{30,60}$/D'];
        foreach ($patterns as $field => $pattern) {
            foreach (array_keys($this->_customdata['organisations']) as $number) {
                $value = trim((string) $data["{$field}_$number"]);
                if ($value !== '' && preg_match($pattern, $value) !== 1) {
                    $errors["{$field}_$number"] = get_string('keyinvalid', 'local_cloison');
                }
            }
        }
        return $errors;
    }

    /**
     * What there was and what was typed.
     *
     * @param array $known what there was
     * @param \stdClass $data what was typed
     * @param int[] $numbers organisations that there are
     * @return array<int, array<string, string>>
     */
    public static function merge(array $known, \stdClass $data, array $numbers): array {
        $merged = [];
        foreach ($numbers as $number) {
            $one = $known[$number] ?? [];
            $one['keyid'] = trim($data->{"keyid_$number"});
            foreach (['secret', 'apikey'] as $field) {
                $value = trim($data->{"{$field}_$number"});
                if ($value !== '') {
                    $one[$field] = \core\encryption::encrypt($value);
                }
            }
            // Without its id a key is of no use, and is forgotten.
            if ($one['keyid'] !== '') {
                $merged[$number] = $one;
            }
        }
        return $merged;
    }
}
