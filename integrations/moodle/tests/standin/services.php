<?php

/**
 * Web services.
 *
 * @package    local_cloison
 * @copyright  2026 The Cloison contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace core_external;

/** What services inherit. */
abstract class external_api {
    public static function validate_parameters(external_function_parameters $description, array $params): array {
        if (array_diff_key($params, $description->keys) !== []) {
            throw new \moodle_exception('invalidparameter');
        }
        foreach ($description->keys as $name => $value) {
            if (!array_key_exists($name, $params)) {
                throw new \moodle_exception('invalidparameter');
            }
            $params[$name] = $value->type === PARAM_INT ? (int) $params[$name] : $params[$name];
        }
        return $params;
    }

    /** A course must be one that the user may enter. */
    public static function validate_context(\context $context): void {
        global $DB;
        $course = $context->get_course_context(false);
        if ($course && $course->instanceid !== SITEID && !can_access_course($DB->get_record('course', ['id' => $course->instanceid]), null, '', true)) {
            throw new \moodle_exception('requireloginerror');
        }
    }
}

/** Parameters or fields by name. */
class external_single_structure {
    /** @param array<string, external_value> $keys */
    public function __construct(public array $keys) {
    }
}

/** Parameters by name. */
final class external_function_parameters extends external_single_structure {
}

/** A value. */
final class external_value {
    public function __construct(public string $type, public string $description = '') {
    }
}
