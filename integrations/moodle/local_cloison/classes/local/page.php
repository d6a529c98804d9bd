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
 * Whether a block stands on a page.
 *
 * @package    local_cloison
 * @copyright  2026 The Cloison contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace local_cloison\local;

use context;
use context_system;
use stdClass;

/**
 * A token's facts are those of the page: a page that the block is not on, or that the user may not enter, gives none.
 */
final class page {
    /**
     * Whether the block is on pages of this context, and this user may be there.
     *
     * @param stdClass $block the block's instance
     * @param context $context the page's
     */
    public static function shows(stdClass $block, context $context): bool {
        global $USER;
        $parent = context::instance_by_id($block->parentcontextid, IGNORE_MISSING);
        if (!$parent || !self::mayenter($context)) {
            return false;
        }
        if ($context->id == $parent->id) {
            return true;
        }
        // The standard dashboard belongs to the site until somebody changes his or her own.
        if ($context->contextlevel == CONTEXT_USER) {
            return $parent->id == context_system::instance()->id && $context->instanceid == $USER->id;
        }
        return $block->showinsubcontexts && in_array($parent->id, $context->get_parent_context_ids());
    }

    /**
     * Whether the user may be on pages of this context.
     *
     * @param context $context the page's
     */
    private static function mayenter(context $context): bool {
        global $DB, $USER;
        if ($context->contextlevel == CONTEXT_USER) {
            return $context->instanceid == $USER->id;
        }
        $coursecontext = $context->get_course_context(false);
        if (!$coursecontext || $coursecontext->instanceid == SITEID) {
            return in_array($context->contextlevel, [CONTEXT_SYSTEM, CONTEXT_COURSECAT, CONTEXT_COURSE, CONTEXT_MODULE]);
        }
        $course = $DB->get_record('course', ['id' => $coursecontext->instanceid]);
        if (!$course || !can_access_course($course, null, '', true)) {
            return false;
        }
        if ($context->contextlevel == CONTEXT_MODULE) {
            $cm = get_fast_modinfo($course)->get_cms()[$context->instanceid] ?? null;
            return $cm !== null && $cm->uservisible;
        }
        return true;
    }
}
