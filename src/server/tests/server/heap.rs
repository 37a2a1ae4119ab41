//! An S3-compatible store with one bucket, in memory: it writes, reads and deletes for whoever signs
//! their requests, and knows nothing of our types.

use std::{
    collections::BTreeMap,
    net::Ipv4Addr,
    path::Path,
    sync::{Arc, Mutex, MutexGuard},
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use tokio::net::TcpListener;
use xinghuo_server::BucketOptions;

use crate::receiver::serve;

const KEY: &str = "the-key-of-the-bucket";

/// What the store has and what it was asked.
#[derive(Default)]
pub(crate) struct Held {
    /// Objects by their path below the bucket.
    pub(crate) objects: BTreeMap<String, Vec<u8>>,
    /// It answers this to everybody.
    pub(crate) fails: Option<u16>,
    /// Requests that were not signed.
    pub(crate) unsigned: usize,
}

/// The store.
#[derive(Clone)]
pub(crate) struct Heap {
    held: Arc<Mutex<Held>>,
    endpoint: String,
}

impl Heap {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
        let listener = listener.expect("a port");
        let heap = Self {
            held: Arc::default(),
            endpoint: format!("http://{}", listener.local_addr().expect("an address")),
        };
        let router = Router::new().fallback(answer).with_state(heap.clone());
        tokio::spawn(serve(listener, router));
        heap
    }

    pub(crate) fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().expect("nobody panicked")
    }

    /// How a server is told of it; the secret goes into a file below the folder.
    pub(crate) fn options(&self, folder: &Path) -> BucketOptions {
        let file = folder.join("bucket-secret");
        std::fs::write(&file, "nobody-may-read-this\n").expect("a file");
        BucketOptions {
            bucket: Some("records".into()),
            bucket_endpoint: Some(self.endpoint.clone()),
            bucket_region: Some("cn-east-1".into()),
            bucket_key: Some(KEY.into()),
            bucket_secret_file: Some(file),
        }
    }
}

/// Whether a request is signed as S3 asks for: with the key, for the region, over the host, the time and
/// the sum of the content.
fn is_signed(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|it| it.to_str().ok());
    let signature = text("authorization").unwrap_or_default();
    let scope = format!("AWS4-HMAC-SHA256 Credential={KEY}/");
    let (_, signed) = signature.split_once("Signature=").unwrap_or_default();
    signature.starts_with(&scope)
        && signature.contains("/cn-east-1/s3/aws4_request")
        && signature.contains("SignedHeaders=host;x-amz-content-sha256;x-amz-date")
        && signed.len() == 64
        && text("x-amz-date").is_some()
        && text("x-amz-content-sha256").is_some()
        && !signature.contains("nobody-may-read-this")
}

async fn answer(
    State(heap): State<Heap>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut held = heap.held();
    if let Some(status) = held.fails {
        let status = StatusCode::from_u16(status).expect("a status");
        return status.into_response();
    }
    let Some(object) = uri.path().strip_prefix("/records/") else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if !is_signed(&headers) {
        held.unsigned += 1;
        return StatusCode::FORBIDDEN.into_response();
    }
    let tag = [
        ("etag", "\"one\""),
        ("last-modified", "Sat, 28 Nov 2026 04:00:00 GMT"),
    ];
    match method {
        Method::PUT => {
            held.objects.insert(object.to_owned(), body.to_vec());
            tag.into_response()
        }
        Method::GET => match held.objects.get(object) {
            Some(content) => (tag, content.clone()).into_response(),
            None => StatusCode::NOT_FOUND.into_response(),
        },
        Method::DELETE => {
            held.objects.remove(object);
            StatusCode::NO_CONTENT.into_response()
        }
        _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
    }
}
