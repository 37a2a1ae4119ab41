//! The site and the packages: files as they lie on the disk, and how long a browser may keep them.

use std::{
    convert::Infallible,
    path::{Path, PathBuf},
};

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header, request},
    response::{IntoResponse, Response},
};
use tower::ServiceExt;
use tower_http::services::ServeDir;

/// What the hash in the address names never changes.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Kept, but asked after at each use.
const ASK_FIRST: HeaderValue = HeaderValue::from_static("no-cache");

/// A folder that is served, whole, to everybody.
#[derive(Debug, Clone)]
pub(crate) struct Files {
    folder: ServeDir,
    not_found: PathBuf,
    /// Whether a hash in the path vouches for what lies there.
    hashed: fn(&str) -> bool,
}

impl Files {
    /// The site: pages, and the app under `app/<hash>/`.
    pub(crate) fn site(site: &Path) -> Self {
        Self {
            folder: ServeDir::new(site)
                .precompressed_br()
                .ignore_multi_range_requests(true),
            not_found: site.join("404.html"),
            hashed: |path| {
                path.strip_prefix("/app/")
                    .is_some_and(|rest| is_below_a_hash(rest.split('/')))
            },
        }
    }

    /// The packages: `<venue>/<hash>/…`, and the index of them.
    pub(crate) fn packages(packages: &Path, site: &Path) -> Self {
        Self {
            folder: ServeDir::new(packages)
                .append_index_html_on_directories(false)
                .precompressed_br()
                .ignore_multi_range_requests(true),
            not_found: site.join("404.html"),
            hashed: |path| is_below_a_hash(path.split('/').skip(2)),
        }
    }

    /// Answers a request for the file at its path.
    pub(crate) async fn answer(&self, request: Request) -> Response {
        let (head, _) = request.into_parts();
        if has_hidden_part(head.uri.path()) {
            return self.not_found().await;
        }
        let mut response = self.read(&head, head.headers.clone()).await;
        if response.status() == StatusCode::PARTIAL_CONTENT && !is_same(&head.headers, &response) {
            let mut whole = head.headers.clone();
            whole.remove(header::RANGE);
            response = self.read(&head, whole).await;
        }
        if response.status() == StatusCode::NOT_FOUND {
            return self.not_found().await;
        }
        let kept = if response.status().is_client_error() || !(self.hashed)(head.uri.path()) {
            ASK_FIRST
        } else {
            FOREVER
        };
        response.headers_mut().insert(header::CACHE_CONTROL, kept);
        response
    }

    async fn read(&self, head: &request::Parts, headers: HeaderMap) -> Response {
        let mut request = Request::new(Body::empty());
        *request.method_mut() = head.method.clone();
        *request.uri_mut() = head.uri.clone();
        *request.headers_mut() = headers;
        let answer: Result<_, Infallible> = self.folder.clone().oneshot(request).await;
        answer.into_response()
    }

    /// A page that says so, and never the page that was not asked for.
    pub(crate) async fn not_found(&self) -> Response {
        let cached = (header::CACHE_CONTROL, ASK_FIRST);
        let kind = |kind| (header::CONTENT_TYPE, HeaderValue::from_static(kind));
        if let Ok(page) = tokio::fs::read(&self.not_found).await {
            let headers = [cached, kind("text/html; charset=utf-8")];
            (StatusCode::NOT_FOUND, headers, page).into_response()
        } else {
            let headers = [cached, kind("text/plain; charset=utf-8")];
            let words = "找不到这个页面。 / There is no such page.\n";
            (StatusCode::NOT_FOUND, headers, words).into_response()
        }
    }
}

/// The same request below `prefix`, as a folder that knows nothing of the prefix sees it.
pub(crate) fn below(prefix: &str, uri: &Uri) -> Option<Uri> {
    uri.path()
        .strip_prefix(prefix)
        .filter(|rest| rest.starts_with('/'))?
        .parse()
        .ok()
}

/// Whether the next part is a hash and something comes after it.
fn is_below_a_hash<'a>(mut parts: impl Iterator<Item = &'a str>) -> bool {
    let is_hash = |part: &str| part.len() >= 8 && part.bytes().all(|b| b.is_ascii_hexdigit());
    parts.next().is_some_and(is_hash) && parts.next().is_some_and(|rest| !rest.is_empty())
}

/// Whether a part of the path begins with a dot: `.git`, `.env` and the like, which a careless copy
/// may have brought along. `.well-known` is meant to be seen.
fn has_hidden_part(path: &str) -> bool {
    path.split('/').any(|part| {
        let dotted =
            part.starts_with('.') || part.get(..3).is_some_and(|p| p.eq_ignore_ascii_case("%2e"));
        dotted && part != ".well-known"
    })
}

/// Whether the file is still the one of which the client has a part already (`If-Range`).
fn is_same(asked: &HeaderMap, response: &Response) -> bool {
    let Some(of) = asked.get(header::IF_RANGE) else {
        return true;
    };
    [header::ETAG, header::LAST_MODIFIED]
        .iter()
        .any(|name| response.headers().get(name) == Some(of))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_lies_below_a_hash_is_kept_for_good() {
        let site = Files::site(Path::new("/site"));
        assert!((site.hashed)("/app/0123abcd/app.wasm"));
        for changing in [
            "/",
            "/index.html",
            "/app/version.json",
            "/app/0123abcd",
            "/app/latest/a.js",
        ] {
            assert!(!(site.hashed)(changing), "{changing}");
        }
        let packages = Files::packages(Path::new("/packages"), Path::new("/site"));
        assert!((packages.hashed)(
            "/red-boat/0123456789abcdef0123456789abcdef/venue.json"
        ));
        for changing in [
            "/index.json",
            "/red-boat/index.json",
            "/red-boat/0123456789abcdef/",
        ] {
            assert!(!(packages.hashed)(changing), "{changing}");
        }
    }

    #[test]
    fn hidden_files_are_recognised_however_they_are_written() {
        for hidden in ["/.git/config", "/a/.env", "/%2egit/config", "/%2E%2E/keys"] {
            assert!(has_hidden_part(hidden), "{hidden}");
        }
        for open in ["/index.html", "/.well-known/security.txt", "/a.b/c"] {
            assert!(!has_hidden_part(open), "{open}");
        }
    }
}
