//! The letters of a package: of a font, exactly the glyphs with which its words are written.
//!
//! A page has the fonts of its device. A panel in a headset has none: it is drawn by ourselves.

use std::{borrow::Cow, collections::BTreeSet};

use allsorts::{
    Font,
    binary::read::ReadScope,
    error::{ParseError, ReadWriteError},
    font::MatchingPresentation,
    font_data::{DynamicFontTableProvider, FontData},
    get_name::fontcode_get_name,
    subset::{CmapTarget, SubsetError, SubsetProfile, subset},
    tables::{FontTableProvider, NameTable},
    tag,
};

use crate::source::Package;

/// The face of a collection whose Chinese is that of the mainland.
const FACE: &str = "Sans CJK SC";

/// A font with some of its glyphs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letters {
    /// The font file.
    pub font: Vec<u8>,
    /// Characters that were wanted and that the whole font does not have.
    pub missing: BTreeSet<char>,
}

/// Why a font could not be used.
#[derive(Debug, thiserror::Error)]
pub enum LettersError {
    /// It is not a font, or broken.
    #[error("the font cannot be read: {0}")]
    Read(#[from] ParseError),
    /// Its glyphs could not be taken out.
    #[error("the font's glyphs cannot be taken out: {0}")]
    Subset(#[from] SubsetError),
    /// The new font could not be written.
    #[error("the font cannot be written: {0}")]
    Write(#[from] ReadWriteError),
}

impl Package {
    /// The characters with which the package's words are written, in all its languages; also those
    /// of words that only the server may tell, since they are read in the same place.
    #[must_use]
    pub fn characters(&self) -> BTreeSet<char> {
        let texts = self.texts.values().flat_map(|it| it.values());
        texts.flat_map(|it| it.chars()).collect()
    }
}

/// Takes the glyphs for `wanted` out of a font or of the right face of a collection. Control
/// characters and such as have no shape of their own are never missing.
pub fn letters(font: &[u8], wanted: &BTreeSet<char>) -> Result<Letters, LettersError> {
    let data = ReadScope::new(font).read::<FontData<'_>>()?;
    let face = face(&data)?;
    let mut whole = Font::new(data.table_provider(face)?)?;
    let (mut glyphs, mut missing) = (BTreeSet::from([0]), BTreeSet::new());
    for &letter in wanted {
        let (glyph, _) = whole.lookup_glyph_index(letter, MatchingPresentation::NotRequired, None);
        if glyph != 0 {
            glyphs.insert(glyph);
        } else if !is_shapeless(letter) {
            missing.insert(letter);
        }
    }
    let glyphs: Vec<_> = glyphs.into_iter().collect();
    let provider = data.table_provider(face)?;
    let font = subset(
        &provider,
        &glyphs,
        &SubsetProfile::Minimal,
        CmapTarget::Unicode,
    )?;
    Ok(Letters { font, missing })
}

fn is_shapeless(letter: char) -> bool {
    letter.is_control()
        || letter.is_whitespace()
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// Which face of a font file is wanted: of several, the one for the mainland's Chinese.
fn face(data: &FontData<'_>) -> Result<usize, ParseError> {
    let faces = (0..).map_while(|face| Some((face, data.table_provider(face).ok()?)));
    for (face, provider) in faces.take(64) {
        let Some(names) = names(&provider)? else {
            continue;
        };
        let name = fontcode_get_name(&names, NameTable::FULL_FONT_NAME)?;
        if name.is_some_and(|it| it.to_string_lossy().contains(FACE)) {
            return Ok(face);
        }
    }
    Ok(0)
}

fn names<'a>(
    provider: &'a DynamicFontTableProvider<'_>,
) -> Result<Option<Cow<'a, [u8]>>, ParseError> {
    provider.table_data(tag::NAME)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_font_is_an_error() {
        for bytes in [&b""[..], b"OTTO", &[0; 64]] {
            assert!(letters(bytes, &BTreeSet::from(['a'])).is_err());
        }
    }

    #[test]
    fn nobody_misses_the_shape_of_what_has_none() {
        assert!(
            [' ', '\n', '\u{3000}', '\u{200b}']
                .into_iter()
                .all(is_shapeless)
        );
        assert!(!['a', '星', '，'].into_iter().any(is_shapeless));
    }
}
