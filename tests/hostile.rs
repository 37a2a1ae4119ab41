//! What somebody may put into a package to break whoever opens it: each is refused with a sentence,
//! before it costs anything. What may be put into a model is in `models.rs`.

use std::{collections::BTreeMap, fs};

use pollster::block_on;
use serde_json::{Value, json};
use xinghuo_package::{
    Directory, Fetch, FileError, Files as _, Http, Memory, package_hash,
    publish::publish,
    published::{self, Manifest, ManifestFile},
    sha256_hex, source,
};
use xinghuo_tests::packages::good;

#[test]
fn json_without_end_is_refused_wherever_it_stands() {
    let deep = "[".repeat(100_000);
    let mut files = served();
    files.0.insert(
        Manifest::PATH.into(),
        format!("{{\"format\":{deep}").into_bytes(),
    );
    check_published(files, "does not parse");
    check_published(
        with_file(published::VENUE_PATH, deep.clone().into_bytes()),
        "does not parse",
    );
    for path in ["sources.json", "venue.toml"] {
        let mut files = good();
        files.0.insert(path.into(), deep.clone().into_bytes());
        let (package, findings) = block_on(source::open(&files));
        assert!(package.is_none());
        assert!(findings.iter().any(|it| it.pointer.path == path), "{path}");
    }
}

/// The good package as it is served.
fn served() -> Memory {
    let package = block_on(source::open(&good())).0.expect("it is good");
    let published = publish(&package);
    let mut files = published.files;
    let manifest = serde_json::to_vec(&published.manifest).expect("a manifest prints");
    files.insert(Manifest::PATH.into(), manifest);
    Memory(files)
}

/// The good package with other files in its manifest, and a hash that follows from them.
fn with_manifest(mut files: Memory, change: impl FnOnce(&mut Vec<ManifestFile>)) -> Memory {
    let mut manifest: Manifest =
        serde_json::from_slice(&files.0[Manifest::PATH]).expect("a manifest");
    change(&mut manifest.files);
    let listed = manifest.files.iter();
    manifest.hash = package_hash(listed.map(|it| (it.path.as_str(), it.sha256.as_str())));
    let manifest = serde_json::to_vec(&manifest).expect("a manifest prints");
    files.0.insert(Manifest::PATH.into(), manifest);
    files
}

/// The good package with other bytes at `path`, which its manifest admits to.
fn with_file(path: &str, bytes: Vec<u8>) -> Memory {
    let files = with_manifest(served(), |files| {
        let file = files
            .iter_mut()
            .find(|file| file.path == path)
            .expect("a file");
        (file.bytes, file.sha256) = (bytes.len() as u64, sha256_hex(&bytes));
    });
    let mut files = files.0;
    files.insert(path.to_owned(), bytes);
    Memory(files)
}

/// Serves files from memory.
struct Address<'a>(&'a BTreeMap<String, Vec<u8>>);

impl Fetch for Address<'_> {
    async fn fetch(&self, address: &str, most: u64) -> Result<Vec<u8>, String> {
        let path = address.trim_start_matches("/p/");
        let bytes = self.0.get(path).ok_or("there is no such file")?;
        if bytes.len() as u64 > most {
            return Err(format!("more than {most} bytes"));
        }
        Ok(bytes.clone())
    }
}

/// Neither the server, which has the package in a folder, nor the app, which has it at an address,
/// opens it, and both say why.
#[track_caller]
fn check_published(files: Memory, why: &str) {
    let error = block_on(published::open(&files))
        .expect_err(why)
        .to_string();
    assert!(error.contains(why), "{error} instead of {why}");
    let opened = block_on(async {
        let http = Http::open(Address(&files.0), "/p")
            .await
            .map_err(|it| it.to_string())?;
        published::open(&http).await.map_err(|it| it.to_string())
    });
    assert!(opened.is_err(), "{why}");
}

