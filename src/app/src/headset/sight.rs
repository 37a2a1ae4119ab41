//! The head as the visitor's eye, and what each of its two eyes sees.

use std::f32::consts::TAU;

use bevy::{math::Vec3Swizzles, prelude::*};

use super::{
    Headset, Report,
    rig::{Rig, heading},
    views::{Views, behind, seen},
};
use crate::{
    awake::Awake,
    eye::Eye,
    journey::shortest,
    room::Walls,
    theme::Quality,
    walking::{Navmesh, Visitor},
};

/// A body that is moved farther than this at once is not walking but elsewhere.
const LEAP_M: f32 = 1.2;
/// In what time the sides of the view shut and open.
const VIGNETTE_EASE_SECS: f32 = 0.12;

/// The width of the cone round the middle of the view, as the page hears of places in it.
const CONE: f32 = 1000.0;

impl Headset {
    /// Has the headset's space lie where the head is over the visitor's place and looks where the
    /// visitor does, unless it lies somewhere already.
    fn settle(&mut self, head_in_space: Isometry3d, visitor: &Visitor) {
        if self.rig.is_some() {
            return;
        }
        let height = head_in_space.translation.y;
        self.lift_m = self.wear.lift_m(height, visitor.standing_m());
        let (floor, yaw) = (visitor.floor(), visitor.yaw);
        self.rig = Some(Rig::under(head_in_space, floor, yaw, self.lift_m));
    }

    /// Moves and turns the headset's space as the visitor has been moved and turned since, and says
    /// how far that was.
    fn carry(&mut self, visitor: &Visitor) -> Vec3 {
        let (from, looked) = self.told;
        self.told = (visitor.spot.position, visitor.yaw);
        let Some(rig) = &mut self.rig else {
            return Vec3::ZERO;
        };
        let moved = visitor.spot.position - from;
        let turned = shortest(looked, visitor.yaw);
        let about = moved + self.head.map_or(from, |it| it.translation.into());
        rig.origin += Vec3::new(moved.x, 0.0, moved.z);
        rig.origin.y = visitor.floor().y + self.lift_m;
        rig.turn(about, turned);
        if let Some(head) = &mut self.head {
            *head = Isometry3d::new(about, Quat::from_rotation_y(turned) * head.rotation);
        }
        moved
    }
}

/// Takes the headset's report: the head becomes the visitor's, and the body follows over the floor.
pub(super) fn perceive(
    mut headset: ResMut<Headset>,
    mut visitor: ResMut<Visitor>,
    mut reports: MessageReader<Report>,
    mut awake: ResMut<Awake>,
    navmesh: Option<Res<Navmesh>>,
) {
    let headset = headset.as_mut();
    headset.turns = false;
    if headset.thing.is_some() {
        // Where everything is follows from where the thing is put.
        headset.now = reports.read().last().cloned();
        if headset.now.is_some() {
            awake.animate();
        }
        return;
    }
    // Without a frame of the headset nobody has followed.
    headset.carry(&visitor);
    headset.now = reports.read().last().cloned();
    let Some(report) = &headset.now else { return };
    awake.animate();
    let recentred = report.recentred;
    let Some(head_in_space) = report.head else {
        headset.head = None;
        return;
    };
    if recentred {
        headset.rig = None;
    }
    headset.settle(head_in_space, &visitor);
    let Some(head) = headset.place(head_in_space) else {
        return;
    };
    headset.head = Some(head);
    if let Some(navmesh) = navmesh {
        let step = Vec3::from(head.translation).xz() - visitor.spot.position.xz();
        visitor.spot = navmesh.walk(visitor.spot, step);
    }
    let (yaw, pitch) = heading(head.rotation);
    // A compass as a walk has it too: brought there by others, it would be another one by a hair,
    // and the space would turn about the head by that much with every frame.
    (visitor.yaw, visitor.pitch) = (yaw.rem_euclid(TAU), pitch);
    headset.told = (visitor.spot.position, visitor.yaw);
}

