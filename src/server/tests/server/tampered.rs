//! Packages that somebody has tampered with before they were published, so that every hash is right:
//! the real program starts with them, says which it cannot open, serves the others, and stays small.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use serde_json::{Value, json};
use xinghuo_package::{package_hash, sha256_hex};

use crate::{connection::ask, killed::Program, place::Place};

/// How much more memory than for a good package the server may have had for all the others, bytes.
const MORE_BYTES: u64 = 32 << 20;

/// A package's files by path, and its manifest, which is written last.
struct Package {
    files: BTreeMap<String, Vec<u8>>,
    manifest: Value,
    keys: Vec<u8>,
}

impl Package {
    /// The signed package of the place.
    fn of(place: &Place) -> Self {
        let folder = place.folder("packages/boat").join(&place.package);
        let read = |path: &str| fs::read(folder.join(path)).expect("a file");
        let manifest: Value = serde_json::from_slice(&read("manifest.json")).expect("a manifest");
        let paths = manifest["files"].as_array().expect("files").iter();
        let paths = paths.map(|file| file["path"].as_str().expect("a path"));
        Self {
            files: paths.map(|path| (path.to_owned(), read(path))).collect(),
            keys: fs::read(place.keys()).expect("keys"),
            manifest,
        }
    }

    fn venue(&mut self, change: impl FnOnce(&mut Value)) {
        let bytes = self.files.get_mut("venue.json").expect("a venue");
        let mut venue = serde_json::from_slice(bytes).expect("JSON");
        change(&mut venue);
        *bytes = venue.to_string().into_bytes();
    }

    /// Has the manifest admit to what the files are; a file of which it knows nothing is added.
    fn sum(&mut self) {
        let listed = self.files.iter().map(|(path, bytes)| {
            json!({
                "path": path, "sha256": sha256_hex(bytes), "bytes": bytes.len(),
                "mediaType": "application/octet-stream",
            })
        });
        self.manifest["files"] = listed.collect();
        self.call();
    }

    /// Calls the package by what its manifest lists.
    fn call(&mut self) {
        let listed = self.manifest["files"].as_array().expect("files").iter();
        let sums = listed.map(|file| {
            let text = |key: &str| file[key].as_str().expect("a text");
            (text("path"), text("sha256"))
        });
        self.manifest["hash"] = package_hash(sums).into();
    }

    /// Puts it beside the others, and returns its hash.
    fn publish(&self, place: &Place) -> String {
        let hash = self.manifest["hash"].as_str().expect("a hash").to_owned();
        let folder = place.folder("packages/boat").join(&hash);
        for (path, bytes) in &self.files {
            write(&folder.join(path), bytes);
        }
        write(
            &folder.join("manifest.json"),
            self.manifest.to_string().as_bytes(),
        );
        write(
            &place.folder("keys/boat").join(format!("{hash}.json")),
            &self.keys,
        );
        hash
    }
}

fn write(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, bytes).expect("a file");
}

/// The good package, changed, called by the hash that follows, and published.
fn tampered(place: &Place, change: impl FnOnce(&mut Package)) -> String {
    let mut package = Package::of(place);
    change(&mut package);
    package.publish(place)
}

/// Packages in which there is more than anybody should have to hold.
fn outsized(place: &Place) -> Vec<(&'static str, String)> {
    let venue = |change: fn(&mut Value)| {
        tampered(place, move |package| {
            package.venue(change);
            package.sum();
        })
    };
    let manifest = |change: fn(&mut Value)| {
        tampered(place, move |package| {
            change(&mut package.manifest);
            package.call();
        })
    };
    vec![
        (
            "a hundred thousand files",
            manifest(|manifest| {
                let files = manifest["files"].as_array_mut().expect("files");
                let file = files[0].clone();
                files.extend((0..100_000).map(|n| {
                    let mut file = file.clone();
                    file["path"] = format!("media/{n}.png").into();
                    file
                }));
            }),
        ),
        (
            "a file of sixteen exabytes",
            manifest(|manifest| {
                manifest["files"][0]["bytes"] = u64::MAX.into();
                manifest["files"][0]["path"] = "media/huge.glb".into();
            }),
        ),
        (
            "ten thousand stops",
            venue(|venue| {
                let stops = venue["stops"].as_array_mut().expect("stops");
                let mut stop = stops[1].clone();
                (stop["artifact"], stop["checkpoint"]) = (Value::Null, Value::Null);
                stop["evidence"] = json!(["story"]);
                stops.extend((0..10_000).map(|n| {
                    stop["id"] = format!("stop-{n}").into();
                    stop.clone()
                }));
            }),
        ),
        (
            "stops that wait for each other",
            venue(|venue| {
                venue["stops"][0]["prerequisites"] = json!(["bow"]);
                venue["stops"][1]["prerequisites"] = json!(["landing"]);
            }),
        ),
        (
            "four billion questions and attempts",
            venue(|venue| {
                venue["checkpoints"]["landing"]["draw"] = u32::MAX.into();
                venue["completion"]["attempts"] = u32::MAX.into();
            }),
        ),
    ]
}

