//! What a collector is told: methods, routes, statuses and times, and nothing of anybody.

use std::{
    collections::BTreeSet,
    net::Ipv4Addr,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode},
    routing::post,
};
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest, common::v1::any_value::Value as Told,
    trace::v1::Span,
};
use prost::Message;
use serde_json::Value;
use tokio::net::TcpListener;
use xinghuo_server::{Config, TelemetryOptions, check_config};

use crate::{
    living::{Living, add, listed},
    place::Place,
    receiver::{Receiver, serve},
    recorder::{Recorder, by, statement},
    visitor::Visitor,
};

/// A collector: the bodies that it was sent.
#[derive(Clone, Default)]
struct Collector(Arc<Mutex<Vec<Bytes>>>);

impl Collector {
    async fn start() -> (Self, String) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
        let listener = listener.expect("a port");
        let origin = format!("http://{}", listener.local_addr().expect("an address"));
        let collector = Self::default();
        let take = |State(collector): State<Self>, headers: HeaderMap, body: Bytes| async move {
            if headers["content-type"] != "application/x-protobuf" {
                return StatusCode::UNSUPPORTED_MEDIA_TYPE;
            }
            collector.0.lock().expect("nobody panicked").push(body);
            StatusCode::OK
        };
        let router = Router::new().route("/v1/traces", post(take));
        tokio::spawn(serve(listener, router.with_state(collector.clone())));
        (collector, origin)
    }

    fn bodies(&self) -> Vec<Bytes> {
        self.0.lock().expect("nobody panicked").clone()
    }

    /// Every span, after each of them has been read whole.
    fn spans(&self) -> Vec<Span> {
        let bodies = self.bodies();
        let read = bodies
            .iter()
            .map(|body| ExportTraceServiceRequest::decode(&body[..]));
        let resources = read.flat_map(|it| it.expect("protobuf").resource_spans);
        let mut spans = Vec::new();
        for resource in resources {
            let named = resource.resource.expect("a resource").attributes;
            let named: BTreeSet<_> = named.into_iter().map(|it| it.key).collect();
            assert_eq!(named, names(&["service.name", "service.version"]));
            spans.extend(resource.scope_spans.into_iter().flat_map(|it| it.spans));
        }
        spans
    }
}

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|it| (*it).to_owned()).collect()
}

fn told(endpoint: Option<String>, place: &Place) -> Config {
    Config {
        behind_proxy: true,
        telemetry: TelemetryOptions {
            otlp_endpoint: endpoint,
            otlp_share: 1.0,
        },
        ..place.config()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collector_hears_what_took_how_long_and_nothing_of_anybody() {
    let place = Place::new();
    let (collector, origin) = Collector::start().await;
    let receiver = Receiver::start().await;
    add(&place, &receiver.endpoint(), &[]).await;
    let server = Living::with(told(Some(origin), &place)).await;
    let recorder = Recorder::new(&place, &["all"]).await;
    let mut visitor = Visitor::begin(&place, &server.running).await;
    visitor.attend("landing");
    visitor.answer_all(&server.running, "landing", true).await;
    recorder
        .post(&server.running, &statement("li-lei", "lamp"))
        .await;
    recorder.found(&server.running, &by("li-lei")).await;
    let stranger = server
        .running
        .call(
            Method::GET,
            &visitor.path("/held"),
            Some("not-the-token"),
            &Value::Null,
        )
        .await;
    assert_eq!(stranger.status, StatusCode::NOT_FOUND);
    let around = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let proxied = [
        ("traceparent", around),
        ("tracestate", "who=li-lei"),
        ("x-forwarded-for", "203.0.113.77"),
        ("user-agent", "Netscape 4"),
    ];
    let mine = format!("/?mine={}", visitor.visit);
    assert_eq!(
        server.running.get_with(&mine, &proxied).await.status,
        StatusCode::OK
    );
    receiver.takes(1).await;
    listed(&place, " 0 waiting").await;
    server.stop().await;

    let spans = collector.spans();
    let told: BTreeSet<_> = spans.iter().map(|it| it.name.as_str()).collect();
    for name in [
        "POST /api/v1/visits",
        "POST /api/v1/visits/{visit}/evidence",
        "GET /api/v1/visits/{visit}/held",
        "GET /{site}",
        "deliver to a record store",
    ] {
        assert!(told.contains(name), "{name} is not in {told:?}");
    }
    let known = names(&[
        "http.request.method",
        "http.route",
        "http.response.status_code",
        "xinghuo.deliveries",
        "xinghuo.deliveries.arrived",
    ]);
    for span in &spans {
        let keys: BTreeSet<_> = span.attributes.iter().map(|it| it.key.clone()).collect();
        assert!(keys.is_subset(&known), "{keys:?}");
        assert!(span.events.is_empty() && span.links.is_empty(), "{span:?}");
        assert!(span.trace_state.is_empty(), "{span:?}");
        assert!(
            span.end_time_unix_nano >= span.start_time_unix_nano,
            "{span:?}"
        );
    }
    let evidence = spans.iter().find(|it| it.name.ends_with("/evidence"));
    let status = evidence.expect("a span").attributes.iter();
    let status = status.filter(|it| it.key == "http.response.status_code");
    let status: Vec<_> = status
        .map(|it| it.value.clone().and_then(|it| it.value))
        .collect();
    assert_eq!(status, [Some(Told::IntValue(200))]);
    let part = spans.iter().find(|it| it.trace_id[..2] == [0x0a, 0xf7]);
    assert_eq!(part.expect("a part").parent_span_id[..2], [0xb7, 0xad]);
    for text in [
        visitor.visit.as_str(),
        &visitor.token,
        "li-lei",
        "mailto:",
        "203.0.113.77",
        "127.0.0.1",
        "Netscape",
        &recorder.key,
        "landing",
    ] {
        let bodies = collector.bodies();
        let mut parts = bodies.iter().flat_map(|body| body.windows(text.len()));
        assert!(!parts.any(|part| part == text.as_bytes()), "{text} is told");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_collector_nothing_is_traced_and_one_that_is_away_is_told_of() {
    let place = Place::new();
    let (collector, origin) = Collector::start().await;
    let server = Living::with(told(None, &place)).await;
    Visitor::begin(&place, &server.running).await;
    server.stop().await;
    assert!(collector.bodies().is_empty());

    let checked = |config: Config| async {
        let mut out = Vec::new();
        let fine = check_config(config, &mut out).await.is_ok();
        (fine, String::from_utf8(out).expect("a text"))
    };
    let (fine, said) = checked(told(Some(origin), &place)).await;
    assert!(fine, "{said}");
    let nowhere = told(Some("http://127.0.0.1:9".into()), &place);
    let (fine, said) = checked(nowhere.clone()).await;
    assert!(
        !fine && said.contains("--otlp-endpoint does not take spans"),
        "{said}"
    );
    let (fine, said) = checked(told(Some("localhost".into()), &place)).await;
    assert!(!fine && said.contains("no address"), "{said}");
    // A collector that is away is in nobody's way.
    let server = Living::with(nowhere).await;
    let visitor = Visitor::begin(&place, &server.running).await;
    assert_eq!(
        visitor.get(&server.running, "").await.status,
        StatusCode::OK
    );
    server.stop().await;
}
