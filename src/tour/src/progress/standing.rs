//! Where a visit stands against the venue's rule.

use super::places_at;
use crate::{Session, Venue};

/// Where a visit stands: compared before and after an action, it tells what the action brought.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Standing {
    got: usize,
    needed: usize,
    /// For each stop of the route, whether it has all the evidence that it asks for.
    pub(crate) done: Vec<bool>,
    /// The marks of the required stops.
    pub(crate) marks: Marks,
}

/// The marks of the required stops, in whole points: attempts for each place at most.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Marks {
    points: u64,
    points_of: u64,
    pub(crate) settled: u32,
    pub(crate) of: u32,
    /// Whether enough was understood, once everything is settled. A venue that asks nothing is
    /// neither passed nor failed.
    pub(crate) passed: Option<bool>,
}

impl Standing {
    pub(crate) fn of(session: &Session, venue: &Venue) -> Self {
        let mut standing = Self {
            got: 0,
            needed: 0,
            done: venue.stops.iter().map(|it| session.is_done(it)).collect(),
            marks: Marks::of(session, venue),
        };
        for stop in venue.required_stops() {
            let got = stop.evidence.intersection(session.evidence_at(&stop.id));
            standing.got += got.count();
            standing.needed += stop.evidence.len();
        }
        standing
    }

    pub(crate) fn completion(&self) -> f32 {
        share(self.got as u64, self.needed as u64)
    }

    pub(crate) fn completed(&self) -> bool {
        self.needed > 0 && self.got == self.needed
    }
}

impl Marks {
    fn of(session: &Session, venue: &Venue) -> Self {
        let attempts = venue.completion.attempts;
        let mut marks = Self {
            points: 0,
            points_of: 0,
            settled: 0,
            of: 0,
            passed: None,
        };
        for stop in venue.required_stops() {
            marks.of += places_at(venue, stop);
            for points in session
                .slots_at(venue, stop)
                .iter()
                .filter_map(|slot| slot.points(attempts))
            {
                marks.settled += 1;
                marks.points += u64::from(points);
            }
        }
        marks.points_of = u64::from(marks.of) * u64::from(attempts);
        if marks.of > 0 && marks.settled == marks.of {
            marks.passed = Some(marks.reach(venue.completion.mastery));
        }
        marks
    }

    /// Compares in millionths, in whole numbers: 7 of 10 reach 0.7, whatever `f32` makes of it.
    fn reach(&self, mastery: f32) -> bool {
        const MILLION: f64 = 1_000_000.0;
        let millionths = (f64::from(mastery) * MILLION).round() as u128;
        u128::from(self.points) * (MILLION as u128) >= millionths * u128::from(self.points_of)
    }

    pub(crate) fn scaled(&self) -> f32 {
        share(self.points, self.points_of)
    }
}

fn share(part: u64, whole: u64) -> f32 {
    if whole == 0 {
        0.0
    } else {
        (part as f64 / whole as f64) as f32
    }
}
