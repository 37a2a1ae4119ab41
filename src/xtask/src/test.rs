//! Every test there is, one step after the other, however the steps before it ended.

use std::time::{Duration, Instant};

use crate::folders::Folders;
use crate::say::{self, clock};
use crate::steps::{STEPS, Step, Workshop};
use crate::tally::Tally;

/// How one step ended.
struct Ended {
    name: &'static str,
    tally: Tally,
    took: Duration,
}

/// Runs the steps whose names contain `filter`, with those they need; says whether all held.
pub(crate) fn run(folders: Folders, filter: &str) -> bool {
    let mut workshop = Workshop::new(folders);
    let mut ended: Vec<Ended> = Vec::new();
    for step in chosen(filter) {
        let begun = Instant::now();
        let missing = step.needs.iter().find(|need| has_failed(&ended, need));
        let result = match missing {
            Some(need) => Err(anyhow::anyhow!("not run, for {need} has failed")),
            None => (step.run)(&mut workshop),
        };
        let took = begun.elapsed();
        let (tally, note) = match result {
            Ok(done) => (done.tally, done.note),
            Err(error) => (Tally::one(false), format!("{error:#}")),
        };
        let held = tally.failed == 0;
        let word = if held { "passed" } else { "FAILED" };
        say::line(&format!("{word:<9}{} in {}", step.name, clock(took)));
        if !note.is_empty() {
            say::line(&indented(&note));
        }
        ended.push(Ended {
            name: step.name,
            tally,
            took,
        });
    }
    sum_up(&ended)
}

/// The steps to run, each after those it needs.
fn chosen(filter: &str) -> Vec<&'static Step> {
    let mut wanted: Vec<bool> = STEPS
        .iter()
        .map(|step| step.name.contains(filter))
        .collect();
    // A step only needs steps that stand before it.
    for index in (0..STEPS.len()).rev() {
        if wanted[index] {
            for (before, step) in STEPS[..index].iter().enumerate() {
                wanted[before] |= STEPS[index].needs.contains(&step.name);
            }
        }
    }
    let steps = STEPS.iter().zip(wanted);
    steps
        .filter_map(|(step, wanted)| wanted.then_some(step))
        .collect()
}

fn has_failed(ended: &[Ended], name: &str) -> bool {
    ended
        .iter()
        .any(|step| step.name == name && step.tally.failed > 0)
}

/// Prints the table, what was skipped and, last, the sum.
fn sum_up(ended: &[Ended]) -> bool {
    let mut sum = Tally::default();
    let mut time = Duration::ZERO;
    say::line("");
    for step in ended {
        say::line(&format!(
            "{:<12}{:>6} passed{:>6} failed{:>6} skipped{:>9}",
            step.name,
            step.tally.passed,
            step.tally.failed,
            step.tally.skipped.len(),
            clock(step.took)
        ));
        sum += step.tally.clone();
        time += step.took;
    }
    say::line(&format!("{:<12}{:>49}", "in all", clock(time)));
    for skipped in &sum.skipped {
        say::line(&format!("skipped  {skipped}"));
    }
    say::line(&last_line(&sum));
    sum.failed == 0 && sum.all() > 0
}

fn last_line(sum: &Tally) -> String {
    let skipped = match sum.skipped.len() {
        0 => String::new(),
        count => format!(", {count} skipped"),
    };
    format!("{} passed, {} failed{skipped}", sum.passed, sum.failed)
}

fn indented(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(|line| format!("    {line}")).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(filter: &str) -> Vec<&'static str> {
        chosen(filter).iter().map(|step| step.name).collect()
    }

    #[test]
    fn a_step_comes_with_what_it_needs_and_after_it() {
        assert_eq!(names("format"), ["format"]);
        let browser = names("browser");
        for need in ["toolchain", "app", "programs", "site", "venues", "node"] {
            let place = browser.iter().position(|name| *name == need);
            assert!(place.is_some_and(|at| at + 1 < browser.len()), "{need}");
        }
        assert!(!browser.contains(&"lint"));
        assert_eq!(names("").len(), STEPS.len());
        assert!(names("no such step").is_empty());
    }

    #[test]
    fn steps_only_need_steps_before_them() {
        for (index, step) in STEPS.iter().enumerate() {
            for need in step.needs {
                let before = STEPS[..index].iter().any(|before| before.name == *need);
                assert!(before, "{} needs {need}", step.name);
            }
        }
    }

    #[test]
    fn the_last_line_tells_of_what_was_skipped() {
        let mut sum = Tally::one(true);
        assert_eq!(last_line(&sum), "1 passed, 0 failed");
        sum.skipped.push("power: there is no strace".into());
        assert_eq!(last_line(&sum), "1 passed, 0 failed, 1 skipped");
    }

    #[test]
    fn nothing_run_is_not_success() {
        assert!(!sum_up(&[]));
    }
}
