//! The proof of one promise: what tenant A reads depends on A's rows alone, whatever A sends.
//!
//! Worlds differ in nothing but the other tenants' rows; the same statement as A must have the same answer in all of
//! them, to the last byte. And it must be the answer of a database that holds A's rows only, or a refusal. Both need no
//! knowledge of the attack. Values that exist in others' rows only are looked for in every answer besides.

pub mod answer;
pub mod attack;
pub mod corpus;
pub mod engine;
pub mod fixture;
pub mod generate;
pub mod guard;
pub mod honest;
pub mod judge;
pub mod plans;
pub mod prng;
pub mod product;
pub mod report;
pub mod session;
pub mod trial;
pub mod worlds;
