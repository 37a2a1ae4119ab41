//! Points in time as statements have them: ISO 8601 with any offset, compared in UTC.

use std::fmt;

use time::{OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339};

/// A point in time to the microsecond; before 1970 it is negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(i64);

impl Moment {
    /// The point that many microseconds after the beginning of 1970.
    #[must_use]
    pub const fn from_unix_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since the beginning of 1970.
    #[must_use]
    pub const fn unix_micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since the beginning of 1970; what lies before it counts as its beginning.
    #[must_use]
    pub const fn unix_seconds(self) -> u64 {
        if self.0 < 0 {
            0
        } else {
            self.0.cast_unsigned() / 1_000_000
        }
    }

    /// Reads a date and a time, with an offset or without one, which is UTC. An offset of minus
    /// zero says that the local time is unknown, and xAPI does not take it.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        if !text.is_ascii()
            || ["-00", "-0000", "-00:00"]
                .iter()
                .any(|it| text.ends_with(it))
        {
            return None;
        }
        let (date, clock) = text.split_once(['T', 't'])?;
        let (clock, offset) = match clock.find(['Z', 'z', '+', '-']) {
            None => (clock, "Z".to_owned()),
            Some(at) => (&clock[..at], offset(&clock[at..])?),
        };
        let clock = if clock.len() == 5 {
            format!("{clock}:00")
        } else {
            clock.replace(',', ".")
        };
        let at = OffsetDateTime::parse(&format!("{date}T{clock}{offset}"), &Rfc3339).ok()?;
        // An offset can lead out of the years that are written with four digits.
        let at = at.checked_to_offset(UtcOffset::UTC)?;
        let micros = at.unix_timestamp_nanos().div_euclid(1000);
        let fits = (0..=9999).contains(&at.year());
        i64::try_from(micros).ok().filter(|_| fits).map(Self)
    }
}

/// The offset as RFC 3339 writes it.
fn offset(text: &str) -> Option<String> {
    let digits = text.get(1..)?;
    match digits.len() {
        0 => Some("Z".to_owned()),
        2 => Some(format!("{text}:00")),
        4 => Some(format!("{}:{}", &text[..3], &text[3..])),
        5 => Some(text.to_owned()),
        _ => None,
    }
}

impl fmt::Display for Moment {
    /// RFC 3339 in UTC: with milliseconds, and with microseconds where there are any.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.div_euclid(1_000_000);
        let micros = self.0.rem_euclid(1_000_000);
        let at = OffsetDateTime::from_unix_timestamp(seconds).map_err(|_| fmt::Error)?;
        let (date, clock) = (at.date(), at.time());
        let (hour, minute, second) = clock.as_hms();
        let (year, month, day) = (date.year(), u8::from(date.month()), date.day());
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}."
        )?;
        if micros % 1000 == 0 {
            write!(f, "{:03}Z", micros / 1000)
        } else {
            write!(f, "{micros:06}Z")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_offset_is_the_same_moment_in_utc() {
        for (text, utc) in [
            ("2023-05-04T12:00:00-05:00", "2023-05-04T17:00:00.000Z"),
            ("2023-05-04T12:00:00.5+0800", "2023-05-04T04:00:00.500Z"),
            ("2023-05-04T12:00:00+08", "2023-05-04T04:00:00.000Z"),
            ("2023-05-04T12:00:00.123456Z", "2023-05-04T12:00:00.123456Z"),
            (
                "2023-05-04T12:00:00.1234567Z",
                "2023-05-04T12:00:00.123456Z",
            ),
            ("2023-05-04T12:00:00", "2023-05-04T12:00:00.000Z"),
            ("2023-05-04T12:00Z", "2023-05-04T12:00:00.000Z"),
            ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"),
            ("9999-12-31T23:59:59+01:00", "9999-12-31T22:59:59.000Z"),
            ("0000-01-01T00:00:00Z", "0000-01-01T00:00:00.000Z"),
        ] {
            let at = Moment::read(text).expect(text);
            assert_eq!(at.to_string(), utc, "{text}");
        }
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for wrong in [
            "",
            "2023-05-04",
            "01/011/2015",
            "should fail",
            "2023-13-04T12:00:00Z",
            "2023-05-04T25:00:00Z",
            "2023-05-04T12:00:00-00",
            "2023-05-04T12:00:00-0000",
            "2023-05-04T12:00:00-00:00",
            "2023-05-04T12:00:00+8",
            "2023-05-04T12:00:00.Z",
            "2023-05-04T12:00:00Zjunk",
            "2023-05-04\u{4e2d}T12:00:00Z",
            "9999-12-31T23:59:59-01:00",
            "0000-01-01T00:00:00+01:00",
        ] {
            assert_eq!(Moment::read(wrong), None, "{wrong}");
        }
    }
}
