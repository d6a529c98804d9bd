<?php

/**
 * Roles and capabilities, decided as Moodle decides them.
 *
 * @package    local_cloison
 * @copyright  2026 The Cloison contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

/** What Moodle's own capabilities give to archetypes, as far as the plugins ask for them. */
const STANDIN_CAPABILITIES = [
    'moodle/course:view' => ['manager' => CAP_ALLOW],
    'moodle/site:accessallgroups' => ['manager' => CAP_ALLOW, 'editingteacher' => CAP_ALLOW],
];

/** The roles that a new site has, and that the site does not have yet, with their permissions. */
function standin_roles(): void {
    global $DB;
    $has = $DB->get_records_menu('role', null, '', 'shortname, id');
    foreach (['manager', 'coursecreator', 'editingteacher', 'teacher', 'student', 'guest', 'user', 'frontpage'] as $name) {
        isset($has[$name]) ? standin_permit((int) $has[$name], $name) : standin_role($name, $name);
    }
}

/** A role. */
function standin_role(string $shortname, string $archetype): int {
    global $DB;
    $id = $DB->insert_record('role', ['shortname' => $shortname, 'archetype' => $archetype]);
    standin_permit($id, $archetype);
    return $id;
}

/** The permissions that the plugins' db/access.php, and Moodle's own, give to an archetype. */
function standin_permit(int $id, string $archetype): void {
    global $CFG;
    $given = STANDIN_CAPABILITIES;
    foreach (['local/cloison', 'blocks/cloison'] as $plugin) {
        $capabilities = [];
        require("$CFG->dirroot/$plugin/db/access.php");
        $given += array_map(fn(array $one): array => $one['archetypes'], $capabilities);
    }
    foreach ($given as $capability => $archetypes) {
        if (isset($archetypes[$archetype])) {
            assign_capability($capability, $archetypes[$archetype], $id, context_system::instance()->id);
        }
    }
}

function assign_capability(string $capability, int $permission, int|string $roleid, int|context $contextid, bool $overwrite = false): void {
    global $DB;
    $where = ['capability' => $capability, 'roleid' => $roleid, 'contextid' => $contextid instanceof context ? $contextid->id : $contextid];
    $DB->delete_records('role_capabilities', $where);
    $DB->insert_record('role_capabilities', $where + ['permission' => $permission]);
}

function is_siteadmin(int|stdClass|null $user = null): bool {
    global $USER;
    return (int) (is_object($user) ? $user->id : ($user ?? $USER->id)) === 2;
}

function isloggedin(): bool {
    global $USER;
    return !empty($USER->id);
}

function isguestuser(): bool {
    global $USER;
    return (int) $USER->id === 1;
}

/** The roles that count in a context: assigned there or above, and the one that everybody who is logged in has. */
function standin_roles_in(context $context, int $userid): array {
    global $DB;
    [$in, $params] = $DB->get_in_or_equal($context->get_parent_context_ids(true));
    $ids = $DB->get_fieldset_select('role_assignments', 'roleid', "contextid $in AND userid = ?", [...$params, $userid]);
    $ids[] = $DB->get_field('role', 'id', ['shortname' => $userid === 1 || $userid === 0 ? 'guest' : 'user']);
    return array_unique($ids);
}

/** For each role the nearest permission counts; one allow is enough, one prohibit ends it. */
function has_capability(string $capability, context $context, int|stdClass|null $user = null): bool {
    global $DB, $USER;
    $userid = (int) (is_object($user) ? $user->id : ($user ?? $USER->id));
    if (is_siteadmin($userid)) {
        return true;
    }
    $allowed = false;
    foreach (standin_roles_in($context, $userid) as $role) {
        $nearest = CAP_INHERIT;
        foreach ($context->get_parent_context_ids(true) as $contextid) {
            $here = (int) $DB->get_field('role_capabilities', 'permission', ['roleid' => $role, 'capability' => $capability, 'contextid' => $contextid]);
            if ($here === CAP_PROHIBIT) {
                return false;
            }
            $nearest = $nearest === CAP_INHERIT ? $here : $nearest;
        }
        $allowed = $allowed || $nearest === CAP_ALLOW;
    }
    return $allowed;
}

function get_user_roles(context $context, int $userid, bool $checkparents = true): array {
    global $DB;
    [$in, $params] = $DB->get_in_or_equal($context->get_parent_context_ids(true));
    $sql = "SELECT ra.id, ra.roleid, r.shortname FROM {role_assignments} ra JOIN {role} r ON r.id = ra.roleid WHERE ra.contextid $in AND ra.userid = ?";
    return $DB->get_records_sql($sql, [...$params, $userid]);
}
