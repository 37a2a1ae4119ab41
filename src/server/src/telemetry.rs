//! Spans for an OpenTelemetry collector, where an administrator has named one.
//!
//! What a span may tell is written here and nowhere else: the method, the route and not the path, the
//! status, a count. Nothing that is logged or passed along gets into one by itself, so nothing of a
//! person does.

mod options;
mod sending;

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use axum::http::HeaderMap;
use opentelemetry::{
    Context, KeyValue,
    propagation::TextMapPropagator,
    trace::{
        Span, SpanContext, SpanKind, Status, TraceContextExt, TraceState, Tracer, TracerProvider,
    },
};
use opentelemetry_http::HeaderExtractor;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{
    Resource,
    propagation::TraceContextPropagator,
    trace::{Sampler, SdkTracer, SdkTracerProvider},
};
use tokio::runtime::Handle;

pub use options::TelemetryOptions;
pub(crate) use options::try_out;

use crate::{StartError, outward::Outward};

/// How long the last spans may take once the server was told to stop.
const LAST_SPANS: Duration = Duration::from_secs(5);

/// Tells a collector what took how long; nobody, if none was named.
#[derive(Debug, Clone, Default)]
pub(crate) struct Telemetry(Option<Arc<Telling>>);

#[derive(Debug)]
struct Telling {
    provider: SdkTracerProvider,
    tracer: SdkTracer,
}

/// A request that was answered.
pub(crate) struct Answered<'a> {
    pub(crate) method: &'static str,
    /// As it is declared, with names in place of what is asked for.
    pub(crate) route: &'a str,
    pub(crate) status: u16,
    pub(crate) began: SystemTime,
    /// What the request is a part of.
    pub(crate) part_of: Option<SpanContext>,
}

impl Telemetry {
    /// What these options name.
    pub(crate) fn of(
        options: &TelemetryOptions,
        outward: &Arc<Outward>,
    ) -> Result<Self, StartError> {
        let Some(address) = options.traces_address()? else {
            return Ok(Self::default());
        };
        let wrong = |cause: &dyn std::error::Error| StartError::Telemetry {
            cause: cause.to_string(),
        };
        let exporter = SpanExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpBinary)
            .with_http_client(sending::Sending::new(outward.clone(), Handle::current()))
            .with_endpoint(address)
            .build()
            .map_err(|cause| wrong(&cause))?;
        // Nothing of the machine: the collector knows what it was told by whom.
        let resource = Resource::builder_empty().with_attributes([
            KeyValue::new("service.name", "xinghuo-server"),
            KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
        ]);
        let share = Sampler::TraceIdRatioBased(options.otlp_share);
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_resource(resource.build())
            .with_sampler(Sampler::ParentBased(Box::new(share)))
            .build();
        let tracer = provider.tracer("xinghuo-server");
        Ok(Self(Some(Arc::new(Telling { provider, tracer }))))
    }

    /// What a proxy says that a request is a part of; of a stranger that would be a mark to follow.
    pub(crate) fn part_of(&self, headers: &HeaderMap, behind_proxy: bool) -> Option<SpanContext> {
        if self.0.is_none() || !behind_proxy {
            return None;
        }
        let around = TraceContextPropagator::new()
            .extract_with_context(&Context::new(), &HeaderExtractor(headers));
        let told = around.span().span_context().clone();
        // `tracestate` may hold anything, and is passed on to nobody.
        let (trace, span) = (told.trace_id(), told.span_id());
        let plain = SpanContext::new(trace, span, told.trace_flags(), true, TraceState::default());
        told.is_valid().then_some(plain)
    }

    /// Tells of a request.
    pub(crate) fn answered(&self, it: Answered<'_>) {
        let Some(telling) = &self.0 else { return };
        let around = it
            .part_of
            .map(|part| Context::new().with_remote_span_context(part));
        let attributes = vec![
            KeyValue::new("http.request.method", it.method),
            KeyValue::new("http.route", it.route.to_owned()),
            KeyValue::new("http.response.status_code", i64::from(it.status)),
        ];
        let name = format!("{} {}", it.method, it.route);
        let failed = it.status >= 500;
        telling.tell(name, SpanKind::Server, attributes, it.began, failed, around);
    }

    /// Tells of what another was told: how many, and how many of these arrived.
    pub(crate) fn passed_on(
        &self,
        kind: &'static str,
        count: usize,
        arrived: usize,
        began: SystemTime,
    ) {
        let Some(telling) = &self.0 else { return };
        if count == 0 {
            return;
        }
        let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let attributes = vec![
            KeyValue::new("xinghuo.deliveries", number(count)),
            KeyValue::new("xinghuo.deliveries.arrived", number(arrived)),
        ];
        let name = format!("deliver to a {kind}");
        telling.tell(
            name,
            SpanKind::Client,
            attributes,
            began,
            arrived < count,
            None,
        );
    }

    /// Sends what is still here, and nothing after it.
    pub(crate) async fn close(self) {
        let Some(telling) = self.0 else { return };
        // It waits for the request, which needs this thread.
        let closed =
            tokio::task::spawn_blocking(move || telling.provider.shutdown_with_timeout(LAST_SPANS));
        if let Ok(Err(cause)) = closed.await {
            tracing::warn!(%cause, "the collector did not take the last spans");
        }
    }
}

impl Telling {
    fn tell(
        &self,
        name: String,
        kind: SpanKind,
        attributes: Vec<KeyValue>,
        began: SystemTime,
        failed: bool,
        around: Option<Context>,
    ) {
        let builder = self
            .tracer
            .span_builder(name)
            .with_kind(kind)
            .with_start_time(began)
            .with_attributes(attributes);
        let around = around.unwrap_or_default();
        let mut span = self.tracer.build_with_context(builder, &around);
        if failed {
            span.set_status(Status::error(""));
        }
        span.end();
    }
}
