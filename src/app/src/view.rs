//! Tells the page what of the venue is where on the canvas.

use bevy::{ecs::system::SystemParam, prelude::*};

use crate::{
    InRoom, TourSystems,
    awake::Awake,
    clock::Clock,
    closeup::CloseUp,
    doors::Sign,
    eye::Eye,
    headset::Headset,
    journey::Journey,
    marker::Lantern,
    message::{ArtifactView, DoorView, MarkerView, Message as ToPage, Outgoing, View},
    room::{ArtifactPlace, Scenery, Walls, ray::Ray},
    theme,
};

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Told>()
        .add_systems(Update, tell.in_set(TourSystems::Present).in_set(InRoom));
}

/// What the page has been told last, and when.
#[derive(Resource, Debug, Default)]
struct Told {
    view: Option<View>,
    eye: Eye,
    at: u64,
    held: bool,
    /// The eye in the update before.
    before: Eye,
}

/// What of the venue the page is told of.
#[derive(SystemParam)]
struct Things<'w, 's> {
    lanterns: Query<'w, 's, &'static Lantern>,
    artifacts: Query<'w, 's, &'static ArtifactPlace>,
    signs: Query<'w, 's, &'static Sign>,
}

fn tell(
    mut told: ResMut<Told>,
    mut outgoing: ResMut<Outgoing>,
    mut awake: ResMut<Awake>,
    eye: Res<Eye>,
    scenery: Res<Scenery>,
    walls: Res<Walls>,
    clock: Res<Clock>,
    close_up: Option<Res<CloseUp>>,
    journey: Option<Res<Journey>>,
    headset: Option<Res<Headset>>,
    things: Things,
) {
    let held = close_up.is_some();
    // Nobody sees the page of who wears a headset, but whoever helps them.
    let every = if let Some(headset) = headset {
        if headset.is_added() {
            told.at = clock.at();
        }
        theme::VIEW_WORN_EVERY_MILLIS
    } else {
        theme::VIEW_EVERY_MILLIS
    };
    if scenery.is_added() {
        told.view = None;
    }
    let moving = journey.is_some() || told.before != *eye;
    told.before = eye.clone();
    if moving {
        awake.again_in(every);
    }
    let same = |it: &View| it.moving == moving && told.eye == *eye && told.held == held;
    if told.view.as_ref().is_some_and(same) {
        return;
    }
    let due = told.at + every;
    if told.view.is_some() && clock.at() < due {
        awake.again_in(due - clock.at());
        return;
    }
    let sight = Sight {
        eye: &eye,
        clip_from_world: eye.clip_from_world(),
        walls: &walls,
        held,
    };
    let view = View {
        room: scenery.room.clone(),
        position: eye.position.to_array().map(hundredth),
        yaw_deg: tenth(eye.yaw.to_degrees().rem_euclid(360.0)),
        pitch_deg: tenth(eye.pitch.to_degrees()),
        moving,
        markers: sight.markers(things.lanterns.iter()),
        artifacts: sight.artifacts(things.artifacts.iter()),
        doors: sight.doors(things.signs.iter()),
    };
    told.at = clock.at();
    told.eye = eye.clone();
    told.held = held;
    if told.view.as_ref() != Some(&view) {
        told.view = Some(view.clone());
        outgoing.send(ToPage::View(view));
    }
}

struct Sight<'a> {
    eye: &'a Eye,
    clip_from_world: Mat4,
    walls: &'a Walls,
    /// An artifact hides the room.
    held: bool,
}

/// A point on the canvas, CSS pixels, and whether it is to be seen there.
struct Seen {
    at: Vec2,
    visible: bool,
}

