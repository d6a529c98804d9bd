//! An operator comes from a key, through `Tenancy::admit_key`.

fn main() {
    let _ = tenancy::OperatorScope {};
}
