//! Spans of time, as xAPI writes them: ISO 8601 durations such as `PT1H2M3.5S`.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A span of time to the millisecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Elapsed {
    /// Its length, milliseconds.
    pub millis: u64,
}

/// Why a text is not a span of time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{text:?} is not a duration of weeks, days, hours, minutes and seconds as ISO 8601 writes it"
)]
pub struct ElapsedError {
    /// The text that was given.
    pub text: String,
}

const SECOND: u64 = 1000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

impl fmt::Display for Elapsed {
    /// Hours are the largest unit: a day is not always 24 hours long, and readers differ on it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hours, minutes) = (self.millis / HOUR, self.millis % HOUR / MINUTE);
        let (seconds, millis) = (self.millis % MINUTE / SECOND, self.millis % SECOND);
        f.write_str("PT")?;
        if hours > 0 {
            write!(f, "{hours}H")?;
        }
        if minutes > 0 {
            write!(f, "{minutes}M")?;
        }
        if millis > 0 {
            let fraction = format!("{millis:03}");
            write!(f, "{seconds}.{}S", fraction.trim_end_matches('0'))?;
        } else if seconds > 0 || self.millis == 0 {
            write!(f, "{seconds}S")?;
        }
        Ok(())
    }
}

impl FromStr for Elapsed {
    type Err = ElapsedError;

    /// Reads weeks or days, hours, minutes and seconds; years and months have no fixed length and
    /// are refused. What is finer than a millisecond is cut off.
    fn from_str(text: &str) -> Result<Self, ElapsedError> {
        read(text).ok_or_else(|| ElapsedError {
            text: text.chars().take(40).collect(),
        })
    }
}

fn read(text: &str) -> Option<Elapsed> {
    let (date, clock) = match text.strip_prefix('P')?.split_once('T') {
        Some((_, "")) => return None,
        Some((date, clock)) => (date, clock),
        None => (text.strip_prefix('P')?, ""),
    };
    if date.is_empty() && clock.is_empty() {
        return None;
    }
    if let Some(weeks) = date.strip_suffix('W')
        && clock.is_empty()
    {
        let millis = whole(weeks)?.checked_mul(7 * DAY)?;
        return Some(Elapsed { millis });
    }
    let mut millis = 0_u64;
    let mut rest = clock;
    if !date.is_empty() {
        millis = whole(date.strip_suffix('D')?)?.checked_mul(DAY)?;
    }
    for (unit, length) in [('H', HOUR), ('M', MINUTE)] {
        if let Some((number, after)) = rest.split_once(unit) {
            millis = millis.checked_add(whole(number)?.checked_mul(length)?)?;
            rest = after;
        }
    }
    if !rest.is_empty() {
        millis = millis.checked_add(seconds(rest.strip_suffix('S')?)?)?;
    }
    Some(Elapsed { millis })
}

fn whole(digits: &str) -> Option<u64> {
    // `parse` alone would take a plus sign.
    let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| digits.parse().ok())?
}

fn seconds(text: &str) -> Option<u64> {
    let Some((seconds, fraction)) = text.split_once('.') else {
        return whole(text)?.checked_mul(SECOND);
    };
    whole(fraction.get(..1)?)?;
    if !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let millis = whole(&format!("{fraction:0<3}")[..3])?;
    whole(seconds)?.checked_mul(SECOND)?.checked_add(millis)
}

impl TryFrom<String> for Elapsed {
    type Error = ElapsedError;
    fn try_from(text: String) -> Result<Self, ElapsedError> {
        text.parse()
    }
}

impl From<Elapsed> for String {
    fn from(elapsed: Elapsed) -> String {
        elapsed.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, millis: u64) {
        assert_eq!(text.parse(), Ok(Elapsed { millis }));
    }

    #[test]
    fn every_unit_is_read() {
        check("PT0S", 0);
        check("PT1S", 1000);
        check("PT1.5S", 1500);
        check("PT0.0019S", 1);
        check("PT1H", 3_600_000);
        check("PT1M", 60_000);
        check("P1DT1H1M1S", 90_061_000);
        check("P2D", 172_800_000);
        check("P1W", 604_800_000);
        check("PT90M", 5_400_000);
    }

    #[test]
    fn what_has_no_fixed_length_or_no_sense_is_refused() {
        for wrong in [
            "",
            "P",
            "PT",
            "P1DT",
            "P1Y",
            "P1M",
            "1S",
            "PT1",
            "PTS",
            "PT1.S",
            "PT.5S",
            "PT-1S",
            "PT+1S",
            "PT1S1M",
            "PT1M1H",
            "PT1,5S",
            "P1WT1S",
            "PT99999999999999999999S",
            "PT1.5\u{4e2d}S",
            "PT1S ",
        ] {
            assert!(wrong.parse::<Elapsed>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn spans_are_written_without_what_is_nought() {
        let written = |millis| Elapsed { millis }.to_string();
        assert_eq!(written(0), "PT0S");
        assert_eq!(written(3_723_500), "PT1H2M3.5S");
        assert_eq!(written(3_600_000), "PT1H");
        assert_eq!(written(60_001), "PT1M0.001S");
    }

    proptest! {
        #[test]
        fn reading_what_was_written_is_the_identity(millis: u64) {
            let elapsed = Elapsed { millis };
            prop_assert_eq!(elapsed.to_string().parse(), Ok(elapsed));
        }

        #[test]
        fn no_text_panics(text in "P?[0-9TDWHMS.\u{4e2d}]{0,20}") {
            let _ = text.parse::<Elapsed>();
        }
    }
}
