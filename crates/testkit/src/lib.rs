//! Development only: real database servers that never outlive the test that wanted them, and canary values that
//! prove one tenant's rows stayed out of another tenant's answers. Nothing here is linked into the product.

pub mod canary;
pub mod servers;
