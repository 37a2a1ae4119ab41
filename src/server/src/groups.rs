//! Small groups: no figure about fewer people than this leaves the server, nor one from which such a
//! figure could be computed. Whatever shows statistics goes through here.

/// The fewest people that a figure may be about.
pub const FEWEST: u64 = 5;

/// How many people are in each part of a whole whose size is known, with those parts left out that are
/// too small. What is left out must not follow from the rest: where only one part would be, or where
/// those left out are fewer than [`FEWEST`] together, the next larger one is left out as well. A part
/// of nobody tells as much as one of one, so that it is left out too.
#[must_use]
pub fn shown_counts(parts: &[u64]) -> Vec<Option<u64>> {
    let mut by_size: Vec<usize> = (0..parts.len()).collect();
    by_size.sort_by_key(|at| parts[*at]);
    let small = by_size.iter().filter(|at| parts[**at] < FEWEST).count();
    let mut hidden = small;
    let together = |hidden: usize| by_size[..hidden].iter().map(|at| parts[*at]).sum::<u64>();
    while hidden > 0 && hidden < parts.len() && (hidden == 1 || together(hidden) < FEWEST) {
        hidden += 1;
    }
    let mut shown: Vec<_> = parts.iter().copied().map(Some).collect();
    for at in &by_size[..hidden] {
        shown[*at] = None;
    }
    shown
}

/// How many people there are, if they are enough to be counted.
#[must_use]
pub fn shown_count(people: u64) -> Option<u64> {
    (people >= FEWEST).then_some(people)
}

/// The mean of what people have come to, one value each, if they are enough.
#[must_use]
pub fn shown_mean(values: &[f64]) -> Option<f64> {
    shown_count(values.len() as u64)?;
    Some(values.iter().sum::<f64>() / values.len() as f64)
}

/// How many of a whole have something, if neither these nor the others are too few to be counted.
#[must_use]
pub fn shown_share(having: u64, of: u64) -> Option<u64> {
    shown_counts(&[having, of.saturating_sub(having)])[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_are_too_few_and_five_are_enough() {
        assert_eq!(shown_count(4), None);
        assert_eq!(shown_count(5), Some(5));
        assert_eq!(shown_mean(&[1.0; 4]), None);
        assert_eq!(shown_mean(&[0.0, 1.0, 1.0, 1.0, 1.0]), Some(0.8));
        assert_eq!(shown_mean(&[]), None);
    }

    #[test]
    fn a_small_part_does_not_follow_from_the_rest() {
        // The whole is 33: were only the 3 left out, it would be 33 less the others.
        assert_eq!(shown_counts(&[20, 3, 10]), [Some(20), None, None]);
        // Two small parts of 2 and 1 would be known to be 3 together.
        assert_eq!(shown_counts(&[20, 2, 1, 10]), [Some(20), None, None, None]);
        assert_eq!(
            shown_counts(&[20, 4, 4, 10]),
            [Some(20), None, None, Some(10)]
        );
        assert_eq!(shown_counts(&[7, 8]), [Some(7), Some(8)]);
        assert_eq!(shown_counts(&[]), []);
        assert_eq!(shown_counts(&[3]), [None]);
    }

    #[test]
    fn a_share_is_told_only_between_large_groups() {
        assert_eq!(shown_share(10, 20), Some(10));
        for (having, of) in [(20, 20), (0, 20), (1, 20), (19, 20), (2, 4)] {
            assert_eq!(shown_share(having, of), None, "{having} of {of}");
        }
    }

    #[test]
    fn no_suppressed_part_can_be_computed() {
        // For every way to part 30 people in three, no single part is the whole less the shown ones.
        for a in 0..=30 {
            for b in 0..=30 - a {
                let parts = [a, b, 30 - a - b];
                let shown = shown_counts(&parts);
                let hidden = shown.iter().filter(|it| it.is_none()).count();
                assert_ne!(hidden, 1, "{parts:?}");
                assert!(shown.iter().flatten().all(|it| *it >= FEWEST), "{parts:?}");
            }
        }
    }
}
