//! The letters that a package is published with, and those that its font does not have.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use xinghuo_package::{
    Code, Finding, Pointer,
    publish::{Letters, letters},
    source::Package,
};

/// The glyphs for the words of a package, and for those of the page in the files `words`.
pub(crate) fn of(package: &Package, font: &Path, words: &[PathBuf]) -> anyhow::Result<Letters> {
    let mut wanted = package.characters();
    for path in words {
        let json = fs::read(path).with_context(|| format!("{} is not readable", path.display()))?;
        let texts: BTreeMap<String, String> = serde_json::from_slice(&json)
            .with_context(|| format!("{} has no texts by key", path.display()))?;
        wanted.extend(texts.values().flat_map(|it| it.chars()));
    }
    let whole = fs::read(font).with_context(|| format!("{} is not readable", font.display()))?;
    letters(&whole, &wanted).with_context(|| format!("{} cannot be used", font.display()))
}

/// What the font does not have, as a finding.
pub(crate) fn missing(letters: &Letters) -> Option<Finding> {
    let missing: Vec<_> = letters.missing.iter().map(|it| format!("{it:?}")).collect();
    (!missing.is_empty()).then(|| {
        let missing = missing.join(", ");
        Finding::new(
            Code::GlyphMissing,
            Pointer::file("text"),
            format!("The font has no glyph for {missing}; panels in a headset show a box there"),
        )
    })
}
