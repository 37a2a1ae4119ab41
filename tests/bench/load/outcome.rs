//! What came of a plan: how much, how fast, and what was refused.

use std::{collections::BTreeMap, time::Duration};

use serde::Serialize;

/// What is printed.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Outcome {
    /// Requests that were answered as they should be.
    pub(crate) requests: u64,
    /// Statements that these stored or brought.
    pub(crate) statements: u64,
    /// For how long that was counted.
    pub(crate) secs: f64,
    /// Half of the answers came within this time; milliseconds.
    pub(crate) p50_millis: f64,
    /// All but the slowest hundredth came within this time; milliseconds.
    pub(crate) p99_millis: f64,
    pub(crate) max_millis: f64,
    /// Answers that were not what they should be, by status, with the first of each.
    pub(crate) refused: BTreeMap<String, Refused>,
    /// Processor time that the generator itself took, as a share of `secs`.
    pub(crate) own_share: f64,
}

/// Answers that were not what they should be.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Refused {
    pub(crate) count: u64,
    pub(crate) first: String,
}

/// What is counted while requests go out.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    micros: Vec<u32>,
    statements: u64,
    refused: BTreeMap<String, Refused>,
}

impl Tally {
    /// Counts an answer that is as it should be.
    pub(crate) fn right(&mut self, took: Duration, statements: u64) {
        self.micros
            .push(took.as_micros().try_into().unwrap_or(u32::MAX));
        self.statements += statements;
    }

    /// Counts an answer that is not.
    pub(crate) fn wrong(&mut self, status: &str, answer: &str) {
        let refused = self.refused.entry(status.to_owned()).or_default();
        if refused.count == 0 {
            refused.first = answer.chars().take(300).collect();
        }
        refused.count += 1;
    }

    /// What all of it comes to.
    pub(crate) fn outcome(mut self, took: Duration, own: Duration) -> Outcome {
        self.micros.sort_unstable();
        let secs = took.as_secs_f64();
        Outcome {
            requests: self.micros.len() as u64,
            statements: self.statements,
            secs,
            p50_millis: within(&self.micros, 0.5),
            p99_millis: within(&self.micros, 0.99),
            max_millis: within(&self.micros, 1.0),
            refused: self.refused,
            own_share: own.as_secs_f64() / secs.max(f64::MIN_POSITIVE),
        }
    }
}

/// Within how many milliseconds that share of all came: the smallest time that holds for it.
fn within(sorted_micros: &[u32], share: f64) -> f64 {
    let rank = (sorted_micros.len() as f64 * share).ceil() as usize;
    let micros = sorted_micros.get(rank.saturating_sub(1));
    micros.map_or(0.0, |micros| f64::from(*micros) / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_times_that_were_taken() {
        let mut tally = Tally::default();
        for millis in (1..=200).rev() {
            tally.right(Duration::from_millis(millis), 2);
        }
        let outcome = tally.outcome(Duration::from_secs(4), Duration::from_secs(1));
        assert_eq!((outcome.requests, outcome.statements), (200, 400));
        let times = [outcome.p50_millis, outcome.p99_millis, outcome.max_millis];
        assert_eq!(times.map(|it| it.round() as u32), [100, 198, 200]);
        assert_eq!((outcome.own_share * 100.0).round() as u32, 25);
    }

    #[test]
    fn what_is_refused_is_no_answer() {
        let mut tally = Tally::default();
        tally.wrong("429", "slower");
        tally.wrong("429", "slower still");
        let outcome = tally.outcome(Duration::from_secs(1), Duration::ZERO);
        assert_eq!(outcome.requests, 0);
        assert!(outcome.p99_millis.abs() < f64::EPSILON);
        assert_eq!(outcome.refused["429"].count, 2);
        assert_eq!(outcome.refused["429"].first, "slower");
    }
}
