//! The server as its callers meet it: real metadata, real databases, whole answers.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test that is surprised has failed")]
#![expect(clippy::print_stdout, reason = "figures are part of the proof")]
#![expect(clippy::large_futures, reason = "a buffer of a test lives as long as the test")]

mod access;
mod caching;
mod corpus;
mod edits;
mod engines;
mod exports;
mod inputs;
mod isolation;
mod leaks;
mod main_job;
mod mass;
mod matrix;
mod metabase;
mod metabase_absent;
mod metabase_api;
mod metabase_api_engines;
mod metabase_api_isolation;
mod metabase_api_running;
mod metabase_api_stage;
mod metabase_graphs;
mod metabase_isolation;
mod metabase_keys;
mod metabase_links;
mod metabase_made_links;
mod metabase_operator;
mod metabase_operator_graphs;
mod metabase_operator_isolation;
mod metabase_stage;
mod metabase_tokens;
mod metabase_write;
mod metabase_write_isolation;
mod own_hosts;
mod texts;
mod timing;
mod tokens;
mod viewing;
mod wire;
mod world;
