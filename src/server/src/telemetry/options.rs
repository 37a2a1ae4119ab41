//! Which collector spans are sent to, if any.

use axum::http::{HeaderMap, HeaderValue, Method, header::CONTENT_TYPE};

use crate::{
    StartError,
    outward::{Asked, Outward, origin},
};

/// Which OpenTelemetry collector spans are sent to. Without one, nothing is traced.
#[derive(Debug, Clone, clap::Args)]
pub struct TelemetryOptions {
    /// Send spans to this OpenTelemetry collector, by OTLP over HTTP, such as <http://127.0.0.1:4318>; they
    /// tell methods, routes, statuses and times, and nothing of whoever asks
    #[arg(long, value_name = "URL")]
    pub otlp_endpoint: Option<String>,
    /// The share of requests that is traced, from 0 to 1
    #[arg(long, value_name = "SHARE", default_value_t = 1.0)]
    pub otlp_share: f64,
}

impl Default for TelemetryOptions {
    fn default() -> Self {
        Self {
            otlp_endpoint: None,
            otlp_share: 1.0,
        }
    }
}

impl TelemetryOptions {
    /// Where traces are sent to, if a collector is named.
    pub(crate) fn traces_address(&self) -> Result<Option<String>, StartError> {
        let wrong = |cause: String| StartError::Telemetry { cause };
        if !(0.0..=1.0).contains(&self.otlp_share) {
            let share = self.otlp_share;
            return Err(wrong(format!(
                "--otlp-share takes a number from 0 to 1, not {share}"
            )));
        }
        let Some(endpoint) = &self.otlp_endpoint else {
            return Ok(None);
        };
        if origin(endpoint).is_none() || endpoint.contains(['?', '#']) {
            return Err(wrong(format!(
                "--otlp-endpoint {endpoint:?} is no address: give one like http://127.0.0.1:4318"
            )));
        }
        let base = endpoint.trim_end_matches('/');
        Ok(Some(format!("{base}/v1/traces")))
    }
}

/// Whether the collector takes spans: an empty request is a whole one.
pub(crate) async fn try_out(options: &TelemetryOptions) -> Result<(), String> {
    let address = options
        .traces_address()
        .map_err(|problem| problem.to_string())?;
    let Some(address) = address else {
        return Ok(());
    };
    let away = |cause: String| {
        format!(
            "--otlp-endpoint does not take spans ({cause}); start the collector, or correct the option: {address}"
        )
    };
    let uri = address
        .parse()
        .map_err(|_| away("it cannot be asked".into()))?;
    let kind = HeaderValue::from_static("application/x-protobuf");
    let asked = Asked {
        method: Method::POST,
        uri,
        headers: HeaderMap::from_iter([(CONTENT_TYPE, kind)]),
        body: Vec::new(),
        link_local: false,
    };
    let answer = Outward::default().ask(asked).await;
    let answer = answer.map_err(|cause| away(cause.to_string()))?;
    if answer.status.is_success() {
        return Ok(());
    }
    Err(away(format!("it answered {}", answer.status.as_u16())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_and_a_share_are_what_they_must_be() {
        let of = |endpoint: &str, share| {
            let options = TelemetryOptions {
                otlp_endpoint: Some(endpoint.into()),
                otlp_share: share,
            };
            options
                .traces_address()
                .map_err(|problem| problem.to_string())
        };
        let traces = "http://127.0.0.1:4318/v1/traces".to_owned();
        assert_eq!(of("http://127.0.0.1:4318/", 0.5), Ok(Some(traces)));
        assert!(
            of("127.0.0.1:4318", 1.0)
                .expect_err("no address")
                .contains("--otlp-endpoint")
        );
        assert!(
            of("http://a", 1.5)
                .expect_err("no share")
                .contains("--otlp-share")
        );
        assert!(
            TelemetryOptions::default()
                .traces_address()
                .expect("off")
                .is_none()
        );
    }
}
