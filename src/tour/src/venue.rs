//! The venue as a visit sees it: rooms, stops, artifacts, checkpoints and the rule of completion.
//!
//! Words are not here. Every text has a key that follows from the ids (`stop.table.title`), and is
//! looked up in the language of the moment by whoever shows it.

mod check;
mod fault;
mod question;
mod ways;

use std::collections::{BTreeMap, BTreeSet};

pub use fault::{Fault, Part, VenueError};
pub use question::{Checkpoint, Marking, Question, QuestionKind};

use serde::{Deserialize, Serialize};

use crate::{
    Response,
    id::{ArtifactId, CheckpointId, QuestionId, RoomId, StopId, VenueId},
};

/// A digitized venue. Everything it names exists, because [`Venue::checked`] saw to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Venue {
    /// The venue's id, equal to its folder's name.
    pub id: VenueId,
    /// Languages (BCP 47) in which every text exists; the first is the venue's own.
    pub languages: Vec<String>,
    /// Where a visit begins.
    pub start: Start,
    /// Rooms by id.
    pub rooms: BTreeMap<RoomId, Room>,
    /// Stops in the order of the route.
    pub stops: Vec<Stop>,
    /// Checkpoints by id.
    pub checkpoints: BTreeMap<CheckpointId, Checkpoint>,
    /// When a visit is completed, and when it is passed.
    pub completion: Completion,
    /// Whether nobody has signed the package off yet. Shown to the visitor.
    pub draft: bool,
}

/// Where a visit begins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Start {
    /// The first room.
    pub room: RoomId,
    /// The glTF node whose −Z axis is the first view.
    pub node: String,
}

/// A room: one scene, loaded at once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Room {
    /// Path of the GLB within the package.
    pub scene: String,
    /// Path of the baked light, an image for `TEXCOORD_1`.
    pub lightmap: Option<String>,
    /// What a lightmap texel of 1.0 (linear) stands for, as a multiple of a white surface.
    pub light_scale: f32,
    /// Name of the glTF node whose mesh is the walkable surface.
    pub walkable: String,
    /// Height of the visitor's eye above the walkable surface, metres.
    pub eye_height_m: f32,
    /// Colour of the far haze, `#rrggbb`, and the distances in metres where it begins and is full.
    pub haze: Option<Haze>,
    /// Doors to other rooms, at most one to each.
    #[serde(default)]
    pub doors: Vec<Door>,
}

/// A door between two rooms, seen from one of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Door {
    /// The room that it leads to, which has a door back.
    pub to: RoomId,
    /// The glTF node where a visitor stands who has just come in from there; its −Z axis looks into
    /// the room. Whoever leaves walks to the same place.
    pub node: String,
}

/// The haze in which a large room ends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Haze {
    /// `#rrggbb`, sRGB.
    pub color: String,
    /// Where the haze begins, metres from the eye.
    pub start_m: f32,
    /// Where nothing else is seen any more, metres from the eye.
    pub end_m: f32,
}

/// A place on the route.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stop {
    /// The stop's id.
    pub id: StopId,
    /// The room that the stop is in.
    pub room: RoomId,
    /// The glTF node where the visitor stands; its −Z axis looks at the stop's subject.
    pub node: String,
    /// What can be looked at closely here.
    pub artifact: Option<Artifact>,
    /// What is asked here.
    pub checkpoint: Option<CheckpointId>,
    /// What the stop is about; the summary groups by it.
    pub topics: BTreeSet<String>,
    /// Stops whose evidence must be complete before this one's checkpoint opens.
    pub prerequisites: BTreeSet<StopId>,
    /// Whether the visit is incomplete without it.
    pub required: bool,
    /// The kinds of evidence that the stop asks for.
    pub evidence: BTreeSet<EvidenceKind>,
    /// Path of the stop's picture within the package.
    pub picture: Option<String>,
    /// Height of the eye above the floor, metres, where one sits or kneels at the stop.
    pub eye_height_m: Option<f32>,
}

/// A thing that can be looked at closely.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Artifact {
    /// The artifact's id.
    pub id: ArtifactId,
    /// The glTF node that carries its mesh.
    pub node: String,
    /// How the digital object came to be.
    pub provenance: Provenance,
    /// How long it must be in view, milliseconds, to count as observed.
    pub observe_millis: u32,
    /// From how near, metres.
    pub observe_within_m: f32,
}

/// How a digital object came to be. Shown to the visitor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Provenance {
    /// Measured from the original.
    Scan,
    /// Made from photographs of the original.
    Photo,
    /// Built after descriptions; not the original.
    Reconstruction,
}

/// A kind of evidence that a visitor has been with a stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EvidenceKind {
    /// Stood there (in the text walk: opened it).
    Arrived,
    /// Had the artifact in view, unoccluded and near enough, for long enough (in the text walk:
    /// read its description to the end).
    Observed,
    /// Heard the narration or read the story through.
    Story,
    /// Settled every question of its checkpoint.
    Answered,
}

