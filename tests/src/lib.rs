//! What tests of more than one crate share.

#![allow(
    clippy::missing_panics_doc,
    reason = "a fixture that cannot be read is a failed test"
)]

pub mod model;
pub mod packages;
