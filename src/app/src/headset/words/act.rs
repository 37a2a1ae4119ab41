//! What follows when something on a panel is pressed. It goes the way of the page's commands.

use bevy::prelude::*;
use xinghuo_tour::{EvidenceKind, QuestionId, StopId};

use super::{
    Speech,
    page::Laid,
    panel::{Ask, Drafts, Panel, Side},
    place,
};
use crate::{
    awake::Awake,
    command::{Answer, Command},
    headset::{Headset, Wear, rig::heading},
    locate::Locating,
    message::{Message as ToPage, Outgoing},
    room::{ArtifactPlace, Walls},
    session::{Attention, Visit},
    walking::Visitor,
};

/// What is to be opened as soon as the visitor is there, or has found something.
#[derive(Resource, Debug, Default)]
pub(super) struct Awaited {
    story_at: Option<StopId>,
    locating: Option<QuestionId>,
}

/// Where a panel can be put.
#[derive(bevy::ecs::system::SystemParam)]
pub(super) struct Room<'w, 's> {
    headset: Res<'w, Headset>,
    walls: Option<Res<'w, Walls>>,
    artifacts: Query<'w, 's, &'static ArtifactPlace>,
}

impl Room<'_, '_> {
    /// Opens a panel for a stop, or for none, where the visitor is.
    fn open(&self, side: Side, stop: Option<StopId>) -> Option<Panel> {
        let head = self.headset.head?;
        let eye = Vec3::from(head.translation);
        let yaw = heading(head.rotation).0;
        let thing = self
            .artifacts
            .iter()
            .find(|it| Some(&it.stop) == stop.as_ref());
        let thing = thing.map(|it| place::seen(eye, &it.bounds));
        // There are no walls about one's own table.
        let walls = self.walls.as_deref();
        let walls = walls.filter(|_| self.headset.thing.is_none());
        let far_m = place::far_m(self.headset.touches());
        let board = place::panel(eye, yaw, thing, walls, far_m);
        Some(Panel::new(side, stop, board))
    }
}

/// Does what was asked for.
pub(super) fn act(
    mut laid: ResMut<Laid>,
    mut world: Commands,
    mut commands: MessageWriter<Command>,
    mut outgoing: ResMut<Outgoing>,
    mut drafts: ResMut<Drafts>,
    mut awaited: ResMut<Awaited>,
    panel: Option<ResMut<Panel>>,
    attention: Res<Attention>,
    speech: Res<Speech>,
    room: Room<'_, '_>,
    mut visitor: ResMut<Visitor>,
) {
    let asks = std::mem::take(&mut laid.asks);
    let Some(mut panel) = panel else {
        for ask in asks {
            match ask {
                Ask::Show(side) => {
                    if let Some(panel) = room.open(side, attention.standing.clone()) {
                        world.insert_resource(panel);
                    }
                }
                Ask::Turn(by) => visitor.yaw += by * room.headset.wear.step(),
                _ => {}
            }
        }
        return;
    };
    if (panel.content, panel.seen) != (laid.content, laid.seen) && laid.seen > 0.0 {
        (panel.content, panel.seen) = (laid.content, laid.seen);
        panel.scroll(0.0);
    }
    panel.notice(speech.0.notices.last().map(|it| &it.text));
    let mut closes = false;
    for ask in asks {
        match ask {
            Ask::Close => closes = true,
            Ask::Turn(by) => visitor.yaw += by * room.headset.wear.step(),
            Ask::Show(side) => panel.turn_to(side),
            Ask::Scroll(by) => panel.scroll(by),
            Ask::Read(_) => panel.reading.say(),
            Ask::GoTo(stop) => {
                commands.write(Command::GoTo(stop));
                closes = true;
            }
            Ask::GoInto(room) => {
                commands.write(Command::GoInto(room));
                closes = true;
            }
            Ask::LookAgain(stop) if panel.stop.as_ref() == Some(&stop) => {
                panel.turn_to(Side::Story);
            }
            Ask::LookAgain(stop) => {
                awaited.story_at = Some(stop.clone());
                commands.write(Command::GoTo(stop));
                closes = true;
            }
            Ask::Draft(place, response) => {
                match response {
                    Some(response) => drafts.0.insert(place, response),
                    None => drafts.0.remove(&place),
                };
            }
            Ask::Match(place, next) => panel.matching = next.map(|it| (place, it)),
            Ask::Answer(question, response) => {
                commands.write(Command::Answer(Answer { question, response }));
                panel.scrolled = 0.0;
            }
            Ask::Locate(question) => {
                awaited.locating = Some(question.clone());
                commands.write(Command::Locate(question));
                // Whoever looks for something wants to see the room.
                closes = true;
            }
            Ask::CancelLocate => _ = commands.write(Command::CancelLocate),
            Ask::Noticed(notice, action) => {
                outgoing.send(ToPage::Noticed { notice, action });
            }
            Ask::Wear(wear) => {
                let Wear {
                    seated,
                    turn_deg,
                    glide,
                    raise_m,
                    left_handed,
                    pulses,
                    ..
                } = wear;
                outgoing.send(ToPage::Comfort {
                    seated,
                    turn_deg,
                    glide,
                    raise_m,
                    left_handed,
                    pulses,
                });
                commands.write(Command::Wear(wear));
            }
            Ask::Speak(language) => outgoing.send(ToPage::Speak { language }),
            Ask::Leave => outgoing.send(ToPage::TakeOff),
        }
    }
    if closes {
        world.remove_resource::<Panel>();
    }
}

