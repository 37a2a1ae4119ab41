//! What a venue must be before anyone visits it.

mod checkpoints;
mod stops;

use crate::{
    Venue,
    id::RoomId,
    venue::{Fault, Part, VenueError},
};

impl Venue {
    /// The venue, if nothing is wrong with it; else everything that is.
    ///
    /// A venue without the server's keys is right as well: [`Venue::has_every_key`] tells.
    pub fn checked(self) -> Result<Self, Vec<VenueError>> {
        let mut errors = Errors::default();
        self.check_whole(&mut errors);
        self.check_rooms(&mut errors);
        self.check_stops(&mut errors);
        self.check_checkpoints(&mut errors);
        if errors.0.is_empty() {
            Ok(self)
        } else {
            Err(errors.0)
        }
    }

    fn check_whole(&self, errors: &mut Errors) {
        let mut at = errors.at(Part::Venue);
        if self.languages.is_empty() {
            at.push(Fault::NoLanguage);
        }
        for (index, language) in self.languages.iter().enumerate() {
            if self.languages[..index].contains(language) {
                at.push(Fault::LanguageTwice {
                    language: language.clone(),
                });
            }
        }
        self.check_room(&self.start.room, &mut at);
        if self.required_stops().next().is_none() {
            at.push(Fault::NothingRequired);
        }
        let rule = &self.completion;
        at.within("completion.mastery", rule.mastery, 0.0..=1.0, "in 0..=1");
        at.within(
            "completion.attempts",
            rule.attempts as f32,
            1.0..=20.0,
            "in 1..=20",
        );
    }

    fn check_rooms(&self, errors: &mut Errors) {
        for (id, room) in &self.rooms {
            let mut at = errors.at(Part::Room(id.clone()));
            for (n, door) in room.doors.iter().enumerate() {
                self.check_room(&door.to, &mut at);
                let to = || door.to.clone();
                if door.to == *id {
                    at.push(Fault::DoorNowhere { to: to() });
                } else if room.doors[..n].iter().any(|it| it.to == door.to) {
                    at.push(Fault::DoorTwice { to: to() });
                } else if let Some(there) = self.rooms.get(&door.to)
                    && there.door(id).is_none()
                {
                    at.push(Fault::DoorOneWay { to: to() });
                }
            }
            at.positive("light_scale", room.light_scale);
            at.positive("eye_height_m", room.eye_height_m);
            if let Some(haze) = &room.haze {
                at.within("haze.start_m", haze.start_m, 0.0..=f32::MAX, "0 or more");
                at.positive("haze.end_m − haze.start_m", haze.end_m - haze.start_m);
            }
        }
    }

    fn check_room(&self, room: &RoomId, at: &mut ErrorsAt<'_>) {
        if !self.rooms.contains_key(room) {
            at.push(Fault::NoSuchRoom { room: room.clone() });
        }
    }
}

#[derive(Default)]
struct Errors(Vec<VenueError>);

/// Where errors of one part go.
struct ErrorsAt<'a> {
    errors: &'a mut Errors,
    part: Part,
}

impl Errors {
    fn at(&mut self, part: Part) -> ErrorsAt<'_> {
        ErrorsAt { errors: self, part }
    }
}

impl ErrorsAt<'_> {
    fn push(&mut self, fault: Fault) {
        self.errors.0.push(VenueError {
            part: self.part.clone(),
            fault,
        });
    }

    fn within(
        &mut self,
        what: &'static str,
        value: f32,
        allowed: std::ops::RangeInclusive<f32>,
        range: &'static str,
    ) {
        if !allowed.contains(&value) {
            self.push(Fault::OutOfRange {
                what,
                value: value.to_string(),
                range,
            });
        }
    }

    fn positive(&mut self, what: &'static str, value: f32) {
        self.within(what, value, f32::MIN_POSITIVE..=f32::MAX, "more than 0");
    }
}
