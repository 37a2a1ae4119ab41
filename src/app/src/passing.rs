//! Passing from room to room: while the next one is fetched the visitor stands at the door, and for
//! the moment in which one room takes the place of the other the eye is shut.

use bevy::{math::Vec3Swizzles, prelude::*};
use xinghuo_tour::RoomId;

use crate::{
    InRoom, TourSystems,
    awake::Awake,
    blink::Blink,
    command::Config,
    doors::DoorReached,
    journey::{Journey, JourneyWanted},
    message::{Message as ToPage, Outgoing},
    room::{Entrance, Furnishing, Scenery, model::Model},
    session::Visit,
    theme,
    walking::Visitor,
};

pub(super) fn plugin(app: &mut App) {
    app.add_message::<RoomMissed>()
        .init_resource::<Fetches>()
        .add_systems(
            Update,
            pass.in_set(TourSystems::Sense)
                .run_if(resource_exists::<NextRoom>),
        )
        .add_systems(
            Update,
            (miss, call_off.run_if(resource_exists::<Passage>), set_out)
                .chain()
                .in_set(TourSystems::Decide)
                .in_set(InRoom),
        );
}

/// A room and all that was in it is about to be left: who holds on to any of it lets go.
#[derive(Event, Debug)]
pub(crate) struct RoomLeft;

/// The visitor is on the way into another room, and waits for it at the door.
#[derive(Resource, Debug, Clone)]
pub(crate) struct Passage {
    to: RoomId,
    /// Where the visitor waits.
    at: Vec3,
    /// The journey to be gone on with there.
    then: Option<JourneyWanted>,
}

/// The rooms that are wanted of whoever can fetch them: [`platform`](crate) in a browser.
#[derive(Resource, Debug, Default)]
pub(crate) struct Fetches {
    wanted: Vec<RoomId>,
    under_way: Vec<RoomId>,
}

impl Fetches {
    /// Takes out what is to be fetched from now on. Each ends in a [`NextRoom`] or a [`RoomMissed`].
    pub(crate) fn take(&mut self) -> Vec<RoomId> {
        self.under_way.extend_from_slice(&self.wanted);
        std::mem::take(&mut self.wanted)
    }

    fn want(&mut self, room: &RoomId) {
        if !self.wanted.contains(room) && !self.under_way.contains(room) {
            self.wanted.push(room.clone());
        }
    }

    fn done(&mut self, room: &RoomId) {
        self.under_way.retain(|it| it != room);
    }
}

/// A room whose scene has been fetched and read.
#[derive(Resource)]
pub(crate) struct NextRoom {
    pub(crate) room: RoomId,
    pub(crate) model: Model,
}

/// A room could not be fetched.
#[derive(Message, Debug, Clone)]
pub(crate) struct RoomMissed {
    pub(crate) room: RoomId,
    pub(crate) detail: String,
}

/// Shuts the eye, and then puts the next room in the place of this one.
fn pass(world: &mut World) {
    let next = world.get_resource::<NextRoom>().map(|it| it.room.clone());
    let to = world.get_resource::<Passage>().map(|it| it.to.clone());
    if next != to {
        // The visitor has gone elsewhere in the meantime.
        let_go(world);
        return;
    }
    let at_once = world.resource::<Config>().reduced_motion;
    let mut blink = world.resource_mut::<Blink>();
    blink.fall();
    if at_once {
        blink.shut();
    }
    let is_shut = blink.dark() >= 1.0;
    world.resource_mut::<Awake>().animate();
    if is_shut {
        world.resource_mut::<Blink>().rise();
        enter(world);
    }
}

/// Drops a room that nobody waits for any more.
fn let_go(world: &mut World) {
    if let Some(next) = world.remove_resource::<NextRoom>() {
        world.resource_mut::<Fetches>().done(&next.room);
    }
}

fn enter(world: &mut World) {
    let (Some(next), Some(passage)) = (
        world.remove_resource::<NextRoom>(),
        world.remove_resource::<Passage>(),
    ) else {
        return;
    };
    let NextRoom { room: id, model } = next;
    world.resource_mut::<Fetches>().done(&id);
    let venue = world.resource::<Visit>().venue.clone();
    let from = world.resource::<Scenery>().room.clone();
    let room = venue.rooms.get(&id);
    let furnished =
        room.map(|room| Furnishing::new(&venue, &id, room, model, Entrance::From(&from)));
    let said = match furnished {
        Some(Ok(furnishing)) => {
            world.trigger(RoomLeft);
            world.flush();
            furnishing.place(world);
            if let Some(then) = passage.then {
                world.write_message(then);
            }
            ToPage::RoomEntered { room: id }
        }
        Some(Err(cause)) => ToPage::RoomMissed {
            room: id,
            detail: cause.to_string(),
        },
        None => ToPage::RoomMissed {
            detail: format!("there is no room {id}"),
            room: id,
        },
    };
    let mut outgoing = world.resource_mut::<Outgoing>();
    outgoing.send(ToPage::Passing { to: None });
    outgoing.send(said);
}

