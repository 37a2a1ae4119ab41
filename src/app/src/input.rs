//! Pointers and keys, and the gestures that they make.

use bevy::prelude::*;

use crate::TourSystems;

/// How far a pointer may stray and still have tapped, CSS pixels.
const TAP_PX: f32 = 7.0;
/// How much one step of zoom changes the distance.
const ZOOM_PER_PX: f32 = 0.0012;

pub(super) fn plugin(app: &mut App) {
    app.add_message::<Pointer>()
        .add_message::<Stroke>()
        .add_message::<Gesture>()
        .init_resource::<Held>()
        .init_resource::<Fingers>()
        .add_systems(Update, (gesture, hold).in_set(TourSystems::Sense));
}

/// What a mouse, a pen or a finger does on the canvas; points are CSS pixels from its top left.
#[derive(Message, Debug, Clone, Copy, PartialEq)]
pub(crate) enum Pointer {
    /// It touches.
    Down {
        /// Which pointer.
        id: i32,
        /// Where.
        at: Vec2,
    },
    /// It moves, whether it touches or not.
    Move {
        /// Which pointer.
        id: i32,
        /// Where.
        at: Vec2,
    },
    /// It lets go.
    Up {
        /// Which pointer.
        id: i32,
        /// Where.
        at: Vec2,
    },
    /// The browser took it away, or it left the canvas.
    Gone {
        /// Which pointer.
        id: i32,
    },
    /// The wheel turns; towards the visitor is positive, CSS pixels.
    Wheel(f32),
}

/// A key goes down or comes up.
#[derive(Message, Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stroke {
    /// The key.
    pub(crate) key: Key,
    /// Whether it goes down.
    pub(crate) down: bool,
}

/// The keys that the tour knows, by what they do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    /// Walk forwards; tilt an artifact.
    Forward,
    /// Walk backwards; tilt it the other way.
    Back,
    /// Turn to the left.
    TurnLeft,
    /// Turn to the right.
    TurnRight,
    /// Step to the left.
    Left,
    /// Step to the right.
    Right,
    /// Hurry.
    Run,
    /// Come nearer.
    Nearer,
    /// Go farther.
    Farther,
    /// As it was at first.
    Reset,
    /// Leave what is open.
    Escape,
}

impl Key {
    /// The key at a place of the keyboard (`KeyboardEvent.code`), whatever its letter.
    #[must_use]
    pub(crate) fn at(code: &str) -> Option<Self> {
        Some(match code {
            "KeyW" | "ArrowUp" => Self::Forward,
            "KeyS" | "ArrowDown" => Self::Back,
            "ArrowLeft" | "KeyQ" => Self::TurnLeft,
            "ArrowRight" | "KeyE" => Self::TurnRight,
            "KeyA" => Self::Left,
            "KeyD" => Self::Right,
            "ShiftLeft" | "ShiftRight" => Self::Run,
            "Equal" | "NumpadAdd" | "PageUp" => Self::Nearer,
            "Minus" | "NumpadSubtract" | "PageDown" => Self::Farther,
            "Digit0" | "Numpad0" | "Home" => Self::Reset,
            "Escape" => Self::Escape,
            _ => return None,
        })
    }
}

/// What pointers do together.
#[derive(Message, Debug, Clone, Copy, PartialEq)]
pub(crate) enum Gesture {
    /// One pointer was dragged by so many CSS pixels.
    Drag(Vec2),
    /// One pointer touched and let go.
    Tap(Vec2),
    /// A pointer is over the canvas without touching, or no longer.
    Over(Option<Vec2>),
    /// The distance is to be multiplied by this.
    Zoom(f32),
}

/// The keys that are down.
#[derive(Resource, Debug, Default)]
pub(crate) struct Held(Vec<Key>);

impl Held {
    /// Whether a key is down.
    pub(crate) fn has(&self, key: Key) -> bool {
        self.0.contains(&key)
    }

    /// One key for, another against.
    pub(crate) fn between(&self, against: Key, toward: Key) -> f32 {
        f32::from(i8::from(self.has(toward)) - i8::from(self.has(against)))
    }
}

/// The pointers that touch.
#[derive(Resource, Debug, Default)]
struct Fingers(Vec<Finger>);

