//! The tests that drive a browser, run by Node's test runner.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::folders::Folders;
use crate::run::{self, Heard};
use crate::say::Step;
use crate::tally::Tally;
use crate::toolchain::scrubbed;
use crate::{build, node, python, stamp, venues};

/// Runs the browser's tests; returns what they counted and, if any failed, their report.
pub(crate) fn test(folders: &Folders) -> Result<(Tally, String)> {
    let files = files(folders)?;
    if files.is_empty() {
        bail!("there are no browser tests in tests/browser");
    }
    let chromium = node::ensure_chromium()?;
    let python = python::ensure(folders)?;
    let served = folders.served(false);
    let report = folders.cache.join("browser-tests.txt");
    let mut tests = scrubbed("node");
    tests
        .args(["--test", "--test-concurrency=1", "--test-timeout=1200000"])
        // Numbers for us, and a report for a person to read when something fails.
        .args(["--test-reporter=tap", "--test-reporter-destination=stdout"])
        .arg("--test-reporter=spec")
        .arg(format!("--test-reporter-destination={}", report.display()))
        .args(&files)
        .current_dir(folders.root.join("tests"))
        .env("XINGHUO_SERVER", folders.program(build::SERVER))
        .env("XINGHUO_AUTHOR", folders.program(venues::AUTHOR))
        .env("XINGHUO_SITE", &served.site)
        .env("XINGHUO_PACKAGES", &served.packages)
        .env("XINGHUO_KEYS", &served.keys)
        .env("XINGHUO_PYTHON", python)
        .env("CHROMIUM", chromium);
    let step = Step::begin("test", "in the browser");
    let ended = run::run(&mut tests, &step, &hear)?;
    step.end();
    let tally = Tally::of_node(&ended.output).with_end(ended.ok);
    let note = if ended.ok {
        String::new()
    } else {
        let readable = stamp::read(&report).unwrap_or_default();
        let readable = String::from_utf8_lossy(&readable).into_owned();
        if readable.trim().is_empty() {
            ended.output
        } else {
            readable
        }
    };
    Ok((tally, note))
}

fn hear(line: &str) -> Heard {
    let test = line.trim_start();
    if test.starts_with("ok ") || test.starts_with("not ok ") {
        Heard::LineAndProgress(test.chars().take(70).collect())
    } else {
        Heard::Line
    }
}

/// The test files for Node, relative to `tests/`: those of the browser, and of the bench what can
/// be told without measuring.
fn files(folders: &Folders) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for name in ["bench", "bench/records", "browser"] {
        let folder = folders.root.join("tests").join(name);
        let entries =
            fs::read_dir(&folder).with_context(|| format!("not readable: {}", folder.display()))?;
        let paths = entries
            .flatten()
            .map(|entry| PathBuf::from(name).join(entry.file_name()));
        found.extend(paths.filter(|path| path.to_string_lossy().ends_with(".test.mjs")));
    }
    found.sort();
    Ok(found)
}
