//! An xAPI request, whichever way it was written, and what every answer bears.

use std::{sync::Arc, time::Duration};

use axum::{
    body::{Body, Bytes, HttpBody, to_bytes},
    extract::Request,
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, StatusCode,
        header::{self, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, IF_MATCH, IF_NONE_MATCH},
    },
    response::{IntoResponse, Response},
};
use tokio::time::timeout;
use xinghuo_wire::lrs::{Moment, Parameters, XapiVersion, multipart::essence};

use super::{
    Place, Resource, access::Client, directory, documents, reading, refusal::Refusal, submitting,
};
use crate::{app::App, limits::Neighbourhood, store::now_us};

/// Most bytes of a request, attachments included.
const BODY: usize = 32 << 20;

/// Most bytes of a request whose credential is not in its headers but in the form that it brings.
const FORM: usize = 1 << 20;

/// How long a call may take, the arrival of its body included.
const PATIENCE: Duration = Duration::from_mins(1);

const VERSION: HeaderName = HeaderName::from_static("x-experience-api-version");
const THROUGH: HeaderName = HeaderName::from_static("x-experience-api-consistent-through");

/// The headers that 1.0.3's alternate request syntax takes as form fields.
const IN_FORMS: [HeaderName; 6] = [
    AUTHORIZATION,
    VERSION,
    CONTENT_TYPE,
    CONTENT_LENGTH,
    IF_MATCH,
    IF_NONE_MATCH,
];

/// An xAPI request.
pub(super) struct Call {
    pub(super) app: Arc<App>,
    pub(super) place: Place,
    pub(super) method: Method,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) version: XapiVersion,
    given: Vec<(String, String)>,
    client: Option<Client>,
}

/// Answers a request; the answer names the version it is in.
pub(super) async fn answered(app: Arc<App>, place: Place, request: Request) -> Response {
    let from = app.from(&request);
    let is_head = request.method() == Method::HEAD;
    let Ok(_seat) = app.calls.try_acquire() else {
        let busy = "the server is busy; send the same again";
        return Refusal::wait(
            StatusCode::SERVICE_UNAVAILABLE,
            busy,
            Duration::from_secs(2),
        )
        .into_response();
    };
    let mut through = app.store.known_through();
    let mut version = place.version;
    let work = async {
        let call = Call::read(app.clone(), place, request).await?;
        version = call.version;
        if place.resource == Resource::Statements && call.method == Method::GET {
            // Asked before anything is read. Where that fails, what is known holds as well.
            let now = call.app.store.consistent_through().await;
            through = now.unwrap_or(through);
        }
        Box::pin(call.answer()).await
    };
    let mut response = match timeout(PATIENCE, Box::pin(work)).await {
        Ok(Ok(response)) => response,
        Ok(Err(refusal)) => refused(&app, from, refusal),
        Err(_) => Refusal::new(
            StatusCode::REQUEST_TIMEOUT,
            "the call took too long; send the same again, nothing is stored twice",
        )
        .into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(VERSION, HeaderValue::from_static(version.number()));
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    if place.resource == Resource::Statements
        && let through = Moment::from_unix_micros(through).to_string()
        && let Ok(through) = HeaderValue::from_str(&through)
    {
        headers.insert(THROUGH, through);
    }
    if is_head {
        without_body(response)
    } else {
        response
    }
}

/// Whoever shows wrong credentials draws on the allowance of their address.
fn refused(app: &App, from: Neighbourhood, refusal: Refusal) -> Response {
    let response = refusal.into_response();
    if response.status() == StatusCode::UNAUTHORIZED
        && let Err(wait) = app.turnstile.call(from)
    {
        let slower = "too many requests without a right credential";
        return Refusal::wait(StatusCode::TOO_MANY_REQUESTS, slower, wait).into_response();
    }
    response
}

fn without_body(response: Response) -> Response {
    let (mut head, body) = response.into_parts();
    if let Some(length) = body.size_hint().exact() {
        head.headers.insert(CONTENT_LENGTH, length.into());
    }
    Response::from_parts(head, Body::empty())
}

/// What is answered where xAPI has nothing.
pub(super) async fn nowhere() -> Response {
    Refusal::not_found("xAPI has no such resource; see /xapi/about").into_response()
}

impl Call {
    async fn read(app: Arc<App>, place: Place, request: Request) -> Result<Self, Refusal> {
        let (head, body) = request.into_parts();
        // Nobody sends much before it is known who they are.
        let is_public = place.resource == Resource::About;
        let (client, most) = if head.headers.contains_key(AUTHORIZATION) && !is_public {
            let client = Client::of(&app, &head.headers, now_us() / 1000).await?;
            (Some(client), BODY)
        } else {
            (None, FORM)
        };
        if body.size_hint().lower() > most as u64 {
            return Err(Refusal::too_large(most));
        }
        let body = to_bytes(body, most)
            .await
            .map_err(|_| Refusal::too_large(most))?;
        let mut call = Self {
            app,
            place,
            method: head.method,
            headers: head.headers,
            body,
            version: place.version,
            given: fields(head.uri.query().unwrap_or_default().as_bytes()),
            client,
        };
        let speaks_one = |call: &Self| {
            place.version == XapiVersion::One || call.named() == Some(XapiVersion::One)
        };
        if speaks_one(&call) && call.given.iter().any(|(name, _)| name == "method") {
            call.unfold()?;
        }
        let named = call.headers.contains_key(VERSION);
        call.version = match call.named() {
            // Under 1.0.3's own address nothing else is spoken.
            Some(XapiVersion::Two) if place.version == XapiVersion::One => {
                return Err(Refusal::bad_request("only xAPI 1.0.x is spoken here"));
            }
            Some(version) => version,
            None if place.resource == Resource::About => place.version,
            None if named => {
                return Err(Refusal::bad_request(
                    "X-Experience-API-Version names no version that is spoken here: 1.0.x or 2.0.x",
                ));
            }
            None => {
                return Err(Refusal::bad_request(
                    "the header X-Experience-API-Version is missing",
                ));
            }
        };
        if call.method == Method::HEAD {
            call.method = Method::GET;
        }
        Ok(call)
    }

    fn named(&self) -> Option<XapiVersion> {
        XapiVersion::named(self.headers.get(VERSION)?.to_str().ok()?.trim())
    }

    /// Takes a request in 1.0.3's alternate syntax for the one that it stands for.
    fn unfold(&mut self) -> Result<(), Refusal> {
        let unfolded = unfolded(&self.method, &self.given, &self.body)?;
        self.method = unfolded.method;
        self.given = unfolded.given;
        self.headers.remove(CONTENT_TYPE);
        self.headers.remove(CONTENT_LENGTH);
        for (name, value) in unfolded.headers {
            if name == AUTHORIZATION {
                self.client = None;
            }
            self.headers.insert(name, value);
        }
        let brings_content = [Method::PUT, Method::POST].contains(&self.method);
        if brings_content && !self.headers.contains_key(CONTENT_TYPE) {
            let json = HeaderValue::from_static("application/json");
            self.headers.insert(CONTENT_TYPE, json);
        }
        self.body = unfolded.content.into();
        Ok(())
    }

    async fn answer(mut self) -> Result<Response, Refusal> {
        if self.place.resource == Resource::About {
            return directory::about(&self);
        }
        let client = match self.client.take() {
            Some(client) => client,
            None => Client::of(&self.app, &self.headers, now_us() / 1000).await?,
        };
        match self.place.resource {
            Resource::Statements => match self.method {
                Method::GET => reading::read(&self, &client).await,
                Method::PUT => submitting::put(&self, &client).await,
                Method::POST => submitting::post(&self, &client).await,
                _ => Err(Refusal::no_method("GET, HEAD, PUT, POST")),
            },
            Resource::Activities => directory::activity(&self).await,
            Resource::Agents => directory::agent(&self, &client).await,
            _ => documents::answer(&self, &client).await,
        }
    }

    /// The request's parameters, all of them in `known`.
    pub(super) fn parameters(&self, known: &[&str]) -> Result<Parameters, Refusal> {
        Ok(Parameters::checked(self.given.iter().cloned(), known)?)
    }

    /// A header as a text; empty if it is not there.
    pub(super) fn header(&self, name: &HeaderName) -> &str {
        let value = self.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default()
    }

    /// The media type of the body without its parameters.
    pub(super) fn body_kind(&self) -> String {
        essence(self.header(&CONTENT_TYPE))
    }
}

/// What a request in 1.0.3's alternate syntax stands for.
pub(crate) struct Unfolded {
    pub(crate) method: Method,
    pub(crate) given: Vec<(String, String)>,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) content: String,
}