#[derive(Debug)]
struct Finger {
    id: i32,
    at: Vec2,
    began: Vec2,
    /// It has strayed, or was not alone: no tap can come of it.
    strayed: bool,
}

fn gesture(
    mut pointers: MessageReader<Pointer>,
    mut gestures: MessageWriter<Gesture>,
    mut fingers: ResMut<Fingers>,
) {
    for pointer in pointers.read() {
        fingers.take(*pointer, |it| {
            gestures.write(it);
        });
    }
}

impl Fingers {
    fn take(&mut self, pointer: Pointer, mut make: impl FnMut(Gesture)) {
        match pointer {
            Pointer::Down { id, at } => {
                self.0.retain(|it| it.id != id);
                let strayed = !self.0.is_empty();
                self.0.iter_mut().for_each(|it| it.strayed = true);
                let began = at;
                self.0.push(Finger {
                    id,
                    at,
                    began,
                    strayed,
                });
            }
            Pointer::Move { id, at } => {
                let Some(i) = self.0.iter().position(|it| it.id == id) else {
                    return make(Gesture::Over(Some(at)));
                };
                let from = self.0[i].at;
                self.0[i].at = at;
                if let [one, two] = self.0.as_slice() {
                    let other = if i == 0 { two.at } else { one.at };
                    let (was, is) = (from.distance(other), at.distance(other));
                    return make(Gesture::Zoom((was / is.max(1.0)).clamp(0.5, 2.0)));
                }
                let finger = &mut self.0[i];
                let already = finger.strayed;
                finger.strayed |= finger.began.distance(at) > TAP_PX;
                if finger.strayed {
                    // What was not yet a drag is made up for, so that nothing is lost or jerks.
                    let moved = if already {
                        at - from
                    } else {
                        at - finger.began
                    };
                    make(Gesture::Drag(moved));
                }
            }
            Pointer::Up { id, at } => {
                if let Some(i) = self.0.iter().position(|it| it.id == id) {
                    let finger = self.0.remove(i);
                    if !finger.strayed {
                        make(Gesture::Tap(at));
                    }
                }
            }
            Pointer::Gone { id } => {
                self.0.retain(|it| it.id != id);
                make(Gesture::Over(None));
            }
            Pointer::Wheel(px) => make(Gesture::Zoom((px * ZOOM_PER_PX).clamp(-0.5, 0.5).exp())),
        }
    }
}

fn hold(mut strokes: MessageReader<Stroke>, mut held: ResMut<Held>) {
    for stroke in strokes.read() {
        held.0.retain(|it| *it != stroke.key);
        if stroke.down {
            held.0.push(stroke.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pointers: &[Pointer], expected: &[Gesture]) {
        let mut fingers = Fingers::default();
        let mut made = vec![];
        for pointer in pointers {
            fingers.take(*pointer, |it| made.push(it));
        }
        assert_eq!(made, expected);
    }

    fn down(id: i32, x: f32) -> Pointer {
        Pointer::Down {
            id,
            at: Vec2::new(x, 0.0),
        }
    }

    fn moves(id: i32, x: f32) -> Pointer {
        Pointer::Move {
            id,
            at: Vec2::new(x, 0.0),
        }
    }

    fn up(id: i32, x: f32) -> Pointer {
        Pointer::Up {
            id,
            at: Vec2::new(x, 0.0),
        }
    }

    #[test]
    fn a_touch_that_hardly_moves_is_a_tap() {
        let tap = Gesture::Tap(Vec2::new(12.0, 0.0));
        check(&[down(1, 10.0), moves(1, 12.0), up(1, 12.0)], &[tap]);
    }

    #[test]
    fn a_drag_loses_nothing_and_is_no_tap() {
        let drag = |x| Gesture::Drag(Vec2::new(x, 0.0));
        check(
            &[
                down(1, 0.0),
                moves(1, 5.0),
                moves(1, 9.0),
                moves(1, 10.0),
                up(1, 10.0),
            ],
            &[drag(9.0), drag(1.0)],
        );
    }

    #[test]
    fn two_fingers_zoom_and_never_tap() {
        check(
            &[
                down(1, 0.0),
                down(2, 100.0),
                moves(2, 200.0),
                up(2, 200.0),
                up(1, 0.0),
            ],
            &[Gesture::Zoom(0.5)],
        );
    }
}
