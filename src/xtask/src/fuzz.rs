//! Bytes that nobody wrote, for whatever reads what anybody may send: the targets of `tests/fuzz`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::cargo;
use crate::folders::Folders;
use crate::run::{self, Heard};
use crate::say::{self, Step};
use crate::toolchain::{plain_cargo, scrubbed};

/// The targets, quick ones first. `tests/fuzz/README.md` says what each is for.
const TARGETS: &[&str] = &[
    "evidence",
    "server_texts",
    "server_settings",
    "wire_batch",
    "messages",
    "cmi5_launch",
    "xapi_request",
    "xapi_statements",
    "glb",
    "published_venue",
    "package_zip",
    "package_source",
    "server_backup",
];

/// What targets are called for which the server is compiled.
const ABOUT_THE_SERVER: &str = "server_";

/// Fuzzes the targets of this name, all when it is empty, each for so many minutes; says whether
/// none of them failed.
pub(crate) fn run(folders: &Folders, target: &str, minutes: u32) -> Result<bool> {
    let chosen: Vec<_> = TARGETS
        .iter()
        .filter(|it| target.is_empty() || **it == target)
        .collect();
    if chosen.is_empty() {
        bail!("there is no target {target:?}: {}", TARGETS.join(", "));
    }
    let engine = engine(folders)?;
    let place = folders.cache.join("fuzz");
    seeds(folders, &place.join("seeds"))?;
    let mut held = true;
    for target in chosen {
        held &= fuzz(folders, &engine, &place, target, minutes)?;
    }
    Ok(held)
}

/// `cargo-fuzz`, installed into the cache where it is missing.
fn engine(folders: &Folders) -> Result<PathBuf> {
    let tools = folders.cache.join("tools");
    let engine = tools
        .join("bin")
        .join(format!("cargo-fuzz{}", std::env::consts::EXE_SUFFIX));
    if !engine.is_file() {
        let mut install = plain_cargo(&folders.root, &folders.target.join("fuzz"));
        install
            .args(["install", "cargo-fuzz", "--root"])
            .arg(&tools);
        cargo::step(&mut install, "install", "cargo-fuzz")?;
    }
    Ok(engine)
}

/// Makes the inputs that fuzzing begins with from the fixtures.
fn seeds(folders: &Folders, place: &Path) -> Result<()> {
    let mut seeds = plain_cargo(
        &folders.root.join("tests/fuzz"),
        &folders.target.join("fuzz"),
    );
    seeds
        .args(["run", "--release", "--bin", "seeds", "--"])
        .arg(place);
    cargo::step(&mut seeds, "make", "the seeds")
}

/// Fuzzes one target. What it finds on the way is kept, so that the next run goes on from there.
fn fuzz(
    folders: &Folders,
    engine: &Path,
    place: &Path,
    target: &str,
    minutes: u32,
) -> Result<bool> {
    let [kept, seeds, failures] =
        ["kept", "seeds", "failures"].map(|folder| place.join(folder).join(target));
    for folder in [&kept, &seeds, &failures] {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    let mut fuzz = scrubbed(&engine.to_string_lossy());
    // Coverage is an unstable option of the compiler's. The crates are safe Rust, so no sanitizer
    // would see what a panic does not tell.
    fuzz.env("RUSTC_BOOTSTRAP", "1")
        .current_dir(&folders.root)
        .args([
            "run",
            "--fuzz-dir",
            "tests/fuzz",
            "--sanitizer",
            "none",
            "--target-dir",
        ])
        .arg(folders.target.join("fuzz"));
    if target.starts_with(ABOUT_THE_SERVER) {
        fuzz.args(["--features", "server"]);
    }
    fuzz.arg(target)
        .args([&kept, &seeds])
        .arg("--")
        .arg(format!("-max_total_time={}", minutes.saturating_mul(60)))
        .arg(format!("-artifact_prefix={}/", failures.display()))
        .args(["-timeout=10", "-rss_limit_mb=2048", "-max_len=65536"]);
    let step = Step::begin("fuzz", target);
    let ended = run::run(&mut fuzz, &step, &hear)?;
    step.end();
    if ended.ok {
        let counted = counted(&ended.output).unwrap_or_default();
        say::line(&format!(
            "{target}: {minutes} min without a finding{counted}"
        ));
    } else {
        say::line(ended.output.trim_end());
        say::line(&format!(
            "{target} FAILED; the input is in {}",
            failures.display()
        ));
    }
    Ok(ended.ok)
}

/// What the engine counted, from the line with which it ends: how often it ran the target, how many
/// places in the code that reached, and how many inputs it keeps for that.
fn counted(output: &str) -> Option<String> {
    let last = output.lines().rfind(|line| is_last(line))?;
    let words: Vec<_> = last.split_whitespace().collect();
    let after = |name: &str| {
        let at = words.iter().position(|word| *word == name)?;
        words.get(at + 1).copied()
    };
    let runs = words.first()?.trim_start_matches('#');
    let (inputs, _) = after("corp:")?.split_once('/')?;
    let places = after("cov:")?;
    Some(format!(
        ": {runs} executions, {places} places reached by {inputs} inputs"
    ))
}

/// Whether this is the engine's last line, which says what it has counted.
fn is_last(line: &str) -> bool {
    line.starts_with('#') && line.contains("DONE")
}

/// What to make of a line of cargo's or the engine's.
fn hear(line: &str) -> Heard {
    if is_last(line) {
        return Heard::Line;
    }
    if line.starts_with('#') {
        return Heard::Progress(line.chars().take(70).collect());
    }
    let noise = ["INFO: ", "Running `", "\tNewPC", "\tNEW_FUNC"];
    if noise
        .iter()
        .any(|start| line.trim_start().starts_with(start.trim_start()))
    {
        return Heard::Noise;
    }
    cargo::hear(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_of_the_workspace_can_be_chosen() {
        let manifest = include_str!("../../../tests/fuzz/Cargo.toml");
        for target in TARGETS {
            assert!(
                manifest.contains(&format!("targets/{target}.rs")),
                "{target}"
            );
        }
        assert_eq!(manifest.matches("targets/").count(), TARGETS.len());
    }

    #[test]
    fn what_the_engine_counted_is_in_its_last_line() {
        let output = "INFO: seed\n\
            #4096\tDONE   cov: 812 ft: 3391 corp: 240/31Kb lim: 4096 exec/s: 6 rss: 61Mb\n\
            Done 4096 runs in 601 second(s)";
        assert_eq!(
            counted(output).as_deref(),
            Some(": 4096 executions, 812 places reached by 240 inputs")
        );
        assert_eq!(counted("#2\tINITED cov: 3"), None);
    }

    #[test]
    fn a_target_that_is_not_there_is_named_with_those_that_are() {
        let folders = Folders {
            root: "nowhere".into(),
            cache: "nowhere".into(),
            target: "nowhere".into(),
        };
        let error = run(&folders, "gbl", 1).expect_err("there is no such target");
        assert!(error.to_string().contains("glb"), "{error}");
    }
}
