//! The page's modules: put together for whoever visits, apart for whoever works on them.
//!
//! A browser asks for six files at a time of a server without TLS, and each turn takes as long as
//! the line is slow. So what a page needs is put into a few files, by esbuild, which keeps to the
//! language: what is imported only when it is asked for stays in a file of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::folders::Folders;
use crate::node;
use crate::run::{self, Heard};
use crate::say::Step;
use crate::site::Files;
use crate::stamp;
use crate::toolchain::scrubbed;

/// The module that other people's pages name.
const ELEMENT: &str = "tour.js";
/// Modules that few visitors need: they are fetched when they are asked for.
const SELDOM: [&str; 3] = ["headset.js", "mine.js", "speaking.js"];
/// How the line of a page begins that stands for its modules.
const MODULES: &str = "<!-- modules:";
/// How a page names its module.
const SCRIPT: &str = "<script type=\"module\" src=\"";

/// Which modules each page's own module needs from the beginning, itself included.
pub(crate) type Needs = BTreeMap<String, BTreeSet<String>>;

/// The modules as they are, all of which any page may need.
pub(crate) fn apart(files: &Files) -> Needs {
    let all: BTreeSet<_> = modules(files)
        .filter(|it| !SELDOM.contains(&it.as_str()))
        .collect();
    entries(files)
        .into_iter()
        .map(|entry| (entry, all.clone()))
        .collect()
}

/// Puts few files in the place of the modules.
pub(crate) fn together(folders: &Folders, files: &mut Files) -> Result<Needs> {
    node::ensure_packages(folders)?;
    let out = folders.cache.join("modules");
    let _ = fs::remove_dir_all(&out);
    let entries = entries(files);
    let step = Step::begin("build", "the modules of the page (esbuild)");
    let graph = out.join("graph.json");
    let bin = folders.root.join("tests/node_modules/.bin/esbuild");
    let mut esbuild = scrubbed(&bin.to_string_lossy());
    esbuild
        .args(entries.iter().chain(&SELDOM.map(str::to_owned)))
        .args(["--bundle", "--splitting", "--minify", "--format=esm"])
        .args(["--target=es2022", "--legal-comments=none"])
        // Beside the modules, for whose place `import.meta.url` stands.
        .args(["--entry-names=[dir]/[name]", "--chunk-names=part-[hash]"])
        .args(["--log-level=warning", "--outbase=."])
        .arg(format!("--outdir={}", out.join("site").display()))
        .arg(format!("--metafile={}", graph.display()))
        .current_dir(folders.root.join("web"));
    run::run(&mut esbuild, &step, &|_| Heard::Line)?.or_fail("esbuild")?;
    let graph = serde_json::from_slice(&stamp::read(&graph)?).context("esbuild's graph")?;
    files.retain(|path, _| !is_module(path));
    for path in stamp::files(&out.join("site"))? {
        files.insert(path.clone(), stamp::read(&out.join("site").join(&path))?);
    }
    step.end();
    Ok(entries
        .into_iter()
        .map(|entry| {
            let needs = reached(&graph, &entry);
            (entry, needs)
        })
        .collect())
}

/// Names in each page what it needs: a module is found only when the one that imports it has
/// arrived; on a line of 150 ms, seven such turns are a second.
pub(crate) fn preload(files: &mut Files, needs: &Needs) -> Result<()> {
    for (path, bytes) in files.iter_mut() {
        if path.extension().is_none_or(|end| end != "html") {
            continue;
        }
        let text = std::str::from_utf8(bytes)
            .with_context(|| format!("{} is not UTF-8", path.display()))?;
        let Some(module) = module_of(path, text) else {
            continue;
        };
        let is_below = path.iter().count() > 1;
        let rooted = if is_below || text.contains(&format!("{SCRIPT}/")) {
            "/"
        } else {
            ""
        };
        let links = needs.get(&module).into_iter().flatten();
        let links: Vec<_> = links
            .map(|it| format!("    <link rel=\"modulepreload\" href=\"{rooted}{it}\">"))
            .collect();
        let page = text.lines().flat_map(|line| {
            if line.trim_start().starts_with(MODULES) {
                links.clone()
            } else {
                vec![line.to_owned()]
            }
        });
        *bytes = format!("{}\n", page.collect::<Vec<_>>().join("\n")).into_bytes();
    }
    Ok(())
}

