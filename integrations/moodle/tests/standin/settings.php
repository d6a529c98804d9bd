<?php

/**
 * Settings, sealed settings, caches.
 *
 * @package    local_cloison
 * @copyright  2026 The Cloison contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

// phpcs:disable
namespace {
    function get_config(string $plugin, ?string $name = null): mixed {
        $all = $GLOBALS['STANDIN_CONFIG'][$plugin] ?? [];
        return $name === null ? (object) $all : ($all[$name] ?? false);
    }

    function set_config(string $name, mixed $value, string $plugin): bool {
        if ($value === null) {
            unset($GLOBALS['STANDIN_CONFIG'][$plugin][$name]);
        } else {
            $GLOBALS['STANDIN_CONFIG'][$plugin][$name] = (string) $value;
        }
        return true;
    }

    /** A cache that lasts as long as the test. */
    final class cache {
        private static array $kept = [];

        private function __construct(private readonly string $area) {
        }

        public static function make(string $component, string $area): self {
            return new self("$component/$area");
        }

        public static function forget(): void {
            self::$kept = [];
        }

        public function get(string $key): mixed {
            return self::$kept[$this->area][$key] ?? false;
        }

        public function set(string $key, mixed $value): bool {
            self::$kept[$this->area][$key] = $value;
            return true;
        }
    }
}

namespace core {
    /** Seals with a key of its own, in the form that Moodle's has. */
    final class encryption {
        private static ?string $key = null;

        /** A site's own key. */
        public static function use_key(string $key): void {
            self::$key = $key;
        }

        public static function key_exists(): bool {
            return self::$key !== null;
        }

        public static function create_key(): void {
            self::$key = sodium_crypto_secretbox_keygen();
        }

        public static function encrypt(string $data): string {
            if ($data === '') {
                return '';
            }
            $nonce = random_bytes(SODIUM_CRYPTO_SECRETBOX_NONCEBYTES);
            return 'sodium:' . base64_encode($nonce . sodium_crypto_secretbox($data, $nonce, self::$key));
        }

        public static function decrypt(string $data): string {
            if ($data === '') {
                return '';
            }
            $bytes = base64_decode(substr($data, 7), true);
            $nonce = substr((string) $bytes, 0, SODIUM_CRYPTO_SECRETBOX_NONCEBYTES);
            $text = sodium_crypto_secretbox_open(substr((string) $bytes, SODIUM_CRYPTO_SECRETBOX_NONCEBYTES), $nonce, self::$key);
            return $text === false ? throw new \moodle_exception('encryption_decryptfailed') : $text;
        }
    }
}
