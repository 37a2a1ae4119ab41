//! Cargo as a step: how many crates of how many, and its messages only when it fails.

use std::process::Command;

use anyhow::Result;

use crate::run::{self, Heard};
use crate::say::Step;

/// Runs cargo as one step; its output is what a failure is made of.
pub(crate) fn step(command: &mut Command, kind: &str, what: &str) -> Result<()> {
    let step = Step::begin(kind, what);
    progress_always(command);
    run::run(command, &step, &hear)?.or_fail(what)?;
    step.end();
    Ok(())
}

/// Makes cargo say how far it is even where nobody watches a terminal.
pub(crate) fn progress_always(command: &mut Command) {
    command
        .env("CARGO_TERM_PROGRESS_WHEN", "always")
        .env("CARGO_TERM_PROGRESS_WIDTH", "100")
        .env("CARGO_TERM_COLOR", "never");
}

/// What to make of a line of cargo's.
pub(crate) fn hear(line: &str) -> Heard {
    const NOISE: [&str; 12] = [
        "Compiling ",
        "Checking ",
        "Documenting ",
        "Downloaded ",
        "Downloading ",
        "Fresh ",
        "Dirty ",
        "Finished ",
        "Updating ",
        "Locking ",
        "Adding ",
        "Blocking ",
    ];
    let text = line.trim_start();
    if let Some((done, of)) = crates(text) {
        return Heard::Progress(format!("crate {done} of {of}"));
    }
    if text.starts_with("Blocking ") {
        return Heard::Progress("waiting for another cargo".to_owned());
    }
    if NOISE.iter().any(|start| text.starts_with(start)) {
        return Heard::Noise;
    }
    Heard::Line
}

/// Reads `Building [====>   ] 120/312: bevy_ecs`.
fn crates(text: &str) -> Option<(u32, u32)> {
    let bar = text.strip_prefix("Building [")?;
    let (_, after) = bar.split_once(']')?;
    let (count, _) = after.trim_start().split_once(':')?;
    let (done, of) = count.split_once('/')?;
    Some((done.parse().ok()?, of.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_progress_bar_is_read() {
        let line = "Building [=======>      ] 120/312: bevy_ecs, wgpu(build)   ";
        assert_eq!(crates(line), Some((120, 312)));
        assert_eq!(crates("Building is not a bar"), None);
        assert_eq!(crates("Compiling serde v1.0.0"), None);
    }

    #[test]
    fn only_what_explains_a_failure_is_kept() {
        assert!(matches!(hear("   Compiling serde v1.0.0"), Heard::Noise));
        assert!(matches!(
            hear("    Building [==> ] 1/2: a"),
            Heard::Progress(_)
        ));
        assert!(matches!(hear("error[E0583]: file not found"), Heard::Line));
        assert!(matches!(hear("warning: unused import"), Heard::Line));
    }
}
