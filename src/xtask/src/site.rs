//! The web root: the pages as they are, the app under names that never change their meaning.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::compress::{Compressed, shrinks};
use crate::folders::Folders;
use crate::modules;
use crate::stamp;
use crate::wasm;

/// How many digits of a hash name a version of the app.
const HASH_DIGITS: usize = 16;

/// Fills the web root and removes what does not belong to it.
pub(crate) fn assemble(folders: &Folders, app: &Path, draft: bool) -> Result<PathBuf> {
    let mut files = pages(&folders.root)?;
    let needs = if draft {
        modules::apart(&files)
    } else {
        modules::together(folders, &mut files)?
    };
    modules::preload(&mut files, &needs)?;
    fill(folders, files, app, draft)
}

/// Fills the web root with these files and the app.
fn fill(folders: &Folders, mut files: Files, app: &Path, draft: bool) -> Result<PathBuf> {
    let site = folders.served(draft).site;
    let version = add_app(&mut files, app)?;
    if !draft {
        let copies = Compressed::new(&folders.cache);
        let shrinking: Vec<_> = files.keys().filter(|path| shrinks(path)).cloned().collect();
        for path in shrinking {
            let name = path.display().to_string();
            let compressed = copies.of(&files[&path], &name)?;
            files.insert(format!("{name}.br").into(), compressed);
        }
        copies.forget_old();
    }
    // The page finds the app by this file, so the app is in place before it.
    let last = files
        .remove_entry(&version)
        .context("the app has no version")?;
    for (path, bytes) in files.iter().chain([(&last.0, &last.1)]) {
        stamp::write_changed(&site.join(path), bytes)?;
    }
    for path in stamp::files(&site)? {
        if path != last.0 && !files.contains_key(&path) {
            fs::remove_file(site.join(&path))?;
        }
    }
    remove_empty(&site);
    Ok(site)
}

/// The size of the app's code as it is downloaded, if the web root has a compressed copy: that
/// with what is read in a headset, or that without.
pub(crate) fn downloaded_app_bytes(site: &Path, headset: bool) -> Result<u64> {
    let compressed = format!("{}.br", wasm::MODULE);
    let is_for_headsets = |path: &Path| path.iter().any(|it| it == wasm::HEADSET);
    let path = stamp::files(&site.join("app"))?
        .into_iter()
        .find(|path| path.ends_with(&compressed) && is_for_headsets(path) == headset)
        .with_context(|| format!("the site has no {compressed}"))?;
    Ok(fs::metadata(site.join("app").join(path))?.len())
}

/// What is served, by its path from the web root.
pub(crate) type Files = BTreeMap<PathBuf, Vec<u8>>;

fn pages(root: &Path) -> Result<Files> {
    let mut files = Files::new();
    for (folder, below) in [("web", ""), ("assets/ui", "ui")] {
        for path in stamp::files(&root.join(folder))? {
            if is_served(&path) {
                let bytes = stamp::read(&root.join(folder).join(&path))?;
                files.insert(Path::new(below).join(path), bytes);
            }
        }
    }
    Ok(files)
}

/// What only developers read is not served.
fn is_served(path: &Path) -> bool {
    const FOLDERS: [&str; 4] = ["tests", "types", "node_modules", "app"];
    let first = path.iter().next().unwrap_or_default();
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    !FOLDERS.iter().any(|folder| first == *folder)
        && !name.ends_with(".d.ts")
        && !name.ends_with(".md")
        && !name.ends_with(".test.mjs")
        && !name.starts_with("tsconfig")
        && name != "package.json"
        && name != "package-lock.json"
}

