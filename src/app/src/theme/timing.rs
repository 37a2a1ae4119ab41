//! Durations, speeds and distances.

/// The longest step that motion takes at once: a machine that draws slowly moves in steps rather
/// than slowly, up to here.
pub(crate) const LONGEST_STEP_SECS: f32 = 0.5;
/// The first step of a motion, before which nothing was drawn for any length of time.
pub(crate) const FIRST_STEP_SECS: f32 = 1.0 / 60.0;
/// How fast a visitor walks, and hurries.
pub(crate) const WALK_M_PER_SEC: f32 = 1.7;
/// How fast a visitor hurries.
pub(crate) const RUN_M_PER_SEC: f32 = 3.4;
/// In what time a walk comes to its speed, and stops.
pub(crate) const WALK_EASE_SECS: f32 = 0.12;
/// In what time the eye follows a step up or down.
pub(crate) const STEP_EASE_SECS: f32 = 0.14;
/// How far the view turns for a drag of one CSS pixel.
pub(crate) const TURN_DEG_PER_PX: f32 = 0.18;
/// How fast the arrow keys turn the view.
pub(crate) const TURN_DEG_PER_SEC: f32 = 75.0;
/// How far a visitor can look up and down.
pub(crate) const PITCH_LIMIT_DEG: f32 = 80.0;
/// How fast a journey to a stop goes, and how long it takes at most.
pub(crate) const JOURNEY_M_PER_SEC: f32 = 2.6;
/// The longest that a journey may take.
pub(crate) const JOURNEY_LONGEST_SECS: f32 = 6.0;
/// The shortest that a journey takes, so that a turn on the spot is no jerk.
pub(crate) const JOURNEY_SHORTEST_SECS: f32 = 0.6;
/// How long the dark of a blink takes to come, and again to go.
pub(crate) const BLINK_SECS: f32 = 0.18;
/// How near to a stop's place a visitor stands at the stop.
pub(crate) const ARRIVE_WITHIN_M: f32 = 0.9;
/// How far from it the visitor has left it again.
pub(crate) const LEAVE_BEYOND_M: f32 = 1.4;
/// For how long a visitor must stand there.
pub(crate) const ARRIVE_AFTER_SECS: f32 = 0.4;
/// How long one span of looking is.
pub(crate) const LOOK_MILLIS: u64 = 1000;
/// How often it is looked at what the visitor looks at.
pub(crate) const LOOK_EVERY_MILLIS: u64 = 200;
/// A gap between two looks longer than this breaks the span: the page slept.
pub(crate) const LOOK_GAP_MILLIS: u64 = 1600;
/// How much of the view, from its middle, counts as looked at.
pub(crate) const LOOK_CENTRAL: f32 = 0.8;
/// How long an artifact takes to come close, and to go back.
pub(crate) const CLOSE_UP_SECS: f32 = 0.7;
/// How often the page hears of the view at most.
pub(crate) const VIEW_EVERY_MILLIS: u64 = 100;
/// And while a headset is worn.
pub(crate) const VIEW_WORN_EVERY_MILLIS: u64 = 200;
/// A frame that takes longer is late: the walk is felt to stutter.
pub(crate) const FRAME_LATE_SECS: f32 = 0.036;
/// A frame that takes less leaves room for more pixels.
pub(crate) const FRAME_EARLY_SECS: f32 = 0.0195;
/// After how long without motion everything is drawn as finely as it can be.
pub(crate) const FINE_AFTER_SECS: f32 = 0.35;
/// In what time the view moves aside for a panel.
pub(crate) const ASIDE_EASE_SECS: f32 = 0.15;
/// Of how many lanterns, and of how many artifacts, the page is told at most.
pub(crate) const VIEW_MOST: usize = 128;
/// How often the water moves while nothing else does.
pub(crate) const WATER_EVERY_MILLIS: u64 = 60;
/// How high above the floor a lantern hovers.
pub(crate) const LANTERN_HEIGHT_M: f32 = 1.45;
/// How long a lantern's breath takes.
pub(crate) const LANTERN_BREATH_SECS: f32 = 3.2;
/// Within what distance a lantern gives way to whoever stands under it.
pub(crate) const LANTERN_HIDES_WITHIN_M: f32 = 1.3;
/// In what time the eye sinks where one sits down, and rises again.
pub(crate) const SIT_EASE_SECS: f32 = 0.35;
/// How near to a door's place a visitor goes through it.
pub(crate) const DOOR_WITHIN_M: f32 = 0.7;
/// How far from it a visitor must have been before, so that nobody goes back by standing still.
pub(crate) const DOOR_ARMS_BEYOND_M: f32 = 1.5;
/// How high above the floor the sign at a door hangs.
pub(crate) const SIGN_HEIGHT_M: f32 = 1.5;
/// How far towards the door it hangs from where one arrives, so as not to hang in one's face.
pub(crate) const SIGN_BEHIND_M: f32 = 0.6;
/// Within what distance the sign gives way to whoever walks into it.
pub(crate) const SIGN_HIDES_WITHIN_M: f32 = 0.3;
