//! Passwords: Argon2id with the parameters that OWASP gives as its first choice, and no rule about
//! kinds of characters, which makes passwords worse.

use std::sync::LazyLock;

use argon2::{
    Argon2, PasswordHash, PasswordVerifier,
    password_hash::{PasswordHasher, SaltString},
};
use tokio::{sync::Semaphore, task::spawn_blocking};
use xinghuo_wire::ErrorCode;

use crate::error::ApiError;

/// Fewest characters of a password.
const SHORTEST: usize = 12;

/// Most bytes of a password: more would only keep the server busy.
const LONGEST: usize = 256;

/// How many passwords are hashed at one time. Each takes 19 MiB and tens of milliseconds.
static HASHING: Semaphore = Semaphore::const_new(2);

/// What a name that is nobody's is compared with, so that it takes as long as a name that is
/// somebody's.
static NOBODYS: LazyLock<Option<String>> = LazyLock::new(|| hashed_now("nobody has this").ok());

/// Whether a password may be somebody's.
pub(super) fn check(password: &str, name: &str) -> Result<(), ApiError> {
    let weak = |message: &str| {
        Err(ApiError::new(
            ErrorCode::BadRequest,
            message,
            "choose another: a sentence that only you would write is good",
        ))
    };
    let mut characters = password.chars();
    let first = characters.next();
    if password.chars().count() < SHORTEST || password.len() > LONGEST {
        return weak("a password has 12 characters or more, and not more than 256 bytes");
    }
    if characters.all(|it| Some(it) == first) || password.to_lowercase().contains(name) {
        return weak("a password is not one character again and again, and not the name");
    }
    Ok(())
}

/// What is stored of a password.
pub(super) async fn hashed(password: String) -> Result<String, ApiError> {
    let _turn = HASHING.acquire().await;
    let hashed = spawn_blocking(move || hashed_now(&password)).await;
    hashed
        .map_err(|error| ApiError::internal(&error))?
        .map_err(|error| ApiError::internal(&error))
}

/// Whether this is the password of which `stored` was kept; takes as long where nothing was.
pub(super) async fn opens(password: String, stored: Option<String>) -> Result<bool, ApiError> {
    let _turn = HASHING.acquire().await;
    let compared = spawn_blocking(move || {
        let is_somebodys = stored.is_some();
        let hash = stored.or_else(|| NOBODYS.clone()).unwrap_or_default();
        let right = PasswordHash::new(&hash).is_ok_and(|hash| {
            Argon2::default()
                .verify_password(password.as_bytes(), &hash)
                .is_ok()
        });
        right && is_somebodys
    });
    compared.await.map_err(|error| ApiError::internal(&error))
}

fn hashed_now(password: &str) -> Result<String, argon2::password_hash::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|_| argon2::password_hash::Error::Crypto)?;
    let salt = SaltString::encode_b64(&bytes)?;
    let hash = Argon2::default().hash_password(password.as_bytes(), &salt)?;
    Ok(hash.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_opens_what_was_stored_of_it_and_nothing_else() {
        let stored = hashed("a boat on the lake".into()).await.expect("a hash");
        assert!(
            stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{stored}"
        );
        let again = hashed("a boat on the lake".into()).await.expect("a hash");
        assert_ne!(stored, again, "each has a salt of its own");
        for (password, right) in [("a boat on the lake", true), ("a boat on the sea", false)] {
            let opened = opens(password.into(), Some(stored.clone())).await;
            assert_eq!(opened.expect("an answer"), right);
        }
        for nobodys in ["nobody has this", ""] {
            assert!(!opens(nobodys.into(), None).await.expect("an answer"));
        }
    }

    #[test]
    fn what_is_easily_guessed_is_refused() {
        for weak in [
            "short",
            "aaaaaaaaaaaaaaaa",
            "ann-liu-ann-liu",
            &"a1".repeat(200),
        ] {
            assert!(check(weak, "ann-liu").is_err(), "{weak}");
        }
        assert!(check("一条小船停在南湖的湖心岛", "ann-liu").is_ok());
    }
}
