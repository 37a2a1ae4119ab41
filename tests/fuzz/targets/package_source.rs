//! The good package after any accidents to its files: opening it finds something or publishes.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::{arbitrary::Arbitrary, fuzz_target};
use xinghuo_package::{Memory, source};
use xinghuo_tests::packages::good;

static GOOD: LazyLock<Memory> = LazyLock::new(good);

/// Something that happens to a file.
#[derive(Debug, Arbitrary)]
enum Accident {
    Drop,
    Cut(u16),
    Flip(u16, u8),
    Put(u16, Vec<u8>),
    Replace(u16, Vec<u8>),
    Rename(String),
    /// A part of another file is put there.
    Copy(u16, u8, u16, u8),
}

fuzz_target!(|accidents: Vec<(u8, Accident)>| {
    let mut files = GOOD.clone();
    for (which, accident) in accidents {
        let paths: Vec<_> = files.0.keys().cloned().collect();
        let Some(path) = paths.get(usize::from(which) % paths.len().max(1)) else {
            return;
        };
        let mut bytes = files.0.remove(path).unwrap_or_default();
        let place = |at: u16, bytes: &[u8]| usize::from(at) % (bytes.len() + 1);
        match accident {
            Accident::Drop => continue,
            Accident::Cut(at) => bytes.truncate(usize::from(at)),
            Accident::Flip(at, bits) => {
                let at = place(at, &bytes);
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= bits;
                }
            }
            Accident::Put(at, new) => {
                let at = place(at, &bytes);
                bytes.splice(at..at, new);
            }
            Accident::Replace(at, new) => {
                let at = place(at, &bytes);
                let end = bytes.len().min(at + new.len());
                bytes.splice(at..end, new);
            }
            Accident::Rename(path) => {
                files.0.insert(path, bytes);
                continue;
            }
            Accident::Copy(at, other, from, length) => {
                let at = place(at, &bytes);
                let other = &paths[usize::from(other) % paths.len()];
                let other = files.0.get(other).cloned().unwrap_or_default();
                let from = place(from, &other);
                let end = other.len().min(from + usize::from(length));
                bytes.splice(at..at, other[from..end].iter().copied());
            }
        }
        files.0.insert(path.clone(), bytes);
    }
    let (package, findings) = pollster::block_on(source::open(&files));
    xinghuo_fuzz::check_opened(package, &findings);
});
