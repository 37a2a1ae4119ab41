//! Publishing: from a package that is right to the files that are served, and the keys that are not.

mod letters;
mod store;

use std::collections::BTreeMap;

use serde::Serialize;
use xinghuo_tour::Venue;

use crate::{
    hash::{package_hash, sha256_hex},
    published::{self, IndexVenue, Keys, Manifest, ManifestFile, Sources, Texts},
    source::{Package, media_type},
};

pub use letters::{Letters, LettersError, letters};
pub use store::{StoreError, Stored, store};

/// A package in its published form, in memory.
#[derive(Debug, Clone, PartialEq)]
pub struct Published {
    /// What the package consists of.
    pub manifest: Manifest,
    /// The public files by path, the manifest apart.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The keys, and the words that tell them, which only the server may hold.
    pub keys: Keys,
    /// What the index says of the package.
    pub index: IndexVenue,
}

/// Makes the published form. The same package always makes the same bytes, and the public ones do
/// not depend on the right answers to what the server marks, nor on where they are shown, what is
/// said to them or to wrong ones, and what sources they have.
#[must_use]
pub fn publish(package: &Package) -> Published {
    publish_with(package, None)
}

/// Makes the published form with `letters` for who reads where there are no fonts. Of the words
/// that only the server may tell, these have each character, among those of all others.
#[must_use]
pub fn publish_with(package: &Package, letters: Option<&Letters>) -> Published {
    let Package { venue, .. } = package;
    let (mut texts, mut sources) = (package.texts.clone(), package.sources.clone());
    let keys = withhold(venue, &mut texts, &mut sources);
    let public = venue.clone().without_keys();
    let mut files = package.media.clone();
    files.insert(published::VENUE_PATH.into(), json(&public));
    files.insert(Sources::PATH.into(), json(&sources));
    let font = letters.map(|it| it.font.clone());
    files.extend(font.map(|it| (published::LETTERS_PATH.to_owned(), it)));
    for (language, texts) in &texts {
        files.insert(published::text_path(language), json(texts));
    }
    let listed: Vec<_> = files
        .iter()
        .map(|(path, bytes)| ManifestFile {
            path: path.clone(),
            sha256: sha256_hex(bytes),
            bytes: bytes.len() as u64,
            media_type: media_type(path).into(),
        })
        .collect();
    let hash = package_hash(listed.iter().map(|f| (f.path.as_str(), f.sha256.as_str())));
    let room = venue.rooms.get(&venue.start.room);
    let scene = room.map(|room| room.scene.clone());
    let light = room.and_then(|room| room.lightmap.clone());
    let first = [Some(published::VENUE_PATH.to_owned()), scene, light];
    let titles = texts.iter().filter_map(|(language, texts)| {
        let title = texts.get("venue.title")?;
        Some((language.clone(), title.clone()))
    });
    let index = IndexVenue {
        id: venue.id.clone(),
        hash: hash.clone(),
        languages: venue.languages.clone(),
        title: titles.collect(),
        poster: format!("{}/{hash}/{}", venue.id, package.poster),
        draft: venue.draft,
    };
    let manifest = Manifest {
        format: published::FORMAT,
        venue: venue.id.clone(),
        hash,
        files: listed,
        first: first.into_iter().flatten().collect(),
        poster: package.poster.clone(),
        provenance: package.provenance,
        licence: package.licence.clone(),
    };
    Published {
        manifest,
        files,
        keys,
        index,
    }
}

/// Takes out of what will be public whatever tells, or points to, the answers to what the server
/// marks: the words on a right answer and on a wrong one, and the sources. What the venue itself
/// would tell, [`Venue::without_keys`] takes out.
fn withhold(venue: &Venue, texts: &mut BTreeMap<String, Texts>, sources: &mut Sources) -> Keys {
    let mut withheld = Keys {
        keys: venue.keys(),
        shown_at: venue.shown_at(),
        ..Keys::default()
    };
    for question in venue.graded() {
        let who = format!("question.{}", question.id);
        let mut taken = |words: &str| {
            let key = format!("{who}.{words}");
            let taken = texts.iter_mut();
            let taken = taken.filter_map(|(of, texts)| Some((of.clone(), texts.remove(&key)?)));
            (question.id.clone(), taken.collect())
        };
        withheld.feedback.extend([taken("feedback")]);
        withheld.hints.extend([taken("hint")]);
        let cited = sources.cites.remove(&who);
        let cited = cited.map(|cited| (question.id.clone(), cited));
        withheld.cites.extend(cited);
    }
    withheld
}

/// `value` as JSON. What is published has string keys and finite numbers, so this cannot fail.
fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}
