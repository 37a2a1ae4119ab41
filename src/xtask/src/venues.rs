//! The venues: every folder of `assets/venues`, published for the server.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::apt;
use crate::folders::Folders;
use crate::run::{self, Heard};
use crate::say::{self, Step};
use crate::stamp::{self, Stamp};

/// The curator's program, which publishes venues.
pub(crate) const AUTHOR: &str = "xinghuo-author";

/// The font of which a venue's letters are taken, and the package in which Debian has it.
const FONT: &str = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";
const FONT_PACKAGE: &str = "fonts-noto-cjk";
/// What names another copy of it.
const FONT_VARIABLE: &str = "XINGHUO_FONT";

/// Publishes every venue that changed since it was published last.
pub(crate) fn publish(folders: &Folders, draft: bool) -> Result<()> {
    let served = folders.served(draft);
    for folder in [&served.packages, &served.keys] {
        fs::create_dir_all(folder)
            .with_context(|| format!("not writable: {}", folder.display()))?;
    }
    let author = folders.program(AUTHOR);
    let program = stamp::hash_file(&author)?;
    let stamps = served.packages.with_extension("stamps");
    let venues = venues(folders)?;
    forget_removed(folders, draft, &venues)?;
    let letters = Letters::find(folders)?;
    for (name, venue) in venues {
        let content = stamp::hash_folder(&venue)?;
        let stamp = Stamp::new(stamps.join(&name), &[&program, &content, &letters.hash]);
        if stamp.is_fresh() && served.packages.join(&name).exists() {
            continue;
        }
        stamp.clear();
        let step = Step::begin("publish", &format!("the venue {name}"));
        let mut build = Command::new(&author);
        build.arg("build").arg(&venue);
        build.arg("--out").arg(&served.packages);
        build.arg("--keys").arg(&served.keys);
        letters.add_to(&mut build);
        if draft {
            build.arg("--no-compress");
        }
        run::run(&mut build, &step, &|line| {
            Heard::LineAndProgress(line.chars().take(70).collect())
        })?
        .or_fail(&format!("publishing the venue {name}"))?;
        stamp.set()?;
        step.end();
    }
    Ok(())
}

/// What a venue's letters are made of: a font, and the page's words.
struct Letters {
    font: Option<PathBuf>,
    words: Vec<PathBuf>,
    hash: String,
}

impl Letters {
    /// Finds the font, or gets it. Without one, nothing can be read in a headset, and all else is
    /// as it should be.
    fn find(folders: &Folders) -> Result<Self> {
        let named = std::env::var_os(FONT_VARIABLE).map(PathBuf::from);
        let font = named.or_else(|| {
            if apt::is_here() && !Path::new(FONT).is_file() {
                let _ = apt::install(&[FONT_PACKAGE]);
            }
            Some(PathBuf::from(FONT)).filter(|it| it.is_file())
        });
        if font.is_none() {
            say::line(&format!(
                "without   letters for headsets: name Noto Sans CJK in {FONT_VARIABLE}"
            ));
        }
        let texts = folders.root.join("web/text");
        let words: Vec<_> = stamp::files(&texts)?
            .into_iter()
            .map(|it| texts.join(it))
            .collect();
        let mut hashes = stamp::hash_folder(&texts)?;
        if let Some(font) = &font {
            hashes.push_str(&stamp::hash_file(font)?);
        }
        let hash = stamp::hash(hashes.as_bytes());
        Ok(Self { font, words, hash })
    }

    fn add_to(&self, build: &mut Command) {
        let Some(font) = &self.font else { return };
        build.arg("--font").arg(font);
        for words in &self.words {
            build.arg("--words").arg(words);
        }
    }
}

/// The names and folders of the venues, sorted.
pub(crate) fn venues(folders: &Folders) -> Result<Vec<(String, PathBuf)>> {
    let Ok(entries) = fs::read_dir(folders.root.join("assets/venues")) else {
        return Ok(Vec::new());
    };
    let mut venues = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.join("venue.toml").exists() {
            venues.push((name.into_owned(), path));
        }
    }
    venues.sort();
    Ok(venues)
}

/// A venue that the clone no longer has must not be offered either. Its packages stay, like the
/// older ones of any venue: visits are pinned to them. Should it come back, it is published again.
fn forget_removed(folders: &Folders, draft: bool, venues: &[(String, PathBuf)]) -> Result<()> {
    let served = folders.served(draft);
    let index = served.packages.join("index.json");
    if !index.exists() {
        return Ok(());
    }
    let mut offered: serde_json::Value = serde_json::from_slice(&stamp::read(&index)?)
        .with_context(|| format!("not an index: {}", index.display()))?;
    if let Some(offered) = offered["venues"].as_array_mut() {
        offered.retain(|venue| venues.iter().any(|(name, _)| venue["id"] == **name));
    }
    stamp::write_changed(&index, format!("{offered:#}\n").as_bytes())?;
    for stamp in stamp::files(&served.packages.with_extension("stamps"))? {
        if !venues.iter().any(|(name, _)| stamp == Path::new(name)) {
            fs::remove_file(served.packages.with_extension("stamps").join(stamp))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_removed_venue_is_not_offered_and_its_packages_stay() {
        let folder = std::env::temp_dir().join(format!("xtask-venues-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        let folders = Folders {
            root: folder.join("clone"),
            cache: folder.join("cache"),
            target: folder.join("target"),
        };
        let served = folders.served(false);
        let put = |path: &Path, text: &str| stamp::write(path, text.as_bytes()).expect("writable");
        let index = r#"{"venues":[{"id":"boat","hash":"1"},{"id":"train","hash":"2"}]}"#;
        put(&served.packages.join("index.json"), index);
        for venue in ["boat", "train"] {
            put(&served.packages.join(venue).join("1/manifest.json"), "{}");
            put(&served.keys.join(venue).join("1.json"), "{}");
            put(&served.packages.with_extension("stamps").join(venue), "1");
        }
        let left = [("boat".to_owned(), folder.join("clone/assets/venues/boat"))];
        forget_removed(&folders, false, &left).expect("forgotten");
        let index = stamp::read(&served.packages.join("index.json")).expect("an index");
        let index: serde_json::Value = serde_json::from_slice(&index).expect("JSON");
        let offered = serde_json::json!({ "venues": [{ "id": "boat", "hash": "1" }] });
        assert_eq!(index, offered);
        for venue in ["boat", "train"] {
            assert!(served.packages.join(venue).join("1/manifest.json").exists());
            assert!(served.keys.join(venue).join("1.json").exists());
        }
        let stamps = stamp::files(&served.packages.with_extension("stamps")).expect("stamps");
        assert_eq!(stamps, [Path::new("boat")]);
        fs::remove_dir_all(folder).expect("removable");
    }
}
