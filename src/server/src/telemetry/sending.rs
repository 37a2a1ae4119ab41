//! Spans are sent with the HTTP that everybody else is asked with.

use std::sync::Arc;

use axum::body::Body;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use tokio::runtime::Handle;

use crate::outward::Outward;

/// How much of a collector's answer is read.
const ANSWER_BYTES: usize = 64 << 10;

/// Sends spans from a thread of the exporter's own, on this server's runtime.
#[derive(Debug)]
pub(super) struct Sending {
    outward: Arc<Outward>,
    runtime: Handle,
}

impl Sending {
    pub(super) fn new(outward: Arc<Outward>, runtime: Handle) -> Self {
        Self { outward, runtime }
    }
}

#[async_trait::async_trait]
impl HttpClient for Sending {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (outward, asked) = (self.outward.clone(), request.map(Body::from));
        let sent = self
            .runtime
            .spawn(async move { outward.exchange(asked, false, ANSWER_BYTES).await });
        Ok(sent.await??)
    }
}
