//! Any bytes as a zip of a package.

#![no_main]

use libfuzzer_sys::fuzz_target;
use xinghuo_package::{Zip, source};

fuzz_target!(|bytes: &[u8]| {
    match Zip::open("venue.zip", bytes.to_vec()) {
        Ok(zip) => {
            let (package, findings) = pollster::block_on(source::open(&zip));
            xinghuo_fuzz::check_opened(package, &findings);
        }
        Err(findings) => assert!(!findings.is_empty()),
    }
});
