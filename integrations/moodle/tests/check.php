<?php

/**
 * What can be told from the files alone: check.php FOLDER. Prints what is wrong, and fails when something is.
 *
 * @package    local_cloison
 * @copyright  2026 The Cloison contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

$root = $argv[1];
$wrong = [];

/** The files below a folder, by their paths in it. */
$files = function (string $folder, string $ending): array {
    $found = [];
    foreach (new RecursiveIteratorIterator(new RecursiveDirectoryIterator($folder, FilesystemIterator::SKIP_DOTS)) as $file) {
        if (str_ends_with($file->getPathname(), $ending)) {
            $found[substr($file->getPathname(), strlen($folder) + 1)] = file_get_contents($file->getPathname());
        }
    }
    ksort($found);
    return $found;
};

define('MOODLE_INTERNAL', true);
define('MATURITY_STABLE', 200);
foreach (['local_cloison', 'block_cloison'] as $plugin) {
    $string = [];
    require("$root/$plugin/lang/en/$plugin.php");
    $strings[$plugin] = $string;
    $order = array_keys($string);
    $sorted = $order;
    sort($sorted);
    if ($order !== $sorted) {
        $wrong[] = "$plugin: texts are not in the order of their names";
    }
}

$used = [];
foreach (['local_cloison', 'block_cloison'] as $plugin) {
    foreach ($files("$root/$plugin", '.php') as $name => $text) {
        exec('php -l ' . escapeshellarg("$root/$plugin/$name") . ' 2>&1', $said, $status);
        if ($status !== 0) {
            $wrong[] = "$plugin/$name: " . implode(' ', $said);
        }
        if (str_starts_with($name, 'thirdparty/')) {
            continue;
        }
        // Whatever is not a class, and does not begin with Moodle's own config, must not run when somebody asks for the file.
        if (!str_contains($text, "defined('MOODLE_INTERNAL') || die();") && !str_contains($text, '/config.php')
            && preg_match('/^(namespace|abstract class|final class|class) /m', $text) !== 1) {
            $wrong[] = "$plugin/$name: runs when it is asked for over HTTP";
        }
        if (!str_contains($text, 'GNU General Public License') && !str_contains($text, 'GNU GPL')) {
            $wrong[] = "$plugin/$name: says nothing about its licence";
        }
        foreach (explode("\n", $text) as $number => $line) {
            if ((strlen($line) > 180 && !str_starts_with($name, 'lang/')) || rtrim($line) !== $line || str_contains($line, "\t")) {
                $wrong[] = "$plugin/$name:" . ($number + 1) . ': too long, blanks at the end, or a tab';
            }
        }
        preg_match_all("/(?:get_string|new lang_string)\(\s*'([\w:]+)',\s*'((?:local|block)_cloison)'/", $text, $found, PREG_SET_ORDER);
        array_push($used, ...$found);
    }
    foreach ($files("$root/$plugin", '.mustache') as $name => $text) {
        preg_match_all('/\{\{#str\}\}\s*([\w:]+)\s*,\s*(\w+)/', $text, $found, PREG_SET_ORDER);
        array_push($used, ...array_filter($found, fn(array $one): bool => str_ends_with($one[2], '_cloison')));
        // Three braces, or an &, put HTML in as it is: nothing of ours does.
        if (preg_match('/\{\{\{|\{\{&/', $text) === 1) {
            $wrong[] = "$plugin/$name: puts text in without escaping it";
        }
        $open = [];
        preg_match_all('/\{\{([#^\/])\s*([\w.]+)/', preg_replace('/\{\{!.*?\}\}/s', '', $text), $tags, PREG_SET_ORDER);
        foreach ($tags as [, $kind, $tag]) {
            if ($kind !== '/') {
                $open[] = $tag;
            } else if (array_pop($open) !== $tag) {
                $wrong[] = "$plugin/$name: {{/$tag}} closes nothing";
            }
        }
        if ($open !== [] || !str_contains($text, '@template ' . $plugin . '/' . basename($name, '.mustache')) || !str_contains($text, 'Example context (json):')) {
            $wrong[] = "$plugin/$name: is not closed, or does not say its name and an example";
        } else if (preg_match('/Example context \(json\):\s*(\{.*\})\s*\}\}/sU', $text, $example) !== 1 || json_decode($example[1]) === null) {
            $wrong[] = "$plugin/$name: its example is not JSON";
        }
    }
}
foreach ($used as [, $name, $plugin]) {
    if (!isset($strings[$plugin][$name])) {
        $wrong[] = "$plugin has no text \"$name\"";
    }
}

/** Every capability has its text, and every one but the site's can be overridden where the block is. */
define('CONTEXT_SYSTEM', 10);
define('CONTEXT_BLOCK', 80);
foreach (['CAP_ALLOW' => 1, 'CAP_PREVENT' => -1, 'RISK_CONFIG' => 2, 'RISK_PERSONAL' => 8, 'RISK_DATALOSS' => 32] as $name => $value) {
    define($name, $value);
}
foreach (['local_cloison', 'block_cloison'] as $plugin) {
    $capabilities = [];
    require("$root/$plugin/db/access.php");
    foreach ($capabilities as $name => $one) {
        if (!isset($strings[$plugin][explode('/', $name)[1]])) {
            $wrong[] = "$plugin: no text for the capability $name";
        }
    }
    $plugin = new class ($plugin) {
        public string $component = '';
        public array $dependencies = [];

        public function __construct(public string $folder) {
        }
    };
    require("$root/$plugin->folder/version.php");
    if ($plugin->component !== $plugin->folder) {
        $wrong[] = "$plugin->folder/version.php names another component";
    }
    $versions[$plugin->component] = $plugin->version;
    $needs[$plugin->component] = $plugin->dependencies;
}
foreach ($needs as $plugin => $wanted) {
    foreach ($wanted as $other => $version) {
        if ($versions[$other] !== $version) {
            $wrong[] = "$plugin needs another version of $other than the one beside it";
        }
    }
}

// The client in the plugin is a copy.
$client = $files(dirname($root) . '/php/src', '.php');
if ($client !== $files("$root/local_cloison/thirdparty/cloison/src", '.php')) {
    $wrong[] = 'thirdparty/cloison differs from integrations/php: npm --prefix integrations/moodle/build run build';
}

echo $wrong === [] ? "files: good\n" : implode("\n", $wrong) . "\n";
exit($wrong === [] ? 0 : 1);
