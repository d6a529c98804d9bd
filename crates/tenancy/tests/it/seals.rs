//! What must not compile, and values that must not be printed.

/// Each file is an attempt; the text beside it is what the compiler answers.
#[test]
fn what_must_not_compile_does_not() {
    trybuild::TestCases::new().compile_fail("tests/must_not_compile/*.rs");
}
