//! The web root: the pages as they are, the app under names that never change their meaning.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::compress::{Compressed, shrinks};
use crate::folders::Folders;
use crate::stamp;
use crate::wasm;

/// How many digits of a hash name a version of the app.
const HASH_DIGITS: usize = 16;

/// Fills the web root and removes what does not belong to it.
pub(crate) fn assemble(folders: &Folders, app: &Path, draft: bool) -> Result<PathBuf> {
    let site = folders.served(draft).site;
    let mut files = pages(&folders.root)?;
    preload_modules(&mut files)?;
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

type Files = BTreeMap<PathBuf, Vec<u8>>;

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

/// The start page.
const PAGE: &str = "index.html";
/// How the line of the start page begins that stands for the page's modules.
const MODULES: &str = "<!-- modules:";
/// Modules that few visitors need: they are fetched when they are asked for.
const SELDOM: [&str; 8] = [
    "headset.js",
    "mine.js",
    "mine/accesses.js",
    "mine/files.js",
    "mine/log.js",
    "mine/objections.js",
    "mine/visit.js",
    "speaking.js",
];

/// Names every module in the start page's head. A module is found only when the one that imports
/// it has arrived; on a line of 150 ms, seven such turns are a second.
fn preload_modules(files: &mut Files) -> Result<()> {
    let links: Vec<_> = files
        .keys()
        .filter(|path| path.extension().is_some_and(|end| end == "js"))
        .filter(|path| SELDOM.iter().all(|it| Path::new(it) != path.as_path()))
        .map(|path| format!("<link rel=\"modulepreload\" href=\"{}\">", path.display()))
        .collect();
    let page = files
        .get_mut(Path::new(PAGE))
        .with_context(|| format!("there is no {PAGE}"))?;
    let text = std::str::from_utf8(page).with_context(|| format!("{PAGE} is not UTF-8"))?;
    let page_lines: Vec<_> = text
        .lines()
        .flat_map(|line| {
            if line.trim_start().starts_with(MODULES) {
                links.iter().map(|link| format!("    {link}")).collect()
            } else {
                vec![line.to_owned()]
            }
        })
        .collect();
    *page = format!("{}\n", page_lines.join("\n")).into_bytes();
    Ok(())
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
        put("clone/web/index.html", "<!-- modules: here -->\n<p>").expect("writable");
        put("clone/web/panels/stop.js", "export {};").expect("writable");
        put("clone/web/headset.js", "export {};").expect("writable");
        put("clone/assets/ui/icon.png", "png").expect("writable");
        put("app/xinghuo_app.js", "script").expect("writable");
        put("app/xinghuo_app.d.ts", "types").expect("writable");
        put("app/xinghuo_app_bg.wasm", "code").expect("writable");
        put("app/headset/xinghuo_app.js", "script").expect("writable");
        put("app/headset/xinghuo_app_bg.wasm", "code and words").expect("writable");
        put("cache/site/release/old/gone.js", "stale").expect("writable");
        let site = assemble(&folders, &folder.join("app"), false).expect("a site");
        let version: serde_json::Value =
            serde_json::from_slice(&stamp::read(&site.join("app/version.json")).expect("version"))
                .expect("JSON");
        let named = version["wasm"].as_str().expect("a name");
        assert_eq!(stamp::read(&site.join(named)).expect("the code"), b"code");
        assert_eq!(version["wasmBytes"], 4);
        assert_eq!(version["headset"]["wasmBytes"], 14);
        let page = stamp::read(&site.join("index.html")).expect("the page");
        assert_eq!(
            String::from_utf8_lossy(&page),
            "    <link rel=\"modulepreload\" href=\"panels/stop.js\">\n<p>\n"
        );
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
