//! `stops/<id>.toml`: a place on the route, what is to be seen there and what is said about it.

use std::collections::BTreeSet;

use xinghuo_tour::{Artifact, ArtifactId, CheckpointId, EvidenceKind, RoomId, Stop, StopId};

use super::{desk::Desk, fields::Fields, media::PICTURES, stem, venue_file::PROVENANCES};
use crate::finding::{Code, Pointer};

const EVIDENCE: &[(&str, EvidenceKind)] = &[
    ("arrived", EvidenceKind::Arrived),
    ("observed", EvidenceKind::Observed),
    ("story", EvidenceKind::Story),
    ("answered", EvidenceKind::Answered),
];

/// The stops of the package.
#[derive(Debug, Default)]
pub(super) struct Stops {
    /// Every stop that has a file, right or wrong.
    pub(super) named: Vec<StopId>,
    /// The stops that could be read, by file name; the route orders them later.
    pub(super) read: Vec<Stop>,
    /// Artifacts that could be read, each with the place of its id.
    pub(super) artifacts: Vec<(ArtifactId, Pointer)>,
}

/// Reads every stop.
pub(super) fn read(desk: &mut Desk) -> Stops {
    let mut stops = Stops::default();
    for (path, name) in desk.toml_files("stops/") {
        let Some(id) = stem::<StopId>(desk, &path, &name) else {
            continue;
        };
        stops.named.push(id.clone());
        let stop = Fields::of_file(desk, &path, |fields| {
            super::same_id(fields, &name);
            stop(fields, id)
        });
        let Some(stop) = stop.flatten() else {
            desk.blind = true;
            continue;
        };
        if let Some(artifact) = &stop.artifact {
            let at = Pointer::key(path, "artifact.id");
            stops.artifacts.push((artifact.id.clone(), at));
        }
        stops.read.push(stop);
    }
    if stops.named.is_empty() {
        let message = "the package has no stop";
        desk.find(Code::FileMissing, Pointer::file("stops/"), message);
    }
    stops
}

fn stop(fields: &mut Fields<'_>, id: StopId) -> Option<Stop> {
    fields.words("title", &format!("stop.{id}.title"), 60);
    fields.words("lead", &format!("stop.{id}.lead"), 320);
    fields.cites(&format!("stop.{id}"), true);
    let picture = fields.optional_file("picture", PICTURES);
    let alt = format!("stop.{id}.pictureAlt");
    if picture.is_some() {
        fields.words("picture-alt", &alt, 240);
    } else {
        fields.optional_words("picture-alt", &alt, 240);
    }
    let artifact = fields.table("artifact", artifact);
    let has_artifact = artifact.is_some();
    let artifact = artifact.flatten();
    fields.desk.blind |= has_artifact && artifact.is_none();
    let checkpoint = fields.optional_id::<CheckpointId>("checkpoint");
    let topics = fields.strings("topics");
    let prerequisites = fields.ids::<StopId>("prerequisites");
    let required = fields.flag("required", true);
    let evidence = evidence(fields, has_artifact, checkpoint.is_some());
    let eye_height_m = fields.optional_number("eye-height-m", 0.3..=3.0);
    let room = fields.id::<RoomId>("room");
    let node = fields.string("node");
    Some(Stop {
        id,
        room: room?,
        node: node?,
        artifact,
        checkpoint,
        topics: topics.into_iter().map(|(_, topic)| topic).collect(),
        prerequisites: prerequisites.into_iter().map(|(_, stop)| stop).collect(),
        required,
        evidence,
        picture,
        eye_height_m,
    })
}

/// The kinds of evidence asked for; when the field is absent, all that the stop can yield.
fn evidence(
    fields: &mut Fields<'_>,
    has_artifact: bool,
    has_checkpoint: bool,
) -> BTreeSet<EvidenceKind> {
    let possible = |kind| match kind {
        EvidenceKind::Observed => has_artifact,
        EvidenceKind::Answered => has_checkpoint,
        EvidenceKind::Arrived | EvidenceKind::Story => true,
    };
    let written = fields.strings("evidence");
    if written.is_empty() {
        let kinds = EVIDENCE.iter().map(|(_, kind)| *kind);
        return kinds.filter(|kind| possible(*kind)).collect();
    }
    let mut kinds = BTreeSet::new();
    for (key, word) in written {
        let Some(kind) = fields.as_choice(&key, &word, EVIDENCE) else {
            continue;
        };
        if !possible(kind) {
            let lacks = match kind {
                EvidenceKind::Observed => "no artifact",
                _ => "no checkpoint",
            };
            let message = format!("the stop asks for {word:?}, but has {lacks}");
            fields.find(Code::EvidenceImpossible, &key, message);
        }
        kinds.insert(kind);
    }
    kinds
}

fn artifact(fields: &mut Fields<'_>) -> Option<Artifact> {
    let id = fields.id::<ArtifactId>("id");
    let node = fields.string("node");
    let provenance = fields.choice("provenance", PROVENANCES);
    // Without an id the texts have no key; they are read all the same, for what is wrong in them.
    let who = id.as_ref().map_or("artifact.", ArtifactId::as_str);
    let who = format!("artifact.{who}");
    fields.words("name", &format!("{who}.name"), 60);
    fields.words("caption", &format!("{who}.caption"), 240);
    fields.words("provenance-note", &format!("{who}.provenance"), 600);
    fields.cites(&who, false);
    let observe_secs = fields.number("observe-secs", 3.0, 0.5..=60.0);
    let observe_within_m = fields.number("observe-within-m", 3.0, 0.1..=1000.0);
    Some(Artifact {
        id: id?,
        node: node?,
        provenance: provenance?,
        observe_millis: (observe_secs * 1000.0).round() as u32,
        observe_within_m,
    })
}
