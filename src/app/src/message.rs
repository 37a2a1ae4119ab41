//! What the tour tells the page: one enum of messages.

use bevy::prelude::*;
use serde::Serialize;
use xinghuo_tour::{
    ArtifactId, CheckpointPanel, Entry, Event, Progress, QuestionId, RoomId, StopId, Summary,
};

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Outgoing>();
}

/// A message to the page. In JSON it is tagged by `type`, kebab-case, with camelCase fields.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(
    tag = "type",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub(crate) enum Message {
    /// A step of loading has come so far.
    Loading {
        /// What is being done.
        step: Step,
        /// How much of it is done: bytes, pictures or shaders.
        done: u64,
        /// How much there is to do.
        total: u64,
    },
    /// The first frame has been drawn; in the text walk, the session is there.
    Ready,
    /// A new entry of the visit's log, to be kept and sent in order.
    Entry {
        /// The entry.
        entry: Entry,
    },
    /// Something followed from an action.
    Event {
        /// What.
        event: Event,
    },
    /// How far the visit has come.
    Progress {
        /// So far.
        progress: Progress,
    },
    /// What is asked at the stop that is open or where one stands.
    Checkpoint {
        /// Nothing, where nothing is asked or other stops come first.
        panel: Option<CheckpointPanel>,
    },
    /// What the visitor understood; sent when the visit is completed, passed or failed.
    Summary {
        /// Stop by stop.
        summary: Summary,
    },
    /// Where the visitor is and what of the venue is where on the canvas.
    View(View),
    /// What the pointer is over.
    Hover {
        /// The stop whose lantern or artifact it is.
        stop: Option<StopId>,
        /// The artifact, unless it is a lantern.
        artifact: Option<ArtifactId>,
        /// The room to which the door leads whose sign it is.
        door: Option<RoomId>,
    },
    /// Into which room the visitor is about to go; its scene is being fetched.
    Passing {
        /// None any more: the visitor is there, or has thought better of it.
        to: Option<RoomId>,
    },
    /// The visitor has come through a door.
    RoomEntered {
        /// The room that the visitor is in now.
        room: RoomId,
    },
    /// A room could not be fetched or shown. The visitor stays, and may try again.
    RoomMissed {
        /// The room.
        room: RoomId,
        /// What for the log.
        detail: String,
    },
    /// The visitor has come to stand at a stop.
    StopEntered {
        /// The stop.
        stop: StopId,
    },
    /// The visitor has left a stop.
    StopLeft {
        /// The stop.
        stop: StopId,
    },
    /// A stop's artifact is held closely.
    ArtifactOpened {
        /// The stop.
        stop: StopId,
    },
    /// It is no longer.
    ArtifactClosed {
        /// The stop.
        stop: StopId,
    },
    /// Which question an artifact is being looked for to answer.
    Locating {
        /// None any more.
        question: Option<QuestionId>,
    },
    /// A journey that the page or the visitor asked for has come to its end.
    Arrived {
        /// The stop.
        stop: StopId,
    },
    /// What can be pressed on the panel in the headset.
    Panel {
        /// From above.
        presses: Vec<PressView>,
        /// What is named beside it, such as the room behind a door.
        named: Option<String>,
    },
    /// Whether what is brought to the visitor's own table lies there, or looks for its place.
    Brought {
        /// It lies.
        lies: bool,
    },
    /// In the headset, the visitor asked for another language.
    Speak {
        /// BCP 47.
        language: String,
    },
    /// In the headset, the visitor said what suits them.
    Comfort {
        /// They sit, and see the room as if standing.
        seated: bool,
        /// How far a turn by the stick goes.
        turn_deg: f32,
        /// The stick walks.
        glide: bool,
        /// How much higher the eye is than it would be.
        raise_m: f32,
        /// It is the right stick that walks.
        left_handed: bool,
        /// Hands feel what they do.
        pulses: bool,
    },
    /// A hand is to feel something.
    Pulse {
        /// Which.
        side: Side,
        /// Of one.
        strength: f32,
        /// For how long.
        millis: u32,
    },
    /// In the headset, the visitor has done with a notice of the page.
    Noticed {
        /// The notice.
        notice: String,
        /// What the visitor chose to do about it; nothing, if it was put away.
        action: Option<String>,
    },
    /// The visitor wants to take the headset off.
    TakeOff,
    /// The tour cannot go on.
    Failure {
        /// What for the page to say.
        code: FailureCode,
        /// What for the log.
        detail: String,
    },
}

