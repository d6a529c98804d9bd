//! The demo's library of cards and dashboards: it reads, it fits together, and on the sample sites each card says something that
//! can be true. That all engines give the same numbers is tested beside it, with real servers; and that a site's managers,
//! teachers and students see their own rows, through the product.

mod answer;
mod library;
mod sample;
mod shape;
mod sites;