/// The rule by which a visit is completed and passed. A change of rule is a new version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Completion {
    /// The rule's version, recorded with every result.
    pub version: u32,
    /// The share of marks, in `0.0..=1.0`, from which a visit is passed.
    pub mastery: f32,
    /// How often a place in a checkpoint may be answered: each wrong answer draws another question.
    pub attempts: u32,
}

impl Venue {
    /// The stop of that id.
    #[must_use]
    pub fn stop(&self, id: &StopId) -> Option<&Stop> {
        self.stops.iter().find(|stop| stop.id == *id)
    }

    /// What is asked at a stop.
    #[must_use]
    pub fn checkpoint_of(&self, stop: &Stop) -> Option<&Checkpoint> {
        self.checkpoints.get(stop.checkpoint.as_ref()?)
    }

    /// The stop that a checkpoint belongs to.
    #[must_use]
    pub fn stop_asking(&self, checkpoint: &CheckpointId) -> Option<&Stop> {
        let mut stops = self.stops.iter();
        stops.find(|stop| stop.checkpoint.as_ref() == Some(checkpoint))
    }

    /// The question of that id, with its checkpoint.
    #[must_use]
    pub fn question(&self, id: &QuestionId) -> Option<(&Checkpoint, &Question)> {
        self.checkpoints.values().find_map(|checkpoint| {
            let mut pool = checkpoint.questions.iter();
            Some((checkpoint, pool.find(|question| question.id == *id)?))
        })
    }

    /// The artifact of that id, with the stop that it can be looked at from.
    #[must_use]
    pub fn artifact(&self, id: &ArtifactId) -> Option<(&Stop, &Artifact)> {
        self.stops.iter().find_map(|stop| {
            let artifact = stop.artifact.as_ref()?;
            (artifact.id == *id).then_some((stop, artifact))
        })
    }

    /// The stops without which a visit is incomplete, in the order of the route.
    pub fn required_stops(&self) -> impl Iterator<Item = &Stop> {
        self.stops.iter().filter(|stop| stop.required)
    }

    /// The venue as the public may have it: without the keys that only the server may know, without
    /// the stops where their answers are shown, and without what their options would betray by the
    /// order in which they were written.
    #[must_use]
    pub fn without_keys(mut self) -> Self {
        for question in self.server_marked() {
            question.key = None;
            question.shown_at = None;
            question.options.sort();
            question.targets.sort();
        }
        self
    }

    /// The venue with the keys that only the server may know. Keys of other questions, or of
    /// unknown ones, are left aside; whether they fit is for [`Venue::checked`] to say.
    #[must_use]
    pub fn with_keys(mut self, keys: &BTreeMap<QuestionId, Response>) -> Self {
        for question in self.server_marked() {
            if let Some(key) = keys.get(&question.id) {
                question.key = Some(key.clone());
            }
        }
        self
    }

    /// The venue with the stops where the answers that only the server may know are shown; as with
    /// keys, those of other questions are left aside.
    #[must_use]
    pub fn with_shown_at(mut self, shown_at: &BTreeMap<QuestionId, StopId>) -> Self {
        for question in self.server_marked() {
            if let Some(stop) = shown_at.get(&question.id) {
                question.shown_at = Some(stop.clone());
            }
        }
        self
    }

    /// The keys that only the server may know, as far as they are here.
    #[must_use]
    pub fn keys(&self) -> BTreeMap<QuestionId, Response> {
        self.graded()
            .filter_map(|question| Some((question.id.clone(), question.key.clone()?)))
            .collect()
    }

    /// Where the answers that only the server may know are shown, as far as it is here.
    #[must_use]
    pub fn shown_at(&self) -> BTreeMap<QuestionId, StopId> {
        self.graded()
            .filter_map(|question| Some((question.id.clone(), question.shown_at.clone()?)))
            .collect()
    }

    /// Whether every answer can be marked here: true on a server, false in the public package.
    #[must_use]
    pub fn has_every_key(&self) -> bool {
        let mut questions = self.checkpoints.values().flat_map(|it| &it.questions);
        questions.all(|question| question.key.is_some())
    }

    /// Whether every wrong answer can be led back from here: true on a server, false in the public
    /// package.
    #[must_use]
    pub fn has_every_lead_back(&self) -> bool {
        let mut questions = self.checkpoints.values().flat_map(|it| &it.questions);
        questions.all(|question| question.shown_at.is_some())
    }

    /// The questions that the server alone marks.
    pub fn graded(&self) -> impl Iterator<Item = &Question> {
        self.checkpoints
            .values()
            .filter(|checkpoint| checkpoint.marking == Marking::Server)
            .flat_map(|checkpoint| &checkpoint.questions)
    }

    fn server_marked(&mut self) -> impl Iterator<Item = &mut Question> {
        self.checkpoints
            .values_mut()
            .filter(|checkpoint| checkpoint.marking == Marking::Server)
            .flat_map(|checkpoint| &mut checkpoint.questions)
    }
}
