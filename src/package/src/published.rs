//! The published form: what the app and the server open, and the files they find in it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use xinghuo_tour::{Provenance, QuestionId, Response, StopId, Venue, VenueError, VenueId};

use crate::{
    files::{FILE_BYTES, FILES, FileError, Files, TOTAL_BYTES, is_inside},
    hash::{package_hash, sha256_hex},
};

/// The version of the published form that this crate writes and reads.
pub const FORMAT: u32 = 1;

/// The manifest is no larger, bytes: with as many files as there may be it takes half of that.
pub(crate) const MANIFEST_BYTES: u64 = 2 << 20;
/// No other JSON file of a package is larger, bytes. The sample venue's take a hundredth of that.
const JSON_BYTES: u64 = 4 << 20;

/// A venue has no more stops: where prerequisites go in circles, each of them looks for its way
/// back through all others.
pub(crate) const STOPS: usize = 2500;

/// `manifest.json`: every public file of a package, and what the package is called by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// The version of the published form: [`FORMAT`].
    pub format: u32,
    /// The venue's id.
    pub venue: VenueId,
    /// The package's hash: see [`package_hash`].
    pub hash: String,
    /// Every public file apart from the manifest itself and the compressed siblings.
    pub files: Vec<ManifestFile>,
    /// What the first view needs, in the order in which it is best loaded.
    pub first: Vec<String>,
    /// Path of the picture that is shown before the tour begins.
    pub poster: String,
    /// How the digital venue came to be.
    pub provenance: Provenance,
    /// The licence (SPDX) under which the venue may be used.
    pub licence: String,
}

/// One public file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ManifestFile {
    /// Path within the package.
    pub path: String,
    /// The SHA-256 of its bytes, lower-case hexadecimal.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
    /// Its media type, as a server should name it.
    pub media_type: String,
}

impl Manifest {
    /// Where the manifest lies within the package.
    pub const PATH: &str = "manifest.json";

    /// What the manifest says of the file at `path`.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<&ManifestFile> {
        self.files.iter().find(|file| file.path == path)
    }
}

/// `index.json`: the venues that a deployment offers, each with its present package.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// The venues, by id.
    pub venues: Vec<IndexVenue>,
}

impl Index {
    /// Where the index lies, beside the venues' folders.
    pub const PATH: &str = "index.json";
}

/// One venue of the index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexVenue {
    /// The venue's id.
    pub id: VenueId,
    /// The hash of its present package.
    pub hash: String,
    /// Its languages, its own first.
    pub languages: Vec<String>,
    /// Its title by language.
    pub title: BTreeMap<String, String>,
    /// Path of its poster, from the index.
    pub poster: String,
    /// Whether nobody has signed the package off yet.
    pub draft: bool,
}

/// `sources.json`: what is cited, and where. The references' texts are in the languages' files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sources {
    /// The sources by id; the text key of one is `source.<id>`.
    pub sources: BTreeMap<String, Source>,
    /// Source ids by what cites them: `stop.<id>`, `artifact.<id>`, `question.<id>`.
    pub cites: BTreeMap<String, Vec<String>>,
}

impl Sources {
    /// Where the sources lie within the package.
    pub const PATH: &str = "sources.json";
}

/// One source.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The formatted reference by language.
    pub text: BTreeMap<String, String>,
    /// Where it can be read, `https` only.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub url: Option<String>,
}

/// Where the venue lies within a published package.
pub const VENUE_PATH: &str = "venue.json";

/// Path of the letters in which the package's words are written, where a page's fonts are not at
/// hand. A package may do without.
pub const LETTERS_PATH: &str = "letters.otf";

/// Where the texts of `language` lie within a published package.
#[must_use]
pub fn text_path(language: &str) -> String {
    format!("text/{language}.json")
}

/// Texts by key, in one language: `stop.table.title` and so on.
pub type Texts = BTreeMap<String, String>;

/// The keys file: what a package says of its server-marked questions and only the server holds. Of
/// other questions all of it is in the public files.
///
/// Packages published before `shown_at`, `hints` and `cites` were withheld have these in their
/// public files, and will for good. So a keys file may be without them; whether the two together
/// say enough is for [`Venue::has_every_key`] and [`Venue::has_every_lead_back`] to tell.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// The right answers.
    pub keys: BTreeMap<QuestionId, Response>,
    /// What is said to a right answer, by language. It states the answer, so it is as secret.
    pub feedback: BTreeMap<QuestionId, BTreeMap<String, String>>,
    /// The stops where the right answers can be seen. A stop has one artifact, so this is the
    /// answer to a `locate` question.
    #[serde(default)]
    pub shown_at: BTreeMap<QuestionId, StopId>,
    /// What is said to a wrong answer, by language: it points to the right one.
    #[serde(default)]
    pub hints: BTreeMap<QuestionId, BTreeMap<String, String>>,
    /// The sources of the right answers, which others of the venue's parts may cite as well.
    #[serde(default)]
    pub cites: BTreeMap<QuestionId, Vec<String>>,
}

impl Keys {
    /// The public venue with what only the server knows of it, or a sentence that names nothing
    /// secret and says what does not fit.
    pub fn complete(&self, public: Venue) -> Result<Venue, KeysError> {
        let venue = public
            .with_keys(&self.keys)
            .with_shown_at(&self.shown_at)
            .checked()
            .map_err(|_| KeysError::Unfit)?;
        if !venue.has_every_key() {
            Err(KeysError::NoKey)
        } else if venue.has_every_lead_back() {
            Ok(venue)
        } else {
            Err(KeysError::NoLeadBack)
        }
    }
}

