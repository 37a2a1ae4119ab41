//! The bucket is asked with the HTTP that everybody else is asked with.

use std::sync::Arc;

use axum::{body::Body, http::Response};
use object_store::{
    ClientOptions,
    client::{
        HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpService,
    },
};

use crate::outward::Outward;

/// The largest object that is read: more than a statement may bring along.
const OBJECT_BYTES: usize = 64 << 20;

/// Asks a bucket.
#[derive(Debug, Default, Clone)]
pub(super) struct Asking(Arc<Outward>);

impl HttpConnector for Asking {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.clone()))
    }
}

#[async_trait::async_trait]
impl HttpService for Asking {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let answer = self
            .0
            .exchange(request.map(Body::new), false, OBJECT_BYTES)
            .await;
        let answer = answer.map_err(|cause| HttpError::new(HttpErrorKind::Connect, cause))?;
        let (head, body) = answer.into_parts();
        Ok(Response::from_parts(head, body.into()))
    }
}
