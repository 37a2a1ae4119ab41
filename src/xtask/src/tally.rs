//! How many tests passed and failed, and which were skipped, as each runner says it.

use std::ops::AddAssign;

/// A number of passed and failed tests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Tests that held.
    pub(crate) passed: u32,
    /// Tests that did not.
    pub(crate) failed: u32,
    /// Tests that were not run, and why, as far as it was said.
    pub(crate) skipped: Vec<String>,
}

impl Tally {
    /// One thing that held, or did not.
    pub(crate) fn one(held: bool) -> Self {
        Self {
            passed: held.into(),
            failed: (!held).into(),
            skipped: Vec::new(),
        }
    }

    /// How many were run.
    pub(crate) fn all(&self) -> u32 {
        self.passed + self.failed
    }

    /// Reads what `cargo test` printed: one `test result:` for each program it ran, and of tests that
    /// found that they cannot be run here `skipped: TEST: WHY`. The harness takes these for passed.
    pub(crate) fn of_cargo(output: &str) -> Self {
        let mut tally = Self::default();
        let mut by_themselves = 0;
        for line in output.lines().map(str::trim_start) {
            if let Some(result) = line.strip_prefix("test result:") {
                tally.passed += count_before(result, " passed");
                tally.failed += count_before(result, " failed");
            } else if let Some(skipped) = line.strip_prefix("skipped: ") {
                tally.skipped.push(skipped.to_owned());
                by_themselves += 1;
            } else if let Some(test) = line.strip_prefix("test ")
                && let Some((name, why)) = test.split_once(" ... ignored")
            {
                tally.skipped.push(format!("{name}: ignored{why}"));
            }
        }
        tally.passed = tally.passed.saturating_sub(by_themselves);
        tally
    }

    /// Reads the summary of Node's test runner in the TAP format, and which tests it skipped.
    pub(crate) fn of_node(output: &str) -> Self {
        let last = |name: &str| {
            output
                .lines()
                .rev()
                .find_map(|line| {
                    line.strip_prefix("# ")?
                        .strip_prefix(name)?
                        .trim()
                        .parse()
                        .ok()
                })
                .unwrap_or(0)
        };
        let skipped = output.lines().filter_map(|line| {
            let (_, test) = line.trim_start().strip_prefix("ok ")?.split_once(" - ")?;
            let (name, why) = test.split_once(" # SKIP")?;
            Some(format!("{name}: skipped {}", why.trim()).trim().to_owned())
        });
        let mut skipped: Vec<String> = skipped.collect();
        let count = last("skipped ") + last("todo ");
        skipped.resize(
            skipped.len().max(count as usize),
            "a test that the runner does not name".to_owned(),
        );
        Self {
            passed: last("pass "),
            failed: last("fail ") + last("cancelled "),
            skipped,
        }
    }

    /// A runner that fails without a failed test has failed all the same.
    pub(crate) fn with_end(mut self, ok: bool) -> Self {
        if !ok && self.failed == 0 {
            self.failed = 1;
        }
        self
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped.extend(other.skipped);
    }
}

fn count_before(text: &str, word: &str) -> u32 {
    text.split(';')
        .find_map(|part| {
            let before = part.strip_suffix(word)?;
            before.rsplit([' ', '.']).next()?.parse().ok()
        })
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_program_of_cargo_test_counts() {
        let output = "\
running 3 tests
test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
test result: FAILED. 10 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1s
";
        let expected = Tally {
            passed: 13,
            failed: 2,
            skipped: Vec::new(),
        };
        assert_eq!(Tally::of_cargo(output), expected);
        assert_eq!(
            Tally::of_cargo("error: could not compile"),
            Tally::default()
        );
    }

    #[test]
    fn a_test_that_skips_itself_is_named_and_has_not_passed() {
        let output = "\
running 3 tests
test walks ... ok
skipped: server::power::lasts: there is no strace
test power::lasts ... ok
test slow ... ignored, takes a day
test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s
";
        let expected = Tally {
            passed: 1,
            failed: 0,
            skipped: vec![
                "server::power::lasts: there is no strace".into(),
                "slow: ignored, takes a day".into(),
            ],
        };
        assert_eq!(Tally::of_cargo(output), expected);
    }

    #[test]
    fn a_cancelled_browser_test_has_failed_and_a_skipped_one_is_named() {
        let output = "\
# pass 99 is what a test printed
ok 1 - opens
ok 2 - walks # SKIP there is no floor
    ok 1 - sits # SKIP
1..4
# tests 6
# suites 0
# pass 2
# fail 1
# cancelled 1
# skipped 2
# todo 1
# duration_ms 812.5
";
        let expected = Tally {
            passed: 2,
            failed: 2,
            skipped: vec![
                "walks: skipped there is no floor".into(),
                "sits: skipped".into(),
                "a test that the runner does not name".into(),
            ],
        };
        assert_eq!(Tally::of_node(output), expected);
    }

    #[test]
    fn a_runner_that_fails_counts_even_without_a_failed_test() {
        assert_eq!(Tally::default().with_end(false), Tally::one(false));
        assert_eq!(Tally::default().with_end(true).all(), 0);
        let some = Tally {
            passed: 1,
            failed: 2,
            skipped: Vec::new(),
        };
        assert_eq!(some.clone().with_end(false), some);
    }
}
