//! Another record store, which does what a test tells it to: it takes statements, or fails, hangs,
//! refuses.

use std::{
    collections::{BTreeMap, VecDeque},
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::{RawQuery, State},
    http::{HeaderMap, Method, StatusCode},
    response::{IntoResponse, Response},
    routing::any,
};
use serde_json::Value;
use tokio::{net::TcpListener, time::sleep};

/// What it does with the next request that brings statements.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Next {
    /// Answers this instead of taking them.
    Answer(u16),
    /// Takes them, and answers this as if it had not.
    TakeAndAnswer(u16),
    /// Does not answer.
    Hang,
}

/// What is known of it.
#[derive(Default)]
pub(crate) struct Seen {
    /// What it does with the next requests, before it goes on as record stores do.
    pub(crate) next: VecDeque<Next>,
    /// Statements that it refuses, by a part of their JSON.
    pub(crate) refuses: Option<(&'static str, u16)>,
    /// What it took, in order, repetitions included.
    pub(crate) taken: Vec<Value>,
    /// How many requests came.
    pub(crate) requests: usize,
    /// The headers of the last.
    pub(crate) headers: HeaderMap,
}

/// A record store of somebody else's.
#[derive(Clone, Default)]
pub(crate) struct Receiver {
    seen: Arc<Mutex<Seen>>,
    address: Option<SocketAddr>,
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .expect("a port");
        let receiver = Self {
            seen: Arc::default(),
            address: Some(listener.local_addr().expect("an address")),
        };
        let router = Router::new()
            .route("/lrs/statements", any(answer))
            .with_state(receiver.clone());
        tokio::spawn(async move { serve(listener, router).await });
        receiver
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}/lrs", self.address.expect("it runs"))
    }

    pub(crate) fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().expect("nobody panicked")
    }

    pub(crate) fn ids(&self) -> Vec<String> {
        let seen = self.seen();
        seen.taken
            .iter()
            .map(|it| it["id"].as_str().expect("an id").to_owned())
            .collect()
    }

    /// Waits until it has taken so many different statements.
    #[track_caller]
    pub(crate) fn takes(&self, count: usize) -> impl Future<Output = ()> + '_ {
        let caller = std::panic::Location::caller();
        async move {
            for _ in 0..200 {
                let mut ids = self.ids();
                ids.sort_unstable();
                ids.dedup();
                if ids.len() >= count {
                    return;
                }
                sleep(Duration::from_millis(100)).await;
            }
            panic!("{caller}: it took only {:?}", self.ids());
        }
    }
}

/// The parameters of an address.
pub(crate) fn parameters(query: Option<String>) -> BTreeMap<String, String> {
    let query = query.unwrap_or_default();
    form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect()
}

/// Serves with the HTTP that the server itself is made of.
pub(crate) async fn serve(listener: TcpListener, router: Router) {
    use hyper_util::{rt::TokioIo, service::TowerToHyperService};
    loop {
        let (stream, _) = listener.accept().await.expect("a connection");
        let service = TowerToHyperService::new(router.clone());
        tokio::spawn(async move {
            let http = hyper::server::conn::http1::Builder::new();
            let _ = http.serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn answer(
    State(receiver): State<Receiver>,
    method: Method,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Response {
    let query = parameters(query);
    if method == Method::GET {
        let seen = receiver.seen();
        let there = seen
            .taken
            .iter()
            .find(|it| it["id"] == query["statementId"]);
        return match there {
            Some(there) => axum::Json(there.clone()).into_response(),
            None => StatusCode::NOT_FOUND.into_response(),
        };
    }
    let next = {
        let mut seen = receiver.seen();
        seen.requests += 1;
        seen.headers = headers;
        seen.next.pop_front()
    };
    let text = String::from_utf8_lossy(&body).into_owned();
    let status = |code| StatusCode::from_u16(code).expect("a status");
    if let Some((part, code)) = receiver.seen().refuses
        && text.contains(part)
    {
        return (status(code), "refused on purpose").into_response();
    }
    let code = match next {
        Some(Next::Hang) => {
            sleep(Duration::from_mins(10)).await;
            return StatusCode::NO_CONTENT.into_response();
        }
        Some(Next::Answer(code)) => {
            let elsewhere = [("location", "/elsewhere")];
            return (status(code), elsewhere).into_response();
        }
        Some(Next::TakeAndAnswer(code)) => code,
        None => 204,
    };
    // A multipart body has its statement between the first two boundaries.
    let json = text
        .find(['{', '['])
        .map(|at| &text[at..])
        .unwrap_or_default();
    let mut values = serde_json::Deserializer::from_str(json).into_iter::<Value>();
    let value = values.next().expect("a statement").expect("JSON");
    let mut seen = receiver.seen();
    match value {
        Value::Array(several) => seen.taken.extend(several),
        one => seen.taken.push(one),
    }
    status(code).into_response()
}
