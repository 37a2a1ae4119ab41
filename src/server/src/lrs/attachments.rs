//! Attachments: what came along with statements, whether it is what they say, and how it goes out.

use std::collections::{BTreeMap, BTreeSet};

use axum::{
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
};
use rustls_pki_types::CertificateDer;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};
use uuid::Uuid;
use webpki::EndEntityCert;
use xinghuo_wire::lrs::{
    Flaw, Json, Submitted, XapiVersion, attachments, is_signature,
    multipart::{self, Part},
    same, signed,
};

use super::{call::Call, refusal::Refusal};

/// An attachment that came along.
#[derive(Debug)]
pub(super) struct Attached {
    /// Its sum in lower case.
    pub(super) sha2: String,
    pub(super) content: Vec<u8>,
}

/// The parts of a request as attachments of its statements. `None` where the request is plain JSON.
pub(super) fn received(
    statements: &[Submitted],
    parts: Option<&[Part<'_>]>,
    version: XapiVersion,
) -> Result<Vec<Attached>, Refusal> {
    let mut contents = BTreeMap::new();
    for part in parts.unwrap_or_default() {
        let (sum, content) = content(part)?;
        contents.insert(sum, content);
    }
    let (mut told, mut signatures) = (BTreeSet::new(), BTreeSet::new());
    for statement in statements {
        let json = statement.json();
        for attachment in attachments(json) {
            let sum = sum_of(attachment);
            match contents.get(&sum) {
                Some(content) => {
                    if is_signature(attachment) {
                        // A signature is of one statement, and to look at it is work.
                        if !signatures.insert(sum.clone()) {
                            return Err(Refusal::bad_request(format!(
                                "two attachments name the signature with the sha2 {sum}"
                            )));
                        }
                        verify(json, attachment, content, version)?;
                    }
                }
                None if attachment.get(&["fileUrl"]).is_some() && !is_signature(attachment) => {}
                None => {
                    return Err(Refusal::bad_request(format!(
                        "the attachment with the sha2 {sum} has no fileUrl and did not come along"
                    )));
                }
            }
            told.insert(sum);
        }
    }
    if let Some(stray) = contents.keys().find(|sum| !told.contains(*sum)) {
        return Err(Refusal::bad_request(format!(
            "no statement names the part with the X-Experience-API-Hash {stray}"
        )));
    }
    let attached = contents.into_iter().map(|(sha2, content)| Attached {
        sha2,
        content: content.to_vec(),
    });
    Ok(attached.collect())
}

fn content<'a>(part: &Part<'a>) -> Result<(String, &'a [u8]), Flaw> {
    let wrong = |what: &str| Flaw::new("a part of the body", what);
    let sum = part
        .header("x-experience-api-hash")
        .ok_or_else(|| wrong("has no header X-Experience-API-Hash"))?
        .to_ascii_lowercase();
    let encoding = part.header("content-transfer-encoding").unwrap_or_default();
    if !encoding.eq_ignore_ascii_case("binary") {
        return Err(wrong("does not say Content-Transfer-Encoding: binary"));
    }
    if !is_sum_of(&sum, part.body) {
        return Err(wrong(
            "does not have the SHA-2 sum that its header X-Experience-API-Hash names",
        ));
    }
    Ok((sum, part.body))
}

/// Whether `sum`, in lower case, is a SHA-2 sum of `content`.
pub(crate) fn is_sum_of(sum: &str, content: &[u8]) -> bool {
    digest(sum, content).as_deref() == Some(sum)
}

/// The sum of `content` by the algorithm whose sums are as long as `sum`.
fn digest(sum: &str, content: &[u8]) -> Option<String> {
    let bytes = match sum.len() {
        56 => Sha224::digest(content).to_vec(),
        64 => Sha256::digest(content).to_vec(),
        96 => Sha384::digest(content).to_vec(),
        128 => Sha512::digest(content).to_vec(),
        _ => return None,
    };
    Some(hex(&bytes))
}

/// Bytes in hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    let digits = |byte: &u8| [digit(byte >> 4), digit(byte & 15)];
    bytes.iter().flat_map(digits).collect()
}

fn sum_of(attachment: &Json) -> String {
    let sum = attachment.text_at(&["sha2"]).unwrap_or_default();
    sum.to_ascii_lowercase()
}

/// Whether a signature signs this statement, and was made with the key of the certificate that it
/// brings, if it brings one. Whose certificate that is, is for those to ask who rely on it.
fn verify(
    statement: &Json,
    attachment: &Json,
    content: &[u8],
    version: XapiVersion,
) -> Result<(), Flaw> {
    let wrong = |what: &str| Flaw::new("the statement's signature", what);
    let signature = signed(attachment, content)?;
    if !same(&signature.payload, statement, version) {
        return Err(wrong("signs another statement than the one it came with"));
    }
    let Some(certificate) = &signature.certificate else {
        return Ok(());
    };
    let certificate = CertificateDer::from(certificate.as_slice());
    let certificate = EndEntityCert::try_from(&certificate)
        .map_err(|_| wrong("brings a certificate that is no X.509 of version 3"))?;
    let algorithm = match signature.algorithm.as_str() {
        "RS256" => webpki::ring::RSA_PKCS1_2048_8192_SHA256,
        "RS384" => webpki::ring::RSA_PKCS1_2048_8192_SHA384,
        _ => webpki::ring::RSA_PKCS1_2048_8192_SHA512,
    };
    certificate
        .verify_signature(algorithm, &signature.input, &signature.bytes)
        .map_err(|_| wrong("was not made with the key of the certificate that it brings"))
}

/// Answers with `json` first and then the attachments of `statements`.
pub(super) async fn mixed(
    call: &Call,
    json: &str,
    statements: &[Json],
) -> Result<Response, Refusal> {
    let mut told = BTreeMap::new();
    for attachment in statements.iter().flat_map(attachments) {
        let kind = attachment.text_at(&["contentType"]).unwrap_or_default();
        told.entry(sum_of(attachment)).or_insert(kind);
    }
    let sums: Vec<_> = told.keys().map(String::as_str).collect();
    let contents = call.app.store.attachments(&sums).await?;
    let boundary = Uuid::new_v4().simple().to_string();
    let mut out = Vec::new();
    let kind = [("Content-Type", "application/json")];
    multipart::write(&mut out, &boundary, &kind, json.as_bytes());
    for (sum, content) in &contents {
        let headers = [
            ("Content-Type", told.get(sum).copied().unwrap_or_default()),
            ("Content-Transfer-Encoding", "binary"),
            ("X-Experience-API-Hash", sum),
        ];
        multipart::write(&mut out, &boundary, &headers, content);
    }
    multipart::end(&mut out, &boundary);
    let kind = format!("multipart/mixed; boundary={boundary}");
    Ok(([(CONTENT_TYPE, kind)], out).into_response())
}
