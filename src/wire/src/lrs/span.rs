//! ISO 8601 durations as statements have them: kept as text, since a month has no fixed length.

/// Whether this is `P1Y2M3DT4H5M6.7S` or a part of it, or `P8W`. A fraction stands only in the last
/// place.
pub(super) fn is_span(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('P') else {
        return false;
    };
    let (date, clock) = match rest.split_once('T') {
        Some((_, "")) => return false,
        Some((date, clock)) => (date, clock),
        None => (rest, ""),
    };
    if let Some(weeks) = date.strip_suffix('W') {
        return clock.is_empty() && is_number(weeks, true);
    }
    !rest.is_empty() && fits(date, "YMD", clock.is_empty()) && fits(clock, "HMS", true)
}

/// Whether `text` is numbers with `units` in their order, a fraction at most in the last.
fn fits(text: &str, units: &str, is_end: bool) -> bool {
    let mut rest = text;
    for unit in units.chars() {
        if let Some((number, after)) = rest.split_once(unit) {
            if !is_number(number, is_end && after.is_empty()) {
                return false;
            }
            rest = after;
        }
    }
    rest.is_empty()
}

fn is_number(text: &str, may_have_fraction: bool) -> bool {
    let is_digits = |digits: &str| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    match text.split_once(['.', ',']) {
        None => is_digits(text),
        Some((whole, part)) => may_have_fraction && is_digits(whole) && is_digits(part),
    }
}

/// The duration without what is finer than a hundredth of a second, which xAPI 2.0 does not compare.
pub(super) fn to_hundredths(text: &str) -> String {
    let Some((before, fraction)) = text.strip_suffix('S').and_then(|it| it.split_once('.')) else {
        return text.to_owned();
    };
    let kept = fraction.get(..2).unwrap_or(fraction).trim_end_matches('0');
    match kept {
        "" => format!("{before}S"),
        kept => format!("{before}.{kept}S"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_told_from_other_texts() {
        for right in [
            "P1Y",
            "P2M",
            "P1Y2M3DT4H5M6.789S",
            "PT1H0M0.1S",
            "PT0S",
            "P8W",
            "P0.5Y",
            "PT1,5S",
            "P1DT12H36M0.12567S",
        ] {
            assert!(is_span(right), "{right}");
        }
        for wrong in [
            "",
            "P",
            "PT",
            "P1DT",
            "1Y",
            "P1",
            "PA1H0M0S",
            "PT1.5H2M",
            "P1.5DT1H",
            "P1S",
            "PT1D",
            "P1W1D",
            "PT1M1H",
            "P-1D",
            "PT1.S",
            "PT.5S",
            "P0001-01-01T00:00:00",
            "p1d",
        ] {
            assert!(!is_span(wrong), "{wrong}");
        }
    }

    #[test]
    fn what_is_finer_than_a_hundredth_is_cut_off() {
        assert_eq!(to_hundredths("P1DT12H36M0.1237S"), "P1DT12H36M0.12S");
        assert_eq!(to_hundredths("PT1.5S"), "PT1.5S");
        assert_eq!(to_hundredths("PT1.50S"), "PT1.5S");
        assert_eq!(to_hundredths("PT1.001S"), "PT1S");
        assert_eq!(to_hundredths("PT1S"), "PT1S");
    }
}
