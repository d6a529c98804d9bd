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
 * The block.
 *
 * @package    block_cloison
 * @copyright  2026 The Cloison contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

use local_cloison\local\catalog;
use local_cloison\local\tokens;

/**
 * Shows a dashboard or a card.
 */
class block_cloison extends block_base {
    /**
     * Sets the block up.
     */
    public function init(): void {
        $this->title = get_string('pluginname', 'block_cloison');
    }

    /**
     * Pages that it may be on.
     *
     * @return array<string, bool>
     */
    public function applicable_formats(): array {
        return ['all' => false, 'site-index' => true, 'my' => true, 'course-view' => true];
    }

    /**
     * A page may have several.
     */
    public function instance_allow_multiple(): bool {
        return true;
    }

    /**
     * The settings are those of the site's plugin.
     */
    public function has_config(): bool {
        return false;
    }

    /**
     * The title is what was typed, or the name of what is shown.
     */
    public function specialization(): void {
        $typed = trim((string) ($this->config->title ?? ''));
        $name = catalog::offered()[$this->config->shows ?? '']['name'] ?? '';
        $title = $typed !== '' ? $typed : $name;
        if ($title !== '') {
            $this->title = format_string($title, true, ['context' => $this->context]);
        }
    }

    /**
     * What is in it: a place that the page's script fills. Nothing, and so no block, for whom there is nothing.
     */
    public function get_content(): ?stdClass {
        global $OUTPUT;
        if ($this->content !== null) {
            return $this->content;
        }
        $this->content = (object) ['text' => '', 'footer' => ''];
        if (!isloggedin() || isguestuser()) {
            return $this->content;
        }
        $contextid = (int) $this->page->context->id;
        $found = tokens::look((int) $this->instance->id, $contextid);
        if ($found === null) {
            $this->content->text = $this->hint();
            return $this->content;
        }
        $id = html_writer::random_id('cloison');
        $this->content->text = $OUTPUT->render_from_template('block_cloison/view', [
            'id' => $id,
            'instance' => (int) $this->instance->id,
            'context' => $contextid,
            'base' => $found['base'],
            'kind' => $found['kind'],
            'way' => $this->way(),
            'locale' => $found['locale'],
            'timezone' => $found['timezone'],
            'title' => $this->title,
        ]);
        $this->page->requires->js_call_amd('local_cloison/view', 'init', [$id]);
        return $this->content;
    }

    /**
     * Settings that were saved: nothing but what the form has, so that a restored or crafted block is as plain as a new one.
     *
     * @param stdClass $data what was given
     * @param bool $nolongerused not used any more
     */
    public function instance_config_save($data, $nolongerused = false): void {
        $plain = new stdClass();
        foreach ((array) $data as $name => $value) {
            if (in_array($name, ['title', 'shows', 'way'], true) || str_starts_with($name, 'lock_')) {
                $plain->$name = (string) $value;
            }
        }
        parent::instance_config_save($plain, $nolongerused);
    }

    /**
     * Whoever arranges the page hears why there is nothing.
     */
    private function hint(): string {
        if (!$this->page->user_is_editing() || !has_capability('block/cloison:choose', $this->context)) {
            return '';
        }
        $isset = !empty($this->config->shows);
        return html_writer::div(get_string($isset ? 'nothingforyou' : 'unset', 'block_cloison'), 'text-muted');
    }

    /**
     * Component or frame.
     */
    private function way(): string {
        $own = (string) ($this->config->way ?? '');
        $way = $own !== '' ? $own : get_config('local_cloison', 'way');
        return $way === 'iframe' ? 'iframe' : 'component';
    }
}