/// A room that cannot be had is left alone; the visitor stays.
fn miss(
    mut missed: MessageReader<RoomMissed>,
    mut commands: Commands,
    mut fetches: ResMut<Fetches>,
    mut outgoing: ResMut<Outgoing>,
    passage: Option<Res<Passage>>,
) {
    for RoomMissed { room, detail } in missed.read() {
        fetches.done(room);
        if passage.as_ref().is_some_and(|it| it.to == *room) {
            commands.remove_resource::<Passage>();
            outgoing.send(ToPage::Passing { to: None });
            let (room, detail) = (room.clone(), detail.clone());
            outgoing.send(ToPage::RoomMissed { room, detail });
        }
    }
}

/// Whoever walks away from the door, or sets out for elsewhere, does not want to go through it.
fn call_off(
    mut commands: Commands,
    mut outgoing: ResMut<Outgoing>,
    visitor: Res<Visitor>,
    passage: Res<Passage>,
    journey: Option<Res<Journey>>,
    next: Option<Res<NextRoom>>,
) {
    let away = (visitor.spot.position - passage.at).xz().length();
    let elsewhere = journey.is_some() || away > theme::DOOR_ARMS_BEYOND_M;
    // Once the eye falls shut, the step is made.
    if elsewhere && next.is_none() {
        commands.remove_resource::<Passage>();
        outgoing.send(ToPage::Passing { to: None });
    }
}

/// Has the room behind a door fetched.
fn set_out(
    mut reached: MessageReader<DoorReached>,
    mut commands: Commands,
    mut fetches: ResMut<Fetches>,
    mut outgoing: ResMut<Outgoing>,
    mut awake: ResMut<Awake>,
    visitor: Res<Visitor>,
    passage: Option<Res<Passage>>,
    next: Option<Res<NextRoom>>,
) {
    // Whoever is set down at a door has also walked onto its place, and still means to go on.
    let last = reached.read().reduce(|was, is| {
        let same = is.then.is_none() && is.to == was.to;
        if same { was } else { is }
    });
    let Some(DoorReached { to, then }) = last.filter(|_| next.is_none()) else {
        return;
    };
    if then.is_none() && passage.is_some_and(|it| it.to == *to) {
        return;
    }
    fetches.want(to);
    let (to, then) = (to.clone(), then.clone());
    outgoing.send(ToPage::Passing {
        to: Some(to.clone()),
    });
    let at = visitor.spot.position;
    commands.insert_resource(Passage { to, at, then });
    awake.animate();
}

#[cfg(test)]
mod tests {
    use xinghuo_tour::{Action, Entry};

    use super::*;
    use crate::{
        command::Command,
        room::{ArtifactPlace, DoorPlace, Walls, ray::Ray},
        session::Attention,
        trial::{Trial, actions, id},
        walking::Navmesh,
    };

    fn entered(room: &str) -> Action {
        Action::Enter { room: id(room) }
    }

    fn say_missed(said: &[ToPage]) -> bool {
        said.iter()
            .any(|it| matches!(it, ToPage::RoomMissed { .. }))
    }

    #[test]
    fn nothing_of_a_room_is_left_when_another_is_entered() {
        let mut trial = Trial::begin(&[]);
        let said = trial.say(Command::GoInto(id("stairs")), 9);
        assert_eq!(trial.room(), id("stairs"));
        assert_eq!(actions(&said), [entered("stairs")]);
        let room = id("stairs");
        assert!(said.contains(&ToPage::RoomEntered { room }), "{said:?}");
        assert_eq!(trial.stops(), []);
        let world = trial.app.world_mut();
        assert_eq!(world.query::<&ArtifactPlace>().iter(world).count(), 0);
        let mut doors: Vec<RoomId> = world
            .query::<&DoorPlace>()
            .iter(world)
            .map(|it| it.to.clone())
            .collect();
        doors.sort();
        assert_eq!(doors, [id("attic"), id("hall")]);
        let through_the_old_artifact = Ray {
            origin: Vec3::new(2.0, 0.9, 0.0),
            direction: Vec3::NEG_Z,
        };
        let walls = world.resource::<Walls>();
        assert_eq!(walls.0.first_hit(&through_the_old_artifact, 9.0), None);
        let corner = world.resource::<Navmesh>().nearest(Vec3::splat(99.0));
        assert_eq!(corner.map(|it| it.position.x), Some(4.0), "the new floor");
        let visitor = trial.visitor();
        assert!(visitor.spot.position.distance(Vec3::new(0.0, 0.0, 3.5)) < 0.01);
        assert!(visitor.yaw.abs() < 0.01, "looks into the room");
    }

