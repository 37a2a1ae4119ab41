//! What is kept of staff and of classes.

mod accounts;
mod classes;
mod entering;
mod sessions;
mod statistics;

pub(super) use accounts::{Account, NewAccount};
pub(super) use classes::{Class, Member};
pub(super) use entering::Entering;
pub(super) use statistics::{Answered, GROUP, Visited};