#[test]
fn a_manifest_that_lies_or_never_ends_is_refused() {
    let more = |files: &mut Vec<ManifestFile>| {
        let file = files[0].clone();
        files.extend((0..4_000).map(|n| ManifestFile {
            path: format!("{n}"),
            ..file.clone()
        }));
    };
    check_published(
        with_manifest(served(), more),
        "the package is too large: files",
    );
    let huge = |files: &mut Vec<ManifestFile>| files[0].bytes = u64::MAX;
    check_published(
        with_manifest(served(), huge),
        "the package is too large: bytes of a file",
    );
    let sum = |files: &mut Vec<ManifestFile>| {
        let (file, bytes) = (files[0].clone(), 127 << 20);
        files.extend((0..9).map(|n| ManifestFile {
            path: format!("{n}"),
            bytes,
            ..file.clone()
        }));
    };
    check_published(
        with_manifest(served(), sum),
        "the package is too large: bytes of all files",
    );
    let long = |files: &mut Vec<ManifestFile>| files[0].media_type = "x".repeat(3 << 20);
    check_published(with_manifest(served(), long), "bytes of the manifest");
    let venue = with_file(published::VENUE_PATH, vec![b' '; 5 << 20]);
    check_published(venue, "the package is too large: bytes of a JSON file");
    let lie = |files: &mut Vec<ManifestFile>| {
        let venue = files.iter_mut().find(|it| it.path == published::VENUE_PATH);
        venue.expect("the venue").bytes -= 1;
    };
    check_published(
        with_manifest(served(), lie),
        "is not the one that the manifest describes",
    );
    let outside = |files: &mut Vec<ManifestFile>| files[0].path = "../keys/good.json".into();
    check_published(with_manifest(served(), outside), "outside the package");
}

#[test]
fn a_file_that_is_longer_than_announced_is_not_kept() {
    let path = "media/hall.glb";
    let mut files = served();
    files.0.insert(path.into(), vec![0; 1 << 20]);
    let read = block_on(async {
        let http = Http::open(Address(&files.0), "/p").await?;
        http.read(path).await
    });
    assert!(
        matches!(read, Err(FileError::Unreadable { .. })),
        "{read:?}"
    );
}

/// Nobody knows beforehand how long a file in a folder is, whatever the manifest says: no more of
/// it is read than there may be.
#[test]
fn a_file_without_end_in_a_folder_is_not_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let put = |path: &str, bytes: &[u8]| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    };
    for (path, bytes) in &served().0 {
        put(path, bytes);
    }
    let files = Directory::new(folder.path());
    assert!(block_on(published::open(&files)).is_ok());
    let check = |path: &str, why: &str| {
        let error = block_on(published::open(&files)).expect_err(path);
        assert!(error.to_string().contains(why), "{error}");
    };
    for path in [published::VENUE_PATH, Manifest::PATH] {
        let endless = fs::File::options()
            .write(true)
            .open(folder.path().join(path));
        // It takes no room on the disk; in memory it would.
        endless.expect("a file").set_len(3 << 30).expect("a length");
        check(path, "it has more than ");
    }
    fs::remove_file(folder.path().join(Manifest::PATH)).expect("a file");
    put("manifest.json/1", b"");
    check("a folder", "it is no file");
}

/// The good package with so many stops more, each of which waits for a hundred others.
fn with_stops(count: usize) -> Memory {
    let files = served();
    let mut venue: Value =
        serde_json::from_slice(&files.0[published::VENUE_PATH]).expect("a venue");
    let stops = venue["stops"].as_array_mut().expect("stops");
    let mut stop = stops[1].clone();
    for key in ["artifact", "checkpoint"] {
        stop[key] = Value::Null;
    }
    stop["evidence"] = json!(["story"]);
    let mut waits = Vec::new();
    for n in 0..count {
        let id = format!("stop-{n}");
        stop["id"] = json!(id);
        stops.push(stop.clone());
        waits.push(json!(id));
        waits.truncate(100);
        stop["prerequisites"] = waits.clone().into();
    }
    with_file(published::VENUE_PATH, venue.to_string().into_bytes())
}

#[test]
fn a_venue_of_very_many_stops_is_checked_in_good_time_or_not_at_all() {
    check_published(with_stops(2_500), "the package is too large: stops 2502");
    let begun = std::time::Instant::now();
    let opened = block_on(published::open(&with_stops(1_500)));
    assert!(opened.is_ok(), "{:?}", opened.err());
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
}

#[test]
fn a_folder_of_very_many_files_is_not_read() {
    let mut files = good();
    files
        .0
        .extend((0..13_000).map(|n| (format!("media/{n}.png"), Vec::new())));
    let (package, findings) = block_on(source::open(&files));
    assert!(package.is_none());
    let told: Vec<_> = findings.iter().map(ToString::to_string).collect();
    assert!(
        told.iter().any(|it| it.contains("more than 12500")),
        "{told:?}"
    );
}