impl Sight<'_> {
    fn markers<'a>(&self, lanterns: impl Iterator<Item = &'a Lantern>) -> Vec<MarkerView> {
        let lanterns = self.nearest(lanterns, Lantern::home);
        let mut markers: Vec<_> = lanterns
            .map(|it| {
                let Seen { at, visible } = self.sees(it.home(), None, it.alpha > 0.3);
                MarkerView {
                    stop: it.stop.clone(),
                    x: at.x,
                    y: at.y,
                    visible,
                    metres: self.metres(it.home()),
                }
            })
            .collect();
        markers.sort_by(|a, b| a.stop.cmp(&b.stop));
        markers
    }

    fn artifacts<'a>(&self, places: impl Iterator<Item = &'a ArtifactPlace>) -> Vec<ArtifactView> {
        let places = self.nearest(places, |it| it.bounds.center());
        let mut artifacts: Vec<_> = places
            .map(|it| {
                let Seen { at, visible } = self.sees(it.bounds.center(), Some(it.number), true);
                ArtifactView {
                    artifact: it.artifact.clone(),
                    x: at.x,
                    y: at.y,
                    visible,
                }
            })
            .collect();
        artifacts.sort_by(|a, b| a.artifact.cmp(&b.artifact));
        artifacts
    }

    fn doors<'a>(&self, signs: impl Iterator<Item = &'a Sign>) -> Vec<DoorView> {
        let mut doors: Vec<_> = signs
            .map(|it| {
                let Seen { at, visible } = self.sees(it.position, None, it.alpha > 0.3);
                DoorView {
                    to: it.to.clone(),
                    x: at.x,
                    y: at.y,
                    visible,
                    metres: self.metres(it.position),
                }
            })
            .collect();
        doors.sort_by(|a, b| a.to.cmp(&b.to));
        doors
    }

    /// Of more things than a page can tell apart, the nearest.
    fn nearest<'a, T: 'a>(
        &self,
        things: impl Iterator<Item = &'a T>,
        at: impl Fn(&T) -> Vec3,
    ) -> impl Iterator<Item = &'a T> {
        let mut things: Vec<_> = things.collect();
        if things.len() > theme::VIEW_MOST {
            let far = |it: &T| at(it).distance_squared(self.eye.position);
            things.select_nth_unstable_by(theme::VIEW_MOST, |a, b| far(a).total_cmp(&far(b)));
            things.truncate(theme::VIEW_MOST);
        }
        things.into_iter()
    }

    fn metres(&self, point: Vec3) -> f32 {
        tenth(point.distance(self.eye.position))
    }

    /// Where a point falls on the canvas, and whether it is to be seen there, if it is `there`.
    fn sees(&self, point: Vec3, artifact: Option<u16>, there: bool) -> Seen {
        let Some(at) = self.eye.on_canvas(&self.clip_from_world, point) else {
            return Seen {
                at: Vec2::ZERO,
                visible: false,
            };
        };
        let on = at.cmpge(Vec2::ZERO).all() && at.cmple(self.eye.size).all();
        let to = point - self.eye.position;
        let ray = Ray {
            origin: self.eye.position,
            direction: to.normalize_or(Vec3::NEG_Z),
        };
        let clear = || {
            let hit = self.walls.0.first_hit(&ray, to.length() - 0.02);
            hit.is_none_or(|(_, owner)| owner.is_some() && owner == artifact)
        };
        Seen {
            at: at.map(tenth),
            visible: there && on && !self.held && clear(),
        }
    }
}

fn tenth(value: f32) -> f32 {
    (value * 10.0).round() / 10.0
}

fn hundredth(value: f32) -> f32 {
    (value * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        command::Command,
        trial::{Trial, id},
    };

    #[test]
    fn whoever_is_carried_somewhere_is_said_to_move_until_standing_there() {
        let mut trial = Trial::begin(&[]);
        trial.run(2);
        let said = trial.say(Command::GoTo(id("desk")), 8);
        let views = said.iter().filter_map(|it| match it {
            ToPage::View(view) => Some(view),
            _ => None,
        });
        let views: Vec<_> = views.collect();
        let (last, before) = views.split_last().expect("the visitor was carried");
        assert!(!before.is_empty() && before.iter().all(|it| it.moving));
        assert!(!last.moving, "who has arrived stands still");
        let stands = trial.visitor().spot.position.with_y(0.0);
        let told = Vec3::from(last.position).with_y(0.0);
        assert!(told.distance(stands) < 0.02, "{told} is not {stands}");
    }
}