/// Adds the app under a name made from its content, so that it may be cached for ever, and a
/// small file that says which name is today's. Returns the name of that file.
fn add_app(files: &mut Files, app: &Path) -> Result<PathBuf> {
    let mut parts = Files::new();
    for path in stamp::files(app)? {
        let name = path.to_string_lossy();
        if name.ends_with(".js") || name.ends_with(".wasm") {
            parts.insert(path.clone(), stamp::read(&app.join(&path))?);
        }
    }
    let hashes: String = parts.values().map(|bytes| stamp::hash(bytes)).collect();
    let version: String = stamp::hash(hashes.as_bytes())
        .chars()
        .take(HASH_DIGITS)
        .collect();
    let described = |below: &str| {
        let [script, wasm] = [wasm::SCRIPT, wasm::MODULE].map(|it| Path::new(below).join(it));
        let bytes = parts.get(&wasm).map(Vec::len);
        let bytes = bytes.with_context(|| format!("the app has no {}", wasm.display()))?;
        let at = |path: &Path| format!("app/{version}/{}", path.display());
        anyhow::Ok(serde_json::json!({
            "script": at(&script), "wasm": at(&wasm), "wasmBytes": bytes,
        }))
    };
    let mut text = described("")?;
    text["version"] = version.clone().into();
    text["headset"] = described(wasm::HEADSET)?;
    let folder = format!("app/{version}");
    for (path, bytes) in parts {
        files.insert(Path::new(&folder).join(path), bytes);
    }
    let place = PathBuf::from("app/version.json");
    files.insert(place.clone(), format!("{text:#}\n").into_bytes());
    Ok(place)
}

fn remove_empty(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        if entry.path().is_dir() {
            remove_empty(&entry.path());
            // Only an empty folder can be removed this way.
            let _ = fs::remove_dir(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_developers_read_is_not_served() {
        for path in ["index.html", "panels/stop.js", "style/page.css", "sw.js"] {
            assert!(is_served(Path::new(path)), "{path}");
        }
        for path in [
            "tsconfig.json",
            "messages.d.ts",
            "types/xinghuo_app.d.ts",
            "tests/words.test.mjs",
            "words.test.mjs",
            "README.md",
        ] {
            assert!(!is_served(Path::new(path)), "{path}");
        }
    }

    #[test]
    fn the_site_is_complete_and_nothing_else() {
        let folder = std::env::temp_dir().join(format!("xtask-site-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        let folders = Folders {
            root: folder.join("clone"),
            cache: folder.join("cache"),
            target: folder.join("target"),
        };
        let put = |path: &str, text: &str| stamp::write(&folder.join(path), text.as_bytes());
        put("clone/web/index.html", "<p>").expect("writable");
        put("clone/web/panels/stop.js", "export {};").expect("writable");
        put("clone/web/headset.js", "export {};").expect("writable");
        put("clone/assets/ui/icon.png", "png").expect("writable");
        put("app/xinghuo_app.js", "script").expect("writable");
        put("app/xinghuo_app.d.ts", "types").expect("writable");
        put("app/xinghuo_app_bg.wasm", "code").expect("writable");
        put("app/headset/xinghuo_app.js", "script").expect("writable");
        put("app/headset/xinghuo_app_bg.wasm", "code and words").expect("writable");
        put("cache/site/release/old/gone.js", "stale").expect("writable");
        let files = pages(&folders.root).expect("pages");
        let site = fill(&folders, files, &folder.join("app"), false).expect("a site");
        let version: serde_json::Value =
            serde_json::from_slice(&stamp::read(&site.join("app/version.json")).expect("version"))
                .expect("JSON");
        let named = version["wasm"].as_str().expect("a name");
        assert_eq!(stamp::read(&site.join(named)).expect("the code"), b"code");
        assert_eq!(version["wasmBytes"], 4);
        assert_eq!(version["headset"]["wasmBytes"], 14);
        let page = stamp::read(&site.join("index.html")).expect("the page");
        assert_eq!(page, b"<p>");
        assert!(site.join("index.html.br").exists());
        assert!(site.join("ui/icon.png").exists());
        assert!(!site.join("ui/icon.png.br").exists());
        assert!(!site.join("old").exists());
        assert_eq!(stamp::files(&site).expect("files").len(), 17);
        let [one, other] = [false, true].map(|it| downloaded_app_bytes(&site, it));
        assert!(one.expect("compressed") < other.expect("compressed"));
        fs::remove_dir_all(folder).expect("removable");
    }
}
