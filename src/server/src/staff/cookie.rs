//! Cookies: a session's token, and that of a sign-in under way. Scripts cannot read them, and other
//! sites' pages cannot send them along with what they post.

use ::cookie::{Cookie as Pair, SameSite, time::Duration};
use axum::http::{HeaderMap, HeaderValue, header};

use crate::token::Secret;

/// Which cookie.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cookie {
    /// Who is signed in.
    Session,
    /// Who is being sent to an OpenID provider and will come back.
    SignIn,
}

impl Cookie {
    /// Where the origin is secure, the browser holds the name to coming from this very host, for all
    /// of it, over a secure line.
    pub(super) fn name(self, is_secure: bool) -> &'static str {
        match (self, is_secure) {
            (Self::Session, true) => "__Host-xinghuo-staff",
            (Self::Session, false) => "xinghuo-staff",
            (Self::SignIn, true) => "__Host-xinghuo-sign-in",
            (Self::SignIn, false) => "xinghuo-sign-in",
        }
    }

    /// The secret that a request brings. Where a name is sent twice, somebody else has set one: then
    /// none counts.
    pub(super) fn of(self, headers: &HeaderMap, is_secure: bool) -> Option<Secret> {
        let name = self.name(is_secure);
        let all = headers.get_all(header::COOKIE).iter();
        let mut ours = all
            .filter_map(|it| it.to_str().ok())
            .flat_map(Pair::split_parse)
            .flatten()
            .filter(|it| it.name() == name);
        let one = ours.next()?;
        ours.next().is_none().then(|| Secret::shown(one.value()))
    }

    /// The header that gives it to the browser, for so many seconds.
    pub(super) fn set(self, secret: &Secret, secs: i64, is_secure: bool) -> HeaderValue {
        let token = secret.token();
        header(self.name(is_secure), token.reveal(), secs, is_secure)
    }

    /// The header that takes it from the browser.
    pub(super) fn unset(self, is_secure: bool) -> HeaderValue {
        header(self.name(is_secure), "", 0, is_secure)
    }
}

fn header(name: &'static str, value: &str, secs: i64, is_secure: bool) -> HeaderValue {
    let pair = Pair::build((name, value))
        .path("/")
        .max_age(Duration::seconds(secs))
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(is_secure);
    // Nothing but base64url and what stands here gets into it.
    HeaderValue::from_str(&pair.to_string()).unwrap_or_else(|_| HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_read_as_it_was_set_and_not_when_it_is_there_twice() {
        let secret = Secret::random().expect("bits");
        for is_secure in [true, false] {
            let set = Cookie::Session.set(&secret, 60, is_secure);
            let set = set.to_str().expect("a text");
            assert_eq!(set.contains("; Secure"), is_secure);
            assert_eq!(set.starts_with("__Host-"), is_secure);
            let pair = set.split(';').next().expect("a pair");
            let mut headers = HeaderMap::new();
            headers.append(header::COOKIE, format!("a=b; {pair}").parse().expect("it"));
            let read = Cookie::Session.of(&headers, is_secure).expect("a secret");
            assert!(read.opens(&secret.hash()));
            assert!(Cookie::Session.of(&headers, !is_secure).is_none());
            headers.append(header::COOKIE, pair.parse().expect("it"));
            assert!(Cookie::Session.of(&headers, is_secure).is_none());
        }
    }
}
