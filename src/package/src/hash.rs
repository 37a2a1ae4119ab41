//! Hashes: of a file, and of a package as the sum of its files.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// The SHA-256 of `bytes` in lower-case hexadecimal, 64 digits.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

/// The hash by which a package is addressed: 32 hexadecimal digits that follow from the paths and
/// the hashes of its public files, in whatever order they are given.
#[must_use]
pub fn package_hash<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut lines: Vec<String> = files
        .into_iter()
        .map(|(path, sha256)| format!("{path}\0{sha256}\n"))
        .collect();
    lines.sort_unstable();
    let mut hash = sha256_hex(lines.concat().as_bytes());
    hash.truncate(32);
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_empty_file_has_the_known_hash() {
        assert_eq!(
            sha256_hex(b""),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }

    #[test]
    fn a_package_hash_does_not_depend_on_the_order_of_files() {
        let there = package_hash([("a", "1"), ("b", "2")]);
        assert_eq!(there, package_hash([("b", "2"), ("a", "1")]));
        assert_ne!(there, package_hash([("a", "2"), ("b", "1")]));
    }
}
