//! What must not compile. `TRYBUILD=overwrite` writes the expected errors anew.

#[test]
fn what_must_not_compile_does_not() {
    trybuild::TestCases::new().compile_fail("tests/must_not_compile/*.rs");
}
