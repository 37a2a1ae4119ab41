//! Visits, as the crate's users see them: cases as data, and what holds of every visit.

mod cases;
mod faults;
mod given;
mod json;
mod properties;
