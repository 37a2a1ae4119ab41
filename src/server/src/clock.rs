//! The server's clock: the machine's, but for its jumps. It never goes back, and never stands still.
//!
//! Were the machine's clock set back, what visitors do now would be later than now, and refused. So
//! time goes on from where it was until the machine's clock is past it.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant, SystemTime},
};

/// How far the machine's clock may run ahead of time that passes before it has jumped.
const JUMP_US: i64 = 24 * 60 * 60 * 1_000_000;

struct Clock {
    /// The latest time that was told, microseconds since 1970, and when.
    last: Option<(i64, Instant)>,
    /// How far the machine's clock was ahead at its jumps, together.
    ahead_us: i64,
}

static CLOCK: Mutex<Clock> = Mutex::new(Clock {
    last: None,
    ahead_us: 0,
});

/// Now, microseconds since 1970.
pub(crate) fn now_us() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let wall = since.map_or(0, micros);
    let mut clock = CLOCK.lock().unwrap_or_else(PoisonError::into_inner);
    clock.told(wall, Instant::now())
}

/// Whether the machine's clock has jumped ahead by more than a day since the server started: then
/// nothing may be deleted because of it.
pub(crate) fn jumped_ahead() -> bool {
    now_us();
    let clock = CLOCK.lock().unwrap_or_else(PoisonError::into_inner);
    clock.ahead_us > JUMP_US
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

impl Clock {
    /// What is told when the machine's clock says `wall`.
    fn told(&mut self, wall: i64, at: Instant) -> i64 {
        let now = match self.last {
            None => wall,
            Some((last, told_at)) => {
                let passed = last + micros(at.saturating_duration_since(told_at));
                if wall - passed > JUMP_US {
                    self.ahead_us = self.ahead_us.saturating_add(wall - passed);
                }
                wall.max(passed)
            }
        };
        self.last = Some((now, at));
        now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 60 * 60 * 1_000_000;

    #[test]
    fn a_clock_that_is_set_back_goes_on_from_where_it_was() {
        let mut clock = Clock {
            last: None,
            ahead_us: 0,
        };
        let begun = Instant::now();
        let after = |millis| begun + Duration::from_millis(millis);
        assert_eq!(clock.told(10 * HOUR, after(0)), 10 * HOUR);
        assert_eq!(clock.told(9 * HOUR, after(1)), 10 * HOUR + 1_000);
        assert_eq!(clock.told(9 * HOUR, after(5)), 10 * HOUR + 5_000);
        assert_eq!(clock.told(11 * HOUR, after(6)), 11 * HOUR);
        assert!(clock.ahead_us == 0);
    }

    #[test]
    fn a_clock_that_jumps_years_ahead_is_known_to_have_jumped() {
        let mut clock = Clock {
            last: None,
            ahead_us: 0,
        };
        let begun = Instant::now();
        clock.told(HOUR, begun);
        clock.told(30 * 365 * 24 * HOUR, begun + Duration::from_secs(1));
        assert!(clock.ahead_us > JUMP_US);
    }
}