/// Counts how long a story is before the visitor's eyes.
pub(super) fn read(
    mut commands: MessageWriter<Command>,
    panel: Option<ResMut<Panel>>,
    speech: Res<Speech>,
    headset: Res<Headset>,
    visit: Res<Visit>,
    awake: Res<Awake>,
) {
    let Some(mut panel) = panel.filter(|it| it.side == Side::Story) else {
        return;
    };
    let Some(stop) = panel.stop.clone().filter(|_| headset.reads()) else {
        return;
    };
    let of = visit.progress().stops.iter().find(|it| it.stop == stop);
    if of.is_none_or(|it| it.evidence.contains(&EvidenceKind::Story)) {
        return;
    }
    let Some(head) = headset.head else { return };
    let to = (panel.board.center - Vec3::from(head.translation)).normalize_or_zero();
    if to.dot(head.rotation * Vec3::NEG_Z) < LOOKS_AT {
        return;
    }
    let (end, fits) = (panel.is_at_end(), panel.fits());
    panel.reading.see(awake.step_secs() * 1000.0, end);
    let least = speech.0.told(&stop).map_or(0.0, |it| it.least_millis);
    if panel.content > 0.0 && panel.reading.is_read(least, fits) {
        panel.reading = super::reading::Reading::default();
        commands.write(Command::StoryRead(stop));
    }
}

/// The cosine of the angle within which somebody looks at a panel.
const LOOKS_AT: f32 = 0.7;

/// Opens the questions again when something has been found, or is no longer looked for.
pub(super) fn found(
    mut awaited: ResMut<Awaited>,
    mut world: Commands,
    locating: Res<Locating>,
    visit: Option<Res<Visit>>,
    room: Room<'_, '_>,
    mut begun: Local<bool>,
) {
    let Some(question) = awaited.locating.clone() else {
        return;
    };
    if locating.0.is_some() {
        *begun = true;
        return;
    }
    if !std::mem::take(&mut *begun) {
        return;
    }
    awaited.locating = None;
    let Some(visit) = visit else { return };
    let asking = visit.venue.question(&question).map(|(it, _)| it.id.clone());
    let stop = asking.and_then(|it| visit.venue.stop_asking(&it));
    if let Some(panel) = stop.and_then(|it| room.open(Side::Questions, Some(it.id.clone()))) {
        world.insert_resource(panel);
    }
}

/// Opens the story of a stop to which the visitor was led back.
pub(super) fn come(
    mut awaited: ResMut<Awaited>,
    mut world: Commands,
    attention: Res<Attention>,
    room: Room<'_, '_>,
) {
    if awaited.story_at.is_none() || awaited.story_at != attention.standing {
        return;
    }
    let stop = awaited.story_at.take();
    if let Some(panel) = room.open(Side::Story, stop) {
        world.insert_resource(panel);
    }
}
