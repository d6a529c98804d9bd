//! The PHP client and the Moodle plugins: their own tests, by the PHPUnit of Debian or Ubuntu, without a Moodle.

use std::path::Path;

use anyhow::Result;

use crate::shell::{program, step};
use crate::tools;

/// The extensions of PHP that the tests use, each with its package. The plugins themselves need what Moodle needs.
const EXTENSIONS: [(&str, &str); 4] =
    [("pdo_sqlite", "php-sqlite3"), ("pdo_mysql", "php-mysql"), ("pdo_pgsql", "php-pgsql"), ("curl", "php-curl")];

/// Every PHP test.
pub(crate) fn test() -> Result<()> {
    packages()?;
    step("PHP client", || program("phpunit", &[]).within("integrations/php").run())?;
    step("Moodle plugins", || program("bash", &["tests/run.sh"]).within("integrations/moodle").run())
}

/// Beside `tools`' list, because an extension is asked of PHP itself: its file's place depends on PHP's version.
fn packages() -> Result<()> {
    let has = |extension: &str| {
        let ask = format!("exit(extension_loaded('{extension}') ? 0 : 1);");
        program("php", &["-r", &ask]).works()
    };
    let extensions = EXTENSIONS.iter().filter(|(extension, _)| !has(extension)).map(|(_, package)| *package);
    let phpunit = (!Path::new("/usr/bin/phpunit").exists()).then_some("phpunit");
    let missing: Vec<&str> = extensions.chain(phpunit).collect();
    tools::install(&missing)
}
