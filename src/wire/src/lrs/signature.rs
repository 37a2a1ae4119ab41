//! Signatures of statements: JSON web signatures that come as attachments.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};

use super::{Flaw, Json};

const USAGE: &str = "http://adlnet.gov/expapi/attachments/signature";

/// A signature, taken apart and not verified.
#[derive(Debug, Clone, PartialEq)]
pub struct Signature {
    /// How it was signed: `RS256`, `RS384` or `RS512`.
    pub algorithm: String,
    /// The statement as it was signed.
    pub payload: Json,
    /// The first certificate of its chain, DER, if it brings one.
    pub certificate: Option<Vec<u8>>,
    /// The bytes that were signed.
    pub input: Vec<u8>,
    /// The signature itself.
    pub bytes: Vec<u8>,
}

/// Whether a statement says of an attachment that it is its signature.
#[must_use]
pub fn is_signature(attachment: &Json) -> bool {
    attachment.text_at(&["usageType"]) == Some(USAGE)
}

/// Takes the attachment of a signed statement apart.
pub fn signed(attachment: &Json, content: &[u8]) -> Result<Signature, Flaw> {
    let wrong = |what: &str| Flaw::new("the statement's signature", what);
    if attachment.text_at(&["contentType"]) != Some("application/octet-stream") {
        return Err(wrong("has not the contentType application/octet-stream"));
    }
    let text = std::str::from_utf8(content)
        .map(str::trim)
        .map_err(|_| wrong("is no JWS in compact serialization"))?;
    let mut parts = text.split('.');
    let (Some(header), Some(payload), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(wrong("is no JWS in compact serialization"));
    };
    let decoded = |part: &str| {
        URL_SAFE_NO_PAD
            .decode(part)
            .map_err(|_| wrong("is not base64url"))
    };
    let json = |bytes: &[u8], what: &str| {
        let read = Json::read(bytes).ok().filter(|it| it.members().is_some());
        read.ok_or_else(|| wrong(what))
    };
    let head = json(&decoded(header)?, "has a header that is no JSON object")?;
    let algorithm = head.text_at(&["alg"]).unwrap_or_default();
    if !["RS256", "RS384", "RS512"].contains(&algorithm) {
        return Err(wrong("was made with none of RS256, RS384 and RS512"));
    }
    let certificate = match head.get(&["x5c"]) {
        None => None,
        Some(chain) => {
            let first = chain.items().first().and_then(Json::as_text);
            let der = first.and_then(|first| STANDARD.decode(first).ok());
            Some(der.ok_or_else(|| wrong("has a certificate that is not base64"))?)
        }
    };
    Ok(Signature {
        algorithm: algorithm.to_owned(),
        payload: json(&decoded(payload)?, "signs something that is no JSON object")?,
        certificate,
        input: format!("{header}.{payload}").into_bytes(),
        bytes: decoded(signature)?,
    })
}
