//! The source form: what curators write, read into a [`Package`] or into every finding at once.

mod checkpoint_file;
mod desk;
mod fields;
mod markdown;
mod media;
mod model;
mod nearest;
mod references;
mod room_file;
mod stop_file;
mod venue_file;
mod whole;
mod words;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Display,
    str::FromStr,
};

use xinghuo_tour::{Provenance, Venue};

use self::{desk::Desk, fields::Fields, whole::Parts};
use crate::{
    files::{FILE_BYTES, FileError, Files, SOURCE_FILES, TOTAL_BYTES, is_inside},
    finding::{Code, Finding, Pointer, Severity},
    published::{STOPS, Sources, Texts},
};

pub(crate) use media::media_type;

/// Names of the topics, by topic.
const TOPICS: &str = "topics.toml";
/// What is only work and never read.
const WORKSHOP: &str = "workshop/";

/// A package that can be published: nothing in it is wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct Package {
    /// The venue, with every answer key.
    pub venue: Venue,
    /// How the digital venue came to be.
    pub provenance: Provenance,
    /// The licence (SPDX) under which the venue may be used.
    pub licence: String,
    /// Path of the picture that is shown before the tour begins.
    pub poster: String,
    /// Every text by language and key, stories and descriptions as HTML.
    pub texts: BTreeMap<String, Texts>,
    /// What is cited, and where.
    pub sources: Sources,
    /// The files under `media/` that the package uses.
    pub media: BTreeMap<String, Vec<u8>>,
}

/// Reads a package. It is there unless a finding is an error; the findings are there in any case,
/// sorted by file and place.
pub async fn open(files: &impl Files) -> (Option<Package>, Vec<Finding>) {
    let mut desk = Desk::default();
    lay_out(&mut desk, files).await;
    let folder = files.folder();
    let package = assemble(&mut desk, folder.as_deref());
    let mut findings = desk.findings;
    findings.sort_by(|a, b| (&a.pointer, a.code).cmp(&(&b.pointer, b.code)));
    findings.dedup();
    let wrong = findings.iter().any(|f| f.severity == Severity::Error);
    (package.filter(|_| !wrong), findings)
}

/// Reads every file that is not only work.
async fn lay_out(desk: &mut Desk, files: &impl Files) {
    let listed = match files.list().await {
        Ok(listed) => listed,
        Err(cause) => {
            let at = Pointer::file(".");
            desk.find(Code::FileUnreadable, at, cause.to_string());
            return;
        }
    };
    if listed.len() > SOURCE_FILES {
        let message = format!(
            "the package has {} files, more than {SOURCE_FILES}",
            listed.len()
        );
        let finding = Finding::new(Code::MediaHuge, Pointer::file("."), message);
        desk.findings.push(finding.with_severity(Severity::Error));
        return;
    }
    let mut total = 0_u64;
    for (path, bytes) in listed {
        let at = Pointer::file(&path);
        if !is_inside(&path) {
            let message = format!("the path {path:?} leaves the package");
            desk.find(Code::PathEscapes, at, message);
            continue;
        }
        if path.starts_with(WORKSHOP) {
            continue;
        }
        desk.listed.insert(path.clone(), bytes);
        total = total.saturating_add(bytes);
        if bytes > FILE_BYTES || total > TOTAL_BYTES {
            let message = format!("the file of {bytes} bytes makes the package too large to read");
            let finding = Finding::new(Code::MediaHuge, at, message);
            desk.findings.push(finding.with_severity(Severity::Error));
            continue;
        }
        match files.read(&path).await {
            Ok(bytes) => {
                desk.contents.insert(path, bytes);
            }
            Err(FileError::Outside { .. }) => {
                let message = format!("the path {path:?} leaves the package");
                desk.find(Code::PathEscapes, at, message);
            }
            Err(cause) => desk.find(Code::FileUnreadable, at, cause.to_string()),
        }
    }
}