/// What a page or somebody else's page begins with.
fn entries(files: &Files) -> Vec<String> {
    let pages = files
        .iter()
        .filter(|(path, _)| path.extension().is_some_and(|end| end == "html"));
    let named = pages.filter_map(|(path, bytes)| module_of(path, std::str::from_utf8(bytes).ok()?));
    let mut entries: BTreeSet<_> = named.collect();
    let element = Path::new(ELEMENT);
    entries.extend(files.contains_key(element).then(|| ELEMENT.to_owned()));
    entries.into_iter().collect()
}

/// The module that the page at `path` names, from the site's root. It may lie beside the page.
fn module_of(path: &Path, page: &str) -> Option<String> {
    let (_, rest) = page.split_once(SCRIPT)?;
    let (module, _) = rest.split_once('"')?;
    let beside = || path.with_file_name(module).display().to_string();
    Some(module.strip_prefix('/').map_or_else(beside, str::to_owned))
}

/// What is imported from `entry` on, but for what few visitors need.
fn reached(graph: &Value, entry: &str) -> BTreeSet<String> {
    // esbuild names its products from the folder that it is started in.
    let outputs = graph["outputs"].as_object();
    let short = |name: &str| -> Option<String> {
        let (_, below) = name.split_once("modules/site/")?;
        Some(below.to_owned())
    };
    let imports: BTreeMap<String, Vec<String>> = outputs
        .into_iter()
        .flatten()
        .filter_map(|(name, about)| {
            let imported = about["imports"].as_array().into_iter().flatten();
            let imported = imported.filter_map(|it| short(it["path"].as_str()?));
            Some((short(name)?, imported.collect()))
        })
        .collect();
    let mut found = BTreeSet::new();
    let mut open = vec![entry.to_owned()];
    while let Some(next) = open.pop() {
        if !SELDOM.contains(&next.as_str()) && found.insert(next.clone()) {
            open.extend(imports.get(&next).into_iter().flatten().cloned());
        }
    }
    found
}

fn modules(files: &Files) -> impl Iterator<Item = String> {
    files
        .keys()
        .filter(|path| is_module(path))
        .map(|path| path.display().to_string())
}

fn is_module(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "js")
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn site(page: &str) -> Files {
        let files = [
            ("index.html", page),
            ("start.js", ""),
            ("tour.js", ""),
            ("headset.js", ""),
            ("panels/stop.js", ""),
        ];
        files
            .map(|(path, text)| (PathBuf::from(path), text.as_bytes().to_vec()))
            .into()
    }

    #[test]
    fn a_page_names_what_it_needs_and_not_what_few_need() {
        let page = "<!-- modules: here -->\n<script type=\"module\" src=\"start.js\"></script>";
        let mut files = site(page);
        let needs = apart(&files);
        assert_eq!(needs.keys().collect::<Vec<_>>(), ["start.js", "tour.js"]);
        preload(&mut files, &needs).expect("a page");
        let text = String::from_utf8_lossy(&files[Path::new("index.html")]).into_owned();
        assert!(text.contains("<link rel=\"modulepreload\" href=\"panels/stop.js\">"));
        assert!(!text.contains("headset.js") && !text.contains("modules:"));
    }

    #[test]
    fn a_page_below_the_root_names_modules_from_the_root() {
        let page = "<!-- modules: -->\n<script type=\"module\" src=\"/start.js\"></script>";
        let mut files = site(page);
        let needs = apart(&files);
        preload(&mut files, &needs).expect("a page");
        let text = String::from_utf8_lossy(&files[Path::new("index.html")]).into_owned();
        assert!(text.contains("href=\"/tour.js\""));
    }

    #[test]
    fn what_is_asked_for_later_is_followed_unless_few_ask() {
        let output = |imports: &[&str]| {
            let imports: Vec<_> = imports
                .iter()
                .map(|it| serde_json::json!({ "path": format!("../modules/site/{it}") }))
                .collect();
            serde_json::json!({ "imports": imports })
        };
        let graph = serde_json::json!({ "outputs": {
            "../modules/site/start.js": output(&["part-a.js", "tour.js"]),
            "../modules/site/tour.js": output(&["part-a.js", "headset.js"]),
            "../modules/site/headset.js": output(&["part-b.js"]),
        }});
        let found: Vec<_> = reached(&graph, "start.js").into_iter().collect();
        assert_eq!(found, ["part-a.js", "start.js", "tour.js"]);
    }
}