    #[test]
    fn the_way_to_a_stop_leads_through_as_many_doors_as_there_are() {
        let mut trial = Trial::begin(&[]);
        let said = trial.say(Command::GoTo(id("lamp")), 25);
        let stop = id("lamp");
        let expected = [entered("stairs"), entered("attic"), Action::Arrive { stop }];
        assert_eq!(actions(&said)[..3], expected);
    }

    #[test]
    fn an_artifact_in_another_room_is_opened_there() {
        let mut trial = Trial::begin(&[]);
        trial.say(Command::Open(id("lamp")), 25);
        let attention = trial.app.world().resource::<Attention>();
        assert_eq!(attention.open, Some(id("lamp")));
    }

    #[test]
    fn with_less_motion_one_blinks_from_room_to_room() {
        let mut trial = Trial::begin(&[]);
        let mut config = trial.app.world_mut().resource_mut::<Config>();
        config.reduced_motion = true;
        trial.say(Command::GoTo(id("lamp")), 3);
        assert_eq!(trial.room(), id("attic"));
    }

    #[test]
    fn a_room_that_takes_its_time_is_waited_for_and_gone_on_from() {
        for reduced_motion in [false, true] {
            let mut trial = Trial::begin(&[]);
            let mut config = trial.app.world_mut().resource_mut::<Config>();
            config.reduced_motion = reduced_motion;
            let onward = Command::GoTo(id("lamp"));
            trial.app.world_mut().write_message(onward);
            for _ in 0..90 {
                // Nobody fetches anything.
                trial.app.update();
            }
            assert!(trial.app.world().contains_resource::<Passage>());
            trial.run(25);
            assert_eq!(trial.room(), id("attic"));
        }
    }

    #[test]
    fn a_room_that_cannot_be_fetched_is_tried_again_from_where_one_is() {
        let mut trial = Trial::begin(&[]);
        trial.online = false;
        let said = trial.say(Command::GoTo(id("lamp")), 9);
        assert!(say_missed(&said), "{said:?}");
        assert_eq!(trial.room(), id("hall"));
        assert_eq!(trial.stops(), [id("desk")]);
        let said = trial.run(5);
        assert!(!say_missed(&said), "nobody tries by standing there");
        trial.online = true;
        trial.say(Command::GoTo(id("lamp")), 25);
        assert_eq!(trial.room(), id("attic"));
    }

    #[test]
    fn who_turns_back_at_the_door_stays() {
        let mut trial = Trial::begin(&[]);
        // The room takes its time: nobody fetches it.
        let set_out = DoorReached {
            to: id("stairs"),
            then: None,
        };
        trial.app.world_mut().write_message(set_out);
        trial.app.update();
        assert!(trial.app.world().contains_resource::<Passage>());
        let back = Command::GoTo(id("desk"));
        trial.app.world_mut().write_message(back);
        trial.app.update();
        trial.run(9);
        assert!(!trial.app.world().contains_resource::<Passage>());
        assert_eq!(trial.room(), id("hall"));
    }

    #[test]
    fn what_is_held_closely_is_put_back_on_leaving_and_what_is_looked_for_is_not() {
        let mut trial = Trial::begin(&[]);
        trial.say(Command::Open(id("desk")), 9);
        trial.say(Command::Locate(id("which")), 1);
        let said = trial.say(Command::GoInto(id("stairs")), 12);
        assert_eq!(trial.room(), id("stairs"));
        let stop = id("desk");
        assert!(said.contains(&ToPage::ArtifactClosed { stop }), "{said:?}");
        let stop = id("desk");
        assert!(said.contains(&ToPage::StopLeft { stop }), "{said:?}");
        let world = trial.app.world();
        assert_eq!(*world.resource::<Attention>(), Attention::default());
        assert!(!world.contains_resource::<crate::closeup::CloseUp>());
        let locating = world.resource::<crate::locate::Locating>();
        assert_eq!(locating.0, Some(id("which")));
    }

    #[test]
    fn a_visit_goes_on_in_the_room_where_it_was_left() {
        let entry = |seq: u32, action: Action| {
            let at = u64::from(seq);
            Entry { seq, at, action }
        };
        let stop = id("lamp");
        let log = [
            entry(1, entered("hall")),
            entry(2, entered("stairs")),
            entry(3, entered("attic")),
            entry(4, Action::Arrive { stop }),
        ];
        let mut trial = Trial::begin(&log);
        assert_eq!(trial.stops(), [id("lamp")]);
        assert!(trial.visitor().spot.position.distance(Vec3::X * 2.0) < 0.01);
        let again = actions(&trial.run(1));
        assert!(!again.contains(&entered("attic")), "{again:?}");
        let between = Trial::begin(&log[..2]);
        assert_eq!(between.room(), id("stairs"), "a room without a stop");
    }
}
