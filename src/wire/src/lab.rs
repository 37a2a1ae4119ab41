//! A lab: headsets in one room, each with a number, and the visits that are handed to them.
//!
//! A visit has one holder at a time. Whoever holds it offers it under a [`Code`] of six digits;
//! who enters the code is given a token of their own, and the token of before opens nothing any
//! more, except the way back.

use serde::{Deserialize, Serialize};
use uuid::Uuid;
use xinghuo_tour::{RoomId, StopId, VenueId};

use crate::{Code, Record, Timestamp, Token, VisitStarted};

/// How many headsets a lab takes.
pub const MAX_HEADSETS: u32 = 60;
/// How long a lab is open, milliseconds: a long day.
pub const LAB_LIFE_MS: u64 = 12 * 60 * 60 * 1000;
/// After how long without a word a headset is said to be silent, milliseconds.
pub const SILENT_AFTER_MS: u64 = 60 * 1000;
/// How long a visit's code may be entered, milliseconds: as long as a class takes to find its seats.
pub const CODE_LIFE_MS: u64 = 10 * 60 * 1000;

/// `POST /labs`: somebody opens a lab.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OpenLab {
    /// The venue that headsets visit which are handed no visit.
    pub venue: VenueId,
    /// Whether a headset may join without a code while this is the only lab whose door is open.
    pub door_open: bool,
}

/// The answer to [`OpenLab`], 201.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LabOpened {
    /// The lab's number, a random UUID.
    pub lab: Uuid,
    /// The secret of whoever runs the lab. Shown this once.
    pub key: Token,
}

/// The answer to `GET /labs/{lab}`. Its `ETag` changes with everything but the clock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LabShown {
    /// What headsets enter to join.
    pub code: Code,
    /// The venue.
    pub venue: VenueId,
    /// Whether a headset may join without the code.
    pub door_open: bool,
    /// When the lab closes by itself.
    pub expires: Timestamp,
    /// The headsets by their numbers.
    pub headsets: Vec<HeadsetShown>,
    /// The server's clock.
    pub server_now: Timestamp,
}

/// A headset as whoever runs the lab sees it. Nothing in it says who wears it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HeadsetShown {
    /// Its number in the lab, from 1.
    pub number: u32,
    /// What it is about.
    pub state: HeadsetState,
    /// Since when nothing was heard of it, if that is a while: what is heard all the time is no
    /// news, and would change the answer's tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub silent_since: Option<Timestamp>,
    /// The stop where its visitor arrived last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop: Option<StopId>,
    /// The room that its visitor entered last, if they have arrived at no stop since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<RoomId>,
    /// What its visit has come to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<Record>,
}

/// What a headset is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HeadsetState {
    /// It has no visit.
    Waiting,
    /// A visit was handed to it, and it has not taken it yet.
    Offered,
    /// It has a visit.
    Visiting,
    /// It is to send what it still has, forget its visit and be ready for the next visitor.
    Leaving,
}

/// `POST /labs/{lab}/door`: opens or shuts the door through which headsets join without a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Door {
    /// Whether it is open.
    pub open: bool,
}

/// `POST /labs/{lab}/headsets/{number}/visit`: hands a visit to a headset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandTo {
    /// The code that the visit's holder was shown.
    pub code: Code,
}

/// `POST /labs/{lab}/picture` and `POST /visits/{visit}/handover`: where a picture of a code leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShownAt {
    /// The address of this deployment as others reach it, such as `https://tours.example.edu`.
    pub address: String,
}

/// The answer to `POST /labs/{lab}/picture`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// A QR code, as SVG.
    pub picture: String,
}

/// The answer to `POST /visits/{visit}/handover`, 201.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VisitOffered {
    /// What is entered where the visit is to go on.
    pub code: Code,
    /// Until when.
    pub expires: Timestamp,
    /// The code and the way to it as a QR code, as SVG.
    pub picture: String,
    /// The server's clock.
    pub server_now: Timestamp,
}

/// The answer to `GET /visits/{visit}/handover`, to who holds the visit and to who held it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Whither {
    /// Where the visit goes on.
    pub goes_on: GoesOn,
    /// The number of the headset that holds it or is handed it, if that is in a lab.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headset: Option<u32>,
}

/// Where a visit goes on, seen from who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GoesOn {
    /// Here, and it is offered to nobody.
    Here,
    /// Here, until its code is entered elsewhere.
    Offered,
    /// Elsewhere; who asks may take it back.
    Elsewhere,
    /// Elsewhere, and who asks has no way back.
    Gone,
}

/// `POST /join`: a code was entered. Without one, the headset would come through the open door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Join {
    /// The code of a lab or of a visit.
    #[serde(default)]
    pub code: Option<Code>,
}

/// The answer to `GET /join`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Doors {
    /// Whether there is exactly one lab whose door is open.
    pub door_open: bool,
}

/// The answer to [`Join`]: what the code was of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "of", rename_all = "kebab-case")]
pub enum Joined {
    /// A lab: the headset is in it now.
    Lab(HeadsetJoined),
    /// A visit: it goes on where the code was entered.
    Visit(VisitStarted),
}

/// What a headset is told when it joins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HeadsetJoined {
    /// The headset's secret. Shown this once.
    pub token: Token,
    /// Its number.
    pub number: u32,
}

/// The answer to `GET /headset`. Its `ETag` changes with everything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HeadsetTold {
    /// Its number.
    pub number: u32,
    /// The lab that it is in.
    pub code: Code,
    /// The venue that it visits if it is handed no visit.
    pub venue: VenueId,
    /// What it is about.
    pub state: HeadsetState,
    /// The visit that it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit: Option<Uuid>,
}

/// `POST /headset/visit`: the headset's visitor has begun a visit of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnVisit {
    /// The visit.
    pub visit: Uuid,
    /// Its token.
    pub token: Token,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_joined_is_told_by_its_kind() {
        let joined = Joined::Lab(HeadsetJoined {
            token: "t".to_owned().into(),
            number: 7,
        });
        let json = serde_json::to_string(&joined).unwrap();
        assert_eq!(json, r#"{"kind":"lab","of":{"token":"t","number":7}}"#);
        assert_eq!(serde_json::from_str::<Joined>(&json).unwrap(), joined);
    }

    #[test]
    fn a_code_that_is_none_is_refused_by_what_it_should_be() {
        for wrong in ["12345", "1234567", "12345a", "１２３４５６"] {
            let asked = format!(r#"{{"code":"{wrong}"}}"#);
            let error = serde_json::from_str::<Join>(&asked).unwrap_err();
            assert!(error.to_string().contains("six digits"), "{error}");
        }
        let none: Join = serde_json::from_str("{}").unwrap();
        assert_eq!(none.code, None);
    }
}
