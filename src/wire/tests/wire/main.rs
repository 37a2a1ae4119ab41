//! The wire, as the two sides of it see it.

mod given;
mod messages;
mod rules;
mod shown;
mod statements;
mod submitted;