/// Reads 1.0.3's alternate request syntax: the method in the address, everything else in a form.
pub(crate) fn unfolded(
    method: &Method,
    given: &[(String, String)],
    form: &[u8],
) -> Result<Unfolded, Refusal> {
    let method: Option<Method> = match given {
        [(_, named)] if method == Method::POST => named.parse().ok(),
        _ => {
            return Err(Refusal::bad_request(
                "the parameter \"method\" stands alone, and on a POST",
            ));
        }
    };
    let known = [Method::GET, Method::PUT, Method::POST, Method::DELETE];
    let known = method.filter(|method| *method == Method::HEAD || known.contains(method));
    let method =
        known.ok_or_else(|| Refusal::bad_request("the parameter \"method\" names no method"))?;
    let (mut given, mut headers, mut content) = (Vec::new(), Vec::new(), None);
    for (name, value) in fields(form) {
        if name == "content" {
            content = Some(value);
            continue;
        }
        let lower = name.to_ascii_lowercase();
        match IN_FORMS.iter().find(|header| header.as_str() == lower) {
            None => given.push((name, value)),
            Some(header) => {
                let value = HeaderValue::from_str(&value).map_err(|_| {
                    Refusal::bad_request(format!("the form field {name} is no header"))
                })?;
                headers.push((header.clone(), value));
            }
        }
    }
    if [Method::PUT, Method::POST].contains(&method) && content.is_none() {
        return Err(Refusal::bad_request("the form has no field \"content\""));
    }
    Ok(Unfolded {
        method,
        given,
        headers,
        content: content.unwrap_or_default(),
    })
}

/// The fields of a form or a query.
pub(crate) fn fields(text: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(text).into_owned().collect()
}

/// A point in time as HTTP writes it, to the second.
pub(super) fn http_date(at: Moment) -> HeaderValue {
    let at = std::time::UNIX_EPOCH + Duration::from_secs(at.unix_seconds());
    HeaderValue::from_str(&httpdate::fmt_http_date(at))
        .unwrap_or_else(|_| HeaderValue::from_static(""))
}
