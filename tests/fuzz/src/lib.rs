//! What the fuzz targets share.

use std::{env, fs, path::PathBuf};

use xinghuo_package::{Finding, Memory, Severity, publish, published, published::Manifest, source};
use xinghuo_tour::Venue;

/// The venue of `tour`'s own tests, with its keys.
#[must_use]
pub fn venue() -> Venue {
    let text = include_str!("../../../src/tour/tests/data/venue.json");
    let venue: Venue = serde_json::from_str(text).expect("a venue");
    venue.checked().expect("a right venue")
}

/// A package as it is served.
#[must_use]
pub fn served(package: &source::Package) -> Memory {
    let published = publish::publish(package);
    let mut files = published.files;
    let manifest = serde_json::to_vec(&published.manifest).expect("a manifest prints");
    files.insert(Manifest::PATH.into(), manifest);
    Memory(files)
}

/// Holds what was read of a package against what was found: it is there unless something is wrong,
/// and what is there can be published and opened again.
pub fn check_opened(package: Option<source::Package>, findings: &[Finding]) {
    let wrong = findings.iter().any(|it| it.severity == Severity::Error);
    assert_eq!(package.is_none(), wrong);
    for finding in findings {
        assert!(!finding.to_string().is_empty());
    }
    if let Some(package) = package {
        let opened = pollster::block_on(published::open(&served(&package)));
        assert_eq!(
            opened.expect("it opens").venue,
            package.venue.without_keys()
        );
    }
}

/// An empty folder of the target that runs, in memory where there is such a place: nobody waits for a
/// disk there.
#[must_use]
pub fn workshop() -> PathBuf {
    let memory = PathBuf::from("/dev/shm");
    let place = if memory.is_dir() {
        memory
    } else {
        env::temp_dir()
    };
    let program = env::current_exe().expect("a program");
    let name = program.file_name().expect("its name").to_string_lossy();
    let folder = place.join(format!("xinghuo-fuzz-{name}"));
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("a folder");
    }
    fs::create_dir(&folder).expect("a folder");
    folder
}
