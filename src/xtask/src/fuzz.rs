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
    "wire_batch",
    "glb",
    "published_venue",
    "package_zip",
    "package_source",
];

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
        .arg(folders.target.join("fuzz"))
        .arg(target)
        .args([&kept, &seeds])
        .arg("--")
        .arg(format!("-max_total_time={}", minutes.saturating_mul(60)))
        .arg(format!("-artifact_prefix={}/", failures.display()))
        .args(["-timeout=10", "-rss_limit_mb=2048", "-max_len=65536"]);
    let step = Step::begin("fuzz", target);
    let ended = run::run(&mut fuzz, &step, &hear)?;
    step.end();
    if ended.ok {
        say::line(&format!("{target}: {minutes} min without a finding"));
    } else {
        say::line(ended.output.trim_end());
        say::line(&format!(
            "{target} FAILED; the input is in {}",
            failures.display()
        ));
    }
    Ok(ended.ok)
}

/// What to make of a line of cargo's or the engine's.
fn hear(line: &str) -> Heard {
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
