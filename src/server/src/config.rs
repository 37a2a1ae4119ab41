//! What a server is told when it starts, and whether the folders it is told of can be used.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use axum::http::{HeaderValue, Uri};

use crate::{
    BucketOptions, Limits, OidcOptions, Retention, StartError, TelemetryOptions, TlsOptions,
    outward::origin,
};

/// What a server is told when it starts.
#[derive(Debug, Clone, clap::Args)]
pub struct Config {
    /// The address and port to answer on
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    pub listen: SocketAddr,
    /// Where the records are.
    #[command(flatten)]
    pub records: Records,
    /// How long they are kept.
    #[command(flatten)]
    pub retention: Retention,
    /// The folder with the built site
    #[arg(long, value_name = "DIR")]
    pub site: PathBuf,
    /// The folder with the published packages
    #[arg(long, value_name = "DIR")]
    pub packages: PathBuf,
    /// The folder with the answer keys of the published packages; never served
    #[arg(long, value_name = "DIR")]
    pub keys: PathBuf,
    /// Refuse packages that nobody has signed off
    #[arg(long)]
    pub production: bool,
    /// Let whoever shows this bearer token read /metrics; without it only this machine may
    #[arg(
        long,
        value_name = "TOKEN",
        env = "XINGHUO_METRICS_TOKEN",
        hide_env_values = true
    )]
    pub metrics_token: Option<String>,
    /// Which pages may embed the tour: the sources of the CSP directive `frame-ancestors`
    #[arg(long, default_value = "'self'", value_name = "SOURCES")]
    pub frame_ancestors: String,
    /// The address by which visitors know this deployment, such as <https://tours.example.edu>; xAPI
    /// statements name their activities after it [default: http:// and --listen]
    #[arg(long, value_name = "URL")]
    pub origin: Option<String>,
    /// Who is responsible for the records, and how to reach them, as visitors are told before anything
    /// is recorded, such as "Jiaxing University, privacy@example.edu"
    #[arg(long, value_name = "TEXT")]
    pub responsible: Option<String>,
    /// A reverse proxy stands in front: take the visitor's address, for the rate limits only, from
    /// the last entry of X-Forwarded-For
    #[arg(long)]
    pub behind_proxy: bool,
    /// The certificate of secure lines.
    #[command(flatten)]
    pub tls: TlsOptions,
    /// Who is told what takes how long.
    #[command(flatten)]
    pub telemetry: TelemetryOptions,
    /// How staff signs in with an OpenID provider.
    #[command(flatten)]
    pub oidc: OidcOptions,
    /// A learning system that may launch visits by cmi5, such as <https://lms.example.edu>; may be given
    /// several times
    #[arg(long = "lms-origin", value_name = "URL")]
    pub lms_origins: Vec<String>,
    /// How much one address or one visit may ask for.
    #[arg(skip)]
    pub limits: Limits,
}

/// Where the records are.
#[derive(Debug, Clone, clap::Args)]
pub struct Records {
    /// The folder that holds the records, in a database of the server's own
    #[arg(long, value_name = "DIR", required_unless_present = "database_url")]
    pub data: Option<PathBuf>,
    /// The PostgreSQL database that holds the records in place of the folder; several servers may
    /// share it
    #[arg(long, value_name = "URL", env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// Where attachments lie, if not in the database.
    #[command(flatten)]
    pub bucket: BucketOptions,
}

impl Records {
    /// Records in a folder.
    #[must_use]
    pub fn in_folder(data: PathBuf) -> Self {
        Self {
            data: Some(data),
            database_url: None,
            bucket: BucketOptions::default(),
        }
    }

    /// The same with the folder found and made absolute, if it is what counts.
    pub(crate) fn checked(mut self) -> Result<Self, StartError> {
        match &mut self.data {
            _ if self.database_url.is_some() => self.data = None,
            Some(data) => {
                *data = folder("data", data, "create the folder, or correct the option")?;
            }
            None => return Err(StartError::NoRecords),
        }
        Ok(self)
    }
}

impl Config {
    /// What visitors know this deployment by when it has that address.
    pub(crate) fn origin_at(&self, address: SocketAddr) -> String {
        let given = self.origin.clone();
        let scheme = if self.tls.is_on() { "https" } else { "http" };
        given.unwrap_or_else(|| format!("{scheme}://{address}"))
    }

    /// The same configuration with every folder found and made absolute.
    pub(crate) fn checked(mut self) -> Result<Self, StartError> {
        match self.find().into_iter().next() {
            Some(problem) => Err(problem),
            None => Ok(self),
        }
    }

    /// Finds every folder and makes it absolute; tells everything that is wrong.
    pub(crate) fn find(&mut self) -> Vec<StartError> {
        let mut problems = Vec::new();
        match self.records.clone().checked() {
            Ok(found) => self.records = found,
            Err(problem) => problems.push(problem),
        }
        problems.extend(self.retention.checked().err());
        let site = "build the site first, or correct the option";
        let packages = "build a package with `xinghuo-author build`, or correct the option";
        let keys =
            "give the folder that `xinghuo-author build --keys` wrote, or correct the option";
        for (option, path, next) in [
            ("site", &mut self.site, site),
            ("packages", &mut self.packages, packages),
            ("keys", &mut self.keys, keys),
        ] {
            match folder(option, path, next) {
                Ok(found) => *path = found,
                Err(problem) => problems.push(problem),
            }
        }
        problems.extend(self.telemetry.traces_address().err());
        problems.extend(self.exposed());
        problems.extend(self.origin_flaw());
        problems.extend(self.lms_flaw());
        if let Some(issuer) = self.oidc.issuer.as_ref().filter(|it| !is_safe_issuer(it)) {
            problems.push(StartError::Issuer {
                issuer: issuer.clone(),
            });
        }
        let sources_fit = !self.frame_ancestors.contains([';', ','])
            && HeaderValue::from_str(&self.frame_ancestors).is_ok();
        if !sources_fit {
            problems.push(StartError::FrameAncestors {
                sources: self.frame_ancestors.clone(),
            });
        }
        problems
    }

