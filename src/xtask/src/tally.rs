//! How many tests passed and failed, as each runner says it.

use std::ops::AddAssign;

/// A number of passed and failed tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Tests that held.
    pub(crate) passed: u32,
    /// Tests that did not.
    pub(crate) failed: u32,
}

impl Tally {
    /// One thing that held, or did not.
    pub(crate) fn one(held: bool) -> Self {
        Self {
            passed: held.into(),
            failed: (!held).into(),
        }
    }

    /// How many there were.
    pub(crate) fn all(self) -> u32 {
        self.passed + self.failed
    }

    /// Reads what `cargo test` printed: one `test result:` for each program it ran.
    pub(crate) fn of_cargo(output: &str) -> Self {
        let mut tally = Self::default();
        for line in output.lines() {
            if let Some(result) = line.trim_start().strip_prefix("test result:") {
                tally.passed += count_before(result, " passed");
                tally.failed += count_before(result, " failed");
            }
        }
        tally
    }

    /// Reads the summary of Node's test runner in the TAP format.
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
        Self {
            passed: last("pass "),
            failed: last("fail ") + last("cancelled "),
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
test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s
test result: FAILED. 10 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1s
";
        let expected = Tally {
            passed: 13,
            failed: 2,
        };
        assert_eq!(Tally::of_cargo(output), expected);
        assert_eq!(
            Tally::of_cargo("error: could not compile"),
            Tally::default()
        );
    }

    #[test]
    fn a_cancelled_browser_test_has_failed() {
        let output = "\
# pass 99 is what a test printed
ok 1 - opens
1..4
# tests 4
# suites 0
# pass 2
# fail 1
# cancelled 1
# skipped 0
# todo 0
# duration_ms 812.5
";
        let expected = Tally {
            passed: 2,
            failed: 2,
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
        };
        assert_eq!(some.with_end(false), some);
    }
}
