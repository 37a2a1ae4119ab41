//! The server's word on a visit.

use serde::{Deserialize, Serialize};
use xinghuo_tour::{Session, Venue};

use crate::Timestamp;

/// What the server holds a visit to have come to: the only word that counts.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// The last entry of the log that it follows from.
    pub seq: u32,
    /// Required evidence got over required evidence, in `0.0..=1.0`.
    pub completion: f32,
    /// Whether all required evidence is there.
    pub completed: bool,
    /// Whether enough was understood.
    pub passed: bool,
    /// Whether too little was understood.
    pub failed: bool,
    /// The mean of the marks, in `0.0..=1.0`.
    pub scaled: f32,
    /// How many places of the required checkpoints are settled.
    pub settled: u32,
    /// How many there are.
    pub of: u32,
    /// The version of the venue's rule.
    pub rule_version: u32,
    /// When the server last decided on completed, passed or failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>, format = DateTime))]
    pub decided_at: Option<Timestamp>,
}

impl Record {
    /// The record of a visit, with the time of the last decision if there was one.
    #[must_use]
    pub fn of(session: &Session, venue: &Venue, decided_at: Option<Timestamp>) -> Self {
        let progress = session.progress(venue);
        Self {
            seq: session.seq(),
            completion: progress.completion,
            completed: progress.completed,
            passed: progress.passed,
            failed: progress.failed,
            scaled: progress.mastery.scaled,
            settled: progress.mastery.settled,
            of: progress.mastery.of,
            rule_version: venue.completion.version,
            decided_at,
        }
    }
}
