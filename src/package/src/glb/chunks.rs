//! A GLB's chunks, and the document that is in the first of them.

use gltf::{Document, json::validation::Error};
use serde_json::Value;

use super::{
    limits::{JSON_BYTES, PROBLEMS},
    problem::{Problem, Problems},
};

fn broken(why: impl std::fmt::Display) -> Problems {
    vec![Problem::broken(format!("the model does not parse: {why}"))]
}

/// The JSON and the binary chunk of a GLB 2.
pub(super) fn split(bytes: &[u8]) -> Result<(&[u8], &[u8]), Problems> {
    if !bytes.starts_with(b"glTF") {
        return Err(broken("it is no GLB"));
    }
    match word(bytes, 4) {
        Some(2) => {}
        Some(version) => {
            let why = format!("it is a GLB of version {version}, not 2");
            return Err(broken(why));
        }
        None => return Err(broken("its chunks are cut off")),
    }
    chunks(bytes).ok_or_else(|| broken("its chunks are cut off"))
}

fn chunks(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let bytes = bytes.get(..word(bytes, 8)?)?;
    let (json, end) = chunk(bytes, 12, *b"JSON")?;
    if bytes.len() == end {
        return Some((json, &[]));
    }
    let (bin, _) = chunk(bytes, end, *b"BIN\0")?;
    Some((json, bin))
}

/// The chunk of this kind that begins at `at`, and where it ends.
fn chunk(bytes: &[u8], at: usize, kind: [u8; 4]) -> Option<(&[u8], usize)> {
    let length = word(bytes, at)?;
    let from = at.checked_add(8)?;
    let to = from.checked_add(length)?;
    (bytes.get(at + 4..from)? == kind.as_slice()).then_some((bytes.get(from..to)?, to))
}

fn word(bytes: &[u8], at: usize) -> Option<usize> {
    let word = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
    usize::try_from(u32::from_le_bytes(word)).ok()
}

/// The JSON, no deeper than `serde_json` allows.
pub(super) fn parse(json: &[u8]) -> Result<Value, Problems> {
    if json.len() > JSON_BYTES {
        let message = format!(
            "the model's JSON has {} bytes; {JSON_BYTES} can be held",
            json.len()
        );
        return Err(vec![Problem::huge(message)]);
    }
    serde_json::from_slice(json).map_err(broken)
}

/// The document, by glTF's own rules. Read from the very value that was checked: read once more
/// from the text, a key that is there twice could mean something else.
pub(super) fn document(value: Value) -> Result<Document, Problems> {
    let root = gltf::json::deserialize::from_value(value).map_err(broken)?;
    Document::from_json(root).map_err(|cause| match cause {
        gltf::Error::Validation(errors) => errors
            .iter()
            .take(PROBLEMS)
            .map(|(path, error): &(_, Error)| {
                Problem::broken(format!("the model is not valid glTF: {path}: {error}"))
            })
            .collect(),
        cause => broken(cause),
    })
}
