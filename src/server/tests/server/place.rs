//! A deployment in a temporary folder: a site, a published package made here, its keys, a database.

use std::{
    fs,
    io::{self, Write},
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    thread,
};

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;
use xinghuo_package::{package_hash, published::Keys, sha256_hex};
use xinghuo_server::{
    Config, Limits, OidcOptions, Records, Retention, Server, TelemetryOptions, TlsOptions,
};
use xinghuo_tour::{Response, Venue};

/// The right answer to every question that the server marks: among the options everybody has it,
/// as a `"value"` only the keys do.
pub(crate) const SECRET: &str = "the-right-one";

/// The questions that the server marks.
pub(crate) const POOL: [&str; 4] = [
    "landing-who",
    "landing-when",
    "landing-where",
    "landing-why",
];

/// What is said to a right answer; only the keys file has it.
pub(crate) fn feedback(question: &str) -> String {
    format!("Yes, {SECRET} is right about {question}.")
}

/// What is said to a wrong answer; only the keys file has it.
pub(crate) fn hint(question: &str) -> String {
    format!("About {question}, look where the boat was moored.")
}

/// Says that this test is not run here, and why: past the harness, which keeps to itself what is printed
/// by tests that do not fail. `cargo xtask test` counts and names them.
pub(crate) fn skipped(why: &str) {
    let test = thread::current();
    let test = test.name().unwrap_or("a test");
    let line = format!("skipped: {}::{test}: {why}\n", env!("CARGO_CRATE_NAME"));
    io::stderr().write_all(line.as_bytes()).expect("it is said");
}

/// A deployment.
pub(crate) struct Place {
    pub(crate) root: TempDir,
    /// Where its records are: empty ones.
    pub(crate) records: Records,
    /// The hash of the signed package of the venue `boat`.
    pub(crate) package: String,
    /// The hash of the draft of the same venue.
    pub(crate) draft: String,
}

/// A running server, asked without a network.
pub(crate) struct Running {
    router: Router,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Bytes,
}

impl Place {
    pub(crate) fn new() -> Self {
        let root = tempfile::tempdir().expect("a folder");
        let put = |path: &str, bytes: &[u8]| write(&root.path().join(path), bytes);
        put("site/index.html", b"<!doctype html><title>site</title>");
        put(
            "site/404.html",
            "<!doctype html><title>没有 / nothing here</title>".as_bytes(),
        );
        put(
            "site/app/version.json",
            b"{\"script\":\"/app/0123abcd/app.js\"}",
        );
        put(
            "site/app/0123abcd/app.js",
            "export const long = 'long';\n".repeat(50).as_bytes(),
        );
        put("site/app/0123abcd/app.js.br", b"pretend this is brotli");
        put("site/app/0123abcd/app.wasm", b"\0asm");
        put("site/style/page.css", b"p { margin: 0 }");
        put("site/.git/config", b"[core]");
        fs::create_dir(root.path().join("data")).expect("a folder");
        let package = publish(root.path(), false);
        let draft = publish(root.path(), true);
        let index = json!({ "venues": [entry(&package, false), entry(&draft, true)] });
        put("packages/index.json", index.to_string().as_bytes());
        Self {
            records: crate::records::empty(&root.path().join("data")),
            root,
            package,
            draft,
        }
    }

    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// The keys file of the signed package.
    pub(crate) fn keys(&self) -> PathBuf {
        let file = format!("{}.json", self.package);
        self.folder("keys/boat").join(file)
    }

    /// Makes another option the right answer to every question, as a curator corrects a key: by a
    /// file that takes the place of the one before.
    pub(crate) fn correct_keys(&self, right: &str) {
        let keys = fs::read_to_string(self.keys()).expect("keys");
        let mut keys: Keys = serde_json::from_str(&keys).expect("JSON");
        for key in keys.keys.values_mut() {
            *key = Response::Single(right.parse().expect("an id"));
        }
        let new = self.folder("keys/new.json");
        write(&new, &serde_json::to_vec(&keys).expect("JSON"));
        fs::rename(new, self.keys()).expect("a file");
    }

    pub(crate) fn config(&self) -> Config {
        Config {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            records: self.records.clone(),
            retention: Retention::default(),
            site: self.folder("site"),
            packages: self.folder("packages"),
            keys: self.folder("keys"),
            production: false,
            metrics_token: Some("for-the-administrator".into()),
            frame_ancestors: "'self'".into(),
            origin: Some("https://tours.example.edu".into()),
            responsible: Some("The keepers of the boat, keepers@example.edu".into()),
            behind_proxy: false,
            tls: TlsOptions::default(),
            telemetry: TelemetryOptions::default(),
            oidc: OidcOptions::default(),
            lms_origins: Vec::new(),
            limits: Limits::default(),
        }
    }

    pub(crate) async fn start(&self) -> Running {
        Running::with(self.config()).await
    }
}

impl Running {
    pub(crate) async fn with(config: Config) -> Self {
        Self::of(&Server::bind(config).await.expect("it starts"))
    }

    pub(crate) fn of(server: &Server) -> Self {
        Self {
            router: server.router(),
        }
    }

