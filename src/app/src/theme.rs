//! Colours, durations and quality: every look and feel of the tour is decided here.

mod colors;
mod quality;
mod timing;

pub(crate) use colors::*;
pub(crate) use quality::*;
pub(crate) use timing::*;
