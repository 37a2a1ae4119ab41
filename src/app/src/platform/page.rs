//! The page: messages go to it as objects.

use std::cell::RefCell;

use js_sys::{Function, JSON};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

use super::console;
use crate::message::{FailureCode, Message};

thread_local! {
    static LISTENER: RefCell<Option<Function>> = const { RefCell::new(None) };
    static WAITING: RefCell<Vec<Message>> = const { RefCell::new(Vec::new()) };
    static ON_TIMER: Closure<dyn FnMut()> = Closure::new(|| send([]));
}

/// From now on messages go to `on_message`.
pub(super) fn listen(on_message: Function) {
    LISTENER.set(Some(on_message));
}

/// Sends messages. Must not be called while the tour is borrowed: the page may call back.
pub(super) fn send(messages: impl IntoIterator<Item = Message>) {
    let Some(listener) = LISTENER.with_borrow(Clone::clone) else {
        return;
    };
    for message in WAITING.take().into_iter().chain(messages) {
        let object = serde_json::to_string(&message)
            .map_err(|cause| cause.to_string())
            .and_then(|json| JSON::parse(&json).map_err(|cause| format!("{cause:?}")));
        match object {
            Ok(object) => {
                if let Err(cause) = listener.call1(&JsValue::NULL, &object) {
                    console::warn(&format!("the page did not take a message: {cause:?}"));
                }
            }
            Err(cause) => console::warn(&format!("a message could not be written: {cause}")),
        }
    }
}

/// Sends messages as soon as what is being done is done: a headset waits for its frame, and the page
/// does not.
pub(super) fn send_soon(messages: Vec<Message>) {
    if messages.is_empty() {
        return;
    }
    let asked = WAITING.with_borrow_mut(|it| {
        let asked = !it.is_empty();
        it.extend(messages);
        asked
    });
    let Some(window) = web_sys::window().filter(|_| !asked) else {
        return;
    };
    let set = ON_TIMER.with(|it| {
        let callback = it.as_ref().unchecked_ref();
        window.set_timeout_with_callback_and_timeout_and_arguments_0(callback, 0)
    });
    if set.is_err() {
        send([]);
    }
}

/// Tells the page that the tour cannot go on.
pub(super) fn fail(code: FailureCode, detail: &str) {
    let detail = detail.to_owned();
    send([Message::Failure { code, detail }]);
}
