//! Who asks, and what for: HTTP Basic with the key and the secret of a credential.
//!
//! A secret is 256 random bits, so there is nothing to guess and no dictionary to slow down: its
//! SHA-256 is stored and compared in constant time. A password hash would only make every call
//! slower, ours as well as an attacker's.

use axum::http::{HeaderMap, header};
use base64::{Engine, engine::general_purpose::STANDARD};
use xinghuo_wire::{
    Who,
    lrs::{Json, identity_of},
};

use super::{
    refusal::Refusal,
    scope::{Scope, Scopes},
};
use crate::{app::App, store::By, token::Secret};

/// Somebody with a credential that holds.
#[derive(Debug, Clone)]
pub(super) struct Client {
    scopes: Scopes,
    /// The agent that vouches for what this client stores.
    pub(super) authority: Json,
    /// Its identity.
    pub(super) identity: String,
    key: String,
    label: String,
}

impl Client {
    /// Whoever a request comes from.
    pub(super) async fn of(app: &App, headers: &HeaderMap, now_ms: i64) -> Result<Self, Refusal> {
        let wrong = || Refusal::unauthorized("no credential has this key and this secret");
        let shown = headers.get(header::AUTHORIZATION).ok_or_else(|| {
            Refusal::unauthorized("send the key and the secret of a credential by HTTP Basic")
        })?;
        let (key, secret) = shown.to_str().ok().and_then(basic).ok_or_else(wrong)?;
        let stored = app.store.credential(&key).await?;
        // The comparison is made for an unknown key too, so that both take equally long.
        let hash = stored.as_ref().map_or(&[0; 32][..], |it| &it.secret_sha256);
        let opens = Secret::shown(&secret).opens(hash);
        let stored = stored.filter(|_| opens).ok_or_else(wrong)?;
        if stored.revoked_ms.is_some() {
            return Err(Refusal::unauthorized("the credential has been revoked"));
        }
        if stored.expires_ms.is_some_and(|expires| expires <= now_ms) {
            return Err(Refusal::unauthorized("the credential has expired"));
        }
        let scopes = stored.scopes.parse();
        Ok(Self {
            identity: identity_of(&app.origin, &key),
            authority: agent(&app.origin, &key, &stored.label),
            scopes: scopes.map_err(|error| Refusal::internal(&error))?,
            key,
            label: stored.label,
        })
    }

    /// How the access log names this client.
    pub(super) fn by(&self) -> By<'_> {
        By {
            who: Who::Credential,
            actor: Some(&self.key),
            name: Some(&self.label),
        }
    }

    /// The same, to be kept: the key and the label.
    pub(super) fn named(&self) -> (String, String) {
        (self.key.clone(), self.label.clone())
    }

    pub(super) fn allows(&self, scope: Scope) -> bool {
        self.scopes.allow(scope)
    }

    /// Insists on one of these scopes.
    pub(super) fn needs(&self, scopes: &[Scope]) -> Result<(), Refusal> {
        if scopes.iter().any(|scope| self.allows(*scope)) {
            return Ok(());
        }
        let names: Vec<_> = scopes.iter().map(Scope::to_string).collect();
        Err(Refusal::forbidden(&names.join(" or ")))
    }
}

fn agent(origin: &str, key: &str, label: &str) -> Json {
    Json::object([
        ("objectType", Json::text("Agent")),
        ("name", Json::text(label)),
        (
            "account",
            Json::object([("homePage", Json::text(origin)), ("name", Json::text(key))]),
        ),
    ])
}

/// Key and secret of `Basic …`.
pub(crate) fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (key, secret) = text.split_once(':')?;
    Some((key.to_owned(), secret.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_and_secret_are_read_from_the_header_and_nothing_else() {
        let both = Some(("k".to_owned(), "s:t".to_owned()));
        assert_eq!(basic("Basic azpzOnQ="), both);
        assert_eq!(basic("basic azpzOnQ="), both);
        for wrong in ["", "Basic", "Basic azpz!", "Bearer azpzOnQ=", "Basic a3M="] {
            assert_eq!(basic(wrong), None, "{wrong}");
        }
    }
}
