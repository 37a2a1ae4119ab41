//! The browser: everything that the tour wants of it goes through here, and nothing else does.

#![expect(
    clippy::disallowed_methods,
    reason = "this is the one place from which the browser is reached"
)]

mod canvas;
mod console;
mod exports;
mod fetch;
mod frames;
mod headset;
mod listen;
mod load;
mod page;
mod pictures;
mod rooms;
