//! The colours of what the app draws by itself. What a venue shows brings its own.

use bevy::color::Srgba;

/// The paper on which an artifact is shown closely, at its middle.
pub(crate) const PAPER: Srgba = Srgba::rgb(0.925, 0.898, 0.847);
/// The same paper towards its edges.
pub(crate) const PAPER_EDGE: Srgba = Srgba::rgb(0.792, 0.749, 0.682);
/// Through what a visitor blinks who asked for less motion.
pub(crate) const BLINK: Srgba = Srgba::rgb(0.13, 0.115, 0.10);
/// The lantern over a stop that is open.
pub(crate) const LANTERN_OPEN: Srgba = Srgba::rgb(0.894, 0.706, 0.32);
/// The lantern over a stop that is done.
pub(crate) const LANTERN_DONE: Srgba = Srgba::rgb(0.667, 0.255, 0.196);
/// The lantern over a stop that other stops come before.
pub(crate) const LANTERN_LOCKED: Srgba = Srgba::rgb(0.561, 0.545, 0.510);
/// The sign at a door to another room: lamplight through an open door.
pub(crate) const DOOR_SIGN: Srgba = Srgba::rgb(0.93, 0.545, 0.275);
/// The haze of a room that names none.
pub(crate) const HAZE: Srgba = Srgba::rgb(0.84, 0.87, 0.88);
/// The sky overhead, as glossy things and the water reflect it.
pub(crate) const SKY_HIGH: Srgba = Srgba::rgb(0.55, 0.66, 0.76);
/// The light that comes out of the water itself.
pub(crate) const WATER_DEEP: Srgba = Srgba::rgb(0.27, 0.34, 0.31);
/// The sun's glint.
pub(crate) const SUN: Srgba = Srgba::rgb(1.0, 0.95, 0.86);
/// Whence the sun shines, towards it: where it stood when the lake's light was baked
/// (`sun_direction_gltf` in the workshop's report).
pub(crate) const SUN_DIRECTION: [f32; 3] = [-0.3047, 0.4540, 0.8373];
/// What can be pressed on a panel in a headset, and the same under the pointer if it stands out.
pub(crate) const PANEL_PRESS: Srgba = Srgba::rgb(0.862, 0.824, 0.753);
pub(crate) const PANEL_PRESSED: Srgba = Srgba::rgb(0.55, 0.19, 0.145);
/// The ground of a note there.
pub(crate) const PANEL_NOTE: Srgba = Srgba::rgb(0.886, 0.855, 0.79);
/// Words there that matter less, and those of what cannot be pressed now.
pub(crate) const PANEL_SOFT: Srgba = Srgba::rgb(0.37, 0.335, 0.30);
pub(crate) const PANEL_FAINT: Srgba = Srgba::rgb(0.60, 0.57, 0.53);
