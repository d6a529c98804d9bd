//! The demo's library of cards and dashboards: it reads, it fits together, and on the sample sites each card says something that
//! can be true. That all engines give the same numbers is tested beside it, with real servers.

mod answer;
mod library;
mod sample;
mod shape;
