//! Bytes from an address, counted while they arrive.

use std::rc::Rc;

use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStreamDefaultReader, Response};
use xinghuo_package::Fetch;

/// Fetches with the browser's own `fetch`, and tells how many bytes there are so far.
#[derive(Clone)]
pub(super) struct BrowserFetch {
    on_bytes: Rc<dyn Fn(u64)>,
}

impl BrowserFetch {
    /// `on_bytes` hears of every piece that arrives.
    pub(super) fn new(on_bytes: impl Fn(u64) + 'static) -> Self {
        Self {
            on_bytes: Rc::new(on_bytes),
        }
    }

    async fn bytes(&self, address: &str, most: u64) -> Result<Vec<u8>, JsValue> {
        let window = web_sys::window().ok_or("there is no window")?;
        let response: Response = JsFuture::from(window.fetch_with_str(address))
            .await?
            .dyn_into()?;
        if !response.ok() {
            return Err(format!("{address} answered {}", response.status()).into());
        }
        let body = response.body().ok_or("the answer has no body")?;
        let reader: ReadableStreamDefaultReader = body.get_reader().dyn_into()?;
        // The pieces stay outside the module's memory, which grows and never shrinks, until it is
        // known how much there is.
        let (mut pieces, mut total) = (Vec::new(), 0_u64);
        loop {
            let piece = JsFuture::from(reader.read()).await?;
            if Reflect::get(&piece, &"done".into())?.is_truthy() {
                break;
            }
            let piece: Uint8Array = Reflect::get(&piece, &"value".into())?.dyn_into()?;
            total = total.saturating_add(u64::from(piece.length()));
            if total > most {
                return Err(format!("{address} sends more than {most} bytes").into());
            }
            pieces.push(piece);
            (self.on_bytes)(total);
        }
        let mut bytes = vec![0; total as usize];
        let mut rest = bytes.as_mut_slice();
        for piece in pieces {
            let (these, others) = rest.split_at_mut(piece.length() as usize);
            piece.copy_to(these);
            rest = others;
        }
        Ok(bytes)
    }
}

impl Fetch for BrowserFetch {
    async fn fetch(&self, address: &str, most: u64) -> Result<Vec<u8>, String> {
        self.bytes(address, most).await.map_err(|cause| {
            cause
                .as_string()
                .unwrap_or_else(|| format!("{address}: {cause:?}"))
        })
    }
}
