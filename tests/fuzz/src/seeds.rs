//! Writes the inputs that fuzzing begins with into a folder, one folder a target: `seeds FOLDER`.

mod requests;

use std::{
    fs,
    io::{Cursor, Write as _},
    path::Path,
};

use xinghuo_package::{Memory, source};
use xinghuo_tests::{model, packages::good};
use zip::{ZipWriter, write::SimpleFileOptions};

fn main() {
    let folder = std::env::args().nth(1).expect("seeds needs a folder");
    let put = |target: &str, name: &str, bytes: &[u8]| {
        let folder = Path::new(&folder).join(target);
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join(name), bytes).expect("a seed");
    };
    let files = good();
    let (root, bin) = model::rich();
    put(
        "glb",
        "rich",
        &model::packed(root.to_string().as_bytes(), &bin),
    );
    put("glb", "hall", &files.0["media/hall.glb"]);
    put("package_zip", "good", &zipped(&files));
    let package = pollster::block_on(source::open(&files))
        .0
        .expect("it is good");
    for (path, bytes) in &xinghuo_fuzz::served(&package).0 {
        if path.ends_with(".json") {
            let first = u8::from(path == "manifest.json");
            let name = path.replace('/', "-");
            put(
                "published_venue",
                &name,
                &[&[first], bytes.as_slice()].concat(),
            );
        }
    }
    let visit = include_str!("../../../src/wire/tests/data/visit.json");
    put(
        "wire_batch",
        "visit",
        format!("{{\"entries\":{visit}}}").as_bytes(),
    );
    for (target, name, text) in requests::seeds() {
        put(target, name, text.as_bytes());
    }
    for (n, statement) in requests::statements().enumerate() {
        put("xapi_statements", &n.to_string(), &statement);
    }
}

/// A zip of these files, small enough for the engine: the pictures are left out.
fn zipped(files: &Memory) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in &files.0 {
        zip.start_file(path, SimpleFileOptions::default())
            .expect("an entry");
        zip.write_all(bytes).expect("an entry");
    }
    zip.finish().expect("a zip").into_inner()
}
