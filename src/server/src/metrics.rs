//! What is counted, as Prometheus reads it. Nothing here can point to a person.

use std::{fmt, time::Duration};

use prometheus_client::{
    encoding::{EncodeLabelSet, text},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};

use crate::deliveries::Standing;

/// The media type of [`Metrics::text`].
pub(crate) const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Reason {
    reason: String,
}

/// Everything that is counted.
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<Answered, Counter>,
    seconds: Family<Route, Histogram>,
    refused: Family<Reason, Counter>,
    database_bytes: Gauge,
    waiting: Gauge,
    dead: Gauge,
    oldest_secs: Gauge,
    /// Visits begun.
    pub(crate) visits: Counter,
    /// Visits erased at their visitor's wish.
    pub(crate) erased: Counter,
    /// Log entries stored.
    pub(crate) accepted: Counter,
    /// Log entries that were stored already.
    pub(crate) repeated: Counter,
    /// Visits that were completed.
    pub(crate) completed: Counter,
    /// Visits that were passed.
    pub(crate) passed: Counter,
    /// Visits that were failed.
    pub(crate) failed: Counter,
}

fn latencies() -> Histogram {
    Histogram::new([
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
    ])
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("xinghuo");
        let requests = Family::<Answered, Counter>::default();
        registry.register("http_requests", "Requests answered", requests.clone());
        let seconds = Family::<Route, Histogram>::new_with_constructor(latencies);
        let help = "Time from a request to the head of its answer";
        registry.register_with_unit(
            "http_request_duration",
            help,
            Unit::Seconds,
            seconds.clone(),
        );
        let refused = Family::<Reason, Counter>::default();
        registry.register(
            "entries_refused",
            "Log entries refused, by reason",
            refused.clone(),
        );
        let database_bytes = Gauge::default();
        let help = "Size of the database with its write-ahead log";
        registry.register_with_unit("database_size", help, Unit::Bytes, database_bytes.clone());
        let mut gauge = |name: &str, help: &str| {
            let gauge = Gauge::default();
            registry.register(name, help, gauge.clone());
            gauge
        };
        let waiting = gauge("deliveries_waiting", "What is still to be told to others");
        let dead = gauge("deliveries_given_up", "What others would not be told");
        let oldest_secs = Gauge::default();
        let help = "Age of the oldest that is still to be told";
        registry.register_with_unit(
            "deliveries_oldest",
            help,
            Unit::Seconds,
            oldest_secs.clone(),
        );
        let mut counter = |name: &str, help: &str| {
            let counter = Counter::default();
            registry.register(name, help, counter.clone());
            counter
        };
        Self {
            visits: counter("visits_created", "Visits begun"),
            erased: counter("visits_erased", "Visits erased at their visitor's wish"),
            accepted: counter("entries_accepted", "Log entries stored"),
            repeated: counter("entries_repeated", "Log entries that were stored already"),
            completed: counter("visits_completed", "Visits completed"),
            passed: counter("visits_passed", "Visits passed"),
            failed: counter("visits_failed", "Visits failed"),
            requests,
            seconds,
            refused,
            database_bytes,
            waiting,
            dead,
            oldest_secs,
            registry,
        }
    }

    /// Counts an answer.
    pub(crate) fn answered(&self, method: &'static str, route: &str, status: u16, took: Duration) {
        let route = route.to_owned();
        self.seconds
            .get_or_create(&Route {
                route: route.clone(),
            })
            .observe(took.as_secs_f64());
        self.requests
            .get_or_create(&Answered {
                method,
                route,
                status,
            })
            .inc();
    }

    /// Counts a refused entry.
    pub(crate) fn refused(&self, reason: &str) {
        self.refused
            .get_or_create(&Reason {
                reason: reason.to_owned(),
            })
            .inc();
    }

    /// Sets how things stand with what is to be told to others.
    pub(crate) fn told(&self, standing: &Standing, now_ms: i64) {
        self.waiting.set(standing.waiting);
        self.dead.set(standing.dead);
        let oldest = standing.oldest_ms.map_or(0, |since| now_ms - since);
        self.oldest_secs.set(oldest.max(0) / 1000);
    }

    /// Everything, as text.
    pub(crate) fn text(&self, database_bytes: u64) -> Result<String, fmt::Error> {
        self.database_bytes
            .set(i64::try_from(database_bytes).unwrap_or(i64::MAX));
        let mut text = String::new();
        text::encode(&mut text, &self.registry)?;
        Ok(text)
    }
}
