//! The wire, as the two sides of it see it.

mod course;
mod given;
mod launched;
mod messages;
mod profile;
mod rules;
mod shown;
mod statements;
mod structure;
mod submitted;
mod template;
