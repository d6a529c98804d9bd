//! The pages are built by another tool: their folder must exist, even when nothing is in it yet.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let dist = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/dist");
    if let Err(error) = std::fs::create_dir_all(&dist) {
        println!("cargo:warning=cannot make web/dist: {error}");
    }
}
