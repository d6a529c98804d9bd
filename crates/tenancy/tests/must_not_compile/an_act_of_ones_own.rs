//! An act that needs no rights would be granted to everybody.

struct Nothing;

impl tenancy::Act for Nothing {
    const ACTIONS: &'static [tenancy::Action] = &[];
}

fn main() {}