/// One of two hands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Side {
    Left,
    Right,
}

/// What is being loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Step {
    /// The manifest and the venue.
    Package,
    /// The room's scene, in bytes.
    Scene,
    /// Baked light and pictures.
    Textures,
    /// What runs on the graphics device.
    Shaders,
}

/// Why the tour cannot go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum FailureCode {
    /// The package is not where it should be.
    PackageMissing,
    /// The package does not hold together.
    PackageBroken,
    /// The browser has no WebGL2; the text walk needs none.
    #[serde(rename = "NO_WEBGL2")]
    NoWebgl2,
    /// The browser took the canvas away.
    ContextLost,
    /// The room's scene cannot be shown.
    SceneBroken,
    /// A mistake of the tour's own.
    Internal,
}

/// What is seen. Points are CSS pixels from the canvas's top left.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct View {
    /// The room.
    pub(crate) room: RoomId,
    /// The eye, metres.
    pub(crate) position: [f32; 3],
    /// 0 looks along −Z, positive turns to the left.
    pub(crate) yaw_deg: f32,
    /// Up is positive.
    pub(crate) pitch_deg: f32,
    /// Whether the visitor is on the move, so that all this is about to be otherwise.
    pub(crate) moving: bool,
    /// The lanterns over the stops.
    pub(crate) markers: Vec<MarkerView>,
    /// The artifacts.
    pub(crate) artifacts: Vec<ArtifactView>,
    /// The signs at the doors.
    pub(crate) doors: Vec<DoorView>,
}

/// Where a lantern is on the canvas.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MarkerView {
    /// Its stop.
    pub(crate) stop: StopId,
    /// From the left.
    pub(crate) x: f32,
    /// From the top.
    pub(crate) y: f32,
    /// Whether it is on the canvas and nothing hides it.
    pub(crate) visible: bool,
    /// How far away it is.
    pub(crate) metres: f32,
}

/// Where the middle of an artifact is on the canvas.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ArtifactView {
    /// The artifact.
    pub(crate) artifact: ArtifactId,
    /// From the left.
    pub(crate) x: f32,
    /// From the top.
    pub(crate) y: f32,
    /// Whether it is on the canvas and nothing hides it.
    pub(crate) visible: bool,
}

/// Where the sign at a door is on the canvas.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DoorView {
    /// The room to which the door leads.
    pub(crate) to: RoomId,
    /// From the left.
    pub(crate) x: f32,
    /// From the top.
    pub(crate) y: f32,
    /// Whether it is on the canvas and nothing hides it.
    pub(crate) visible: bool,
    /// How far away it is.
    pub(crate) metres: f32,
}

/// Something that can be pressed on the panel in the headset.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PressView {
    /// What it says; what it does, if it is a sign.
    pub(crate) says: String,
    /// Its middle in the room, metres; in the headset's space where that shows the visitor's own.
    pub(crate) position: [f32; 3],
}

/// The messages of this update, in order.
#[derive(Resource, Debug, Default)]
pub(crate) struct Outgoing(Vec<Message>);

impl Outgoing {
    /// Adds a message.
    pub(crate) fn send(&mut self, message: Message) {
        self.0.push(message);
    }

    /// Takes all messages out.
    pub(crate) fn take(&mut self) -> Vec<Message> {
        std::mem::take(&mut self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_read_as_the_page_expects_them() {
        let json = |it: &Message| serde_json::to_string(it).expect("messages are plain");
        let failure = Message::Failure {
            code: FailureCode::NoWebgl2,
            detail: "no".into(),
        };
        assert_eq!(
            json(&failure),
            r#"{"type":"failure","code":"NO_WEBGL2","detail":"no"}"#
        );
        assert_eq!(json(&Message::Ready), r#"{"type":"ready"}"#);
        let view = Message::View(View {
            room: "lake".parse().expect("an id"),
            position: [0.0, 1.5, 0.0],
            yaw_deg: 90.0,
            pitch_deg: 0.0,
            moving: false,
            markers: vec![],
            artifacts: vec![],
            doors: vec![],
        });
        assert_eq!(
            json(&view),
            r#"{"type":"view","room":"lake","position":[0.0,1.5,0.0],"yawDeg":90.0,"pitchDeg":0.0,"moving":false,"markers":[],"artifacts":[],"doors":[]}"#
        );
    }
}
