//! Any text as an embed token: none is admitted, for nobody signed it.
#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use tenancy::{Host, Keyring, Settings, StoreLocation, Tenancy};
use tokio::runtime::{Builder, Runtime};

struct World {
    runtime: Runtime,
    tenancy: Tenancy,
    _folder: tempfile::TempDir,
}

fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let folder = tempfile::tempdir().expect("a folder");
        let counter = std::sync::atomic::AtomicU8::new(1);
        let fill = move |bytes: &mut [u8]| {
            for byte in bytes {
                *byte = counter.fetch_add(37, std::sync::atomic::Ordering::Relaxed);
            }
        };
        let host = Host::new(|| jiff::Timestamp::UNIX_EPOCH, fill);
        let keyring = Keyring::parse(&"0123456789abcdef".repeat(4)).expect("a key");
        let file = folder.path().join("metadata.db");
        let settings = Settings { sqlite_root: None, audience: "fuzz".to_owned() };
        let opening = Tenancy::open(StoreLocation::Sqlite(&file), host, keyring, settings);
        let tenancy = runtime.block_on(opening).expect("a store");
        World { runtime, tenancy, _folder: folder }
    })
}

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let world = world();
    assert!(world.runtime.block_on(world.tenancy.admit_embed(text, None)).is_err(), "a token nobody signed");
    assert!(world.runtime.block_on(world.tenancy.admit_key(text, None)).is_err(), "a key nobody made");
});
