//! Record stores that statements are forwarded to: named by an administrator, on the command line.

mod command;
mod filter;
mod store;

pub use command::{ForwardCommand, NewForward, forward};

pub(crate) use filter::Filter;
pub(crate) use store::Forward;
