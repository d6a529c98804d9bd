//! "No isolation" cannot be written down.

fn main() {
    let _ = tenancy::placement::Level::None;
    let _ = <tenancy::placement::Level as Default>::default();
}
