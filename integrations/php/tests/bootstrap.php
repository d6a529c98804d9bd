<?php

declare(strict_types=1);

// The package's own autoloading, for who has no Composer at hand.
spl_autoload_register(static function (string $class): void {
    foreach (['Cloison\\Tests\\' => __DIR__, 'Cloison\\' => dirname(__DIR__) . '/src'] as $prefix => $folder) {
        if (str_starts_with($class, $prefix)) {
            $file = $folder . '/' . strtr(substr($class, strlen($prefix)), '\\', '/') . '.php';
            if (is_file($file)) {
                require $file;
            }
            return;
        }
    }
});
