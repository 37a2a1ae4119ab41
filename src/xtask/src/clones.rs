//! Several clones on a machine share Cargo's products. Cargo tells by times alone whether a crate is
//! built, so that a clone with older files would be given what another one's are: whoever comes next
//! builds the crates of this repository anew, and no others.

use std::{fs, path::Path};

use anyhow::{Context, Result};

use crate::folders::Folders;

/// What the names of this repository's crates begin with.
const OURS: [&str; 2] = ["xinghuo-", "xtask"];

/// Says whose products they are.
const MARK: &str = "clone.txt";

/// How deep in Cargo's folder crates are marked as built: by profile, by platform and profile.
const DEPTH: usize = 3;

/// Makes Cargo's products those of this clone.
pub(crate) fn take_over(folders: &Folders) -> Result<()> {
    let mark = folders.target.join(MARK);
    let own = folders.root.display().to_string();
    if fs::read_to_string(&mark).is_ok_and(|it| it == own) {
        return Ok(());
    }
    forget(&folders.target, DEPTH)?;
    fs::create_dir_all(&folders.target)
        .and_then(|()| fs::write(&mark, own))
        .with_context(|| format!("{} cannot be written", mark.display()))
}

/// Has Cargo forget that this repository's crates are built.
fn forget(folder: &Path, depth: usize) -> Result<()> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(());
    };
    for entry in entries.flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        if name == ".fingerprint" {
            forget_ours(&path)?;
        } else if depth > 0 && path.is_dir() {
            forget(&path, depth - 1)?;
        }
    }
    Ok(())
}

fn forget_ours(fingerprints: &Path) -> Result<()> {
    for entry in fs::read_dir(fingerprints)?.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if OURS.iter().any(|it| name.starts_with(it)) {
            let path = entry.path();
            fs::remove_dir_all(&path)
                .with_context(|| format!("{} cannot be removed", path.display()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_clone_builds_the_crates_of_this_repository_anew_and_no_others() {
        let cache = std::env::temp_dir().join(format!("xtask-clones-{}", std::process::id()));
        let target = cache.join("target");
        let built = ["debug", "wasm32-unknown-unknown/release"].map(|profile| {
            let fingerprints = target.join(profile).join(".fingerprint");
            ["xinghuo-tour-1a", "xtask-2b", "serde-3c"].map(|it| fingerprints.join(it))
        });
        let clone = |name: &str| Folders {
            root: cache.join(name),
            cache: cache.clone(),
            target: target.clone(),
        };
        let check = |by: &str, kept: [bool; 3]| {
            take_over(&clone(by)).expect("it is taken over");
            let are = built.iter().map(|it| it.each_ref().map(|it| it.exists()));
            assert!(are.eq([kept; 2]), "by {by}");
        };
        let make_all = || {
            let all = built.as_flattened().iter();
            all.for_each(|it| fs::create_dir_all(it).expect("a folder"));
        };
        make_all();
        check("one", [false, false, true]);
        make_all();
        check("one", [true; 3]);
        check("another", [false, false, true]);
        fs::remove_dir_all(&cache).expect("it is removed");
    }
}
