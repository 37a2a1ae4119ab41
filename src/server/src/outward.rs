//! Requests that this server makes of others: record stores and learning systems that an
//! administrator has named.
//!
//! No redirect is followed, so that nobody is asked whom the administrator did not name. A name is
//! looked up once and the address that was looked at is the one connected to; addresses by which a
//! machine speaks to itself about itself, such as a cloud's metadata, are refused.

mod address;

use std::{
    error::Error,
    fmt::{self, Write as _},
    sync::OnceLock,
    time::Duration,
};

use axum::{
    body::{Body, Bytes, to_bytes},
    http::{HeaderMap, Method, Request, Response, StatusCode, Uri},
};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use rustls::{ClientConfig, RootCertStore, crypto::ring};
use tokio::time::timeout;

use address::Resolver;

/// How long another may take to answer, connecting included.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long a connection may take to be made.
const CONNECTING: Duration = Duration::from_secs(10);

/// How much of an answer is read.
const ANSWER_BYTES: usize = 1 << 20;

/// Asks others.
#[derive(Debug, Default)]
pub(crate) struct Outward {
    strict: OnceLock<Asker>,
    lenient: OnceLock<Asker>,
}

type Asker = Client<HttpsConnector<HttpConnector<Resolver>>, Body>;

/// A request to another.
#[derive(Clone)]
pub(crate) struct Asked {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    /// Whether link-local addresses may be connected to.
    pub(crate) link_local: bool,
}

/// What was answered.
pub(crate) struct Answered {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// Why there is no answer. It names no secret and nothing that was sent.
#[derive(Debug)]
pub(crate) struct Unanswered(String);

impl Error for Unanswered {}

impl fmt::Display for Unanswered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Outward {
    /// Asks, and reads the answer.
    pub(crate) async fn ask(&self, asked: Asked) -> Result<Answered, Unanswered> {
        let mut request = Request::new(Body::from(asked.body));
        *request.method_mut() = asked.method;
        *request.uri_mut() = asked.uri;
        *request.headers_mut() = asked.headers;
        let answer = self
            .exchange(request, asked.link_local, ANSWER_BYTES)
            .await?;
        let (head, body) = answer.into_parts();
        Ok(Answered {
            status: head.status,
            headers: head.headers,
            body: body.to_vec(),
        })
    }

    /// Sends a request, and reads an answer of so many bytes at most.
    pub(crate) async fn exchange(
        &self,
        request: Request<Body>,
        link_local: bool,
        most: usize,
    ) -> Result<Response<Bytes>, Unanswered> {
        let wrong = |cause: &dyn Error| Unanswered(causes(cause));
        let host = request.uri().host().unwrap_or_default();
        address::check_literal(host, link_local).map_err(|cause| wrong(&cause))?;
        let client = if link_local {
            self.lenient.get_or_init(|| asker(true))
        } else {
            self.strict.get_or_init(|| asker(false))
        };
        let work = async {
            let response = client
                .request(request)
                .await
                .map_err(|cause| wrong(&cause))?;
            let (head, body) = response.into_parts();
            let body = to_bytes(Body::new(body), most).await;
            Ok(Response::from_parts(
                head,
                body.map_err(|cause| wrong(&cause))?,
            ))
        };
        match timeout(PATIENCE, work).await {
            Ok(done) => done,
            Err(_) => Err(Unanswered("there was no answer in time".into())),
        }
    }
}

/// A client that connects to addresses it may connect to.
fn asker(link_local: bool) -> Asker {
    let mut http = HttpConnector::new_with_resolver(Resolver { link_local });
    http.enforce_http(false);
    http.set_nodelay(true);
    http.set_connect_timeout(Some(CONNECTING));
    let https = HttpsConnectorBuilder::new();
    let https = match https.with_provider_and_native_roots(ring::default_provider()) {
        Ok(https) => https,
        Err(cause) => {
            tracing::warn!(%cause, "this system has no certificates to know others by; only http:// will be reached");
            HttpsConnectorBuilder::new().with_tls_config(trusting_nobody())
        }
    };
    let https = https.https_or_http().enable_http1().wrap_connector(http);
    Client::builder(TokioExecutor::new())
        .pool_idle_timeout(Duration::from_secs(20))
        .pool_timer(hyper_util::rt::TokioTimer::new())
        .build(https)
}

fn trusting_nobody() -> ClientConfig {
    ClientConfig::builder_with_provider(ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .expect("ring speaks TLS 1.2 and 1.3")
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth()
}

/// An error with what caused it.
fn causes(error: &dyn Error) -> String {
    let mut told = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let _ = write!(told, ": {error}");
        cause = error.source();
    }
    told
}

/// Where a URL leads: scheme, host and port, as browsers compare them. `None` for what is not a plain
/// `http` or `https` URL, or has a name and a password in it.
pub(crate) fn origin(url: &str) -> Option<String> {
    let uri: Uri = url.parse().ok()?;
    let scheme = uri.scheme_str()?;
    let usual = match scheme {
        "https" => 443,
        "http" => 80,
        _ => return None,
    };
    let authority = uri.authority()?;
    if authority.as_str().contains('@') {
        return None;
    }
    let host = authority.host().to_ascii_lowercase();
    let port = authority.port_u16().unwrap_or(usual);
    (!host.is_empty()).then(|| format!("{scheme}://{host}:{port}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_compared_as_browsers_do() {
        let one = origin("https://LMS.example.edu/a?b");
        assert_eq!(one, origin("https://lms.example.edu:443"));
        assert_ne!(one, origin("http://lms.example.edu"));
        assert_ne!(one, origin("https://lms.example.edu:8443"));
        for wrong in [
            "",
            "lms.example.edu",
            "ftp://lms.example.edu",
            "https://lms.example.edu@evil.example",
            "https://",
            "/a",
        ] {
            assert_eq!(origin(wrong), None, "{wrong}");
        }
    }
}