/// Why a keys file does not complete a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeysError {
    /// A key could not be given as an answer, or a stop does not exist.
    #[error("the keys file does not fit the package's questions: build the package again")]
    Unfit,
    /// A question of the package has no key.
    #[error("the keys file lacks keys to the package's questions: build the package again")]
    NoKey,
    /// A question of the package is shown nowhere.
    #[error(
        "neither the package nor its keys file says where answers can be seen (\"shown_at\"): \
         build the package again"
    )]
    NoLeadBack,
}

/// A published package that has been opened.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened {
    /// The venue, without the keys that only the server holds.
    pub venue: Venue,
    /// What the package consists of.
    pub manifest: Manifest,
}

/// Why a published package could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A file is not there or not to be trusted.
    #[error(transparent)]
    File(#[from] FileError),
    /// A file is not the JSON that it should be.
    #[error("the file does not parse: {cause} ({path:?})")]
    Broken {
        /// The file.
        path: String,
        /// Where and why.
        cause: serde_json::Error,
    },
    /// The package is of a form that this build does not know.
    #[error("the package has format {found}, and this build reads format {FORMAT}")]
    Format {
        /// The format that the manifest names.
        found: u32,
    },
    /// The manifest's hash does not follow from its files.
    #[error("the manifest's hash is {said:?}, but its files make {found:?}")]
    Hash {
        /// What the manifest says.
        said: String,
        /// What follows from the files.
        found: String,
    },
    /// The manifest names a file outside the package.
    #[error("the manifest names a file outside the package: {path:?}")]
    Outside {
        /// The path as it is written.
        path: String,
    },
    /// The package is more than anybody should have to hold.
    #[error("the package is too large: {what} {found}, at most {most}")]
    Huge {
        /// Of what there is too much.
        what: &'static str,
        /// How much of it there is.
        found: u64,
        /// How much there may be.
        most: u64,
    },
    /// The venue contradicts itself.
    #[error("the venue contradicts itself: {}", join(.0))]
    Venue(Vec<VenueError>),
}

fn join(errors: &[VenueError]) -> String {
    let sentences: Vec<_> = errors.iter().map(ToString::to_string).collect();
    sentences.join("; ")
}

/// Opens a published package: its manifest, which must agree with its own hash, and its venue.
pub async fn open(files: &impl Files) -> Result<Opened, OpenError> {
    let bytes = files.read_within(Manifest::PATH, MANIFEST_BYTES).await?;
    at_most("bytes of the manifest", bytes.len() as u64, MANIFEST_BYTES)?;
    let manifest: Manifest = parse(Manifest::PATH, &bytes)?;
    if manifest.format != FORMAT {
        let found = manifest.format;
        return Err(OpenError::Format { found });
    }
    if let Some(file) = manifest.files.iter().find(|file| !is_inside(&file.path)) {
        let path = file.path.clone();
        return Err(OpenError::Outside { path });
    }
    let sizes = || manifest.files.iter().map(|file| file.bytes);
    at_most("files", manifest.files.len() as u64, FILES as u64)?;
    at_most("bytes of a file", sizes().max().unwrap_or(0), FILE_BYTES)?;
    at_most("bytes of all files", sizes().sum(), TOTAL_BYTES)?;
    let listed = manifest.files.iter();
    let found = package_hash(listed.map(|file| (file.path.as_str(), file.sha256.as_str())));
    if found != manifest.hash {
        let said = manifest.hash;
        return Err(OpenError::Hash { said, found });
    }
    let venue: Venue = json(files, &manifest, VENUE_PATH).await?;
    at_most("stops", venue.stops.len() as u64, STOPS as u64)?;
    let venue = venue.checked().map_err(OpenError::Venue)?;
    Ok(Opened { venue, manifest })
}

/// The texts of one language.
pub async fn texts(
    files: &impl Files,
    manifest: &Manifest,
    language: &str,
) -> Result<Texts, OpenError> {
    json(files, manifest, &text_path(language)).await
}

/// What is cited, and where.
pub async fn sources(files: &impl Files, manifest: &Manifest) -> Result<Sources, OpenError> {
    json(files, manifest, Sources::PATH).await
}

/// What is in the bytes of a keys file.
pub fn keys(path: &str, bytes: &[u8]) -> Result<Keys, OpenError> {
    parse(path, bytes)
}

/// Reads a file, holds it against the manifest wherever it came from, and parses it.
async fn json<T: DeserializeOwned>(
    files: &impl Files,
    manifest: &Manifest,
    path: &str,
) -> Result<T, OpenError> {
    let missing = || FileError::Missing { path: path.into() };
    let described = manifest.file(path).ok_or_else(missing)?;
    at_most("bytes of a JSON file", described.bytes, JSON_BYTES)?;
    let bytes = files.read_within(path, described.bytes).await?;
    if bytes.len() as u64 != described.bytes || sha256_hex(&bytes) != described.sha256 {
        return Err(FileError::Altered { path: path.into() }.into());
    }
    parse(path, &bytes)
}

fn at_most(what: &'static str, found: u64, most: u64) -> Result<(), OpenError> {
    if found > most {
        return Err(OpenError::Huge { what, found, most });
    }
    Ok(())
}

fn parse<T: DeserializeOwned>(path: &str, bytes: &[u8]) -> Result<T, OpenError> {
    serde_json::from_slice(bytes).map_err(|cause| OpenError::Broken {
        path: path.into(),
        cause,
    })
}