/// Packages in which something has no bottom, or no end.
fn bottomless(place: &Place) -> Vec<(&'static str, String)> {
    let deep = || "[".repeat(100_000) + &"]".repeat(100_000);
    let file = |path: &'static str, bytes: Vec<u8>| {
        tampered(place, move |package| {
            package.files.insert(path.into(), bytes);
            package.sum();
        })
    };
    vec![
        (
            "a venue without end",
            file("venue.json", deep().into_bytes()),
        ),
        (
            "a venue with depths in it",
            tampered(place, |package| {
                let venue = format!("{{\"id\":\"boat\",\"rooms\":{}}}", deep());
                package
                    .files
                    .insert("venue.json".into(), venue.into_bytes());
                package.sum();
            }),
        ),
        (
            "words without end",
            file("text/en.json", deep().into_bytes()),
        ),
        ("a venue of blanks", file("venue.json", vec![b' '; 5 << 20])),
        (
            "keys without end",
            tampered(place, |package| {
                package.files.insert("media/more.jpg".into(), vec![1]);
                package.sum();
                package.keys = format!("{{\"keys\":{}}}", deep()).into_bytes();
            }),
        ),
        (
            "a manifest without end",
            endless(place, "manifest.json", deep().as_bytes()),
        ),
        (
            "a manifest of three gigabytes",
            sparse(place, "manifest.json", 2),
        ),
        (
            "a venue that is longer than it says",
            sparse(place, "venue.json", 3),
        ),
    ]
}

/// A package in which the bytes of one file are others than the manifest says.
fn endless(place: &Place, path: &str, bytes: &[u8]) -> String {
    let hash = tampered(place, |package| {
        package.files.insert("media/more.jpg".into(), vec![0]);
        package.sum();
    });
    write(&place.folder("packages/boat").join(&hash).join(path), bytes);
    hash
}

/// The same with a file of three gigabytes, which take no room on the disk.
fn sparse(place: &Place, path: &str, mark: u8) -> String {
    let hash = tampered(place, |package| {
        package.files.insert("media/more.jpg".into(), vec![mark]);
        package.sum();
    });
    let file = place.folder("packages/boat").join(&hash).join(path);
    let file = fs::File::options().write(true).open(file).expect("a file");
    file.set_len(3 << 30).expect("a large file");
    hash
}

#[test]
fn a_tampered_package_is_refused_and_takes_nothing_from_the_others() {
    let place = Place::new();
    let hostile = [outsized(&place), bottomless(&place)].concat();
    let hashes: BTreeSet<_> = hostile.iter().map(|(_, hash)| hash).collect();
    assert_eq!(hashes.len(), hostile.len(), "each is a package of its own");
    let program = Program::start(&place);
    let begin = |hash: &str| {
        let asked = json!({"venue": "boat", "package": hash, "language": "en", "consent": 1});
        ask(program.address, "POST /api/v1/visits", "", &asked).expect("an answer")
    };
    assert_eq!(begin(&place.package).0, 201);
    let small = program.peak_bytes();
    for (what, hash) in &hostile {
        let (status, answer) = begin(hash);
        let error = &answer["error"];
        assert_eq!(
            (status, &error["code"]),
            (503, &json!("UNAVAILABLE")),
            "{what}: {answer}"
        );
        let sentence = "the package on the server cannot be opened";
        assert_eq!(error["message"], sentence, "{what}");
        let next = error["next"].as_str().expect("a sentence");
        assert!(
            next.contains("tell whoever runs the server"),
            "{what}: {next}"
        );
    }
    let large = program.peak_bytes();
    assert_eq!(
        begin(&place.package).0,
        201,
        "the good package is as good as before"
    );
    let log = program.stop();
    for (what, hash) in &hostile {
        assert!(log.contains(hash.as_str()), "the log does not name {what}");
    }
    assert!(!log.contains("panicked"), "{log}");
    assert!(log.len() < 64 * 1024, "the log has {} bytes", log.len());
    if let (Some(small), Some(large)) = (small, large) {
        let more = large - small;
        assert!(more < MORE_BYTES, "it took {more} bytes more");
    }
}

/// Models and pictures are for browsers: to the server they are bytes, whatever is in them.
#[test]
fn an_absurd_model_is_but_bytes_to_the_server() {
    let place = Place::new();
    let nodes = r#"{"asset":{"version":"2.0"},"nodes":[{"children":[0]}],"accessors":[{"count":4294967295}]}"#;
    let mut glb = b"glTF\x02\0\0\0\xff\xff\xff\xff".to_vec();
    glb.extend(b"\xff\xff\xff\x7fJSON");
    glb.extend(nodes.as_bytes());
    let hash = tampered(&place, |package| {
        package.files.insert("media/boat.glb".into(), glb);
        package.sum();
    });
    let program = Program::start(&place);
    let asked = json!({"venue": "boat", "package": hash, "language": "en", "consent": 1});
    let (status, answer) =
        ask(program.address, "POST /api/v1/visits", "", &asked).expect("an answer");
    assert_eq!(status, 201, "{answer}");
    assert!(!program.stop().contains("panicked"));
}
