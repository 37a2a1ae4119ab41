//! The browser's console, as the place for what the log should know.

use std::sync::Once;

use tracing::{
    Level, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};
use wasm_bindgen::JsValue;

use super::page;
use crate::message::FailureCode;

/// Writes a warning.
pub(super) fn warn(text: &str) {
    web_sys::console::warn_1(&JsValue::from_str(text));
}

/// Sends warnings and panics to the console from now on; a panic ends the tour.
pub(super) fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Both can only be set once, and nobody else does.
        let _ = tracing::subscriber::set_global_default(Console);
        let _ = log::set_logger(&Console).map(|()| log::set_max_level(log::LevelFilter::Warn));
        std::panic::set_hook(Box::new(|panic| {
            console_error_panic_hook::hook(panic);
            page::fail(FailureCode::Internal, &panic.to_string());
        }));
    });
}

/// What the engine (`tracing`) and the graphics layer (`log`) have to say.
struct Console;

fn write(error: bool, text: &str) {
    let text = JsValue::from_str(text);
    if error {
        web_sys::console::error_1(&text);
    } else {
        web_sys::console::warn_1(&text);
    }
}

impl Subscriber for Console {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event() && *metadata.level() <= Level::WARN
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        let mut sentence = Sentence(event.metadata().target().to_owned());
        event.record(&mut sentence);
        write(*event.metadata().level() == Level::ERROR, &sentence.0);
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

struct Sentence(String);

impl Visit for Sentence {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let text = if field.name() == "message" {
            format!(": {value:?}")
        } else {
            format!(" {}={value:?}", field.name())
        };
        self.0.push_str(&text);
    }
}

impl log::Log for Console {
    fn enabled(&self, metadata: &log::Metadata<'_>) -> bool {
        metadata.level() <= log::Level::Warn
    }

    fn log(&self, record: &log::Record<'_>) {
        if log::Log::enabled(self, record.metadata()) {
            let text = format!("{}: {}", record.target(), record.args());
            write(record.level() == log::Level::Error, &text);
        }
    }

    fn flush(&self) {}
}