/// Whatever else has moved or turned the visitor since moves and turns the headset's space; then
/// the eyes are where they are.
pub(super) fn follow(
    mut headset: ResMut<Headset>,
    mut eye: ResMut<Eye>,
    mut views: ResMut<Views>,
    awake: Res<Awake>,
    time: Res<Time<Real>>,
    quality: Res<Quality>,
    visitor: Res<Visitor>,
    walls: Option<Res<Walls>>,
) {
    let headset = headset.as_mut();
    views.eyes.clear();
    let Some(report) = &headset.now else { return };
    if quality.adapts {
        headset.fineness.take(time.delta_secs(), report.rate_hz);
    }
    views.fineness = headset.fineness.share();
    views.clear = headset.thing.is_some();
    let Some(head_in_space) = report.head else {
        return;
    };
    if headset.thing.is_some() {
        (views.vignette, views.dark) = (0.0, 0.0);
        if let Some(rig) = headset.rig {
            views.eyes.extend(seen(report, &rig));
        }
        return;
    }
    let moved = headset.carry(&visitor);
    headset.settle(head_in_space, &visitor);
    let Some(rig) = headset.rig else { return };
    let glides = moved.xz() != Vec2::ZERO && moved.length() < LEAP_M;
    let shut = if glides || headset.turns { 1.0 } else { 0.0 };
    let share = 1.0 - (-awake.step_secs() / VIGNETTE_EASE_SECS).exp();
    headset.vignette += (shut - headset.vignette) * share;

    let head = rig.place(head_in_space);
    headset.head = Some(head);
    let position = Vec3::from(head.translation);
    *eye = Eye {
        position,
        yaw: visitor.yaw,
        pitch: visitor.pitch,
        // What counts as looked at is what lies in a cone round the middle of the view. There are
        // no CSS pixels here: the page hears of thousandths of the cone's width.
        size: Vec2::splat(CONE),
        shift: Vec2::ZERO,
    };
    views.vignette = headset.vignette;
    views.dark = walls.map_or(0.0, |it| {
        let stands = visitor.spot.position.with_y(position.y);
        behind(&it, stands, position)
    });
    if let Some(report) = &headset.now {
        views.eyes.extend(seen(report, &rig));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        command::Command,
        headset::{Wear, report::Sight},
        trial::{Trial, id},
    };

    const EYE_M: f32 = 1.62;

    /// Somebody on a floor of ten metres who has put a headset on.
    fn worn(wear: Wear) -> App {
        let at = |x: f32, z: f32| Vec3::new(x, 0.0, z);
        let floor = [
            [at(-5., -5.), at(-5., 5.), at(5., 5.)],
            [at(-5., -5.), at(5., 5.), at(5., -5.)],
        ];
        let navmesh = Navmesh::new(&floor);
        let spot = navmesh.nearest(at(1.0, 2.0)).expect("there is floor");
        let visitor = Visitor::at(spot, 0.5, 0.0, EYE_M);
        let mut app = App::new();
        app.add_message::<Report>()
            .init_resource::<Awake>()
            .init_resource::<Time<Real>>()
            .init_resource::<Quality>()
            .init_resource::<Eye>()
            .init_resource::<Views>()
            .insert_resource(Headset::new(wear, &visitor))
            .insert_resource(navmesh)
            .insert_resource(visitor)
            .add_systems(Update, (perceive, follow).chain());
        app
    }

    fn report(head: Option<Isometry3d>) -> Report {
        let view = Sight {
            viewport: [0, 0, 8, 8],
            pose: head.unwrap_or_default(),
            clip_from_view: Mat4::IDENTITY,
        };
        Report {
            head,
            views: vec![view],
            sources: vec![],
            seen: true,
            recentred: false,
            rate_hz: None,
            surface: None,
        }
    }

    fn head(x: f32, y: f32, z: f32) -> Report {
        report(Some(Isometry3d::from_xyz(x, y, z)))
    }

    #[track_caller]
    fn check(app: &mut App, report: Report, eye: Vec3, yaw: f32) {
        app.world_mut().write_message(report);
        app.update();
        let seen = app.world().resource::<Eye>();
        assert!(seen.position.distance(eye) < 1e-3, "{}", seen.position);
        assert!(shortest(seen.yaw, yaw).abs() < 1e-3, "{}", seen.yaw);
    }

    #[test]
    fn the_eye_begins_where_the_visitor_stood_and_moves_with_the_head() {
        let mut app = worn(Wear::default());
        check(&mut app, head(0.3, 1.5, 0.4), Vec3::new(1.0, 1.5, 2.0), 0.5);
        let ahead = Vec3::new(-(0.5f32.sin()), 0.0, -(0.5f32.cos()));
        let stepped = Vec3::new(1.0, 1.2, 2.0) + ahead * 0.5;
        check(&mut app, head(0.3, 1.2, -0.1), stepped, 0.5);
        let body = app.world().resource::<Visitor>().spot.position;
        assert!(body.distance(stepped.with_y(0.0)) < 1e-3, "{body}");
    }

    #[test]
    fn whatever_moves_the_visitor_carries_the_headset_along() {
        let mut app = worn(Wear::default());
        check(&mut app, head(0.0, 1.5, 0.0), Vec3::new(1.0, 1.5, 2.0), 0.5);
        let spot = {
            let navmesh = app.world().resource::<Navmesh>();
            navmesh.nearest(Vec3::new(-3.0, 0.0, -1.0)).expect("floor")
        };
        let carry = move |mut visitor: ResMut<Visitor>| {
            if visitor.spot.position.x > 0.0 {
                visitor.put(spot, 2.0, 0.0);
            }
        };
        app.add_systems(Update, carry.after(perceive).before(follow));
        check(
            &mut app,
            head(0.0, 1.5, 0.0),
            Vec3::new(-3.0, 1.5, -1.0),
            2.0,
        );
        check(
            &mut app,
            head(0.0, 1.5, 0.0),
            Vec3::new(-3.0, 1.5, -1.0),
            2.0,
        );
    }

    #[test]
    fn recentring_leaves_the_visitor_in_the_venue() {
        let mut app = worn(Wear::default());
        check(&mut app, head(0.0, 1.5, 0.0), Vec3::new(1.0, 1.5, 2.0), 0.5);
        let elsewhere = Isometry3d::new(Vec3::new(9.0, 1.5, 4.0), Quat::from_rotation_y(1.0));
        let mut report = report(Some(elsewhere));
        report.recentred = true;
        check(&mut app, report, Vec3::new(1.0, 1.5, 2.0), 0.5);
    }

    #[test]
    fn who_sits_sees_from_standing_height() {
        let seated = Wear {
            seated: true,
            ..Wear::default()
        };
        let mut app = worn(seated);
        check(
            &mut app,
            head(0.0, 1.1, 0.0),
            Vec3::new(1.0, EYE_M, 2.0),
            0.5,
        );
        check(
            &mut app,
            head(0.0, 1.0, 0.0),
            Vec3::new(1.0, EYE_M - 0.1, 2.0),
            0.5,
        );
    }

    #[test]
    fn a_head_that_is_lost_sees_nothing_and_is_found_again() {
        let mut app = worn(Wear::default());
        let stood = Vec3::new(1.0, 1.5, 2.0);
        check(&mut app, head(0.0, 1.5, 0.0), stood, 0.5);
        check(&mut app, report(None), stood, 0.5);
        assert!(!app.world().resource::<Headset>().sees());
        assert!(app.world().resource::<Views>().eyes.is_empty());
        check(&mut app, head(0.0, 1.5, 0.0), stood, 0.5);
        assert!(app.world().resource::<Headset>().sees());
    }

    /// The headset says so many times where the head is: too high to look at what hangs about.
    fn stand(trial: &mut Trial, updates: usize) {
        for _ in 0..updates {
            trial.app.world_mut().write_message(head(0.2, 2.0, 0.1));
            trial.update();
        }
    }

    #[test]
    fn the_room_stands_still_about_a_head_that_is_held_still() {
        let mut trial = Trial::begin(&[]);
        let put_on = Command::PutOn(Wear::default());
        trial.app.world_mut().write_message(put_on);
        stand(&mut trial, 3);
        for turn in [-2.9, -1.31, -0.01, 0.7, 3.0] {
            let rotation = Quat::from_rotation_y(turn);
            let head = Isometry3d::new(Vec3::new(0.2, 2.0, 0.1), rotation);
            let mut lies = |updates: usize| {
                for _ in 0..updates {
                    let told = report(Some(head));
                    trial.app.world_mut().write_message(told);
                    trial.update();
                }
                trial.app.world().resource::<Headset>().rig
            };
            assert_eq!(lies(3), lies(200), "{turn}");
        }
    }

    #[test]
    fn who_passes_into_another_room_in_a_headset_stands_at_its_door() {
        let mut trial = Trial::begin(&[]);
        let put_on = Command::PutOn(Wear::default());
        trial.app.world_mut().write_message(put_on);
        stand(&mut trial, 3);
        let into = Command::GoInto(id("stairs"));
        trial.app.world_mut().write_message(into);
        stand(&mut trial, 50);
        assert_eq!(trial.room(), id("stairs"));
        let eye = trial.app.world().resource::<Eye>();
        let door = Vec3::new(0.0, 2.0, 3.5);
        assert!(eye.position.distance(door) < 0.01, "{}", eye.position);
        assert!(eye.yaw.abs() < 0.01, "looks into the room");
    }

    #[test]
    fn who_is_moved_while_nothing_is_shown_is_there_afterwards() {
        let mut trial = Trial::begin(&[]);
        let put_on = Command::PutOn(Wear::default());
        trial.app.world_mut().write_message(put_on);
        stand(&mut trial, 3);
        trial
            .app
            .world_mut()
            .write_message(Command::GoTo(id("desk")));
        trial.run(1);
        stand(&mut trial, 3);
        let eye = trial.app.world().resource::<Eye>();
        let desk = Vec3::new(2.0, 2.0, 0.0);
        assert!(eye.position.distance(desk) < 0.01, "{}", eye.position);
    }
}
