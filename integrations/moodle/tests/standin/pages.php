<?php

/**
 * Pages and blocks.
 *
 * @package    local_cloison
 * @copyright  2026 The Cloison contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

/** What blocks inherit. */
abstract class block_base {
    public string $title = '';
    public ?stdClass $content = null;
    public ?stdClass $config = null;
    public ?stdClass $instance = null;
    public ?moodle_page $page = null;
    public ?context $context = null;

    /** Called once: the instance and its page. */
    public function standin_load(stdClass $instance, ?moodle_page $page): void {
        $this->init();
        $this->instance = $instance;
        $this->page = $page;
        $this->context = context_block::instance($instance->id);
        $config = $instance->configdata === '' ? null : unserialize(base64_decode($instance->configdata), ['allowed_classes' => [stdClass::class]]);
        $this->config = $config ?: null;
        $this->specialization();
    }

    abstract public function init(): void;

    public function specialization(): void {
    }

    public function instance_config_save($data, $nolongerused = false): void {
        global $DB;
        $DB->set_field('block_instances', 'configdata', base64_encode(serialize($data)), ['id' => $this->instance->id]);
    }
}

function block_instance(string $name, stdClass $instance, ?moodle_page $page = null): block_base {
    $class = "block_$name";
    $block = new $class();
    $block->standin_load($instance, $page);
    return $block;
}

/** A page. */
final class moodle_page {
    public ?context $context = null;
    public object $requires;

    public function __construct() {
        $this->requires = new class {
            public array $calls = [];

            public function js_call_amd(string $module, string $function, array $arguments): void {
                $this->calls[] = [$module, $function, $arguments];
            }
        };
    }

    public function set_context(context $context): void {
        $this->context = $context;
    }

    public function set_url(string $path, array $params = []): void {
    }

    public function user_is_editing(): bool {
        return false;
    }
}

/** HTML. */
final class html_writer {
    public static function random_id(string $prefix): string {
        return $prefix . bin2hex(random_bytes(4));
    }

    public static function div(string $content, string $class = ''): string {
        return "<div class=\"$class\">$content</div>";
    }
}

/** Templates without loops: values, and texts of plugins. What else a template has is an error. */
final class standin_output {
    public function render_from_template(string $name, array $context): string {
        global $CFG;
        [$component, $template] = explode('/', $name);
        [$kind, $plugin] = explode('_', $component, 2);
        $text = file_get_contents("$CFG->dirroot/" . ['local' => 'local', 'block' => 'blocks'][$kind] . "/$plugin/templates/$template.mustache");
        $text = preg_replace('/\{\{!.*?\}\}/s', '', $text);
        $text = preg_replace_callback('/\{\{#str\}\}\s*(\w+)\s*,\s*(\w+)\s*\{\{\/str\}\}/', fn(array $m): string => s(get_string($m[1], $m[2])), $text);
        return preg_replace_callback('/\{\{([^}]*)\}\}/', function (array $m) use ($context): string {
            return array_key_exists($m[1], $context) ? s((string) $context[$m[1]]) : throw new coding_exception("the stand-in has no {{{$m[1]}}}");
        }, $text);
    }
}
