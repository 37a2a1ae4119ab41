//! The lanterns that hover over the stops of a room.

use std::{collections::HashMap, f32::consts::TAU};

use bevy::{color::Mix, color::Srgba, math::Vec3Swizzles, prelude::*};
use xinghuo_tour::StopId;

use crate::{
    InRoom, TourSystems,
    awake::Awake,
    closeup::CloseUp,
    command::{Command, Config},
    eye::Eye,
    picking::Hovered,
    room::StopPlace,
    session::{Visit, record},
    theme::{self, Quality},
    walking::Visitor,
};

/// The size of a lantern, metres.
const SIZE_M: f32 = 0.13;
/// How fast a lantern takes on what it should look like, shares a second.
const EASE_PER_SEC: f32 = 6.0;

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Focused>()
        .init_resource::<Quality>()
        .add_observer(hang)
        .add_systems(Update, focus.in_set(TourSystems::Decide))
        .add_systems(
            Update,
            // Whatever has just been done is seen at once: there may be no other frame.
            (stand.after(record), glow)
                .chain()
                .in_set(TourSystems::Present)
                .in_set(InRoom),
        );
}

/// A lantern as it is drawn.
#[derive(Component, Debug, Clone, PartialEq)]
pub(crate) struct Lantern {
    pub(crate) stop: StopId,
    /// Where it hangs when it does not sway.
    home: Vec3,
    /// What its stop's standing makes of it.
    standing: Srgba,
    pub(crate) position: Vec3,
    pub(crate) size_m: f32,
    pub(crate) color: Srgba,
    /// How much of it is there.
    pub(crate) alpha: f32,
    /// How far it is lit up by attention.
    pub(crate) lit: f32,
}

impl Lantern {
    /// Where it hangs when it does not sway.
    pub(crate) fn home(&self) -> Vec3 {
        self.home
    }
}

/// The stop that the page has its focus on.
#[derive(Resource, Debug, Default)]
struct Focused(Option<StopId>);

/// Hangs a lantern over each stop.
fn hang(added: On<Add, StopPlace>, places: Query<&StopPlace>, mut commands: Commands) {
    let Ok(place) = places.get(added.entity) else {
        return;
    };
    let home = place.spot.position + Vec3::Y * theme::LANTERN_HEIGHT_M;
    commands.entity(added.entity).insert(Lantern {
        stop: place.stop.clone(),
        home,
        standing: theme::LANTERN_OPEN,
        position: home,
        size_m: SIZE_M,
        color: theme::LANTERN_OPEN,
        alpha: 1.0,
        lit: 0.0,
    });
}

fn focus(mut commands: MessageReader<Command>, mut focused: ResMut<Focused>) {
    for command in commands.read() {
        if let Command::Focus(stop) = command {
            focused.0.clone_from(stop);
        }
    }
}

/// Tells every lantern how its stop stands, when that may have changed.
fn stand(mut lanterns: Query<&mut Lantern>, visit: Res<Visit>) {
    if !visit.is_changed() && !lanterns.iter_mut().any(|it| it.is_added()) {
        return;
    }
    let stops = visit.progress().stops.iter();
    let stops: HashMap<_, _> = stops.map(|it| (&it.stop, it)).collect();
    for mut lantern in &mut lanterns {
        let standing = match stops.get(&lantern.stop) {
            Some(it) if it.done => theme::LANTERN_DONE,
            Some(it) if !it.available => theme::LANTERN_LOCKED,
            _ => theme::LANTERN_OPEN,
        };
        if lantern.standing != standing {
            lantern.standing = standing;
        }
    }
}

/// Eases every lantern towards what the visit, the pointer and the visitor make of it.
fn glow(
    mut lanterns: Query<&mut Lantern>,
    mut awake: ResMut<Awake>,
    visitor: Res<Visitor>,
    focused: Res<Focused>,
    hovered: Res<Hovered>,
    eye: Res<Eye>,
    close_up: Option<Res<CloseUp>>,
    config: Res<Config>,
    quality: Res<Quality>,
    time: Res<Time<Real>>,
    mut started: Local<bool>,
) {
    let secs = awake.step_secs();
    // The first time, everything is as it should be at once.
    let t = if *started {
        1.0 - (-secs * EASE_PER_SEC).exp()
    } else {
        1.0
    };
    *started = true;
    let still = config.reduced_motion || !quality.ripples;
    let mut moving = false;
    for (i, mut lantern) in lanterns.iter_mut().enumerate() {
        let color = lantern.standing;
        let stop = Some(&lantern.stop);
        let noticed = focused.0.as_ref() == stop || hovered.stop.as_ref() == stop;
        let away = (lantern.home - visitor.spot.position).xz().length();
        let near = theme::LANTERN_HIDES_WITHIN_M;
        let there = if close_up.is_some() {
            0.0
        } else {
            ((away - near) / 0.6).clamp(0.0, 1.0)
        };
        let sway = if still {
            0.0
        } else {
            (time.elapsed_secs() * TAU / theme::LANTERN_BREATH_SECS + i as f32 * 1.7).sin()
        };
        // Far lanterns are drawn larger than they are, so as to be found.
        let far = lantern.home.distance(eye.position);
        let size_m = SIZE_M * (far / 9.0).clamp(1.0, 2.6);
        let lit = if noticed { 1.0 } else { 0.0 };
        let mut now = (
            lantern.color.mix(&color, t),
            lantern.alpha + (there - lantern.alpha) * t,
            lantern.lit + (lit - lantern.lit) * t,
        );
        let settled = (now.1 - there).abs() < 0.005 && (now.2 - lit).abs() < 0.005;
        if settled {
            now = (color, there, lit);
        }
        moving |= !settled;
        let size_m = size_m * (1.0 + 0.18 * now.2 + 0.03 * sway);
        let position = lantern.home + Vec3::Y * (0.025 * sway);
        let before = (lantern.color, lantern.alpha, lantern.lit);
        if (before, lantern.size_m, lantern.position) != (now, size_m, position) {
            awake.draw();
            (lantern.color, lantern.alpha, lantern.lit) = now;
            (lantern.size_m, lantern.position) = (size_m, position);
        }
    }
    if moving {
        awake.animate();
    } else if !still && close_up.is_none() {
        awake.again_in(theme::WATER_EVERY_MILLIS);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        message::Message as ToPage,
        trial::{Trial, id},
    };

    #[test]
    fn a_lantern_shows_that_its_stop_is_done_in_the_frame_in_which_it_is() {
        let mut trial = Trial::begin(&[]);
        let color = |trial: &mut Trial| {
            let world = trial.app.world_mut();
            let mut lanterns = world.query::<&Lantern>();
            lanterns.single(world).expect("there is one").color
        };
        trial.run(1);
        assert_eq!(color(&mut trial), theme::LANTERN_OPEN);
        trial.say(Command::GoTo(id("desk")), 0);
        let progress = |said: Vec<ToPage>| {
            said.into_iter()
                .any(|it| matches!(it, ToPage::Progress { .. }))
        };
        let arrives = (0..100).any(|_| progress(trial.update()));
        assert!(arrives, "nobody gets there");
        assert_eq!(color(&mut trial), theme::LANTERN_DONE);
    }
}
