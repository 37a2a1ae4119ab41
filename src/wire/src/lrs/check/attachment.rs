//! What statements say of their attachments.

use super::fields;
use crate::lrs::{
    Json,
    flaw::{Flaw, Spot},
    value,
};

pub(super) fn attachment(json: &Json, at: &Spot<'_>) -> Result<(), Flaw> {
    const KNOWN: &[&str] = &[
        "usageType",
        "display",
        "description",
        "contentType",
        "length",
        "sha2",
        "fileUrl",
    ];
    fields(json, at, KNOWN)?
        .must("usageType", value::iri)?
        .must("display", value::language_map)?
        .may("description", value::language_map)?
        .must("contentType", value::media_type)?
        .must("length", |json, at| match json {
            Json::Number(digits) if digits.parse::<u64>().is_ok() => Ok(()),
            _ => Err(at.flaw("is not a whole number of bytes")),
        })?
        .must("sha2", value::sha2)?
        .may("fileUrl", value::iri)
        .map(drop)
}
