//! The venue packages under `fixtures/packages`: one that is right, and many that are not.
//!
//! A case is a folder: `case.toml` says why it is there and how it differs from the good package
//! (edits, removed files, how it is zipped), `files/` holds files that are added or replaced. A
//! file `….glb.json` is the JSON of a model, packed with the binary chunk of the good one.

use std::{
    fs,
    io::{Cursor, Write as _},
    path::{Path, PathBuf},
};

use pollster::block_on;
use serde::Deserialize;
use xinghuo_package::{
    Directory, Files as _, Finding, Memory, Zip,
    source::{self, Package},
};
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::model::{packed, unpacked};

/// A broken package.
#[derive(Debug)]
pub struct Case {
    /// The name of its folder.
    pub name: String,
    /// Its folder.
    pub folder: PathBuf,
    files: Memory,
    zip: Option<Recipe>,
}

/// `case.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Difference {
    #[serde(default)]
    remove: Vec<String>,
    #[serde(default)]
    edit: Vec<Edit>,
    zip: Option<Recipe>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Edit {
    file: String,
    find: String,
    put: String,
}

/// How a package is zipped.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Recipe {
    /// What stands before every path.
    prefix: String,
    /// Entries that are no files of the package.
    add: Vec<Entry>,
    /// So many empty entries more.
    many: usize,
    /// So many bytes are kept of the zip.
    cut: Option<usize>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    path: String,
    #[serde(default)]
    text: String,
    /// So many zero bytes instead of a text.
    #[serde(default)]
    zeros: usize,
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/packages")
}

fn read(folder: &Path) -> Memory {
    let directory = Directory::new(folder);
    let files = block_on(async {
        let mut files = Memory::default();
        for path in directory
            .list()
            .await
            .expect("the folder can be listed")
            .into_keys()
        {
            let bytes = directory.read(&path).await.expect("the file can be read");
            files.0.insert(path, bytes);
        }
        files
    });
    assert!(!files.0.is_empty(), "{} has no files", folder.display());
    files
}

/// The package that is right.
#[must_use]
pub fn good() -> Memory {
    read(&fixtures().join("good"))
}

/// Every broken package, by name.
#[must_use]
pub fn broken() -> Vec<Case> {
    let folder = fixtures().join("broken");
    let entries = fs::read_dir(folder).expect("the folder of cases can be listed");
    let folders = entries.map(|entry| entry.expect("a case can be listed").path());
    let mut cases: Vec<_> = folders.map(case).collect();
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    cases
}

fn case(folder: PathBuf) -> Case {
    let name = folder
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let text = fs::read_to_string(folder.join("case.toml")).expect("a case has a case.toml");
    let difference: Difference =
        toml::from_str(&text).unwrap_or_else(|error| panic!("{name}/case.toml: {error}"));
    let mut files = good();
    for path in &difference.remove {
        assert!(files.0.remove(path).is_some(), "{name} removes {path:?}");
    }
    for Edit { file, find, put } in &difference.edit {
        let bytes = files
            .0
            .get_mut(file)
            .unwrap_or_else(|| panic!("{name} edits {file:?}"));
        let text = String::from_utf8(std::mem::take(bytes)).expect("what is edited is text");
        assert!(text.contains(find), "{name} looks for {find:?} in {file:?}");
        *bytes = text.replacen(find, put, 1).into_bytes();
    }
    let added = folder.join("files");
    if added.is_dir() {
        for (path, bytes) in read(&added).0 {
            if let Some(model) = path.strip_suffix(".glb.json") {
                let model = format!("{model}.glb");
                let (_, bin) = unpacked(&files.0[&model]);
                let packed = packed(&bytes, bin);
                files.0.insert(model, packed);
            } else {
                files.0.insert(path, bytes);
            }
        }
    }
    Case {
        name,
        folder,
        files,
        zip: difference.zip,
    }
}

impl Case {
    /// Opens the case as its recipe says: as files, or as a zip of them.
    #[must_use]
    pub fn open(&self) -> (Option<Package>, Vec<Finding>) {
        let Some(recipe) = &self.zip else {
            return block_on(source::open(&self.files));
        };
        match Zip::open("venue.zip", recipe.pack(&self.files)) {
            Ok(zip) => block_on(source::open(&zip)),
            Err(findings) => (None, findings),
        }
    }
}

impl Recipe {
    fn pack(&self, files: &Memory) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let mut write = |path: &str, bytes: &[u8]| {
            zip.start_file(path, SimpleFileOptions::default())
                .expect("an entry can be begun");
            zip.write_all(bytes).expect("an entry can be written");
        };
        for (path, bytes) in &files.0 {
            write(&format!("{}{path}", self.prefix), bytes);
        }
        for Entry { path, text, zeros } in &self.add {
            match zeros {
                0 => write(path, text.as_bytes()),
                zeros => write(path, &vec![0; *zeros]),
            }
        }
        for n in 0..self.many {
            write(&format!("many/{n}"), b"");
        }
        let zip = zip.finish().expect("a zip can be finished").into_inner();
        let kept = self.cut.unwrap_or(zip.len());
        zip[..kept].to_vec()
    }
}
