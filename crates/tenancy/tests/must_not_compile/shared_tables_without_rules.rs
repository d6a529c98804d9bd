//! Whose a row is comes with the placement, from the catalog: nobody makes one without rules, or takes them off.

fn usual<T: Default>() -> T {
    T::default()
}

fn share(mut placement: tenancy::Placement) {
    let _ = usual::<tenancy::Placement>();
    placement.rows = tenancy::placement::Rows::default();
    placement.level = tenancy::placement::Level::GuardedRows;
}

fn main() {}
