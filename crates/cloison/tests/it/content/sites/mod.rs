//! Moodle sites end to end: the guide's commands, a server, and what managers, teachers and students get over HTTP, compared with
//! plain SQL on that site's database.

mod base;
mod browser;
mod companies;
mod pages;
mod rows;
mod server;
mod three;
