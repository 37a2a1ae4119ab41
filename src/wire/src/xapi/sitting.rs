//! Sittings: where a visit is interrupted for long, cmi5 begins another session.
//!
//! A page does not reliably say that it goes away, so a sitting ends when nothing is heard for half
//! an hour, and not before: whoever comes back earlier goes on with it. That it has ended shows when
//! the next entry comes, or when the server is asked and its clock says so; `terminated` then bears
//! the time of the last thing that was done. Everything follows from when entries were made and
//! when they were received, so it can be told again with the same result.

use xinghuo_tour::Entry;

/// How long nothing is heard of a visitor until their sitting is over, milliseconds.
pub const SITTING_PAUSE_MS: u64 = 30 * 60 * 1000;

/// An entry of a visit's log, and when the server received it.
#[derive(Debug, Clone, PartialEq)]
pub struct Received {
    /// The entry.
    pub entry: Entry,
    /// When it was received, milliseconds since the visit began, by the server's clock.
    pub after_ms: u64,
}

/// A stretch of a visit without a long pause: what cmi5 calls a session.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sitting {
    /// The entry that it began with; 0 for a visit's first sitting.
    pub(super) first_seq: u32,
    /// When that was, milliseconds since the visit began.
    pub(super) began_at: u64,
    /// The last entry so far.
    pub(super) last_seq: u32,
    /// When that was, milliseconds since the visit began.
    pub(super) last_at: u64,
    /// When the server received it, milliseconds since the visit began.
    received_at: u64,
    /// How long the sittings before it took, milliseconds.
    spent_before: u64,
}

impl Sitting {
    /// The first sitting of a visit that begins.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The sitting in which a log ends.
    #[must_use]
    pub fn of(log: &[Received]) -> Self {
        let mut sitting = Self::new();
        for received in log {
            sitting.go_on(received.entry.seq, received.entry.at, received.after_ms);
        }
        sitting
    }

    /// Whether it is over `now_ms` milliseconds after the visit began, if nothing more was received.
    #[must_use]
    pub fn is_over(&self, now_ms: u64) -> bool {
        now_ms.saturating_sub(self.received_at) >= SITTING_PAUSE_MS
    }

    /// How long the visitor has taken so far, milliseconds, without the pauses between sittings.
    #[must_use]
    pub fn spent_ms(&self) -> u64 {
        self.spent_before.saturating_add(self.lasted_ms())
    }

    /// How long it has lasted, milliseconds.
    pub(super) fn lasted_ms(&self) -> u64 {
        self.last_at.saturating_sub(self.began_at)
    }

    /// Takes the next entry. If that begins another sitting, returns the one that has ended.
    pub(super) fn go_on(&mut self, seq: u32, at: u64, received_at: u64) -> Option<Self> {
        let has_paused = at.saturating_sub(self.last_at) >= SITTING_PAUSE_MS;
        let ended = (has_paused || self.is_over(received_at)).then(|| self.clone());
        if ended.is_some() {
            self.first_seq = seq;
            self.spent_before = self.spent_ms();
            self.began_at = at;
        }
        (self.last_seq, self.last_at) = (seq, at);
        self.received_at = received_at.max(self.received_at);
        ended
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: u64 = 60_000;

    /// How many sittings these entries make, given when each was made and received, in minutes.
    #[track_caller]
    fn check(minutes: &[(u64, u64)], sittings: usize, spent: u64) {
        let mut sitting = Sitting::new();
        let mut ended = 0;
        for (seq, (at, received)) in (1..).zip(minutes) {
            let next = sitting.go_on(seq, at * MINUTE, received * MINUTE);
            ended += usize::from(next.is_some());
        }
        assert_eq!(ended + 1, sittings);
        assert_eq!(sitting.spent_ms(), spent * MINUTE);
    }

    #[test]
    fn a_sitting_ends_with_half_an_hour_of_silence_and_not_before() {
        check(&[], 1, 0);
        check(&[(0, 0), (29, 29), (58, 58)], 1, 58);
        check(&[(5, 5), (35, 35), (36, 36)], 2, 6);
        check(&[(30, 30), (31, 31)], 2, 1);
    }

    #[test]
    fn a_pause_counts_wherever_it_was_noticed() {
        // Without a network: all of it comes at once, with the pause that the visitor made.
        check(&[(0, 95), (10, 95), (90, 95)], 3, 10);
        // What was done without a pause, and heard of late, belongs to a sitting of its own: the one
        // before may have been told to be over by then.
        check(&[(0, 0), (10, 10), (20, 50), (40, 50)], 2, 30);
    }

    #[test]
    fn a_clock_that_is_set_back_ends_nothing() {
        check(&[(0, 60), (1, 10), (2, 61)], 2, 2);
    }
}
