//! Writes the JavaScript that joins the compiled app to a page: `xtask-bindgen APP.wasm FOLDER`.

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let mut paths = std::env::args_os().skip(1);
    let (input, output) = paths
        .next()
        .zip(paths.next())
        .context("usage: xtask-bindgen APP.wasm FOLDER")?;
    // The types stay: `web/` is checked against them.
    Bindgen::new()
        .input_path(input)
        .web(true)?
        .typescript(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(output)
}