    /// What must stay private and lies where everybody is served from.
    fn exposed(&self) -> Vec<StartError> {
        let mut problems = Vec::new();
        for (public, served) in [("site", &self.site), ("packages", &self.packages)] {
            let keys = Some(("keys", &self.keys));
            let data = self.records.data.as_ref().map(|data| ("data", data));
            for (private, kept) in keys.into_iter().chain(data) {
                if kept.starts_with(served) || served.starts_with(kept) {
                    problems.push(StartError::Exposed {
                        public,
                        private,
                        path: kept.clone(),
                    });
                }
            }
        }
        problems
    }

    /// Shortens each learning system to scheme and name, if it is no more than that.
    fn lms_flaw(&mut self) -> Option<StartError> {
        for lms in &mut self.lms_origins {
            match lms_origin(lms) {
                Some(named) => *lms = named,
                None => {
                    return Some(StartError::LmsOrigin {
                        origin: lms.clone(),
                    });
                }
            }
        }
        None
    }

    /// Shortens the origin to scheme and name, if it is no more than that.
    fn origin_flaw(&mut self) -> Option<StartError> {
        let origin = self.origin.as_mut()?;
        let name = origin
            .strip_prefix("https://")
            .or_else(|| origin.strip_prefix("http://"));
        let name = name
            .map(|name| name.trim_end_matches('/'))
            .unwrap_or_default();
        if name.is_empty() || name.contains(['/', '?', '#', '@', ' ']) || !name.is_ascii() {
            return Some(StartError::Origin {
                origin: origin.clone(),
            });
        }
        origin.truncate(origin.trim_end_matches('/').len());
        None
    }
}

/// The scheme and name of a learning system, if that is all that was given.
fn lms_origin(given: &str) -> Option<String> {
    origin(given).filter(|_| {
        let path = given.parse::<Uri>().map(|it| it.path().to_owned());
        path.is_ok_and(|path| path == "/" || path.is_empty()) && !given.contains('?')
    })
}

/// Whether nobody between can speak in the provider's name: on this machine nobody is between.
fn is_safe_issuer(issuer: &str) -> bool {
    let here = ["http://127.0.0.1:", "http://localhost:", "http://[::1]:"];
    issuer.starts_with("https://") || here.iter().any(|it| issuer.starts_with(it))
}

fn folder(option: &'static str, path: &Path, next: &'static str) -> Result<PathBuf, StartError> {
    let missing = || StartError::NoFolder {
        option,
        next,
        path: path.to_owned(),
    };
    let found = path.canonicalize().map_err(|_| missing())?;
    if found.is_dir() {
        Ok(found)
    } else {
        Err(missing())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(root: &Path) -> Config {
        for name in ["data", "site", "packages", "keys"] {
            std::fs::create_dir_all(root.join(name)).expect("a folder");
        }
        Config {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            records: Records::in_folder(root.join("data")),
            retention: Retention::default(),
            site: root.join("site"),
            packages: root.join("packages"),
            keys: root.join("keys"),
            production: false,
            metrics_token: None,
            frame_ancestors: "'self'".into(),
            origin: None,
            responsible: None,
            behind_proxy: false,
            tls: TlsOptions::default(),
            telemetry: TelemetryOptions::default(),
            oidc: OidcOptions::default(),
            lms_origins: Vec::new(),
            limits: Limits::default(),
        }
    }

    #[test]
    fn a_missing_folder_is_named_with_the_next_step() {
        let root = tempfile::tempdir().expect("a folder");
        let mut config = config(root.path());
        config.packages = root.path().join("nowhere");
        let sentence = config
            .checked()
            .expect_err("nowhere is no folder")
            .to_string();
        assert!(sentence.contains("--packages"), "{sentence}");
        assert!(sentence.contains("xinghuo-author build"), "{sentence}");
        assert!(sentence.contains("nowhere"), "{sentence}");
    }

    #[test]
    fn keys_inside_what_is_served_are_refused() {
        let root = tempfile::tempdir().expect("a folder");
        let mut config = config(root.path());
        config.keys = config.packages.join("keys");
        std::fs::create_dir(&config.keys).expect("a folder");
        assert!(matches!(
            config.checked(),
            Err(StartError::Exposed {
                private: "keys",
                ..
            })
        ));
    }

    #[test]
    fn an_origin_is_scheme_and_name_and_nothing_more() {
        let root = tempfile::tempdir().expect("a folder");
        let checked = |origin: &str| {
            let mut config = config(root.path());
            config.origin = Some(origin.into());
            config.checked().map(|config| config.origin)
        };
        let right = checked("https://tours.example.edu/").expect("an origin");
        assert_eq!(right.as_deref(), Some("https://tours.example.edu"));
        for wrong in [
            "tours.example.edu",
            "https://",
            "https://a/b",
            "ftp://a",
            "https://a b",
        ] {
            assert!(
                matches!(checked(wrong), Err(StartError::Origin { .. })),
                "{wrong}"
            );
        }
    }

    #[test]
    fn a_second_directive_cannot_be_slipped_into_the_policy() {
        let root = tempfile::tempdir().expect("a folder");
        let mut config = config(root.path());
        config.frame_ancestors = "'self'; script-src *".into();
        assert!(matches!(
            config.checked(),
            Err(StartError::FrameAncestors { .. })
        ));
    }
}