    pub(crate) async fn ask(&self, request: Request<Body>) -> Answer {
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("an answer");
        let (head, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.expect("a whole body");
        Answer {
            status: head.status,
            headers: head.headers,
            bytes,
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[]).await
    }

    pub(crate) async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.ask(request.body(Body::empty()).expect("a request"))
            .await
    }

    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        token: Option<&str>,
        body: &Value,
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let body = if body.is_null() {
            Body::empty()
        } else {
            body.to_string().into()
        };
        self.ask(request.body(body).expect("a request")).await
    }
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("a text"))
    }

    /// The code of the error that was answered; empty if it was a success.
    pub(crate) fn code(&self) -> String {
        self.json()["error"]["code"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }
}

fn entry(hash: &str, draft: bool) -> Value {
    json!({
        "id": "boat", "hash": hash, "languages": ["zh-Hans", "en"], "title": {"en": "The boat"},
        "poster": format!("boat/{hash}/media/poster.jpg"), "draft": draft,
    })
}

fn write(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, bytes).expect("a file");
}

/// Publishes the venue as `author build` would, and returns its hash.
fn publish(root: &Path, draft: bool) -> String {
    let venue = venue(draft);
    let public = serde_json::to_vec(&venue.clone().without_keys()).expect("JSON");
    let files: [(&str, &[u8], &str); 5] = [
        ("venue.json", &public, "application/json"),
        (
            "text/en.json",
            br#"{"venue.title":"The boat"}"#,
            "application/json",
        ),
        (
            "text/zh-Hans.json",
            r#"{"venue.title":"船"}"#.as_bytes(),
            "application/json",
        ),
        ("media/boat.glb", b"glTF0123456789", "model/gltf-binary"),
        ("media/poster.jpg", b"\xff\xd8\xff", "image/jpeg"),
    ];
    let sums: Vec<_> = files
        .iter()
        .map(|(path, bytes, _)| (*path, sha256_hex(bytes)))
        .collect();
    let hash = package_hash(sums.iter().map(|(path, sum)| (*path, sum.as_str())));
    let folder = root.join("packages/boat").join(&hash);
    let mut listed = Vec::new();
    for ((path, bytes, kind), (_, sum)) in files.iter().zip(&sums) {
        write(&folder.join(path), bytes);
        listed.push(json!({"path": path, "sha256": sum, "bytes": bytes.len(), "mediaType": kind}));
    }
    let manifest = json!({
        "format": 1, "venue": "boat", "hash": hash, "files": listed, "first": ["venue.json"],
        "poster": "media/poster.jpg", "provenance": "reconstruction", "licence": "CC-BY-4.0",
    });
    write(
        &folder.join("manifest.json"),
        manifest.to_string().as_bytes(),
    );
    let said = |words: fn(&str) -> String| {
        let said = |id: &str| {
            let words = [("en".to_owned(), words(id))];
            (id.parse().expect("an id"), words.into())
        };
        POOL.map(said).into()
    };
    let keys = Keys {
        keys: venue.keys(),
        feedback: said(feedback),
        shown_at: venue.shown_at(),
        hints: said(hint),
        ..Keys::default()
    };
    let keys = serde_json::to_vec(&keys).expect("JSON");
    write(&root.join("keys/boat").join(format!("{hash}.json")), &keys);
    hash
}

/// Two stops: a landing that asks two of four questions, marked by the server, and a bow that asks
/// one, marked where the visitor is.
pub(crate) fn venue(draft: bool) -> Venue {
    let question = |id: &str, shown_at: &str, right: &str| {
        json!({
            "id": id, "kind": "single", "options": [right, "a-wrong-one", "another-wrong-one"],
            "targets": [], "shown_at": shown_at, "key": {"kind": "single", "value": right},
        })
    };
    let stop = |id: &str, required: bool| {
        json!({
            "id": id, "room": "lake", "node": format!("stop_{id}"), "required": required,
            "artifact": {
                "id": format!("{id}-lamp"), "node": format!("artifact_{id}"),
                "provenance": "reconstruction", "observe_millis": 1000, "observe_within_m": 2.5,
            },
            "checkpoint": id, "topics": ["boats"], "prerequisites": [],
            "evidence": ["arrived", "observed", "story", "answered"], "picture": null,
        })
    };
    let venue = json!({
        "id": "boat", "languages": ["zh-Hans", "en"], "draft": draft,
        "start": {"room": "lake", "node": "start"},
        "rooms": {"lake": {
            "scene": "media/boat.glb", "lightmap": null, "light_scale": 1.0,
            "walkable": "walkable", "eye_height_m": 1.6, "haze": null, "doors": [],
        }},
        "stops": [stop("landing", true), stop("bow", false)],
        "checkpoints": {
            "landing": {
                "id": "landing", "marking": "server", "draw": 2,
                "questions": POOL.map(|id| question(id, "landing", SECRET)),
            },
            "bow": {
                "id": "bow", "marking": "here", "draw": 1,
                "questions": [question("bow-what", "bow", "a-lamp")],
            },
        },
        "completion": {"version": 1, "mastery": 0.7, "attempts": 3},
    });
    let venue: Venue = serde_json::from_value(venue).expect("a venue");
    venue
        .checked()
        .expect("a venue that does not contradict itself")
}
