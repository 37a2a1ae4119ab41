//! Any bytes as the manifest of a published package, or as its venue, texts, sources and keys with
//! a manifest that admits to them.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use xinghuo_package::{
    Memory, package_hash,
    published::{self, Manifest, Sources},
    sha256_hex, source,
};
use xinghuo_tests::packages::good;

static SERVED: LazyLock<Memory> = LazyLock::new(|| {
    let package = pollster::block_on(source::open(&good())).0;
    xinghuo_fuzz::served(&package.expect("it is good"))
});

fuzz_target!(|bytes: &[u8]| {
    let Some((first, bytes)) = bytes.split_first() else {
        return;
    };
    let mut files = SERVED.clone();
    if first % 2 == 1 {
        files.0.insert(Manifest::PATH.into(), bytes.to_vec());
    } else {
        for path in [published::VENUE_PATH, "text/en.json", Sources::PATH] {
            files.0.insert(path.into(), bytes.to_vec());
        }
        let manifest = &files.0[Manifest::PATH];
        let mut manifest: Manifest = serde_json::from_slice(manifest).expect("a manifest");
        for file in &mut manifest.files {
            let bytes = &files.0[&file.path];
            (file.bytes, file.sha256) = (bytes.len() as u64, sha256_hex(bytes));
        }
        let sums = manifest.files.iter();
        manifest.hash = package_hash(sums.map(|it| (it.path.as_str(), it.sha256.as_str())));
        let manifest = serde_json::to_vec(&manifest).expect("a manifest prints");
        files.0.insert(Manifest::PATH.into(), manifest);
    }
    pollster::block_on(async {
        if let Ok(opened) = published::open(&files).await {
            let venue = opened.venue;
            assert_eq!(venue.clone().checked().as_ref(), Ok(&venue));
            assert!(venue.stops.len() <= 500);
        }
        let manifest = serde_json::from_slice(&files.0[Manifest::PATH]);
        if let Ok(manifest) = manifest {
            let _ = published::texts(&files, &manifest, "en").await;
            let _ = published::sources(&files, &manifest).await;
        }
    });
    if let Ok(keys) = published::keys("keys", bytes) {
        let _ = xinghuo_fuzz::venue().with_keys(&keys.keys).checked();
    }
});
