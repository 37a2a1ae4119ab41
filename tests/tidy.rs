//! The house rules that a machine can check: which crate uses which, and what every file looks like.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

/// Each crate with those of ours that it may use. Decide, describe, act, look.
const USES: &[(&str, &[&str])] = &[
    ("xinghuo-tour", &[]),
    ("xinghuo-package", &["xinghuo-tour"]),
    ("xinghuo-wire", &["xinghuo-tour"]),
    (
        "xinghuo-app",
        &["xinghuo-tour", "xinghuo-package", "xinghuo-wire"],
    ),
    (
        "xinghuo-server",
        &["xinghuo-tour", "xinghuo-package", "xinghuo-wire"],
    ),
    (
        "xinghuo-author",
        &["xinghuo-tour", "xinghuo-package", "xinghuo-wire"],
    ),
    ("xtask", &[]),
];

/// What may lie at the top.
const TOP: &[&str] = &[
    ".cargo",
    ".ci",
    ".git",
    ".gitattributes",
    ".github",
    ".gitignore",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "assets",
    "clippy.toml",
    "src",
    "tests",
    "web",
];

/// What others put there: never looked into, and ignored by version control.
const NOT_OURS: &[&str] = &[".git", "data", "node_modules", "target", "__pycache__"];

/// Most lines of a Rust file.
const LINES: usize = 400;

fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests
        .parent()
        .expect("the tests lie in the workspace")
        .into()
}

/// Every file of ours, by its path from the root.
fn files() -> Vec<String> {
    fn walk(root: &Path, folder: &str, found: &mut Vec<String>) {
        let entries = fs::read_dir(root.join(folder)).expect("a folder can be listed");
        for entry in entries {
            let entry = entry.expect("an entry can be listed");
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if folder.is_empty() {
                name.clone()
            } else {
                format!("{folder}/{name}")
            };
            let kind = entry.file_type().expect("an entry has a type");
            if kind.is_dir() && !NOT_OURS.contains(&name.as_str()) {
                walk(root, &path, found);
            } else if kind.is_file() {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&root(), "", &mut found);
    found.sort();
    found
}

fn ends_in(path: &str, endings: &[&str]) -> bool {
    let ending = path
        .rsplit('/')
        .next()
        .and_then(|name| name.rsplit_once('.'));
    ending.is_some_and(|(_, ending)| endings.contains(&ending))
}

fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[track_caller]
fn check(rule: &str, breaches: &[String]) {
    assert!(breaches.is_empty(), "{rule}, but:\n{}", breaches.join("\n"));
}

#[test]
fn crates_use_only_those_before_them() {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args([
            "metadata",
            "--format-version",
            "1",
            "--no-deps",
            "--offline",
        ])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("metadata is JSON");
    let packages = metadata["packages"]
        .as_array()
        .expect("metadata lists packages");
    let name = |value: &Value| value["name"].as_str().unwrap_or_default().to_owned();
    let ours: BTreeSet<_> = packages.iter().map(name).collect();
    let allowed: BTreeMap<_, _> = USES.iter().copied().collect();
    let mut breaches = Vec::new();
    for package in packages {
        let crate_name = name(package);
        if crate_name == "xinghuo-tests" {
            continue;
        }
        let Some(allowed) = allowed.get(crate_name.as_str()) else {
            breaches.push(format!("{crate_name} is not in the table"));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let used = name(dependency);
            if ours.contains(&used) && !allowed.contains(&used.as_str()) {
                breaches.push(format!("{crate_name} uses {used}"));
            }
        }
    }
    check("a crate uses only crates before it", &breaches);
}

#[test]
fn the_top_holds_what_it_should() {
    let entries = fs::read_dir(root()).expect("the root can be listed");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    let names = names.map(|name| name.to_string_lossy().into_owned());
    let allowed = |name: &String| TOP.contains(&name.as_str()) || NOT_OURS.contains(&name.as_str());
    let breaches: Vec<_> = names.filter(|name| !allowed(name)).collect();
    check("the top holds the allowed entries", &breaches);
}

#[test]
fn rust_files_say_what_they_are_and_stay_short() {
    let mut breaches = Vec::new();
    for path in files().into_iter().filter(|path| ends_in(path, &["rs"])) {
        let text = text(&path);
        if !text.starts_with("//! ") {
            breaches.push(format!("{path} does not begin with //!"));
        }
        let lines = text.lines().count();
        if lines > LINES {
            breaches.push(format!("{path} has {lines} lines"));
        }
        if path.ends_with("/mod.rs") {
            breaches.push(format!("{path} should be named like its folder"));
        }
    }
    check("a Rust file says what it is and stays short", &breaches);
}

#[test]
fn no_file_pins_a_toolchain() {
    let pins = |path: &String| path.contains("rust-toolchain");
    let breaches: Vec<_> = files().into_iter().filter(pins).collect();
    check("no file pins a toolchain", &breaches);
}

#[test]
fn no_file_knows_a_machine() {
    // Put together here, so that this file does not hold what it looks for.
    let machine =
        ["/ho|me/", "/ro|ot/", "/wo|rk/", "/Us|ers/", "C:\\|Users"].map(|p| p.replace('|', ""));
    let endings = [
        "rs", "toml", "md", "js", "mjs", "ts", "json", "html", "css", "py", "sh", "sql", "yml",
    ];
    let mut breaches = Vec::new();
    for path in files() {
        let named = ends_in(&path, &endings) || path.starts_with(".ci/");
        let Ok(text) = fs::read_to_string(root().join(&path)) else {
            continue;
        };
        for (n, line) in text.lines().enumerate().filter(|_| named) {
            if machine.iter().any(|machine| line.contains(machine)) {
                breaches.push(format!("{path}:{}: {}", n + 1, line.trim()));
            }
        }
    }
    check("no file holds a path of somebody's machine", &breaches);
}

#[test]
fn the_lints_hold_everywhere_and_every_ban_has_a_reason() {
    let mut breaches = Vec::new();
    let manifest: toml::Table = text("Cargo.toml").parse().expect("Cargo.toml parses");
    let lints = &manifest["workspace"]["lints"]["clippy"];
    for lint in [
        "allow_attributes_without_reason",
        "dbg_macro",
        "print_stdout",
        "todo",
        "unimplemented",
        "unwrap_used",
    ] {
        if lints.get(lint).is_none() {
            breaches.push(format!("Cargo.toml does not ban {lint}"));
        }
    }
    for path in files() {
        if path != "Cargo.toml" && path.ends_with("Cargo.toml") {
            let manifest: toml::Table = text(&path).parse().expect("a manifest parses");
            let inherits = manifest
                .get("lints")
                .and_then(|lints| lints.get("workspace"));
            if inherits.and_then(toml::Value::as_bool) != Some(true) {
                breaches.push(format!("{path} does not take the workspace's lints"));
            }
        }
        if path.ends_with("clippy.toml") {
            let rules: toml::Table = text(&path).parse().expect("clippy.toml parses");
            let bans = rules
                .iter()
                .filter(|(rule, _)| rule.starts_with("disallowed-"));
            for ban in bans.filter_map(|(_, bans)| bans.as_array()).flatten() {
                if ban.get("reason").is_none() {
                    breaches.push(format!("{path} bans {ban} without a reason"));
                }
            }
        }
    }
    check(
        "lints hold everywhere and every ban has a reason",
        &breaches,
    );
}
