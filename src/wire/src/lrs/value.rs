//! The kinds of text that statements are made of.

use iri_string::types::IriStr;
use uuid::Uuid;

use super::{
    Json,
    flaw::{Flaw, Spot, excerpt},
    language::is_tag,
    moment::Moment,
    span::is_span,
};

/// The UUID that a text is, written with hyphens.
#[must_use]
pub fn uuid(text: &str) -> Option<Uuid> {
    (text.len() == 36).then(|| Uuid::try_parse(text).ok())?
}

/// Whether a text is an IRI with its scheme, as RFC 3987 writes it.
#[must_use]
pub fn is_iri(text: &str) -> bool {
    IriStr::new(text).is_ok()
}

pub(super) fn text<'a>(json: &'a Json, at: &Spot<'_>) -> Result<&'a str, Flaw> {
    let text = json.as_text().ok_or_else(|| at.flaw("is not a string"))?;
    // Databases end texts there.
    if text.contains('\0') {
        return Err(at.flaw("holds the character U+0000"));
    }
    Ok(text)
}

pub(super) fn string(json: &Json, at: &Spot<'_>) -> Result<(), Flaw> {
    text(json, at).map(drop)
}

pub(super) fn boolean(json: &Json, at: &Spot<'_>) -> Result<(), Flaw> {
    match json {
        Json::Bool(_) => Ok(()),
        _ => Err(at.flaw("is neither true nor false")),
    }
}

pub(super) fn number(json: &Json, at: &Spot<'_>) -> Result<f64, Flaw> {
    match json {
        Json::Number(digits) => digits.parse().map_err(|_| at.flaw("is not a number")),
        _ => Err(at.flaw("is not a number")),
    }
}

fn text_that(
    json: &Json,
    at: &Spot<'_>,
    fits: impl Fn(&str) -> bool,
    what: &str,
) -> Result<(), Flaw> {
    let text = text(json, at)?;
    if fits(text) {
        Ok(())
    } else {
        Err(at.flaw(format!("{} is not {what}", excerpt(text))))
    }
}

pub(super) fn iri(json: &Json, at: &Spot<'_>) -> Result<(), Flaw> {
    text_that(json, at, is_iri, "an IRI with a scheme")
}

pub(super) fn id(json: &Json, at: &Spot<'_>) -> Result<(), Flaw> {
    text_that(json, at, |text| uuid(text).is_some(), "a UUID")
}

pub(super) fn moment(json: &Json, at: &Spot<'_>) -> Result<(), Flaw> {
    let is_moment = |text: &str| Moment::read(text).is_some();
    text_that(json, at, is_moment, "a date and time as ISO 8601 writes it")
}

pub(super) fn span(json: &Json, at: &Spot<'_>) -> Result<(), Flaw> {
    text_that(json, at, is_span, "a duration as ISO 8601 writes it")
}

pub(super) fn language(json: &Json, at: &Spot<'_>) -> Result<(), Flaw> {
    text_that(json, at, is_tag, "a language tag as RFC 5646 writes it")
}

pub(super) fn mail(json: &Json, at: &Spot<'_>) -> Result<(), Flaw> {
    let is_mail = |text: &str| {
        let address = text.strip_prefix("mailto:").unwrap_or_default();
        let (local, domain) = address.rsplit_once('@').unwrap_or_default();
        !local.is_empty() && !domain.is_empty() && !address.contains(char::is_whitespace)
    };
    text_that(json, at, is_mail, "\"mailto:\" and an address")
}

pub(super) fn sha1(json: &Json, at: &Spot<'_>) -> Result<(), Flaw> {
    let is_sha1 = |text: &str| text.len() == 40 && text.bytes().all(|b| b.is_ascii_hexdigit());
    text_that(json, at, is_sha1, "a SHA-1 sum of 40 hexadecimal digits")
}

pub(super) fn sha2(json: &Json, at: &Spot<'_>) -> Result<(), Flaw> {
    let is_sha2 = |text: &str| {
        [56, 64, 96, 128].contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit())
    };
    text_that(json, at, is_sha2, "a SHA-2 sum in hexadecimal digits")
}

pub(super) fn media_type(json: &Json, at: &Spot<'_>) -> Result<(), Flaw> {
    let is_media_type = |text: &str| {
        let essence = text.split(';').next().unwrap_or_default().trim();
        let is_token = |token: &str| {
            let fits = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+.^_`|~-".contains(&b);
            !token.is_empty() && token.bytes().all(fits)
        };
        matches!(essence.split_once('/'), Some((kind, name)) if is_token(kind) && is_token(name))
    };
    text_that(json, at, is_media_type, "a media type")
}

/// A map from language tags to texts.
pub(super) fn language_map(json: &Json, at: &Spot<'_>) -> Result<(), Flaw> {
    let map = json
        .members()
        .ok_or_else(|| at.flaw("is not a language map"))?;
    for (tag, said) in map.iter() {
        let at = at.member(tag);
        if !is_tag(tag) {
            return Err(at.flaw("is named by no language tag of RFC 5646"));
        }
        string(said, &at)?;
    }
    Ok(())
}

/// A map from IRIs to anything.
pub(super) fn extensions(json: &Json, at: &Spot<'_>) -> Result<(), Flaw> {
    let map = json.members().ok_or_else(|| at.flaw("is not an object"))?;
    match map.iter().find(|(name, _)| !is_iri(name)) {
        None => Ok(()),
        Some((name, _)) => Err(at.member(name).flaw("is named by no IRI with a scheme")),
    }
}

/// An array, each item of which fits.
pub(super) fn list(
    json: &Json,
    at: &Spot<'_>,
    fits: impl Fn(&Json, &Spot<'_>) -> Result<(), Flaw>,
) -> Result<(), Flaw> {
    let Json::List(items) = json else {
        return Err(at.flaw("is not an array"));
    };
    for (n, item) in items.iter().enumerate() {
        fits(item, &at.item(n))?;
    }
    Ok(())
}

pub(super) fn strings(json: &Json, at: &Spot<'_>) -> Result<(), Flaw> {
    list(json, at, string)
}
