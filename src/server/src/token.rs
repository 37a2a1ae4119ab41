//! The secret of a visit: who holds it may add to the visit, read it and erase it.

use axum::http::{HeaderMap, header};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use xinghuo_wire::Token;

/// The secret of a visit, 256 random bits: a [`Token`] to the browser. Has no `Debug`, so that no log
/// can show it.
pub(crate) struct Secret([u8; 32]);

impl Secret {
    /// A fresh secret from the system's randomness.
    pub(crate) fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self(bytes))
    }

    /// The token as the visitor's browser keeps it, base64url.
    pub(crate) fn token(&self) -> Token {
        URL_SAFE_NO_PAD.encode(self.0).into()
    }

    /// The token that a request shows. `None` where there is none at all; what is no token of ours
    /// is a wrong token like any other.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        bearer(headers).map(Self::shown)
    }

    /// The secret that a text is; what is none of ours is a wrong one like any other.
    pub(crate) fn shown(text: &str) -> Self {
        let mut bytes = [0; 32];
        if let Ok(decoded) = URL_SAFE_NO_PAD.decode(text)
            && decoded.len() == bytes.len()
        {
            bytes.copy_from_slice(&decoded);
        }
        Self(bytes)
    }

    /// What is stored of it: enough to recognise it and not enough to use it.
    pub(crate) fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }

    /// Whether this is the secret of which `stored` was kept; takes equally long either way.
    pub(crate) fn opens(&self, stored: &[u8]) -> bool {
        self.hash().ct_eq(stored).into()
    }
}

/// A name for something, of random letters: it never begins like an option, since it is given on a
/// command line.
pub(crate) fn random_name<const BYTES: usize>() -> Result<String, getrandom::Error> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes)?;
    // Below 32, base64's signs are letters.
    bytes[0] &= 0x7f;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// What follows `Authorization: Bearer`.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, shown) = headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| shown.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_opens_what_was_stored_of_it_and_nothing_else() {
        let (ours, other) = (
            Secret::random().expect("bits"),
            Secret::random().expect("bits"),
        );
        let mut headers = HeaderMap::new();
        let shown = format!("Bearer {}", ours.token().reveal());
        headers.insert(header::AUTHORIZATION, shown.parse().expect("a header"));
        let read = Secret::of(&headers).expect("a token");
        assert!(read.opens(&ours.hash()));
        assert!(!read.opens(&other.hash()));
        assert!(!read.opens(&[]));
    }

    #[test]
    fn a_name_begins_with_a_letter() {
        for _ in 0..1000 {
            let name = random_name::<6>().expect("bits");
            assert!(
                name.starts_with(|it: char| it.is_ascii_alphabetic()),
                "{name}"
            );
        }
    }

    #[test]
    fn what_is_no_token_of_ours_is_a_wrong_token() {
        let mut headers = HeaderMap::new();
        assert!(Secret::of(&headers).is_none());
        headers.insert(
            header::AUTHORIZATION,
            "Bearer nonsense".parse().expect("a header"),
        );
        let read = Secret::of(&headers).expect("a token");
        assert!(!read.opens(&Secret::random().expect("bits").hash()));
    }
}
