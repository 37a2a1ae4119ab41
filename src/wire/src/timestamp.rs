//! Points in time, as JSON and xAPI write them: RFC 3339, UTC, milliseconds.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// A point in time to the millisecond, between the years 1970 and 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Timestamp(u64);

/// Why a text is not a point in time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a time as RFC 3339 writes it, from 1970 to 9999")]
pub struct TimestampError {
    /// The text that was given.
    pub text: String,
}

impl Timestamp {
    /// The last millisecond of the year 9999, in UTC.
    pub const MAX: Self = Self(253_402_300_799_999);

    /// The point that many milliseconds after the beginning of 1970, or [`Timestamp::MAX`] if it is
    /// later.
    #[must_use]
    pub const fn from_unix_millis(millis: u64) -> Self {
        if millis > Self::MAX.0 {
            Self::MAX
        } else {
            Self(millis)
        }
    }

    /// Milliseconds since the beginning of 1970.
    #[must_use]
    pub const fn unix_millis(self) -> u64 {
        self.0
    }

    /// The point that many milliseconds later, or [`Timestamp::MAX`] if there is none.
    #[must_use]
    pub const fn plus_millis(self, millis: u64) -> Self {
        Self::from_unix_millis(self.0.saturating_add(millis))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = i64::try_from(self.0 / 1000).map_err(|_| fmt::Error)?;
        let at = OffsetDateTime::from_unix_timestamp(whole).map_err(|_| fmt::Error)?;
        let (date, clock) = (at.date(), at.time());
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
            date.year(),
            u8::from(date.month()),
            date.day(),
            clock.hour(),
            clock.minute(),
            clock.second(),
            self.0 % 1000
        )
    }
}

impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, TimestampError> {
        let wrong = || TimestampError {
            text: text.chars().take(40).collect(),
        };
        let at = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| wrong())?;
        let millis = at.unix_timestamp_nanos().div_euclid(1_000_000);
        u64::try_from(millis)
            .ok()
            .filter(|millis| *millis <= Self::MAX.0)
            .map(Self)
            .ok_or_else(wrong)
    }
}

impl TryFrom<String> for Timestamp {
    type Error = TimestampError;
    fn try_from(text: String) -> Result<Self, TimestampError> {
        text.parse()
    }
}

impl From<Timestamp> for String {
    fn from(at: Timestamp) -> String {
        at.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn other_zones_are_the_same_moment_in_utc() {
        let at: Timestamp = "2026-11-22T08:30:00.25+08:00".parse().unwrap();
        assert_eq!(at.to_string(), "2026-11-22T00:30:00.250Z");
    }

    #[test]
    fn the_last_moment_is_still_written_with_four_digits() {
        assert_eq!(Timestamp::MAX.to_string(), "9999-12-31T23:59:59.999Z");
        assert_eq!(Timestamp::from_unix_millis(u64::MAX), Timestamp::MAX);
    }

    #[test]
    fn before_1970_is_refused() {
        assert!("1969-12-31T23:59:59.999Z".parse::<Timestamp>().is_err());
        // The offset carries it beyond what can be written.
        assert!("9999-12-31T23:59:59-10:00".parse::<Timestamp>().is_err());
    }

    proptest! {
        #[test]
        fn reading_what_was_written_is_the_identity(millis in 0..=Timestamp::MAX.0) {
            let at = Timestamp::from_unix_millis(millis);
            prop_assert_eq!(at.to_string().parse(), Ok(at));
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,40}") {
            let _ = text.parse::<Timestamp>();
        }
    }
}