/// Reads the parts in the order in which they need each other, and puts them together.
fn assemble(desk: &mut Desk, folder: Option<&str>) -> Option<Package> {
    let venue = venue_file::read(desk, folder);
    let sources = references::read(desk);
    let topics = topics(desk);
    let rooms = room_file::read(desk);
    let stops = stop_file::read(desk);
    if stops.named.len() > STOPS {
        let message = format!(
            "the venue has {} stops, more than {STOPS}",
            stops.named.len()
        );
        desk.find(
            Code::VenueInconsistent,
            Pointer::file(venue_file::PATH),
            message,
        );
        return None;
    }
    let checkpoints = checkpoint_file::read(desk, &stops);
    for stop in &stops.named {
        let (key, who) = (format!("stop.{stop}.story"), format!("stop.{stop}"));
        markdown::read(desk, stop.as_str(), &key, &who, 6000);
    }
    for (artifact, _) in &stops.artifacts {
        let (key, who) = (
            format!("artifact.{artifact}.description"),
            format!("artifact.{artifact}"),
        );
        markdown::read(desk, artifact.as_str(), &key, &who, 2400);
    }
    media::check(desk);
    let parts = Parts {
        venue,
        topics,
        rooms,
        stops,
        checkpoints,
    };
    whole::check(desk, &parts);
    let sources = sources.map(|sources| references::check(desk, sources));
    if desk.findings.iter().any(|f| f.severity == Severity::Error) {
        return None;
    }
    package(desk, parts, sources?)
}

/// The package, if nothing is missing from its parts.
fn package(desk: &mut Desk, parts: Parts, sources: Sources) -> Option<Package> {
    let Parts {
        venue,
        rooms,
        stops,
        checkpoints,
        ..
    } = parts;
    let mut by_id: BTreeMap<_, _> = stops
        .read
        .into_iter()
        .map(|stop| (stop.id.clone(), stop))
        .collect();
    let route = venue
        .route
        .iter()
        .filter_map(|(_, stop)| by_id.remove(stop));
    let built = Venue {
        id: venue.id?,
        languages: desk.languages.clone(),
        start: venue.start?,
        rooms: rooms.read,
        stops: route.collect(),
        checkpoints: checkpoints.read,
        completion: venue.completion?,
        draft: venue.draft,
    };
    let venue_checked = built.checked().map_err(|errors| {
        for error in errors {
            let at = Pointer::file(venue_file::PATH);
            desk.find(Code::VenueInconsistent, at, error.to_string());
        }
    });
    let contents = std::mem::take(&mut desk.contents).into_iter();
    let media = contents.filter(|(path, _)| path.starts_with("media/") && desk.used.contains(path));
    Some(Package {
        venue: venue_checked.ok()?,
        provenance: venue.provenance?,
        licence: venue.licence?,
        poster: venue.poster?,
        texts: desk.texts.clone(),
        sources,
        media: media.collect(),
    })
}

/// Reads the names of the topics.
fn topics(desk: &mut Desk) -> BTreeSet<String> {
    let topics = Fields::of_file(desk, TOPICS, |fields| {
        let names = fields.names();
        for topic in &names {
            fields.words(topic, &format!("topic.{topic}"), 60);
        }
        names.into_iter().collect()
    });
    topics.unwrap_or_default()
}

/// The id that a file's name is.
fn stem<T: FromStr<Err: Display>>(desk: &mut Desk, path: &str, name: &str) -> Option<T> {
    match name.parse() {
        Ok(id) => Some(id),
        Err(cause) => {
            desk.used.insert(path.to_owned());
            desk.find(
                Code::IdWrong,
                Pointer::file(path),
                T::Err::to_string(&cause),
            );
            None
        }
    }
}

/// Holds the id that a file gives against the file's name, by which everything else goes.
fn same_id(fields: &mut Fields<'_>, name: &str) {
    if let Some(id) = fields.string("id").filter(|id| id != name) {
        let message = format!("the id is {id:?}, but the file is called {name:?}");
        fields.find(Code::IdNotStem, "id", message);
    }
}
