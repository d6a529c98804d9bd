<?php

/**
 * Texts and errors.
 *
 * @package    local_cloison
 * @copyright  2026 The Cloison contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

/** An error that is shown. */
class moodle_exception extends Exception {
    public function __construct(public string $errorcode, public string $module = '', string $link = '', mixed $a = null) {
        parent::__construct($module === '' ? $errorcode : get_string($errorcode, $module, $a));
    }
}

/** A programmer's error. */
final class coding_exception extends Exception {
}

/**
 * An object as it was stored: of no class but the plain one.
 *
 * @param string $input the text
 */
function unserialize_object(string $input): stdClass {
    $instance = (array) unserialize($input, ['allowed_classes' => [stdClass::class]]);
    return (object) $instance;
}

/** The texts of the plugins' own files; what has none is shown in brackets, as in Moodle. */
function get_string(string $name, string $component = '', mixed $a = null): string {
    global $CFG;
    static $known = [];
    if (!isset($known[$component])) {
        [$kind, $plugin] = explode('_', $component, 2) + [1 => ''];
        $string = [];
        require("$CFG->dirroot/" . ['local' => 'local', 'block' => 'blocks'][$kind] . "/$plugin/lang/en/$component.php");
        $known[$component] = $string;
    }
    $text = $known[$component][$name] ?? "[[$name]]";
    if (is_object($a)) {
        foreach ((array) $a as $field => $value) {
            $text = str_replace("{\$a->$field}", (string) $value, $text);
        }
        return $text;
    }
    return str_replace('{$a}', (string) $a, $text);
}

function get_string_manager(): object {
    return new class {
        public function get_list_of_countries(bool $returnall, string $lang): array {
            return ['BR' => 'Brazil', 'GB' => 'United Kingdom'];
        }
    };
}

function current_language(): string {
    return 'en';
}

function format_string(string $text, bool $striplinks = true, array $options = []): string {
    return htmlspecialchars(strip_tags($text), ENT_QUOTES | ENT_SUBSTITUTE, 'UTF-8', false);
}

function s(?string $text): string {
    return htmlspecialchars((string) $text, ENT_QUOTES | ENT_SUBSTITUTE, 'UTF-8');
}

/** Remembered, so that a test must expect it; a site writes it into its log. */
function debugging(string $message, int $level = DEBUG_DEVELOPER): bool {
    if (PHPUNIT_TEST) {
        advanced_testcase::$debugging[] = $message;
    } else {
        error_log($message);
    }
    return true;
}

/** Time zones. */
final class core_date {
    public static function get_user_timezone(stdClass $user): string {
        return $user->timezone === '99' ? 'Australia/Perth' : $user->timezone;
    }
}
