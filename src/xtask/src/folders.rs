//! Where everything is: the clone, the user's cache, and what is made in it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The folders that the commands read and write.
#[derive(Clone, Debug)]
pub(crate) struct Folders {
    /// The clone.
    pub(crate) root: PathBuf,
    /// What may be deleted at any time and is made again.
    pub(crate) cache: PathBuf,
    /// Cargo's products, shared by every clone on this machine.
    pub(crate) target: PathBuf,
}

/// The folders that one set of build options fills and the server reads.
#[derive(Clone, Debug)]
pub(crate) struct Served {
    /// The web root.
    pub(crate) site: PathBuf,
    /// The published venues.
    pub(crate) packages: PathBuf,
    /// The answer keys, which no browser may reach.
    pub(crate) keys: PathBuf,
}

impl Folders {
    /// Finds the folders from the environment, never from this machine's paths.
    pub(crate) fn find() -> Result<Self> {
        let root = std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(
            || Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf(),
            PathBuf::from,
        );
        let root = root
            .ancestors()
            .nth(2)
            .context("xtask is not in src/xtask of the clone")?
            .to_path_buf();
        let cache = user_folder("XDG_CACHE_HOME", ".cache")?.join("xinghuo");
        let target = set("CARGO_TARGET_DIR").map_or_else(
            || cache.join("target"),
            |dir| {
                // Cargo takes a relative folder from where it is started: the clone.
                root.join(dir)
            },
        );
        Ok(Self {
            root,
            cache,
            target,
        })
    }

    /// What one set of build options fills: drafts are not compressed and must never be mistaken
    /// for what ships.
    pub(crate) fn served(&self, draft: bool) -> Served {
        let kind = if draft { "draft" } else { "release" };
        Served {
            site: self.cache.join("site").join(kind),
            packages: self.cache.join("packages").join(kind),
            keys: self.cache.join("keys").join(kind),
        }
    }

    /// A program of this workspace, as the release profile leaves it.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.target
            .join("release")
            .join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }
}

/// Where the server keeps its database when nobody says otherwise.
pub(crate) fn default_data() -> Result<PathBuf> {
    Ok(user_folder("XDG_DATA_HOME", ".local/share")?.join("xinghuo"))
}

fn user_folder(variable: &str, below_home: &str) -> Result<PathBuf> {
    if let Some(folder) = set(variable) {
        return Ok(folder);
    }
    let home = set("HOME").with_context(|| format!("neither {variable} nor HOME is set"))?;
    Ok(home.join(below_home))
}

fn set(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable)
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
}
