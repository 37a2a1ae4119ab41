//! What a headset reports for each of its frames.
//!
//! The page hands it over as one row of numbers (`web/headset.js` writes what is read here), since
//! a frame has no time for dozens of calls.

use bevy::prelude::*;

/// Bits of the first number.
const SEEN: u32 = 1;
const RECENTRED: u32 = 2;
const SURFACE: u32 = 4;
/// Bits of a source.
const RAY: u32 = 1;
const GRIP: u32 = 2;
const SELECTING: u32 = 4;
const SELECTED: u32 = 8;
const SQUEEZING: u32 = 16;
const JOINTS: u32 = 32;
const STICK: u32 = 64;

/// How many joints a hand has, in WebXR's order.
pub(super) const JOINTS_EACH: usize = 25;
/// How thick a joint can be, metres.
const JOINT_LEAST_M: f32 = 0.003;
const JOINT_MOST_M: f32 = 0.04;

/// The near plane, metres.
const NEAR_M: f32 = 0.05;

/// One frame of the headset. Poses are in its reference space, metres.
#[derive(Message, Debug, Clone, PartialEq)]
pub(crate) struct Report {
    /// Where the head is; nothing while it is not tracked.
    pub(crate) head: Option<Isometry3d>,
    /// One view for each eye.
    pub(crate) views: Vec<Sight>,
    /// Controllers, hands and gazes.
    pub(crate) sources: Vec<Source>,
    /// Whether the visitor sees the room, and nothing of the headset's own lies over it.
    pub(crate) seen: bool,
    /// Whether the reference space lies elsewhere than a frame ago.
    pub(crate) recentred: bool,
    /// How many frames a second the headset shows; nothing if it does not say.
    pub(crate) rate_hz: Option<f32>,
    /// Where the look ahead meets the visitor's own room, if that was asked for.
    pub(crate) surface: Option<Isometry3d>,
}

/// What one eye sees.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sight {
    /// Its part of the framebuffer: left, bottom, width, height; pixels.
    pub(crate) viewport: [u32; 4],
    pub(crate) pose: Isometry3d,
    /// Depth is 1 at the near plane and 0 at infinity.
    pub(crate) clip_from_view: Mat4,
}

/// What a visitor points with.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Source {
    pub(crate) hand: Hand,
    pub(crate) kind: Kind,
    /// From where, and along its −Z, it points.
    pub(crate) ray: Option<Isometry3d>,
    /// Where something held in it is.
    pub(crate) grip: Option<Isometry3d>,
    /// The trigger is down, or two fingers pinch.
    pub(crate) selecting: bool,
    /// They have just been let go.
    pub(crate) selected: bool,
    pub(crate) squeezing: bool,
    /// How far a stick, or a pad in its place, is pushed: to the right and backwards, each in −1 to 1.
    /// Nothing where there is none.
    pub(crate) stick: Option<Vec2>,
    /// Of a hand that is tracked, its joints in WebXR's order, and how thick it is there; else none.
    pub(crate) joints: Vec<(Vec3, f32)>,
}

/// In which hand a source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hand {
    Left,
    Right,
    Neither,
}

/// How a source points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// With the head, or with the eyes.
    Gaze,
    /// With a controller or a hand.
    Pointer,
    /// With a finger on the screen of a device that is held, for as long as it is there.
    Touch,
}

impl Report {
    /// Reads the page's row of numbers; nothing if it is not one.
    ///
    /// It begins with flags, the number of views and of sources, the head's pose, the frame rate
    /// and the pose of a surface. A view is its viewport, its pose and its projection by columns; a
    /// source its hand (−1, 0, 1), its kind (0 gazes, 1 points, 2 touches), its flags, its stick, its ray and its grip,
    /// and, if the flags say so, its joints. A pose is a position and a quaternion, a joint a
    /// position and a radius.
    pub(crate) fn read(numbers: &[f32]) -> Option<Self> {
        let mut row = Row(numbers.iter());
        let [flags, views, sources] = [row.whole()?, row.whole()?, row.whole()?];
        let head = row.pose()?;
        let rate_hz = row.number()?;
        let surface = row.pose()?;
        let views = (0..views).map(|_| row.view()).collect::<Option<_>>()?;
        let sources = (0..sources).map(|_| row.source()).collect::<Option<_>>()?;
        Some(Self {
            head,
            views,
            sources,
            seen: flags & SEEN != 0,
            recentred: flags & RECENTRED != 0,
            rate_hz: (rate_hz.is_finite() && rate_hz > 0.0).then_some(rate_hz),
            surface: surface.filter(|_| flags & SURFACE != 0),
        })
    }
}

struct Row<'a>(std::slice::Iter<'a, f32>);

impl Row<'_> {
    fn number(&mut self) -> Option<f32> {
        self.0.next().copied()
    }

    fn whole(&mut self) -> Option<u32> {
        self.number().map(|it| it as u32)
    }

    fn numbers<const N: usize>(&mut self) -> Option<[f32; N]> {
        let (row, rest) = self.0.as_slice().split_first_chunk()?;
        self.0 = rest.iter();
        Some(*row)
    }

    /// A pose, or none where its quaternion has no length.
    #[expect(
        clippy::option_option,
        reason = "the outer one is a row that ends too soon"
    )]
    fn pose(&mut self) -> Option<Option<Isometry3d>> {
        let [x, y, z] = self.numbers()?;
        let rotation = Quat::from_array(self.numbers()?);
        let position = Vec3::new(x, y, z);
        let length = rotation.length();
        let is_one = position.is_finite() && length.is_finite() && length > 1e-3;
        Some(is_one.then(|| Isometry3d::new(position, rotation.normalize())))
    }

    fn view(&mut self) -> Option<Sight> {
        let viewport = self.numbers::<4>()?.map(|it| it as u32);
        let pose = self.pose()?.unwrap_or_default();
        let clip_from_view = reversed(&Mat4::from_cols_array(&self.numbers()?));
        Some(Sight {
            viewport,
            pose,
            clip_from_view,
        })
    }

    fn joint(&mut self) -> Option<(Vec3, f32)> {
        let position = Vec3::from_array(self.numbers()?);
        let radius = self.number()?;
        let known = position.is_finite() && radius.is_finite();
        Some(if known {
            (position, radius.clamp(JOINT_LEAST_M, JOINT_MOST_M))
        } else {
            (Vec3::ZERO, JOINT_LEAST_M)
        })
    }

    fn source(&mut self) -> Option<Source> {
        let [hand, kind] = self.numbers()?;
        let flags = self.whole()?;
        let stick = Vec2::from_array(self.numbers()?);
        let (ray, grip) = (self.pose()?, self.pose()?);
        let joints = if flags & JOINTS == 0 {
            vec![]
        } else {
            (0..JOINTS_EACH)
                .map(|_| self.joint())
                .collect::<Option<_>>()?
        };
        Some(Source {
            hand: match hand {
                it if it < 0.0 => Hand::Left,
                it if it > 0.0 => Hand::Right,
                _ => Hand::Neither,
            },
            kind: match kind {
                0.0 => Kind::Gaze,
                2.0 => Kind::Touch,
                _ => Kind::Pointer,
            },
            ray: ray.filter(|_| flags & RAY != 0),
            grip: grip.filter(|_| flags & GRIP != 0),
            selecting: flags & SELECTING != 0,
            selected: flags & SELECTED != 0,
            squeezing: flags & SQUEEZING != 0,
            stick: (flags & STICK != 0).then_some(if stick.is_finite() {
                stick
            } else {
                Vec2::ZERO
            }),
            joints,
        })
    }
}

/// A headset's projection with our depth: its rows for left and right, up and down stay as they
/// are, however lopsided; those for depth are ours.
fn reversed(gl: &Mat4) -> Mat4 {
    let (x, y, z) = (gl.x_axis, gl.y_axis, gl.z_axis);
    Mat4::from_cols(
        Vec4::new(x.x, x.y, 0.0, 0.0),
        Vec4::new(y.x, y.y, 0.0, 0.0),
        Vec4::new(z.x, z.y, 0.0, -1.0),
        Vec4::new(0.0, 0.0, NEAR_M, 0.0),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// WebGL's projection for the tangents of four angles.
    fn gl(left: f32, right: f32, down: f32, up: f32) -> Mat4 {
        let (near, far) = (0.1, 1000.0);
        let (wide, high) = (right + left, up + down);
        Mat4::from_cols(
            Vec4::new(2.0 / wide, 0.0, 0.0, 0.0),
            Vec4::new(0.0, 2.0 / high, 0.0, 0.0),
            Vec4::new(
                (right - left) / wide,
                (up - down) / high,
                -(far + near) / (far - near),
                -1.0,
            ),
            Vec4::new(0.0, 0.0, -2.0 * far * near / (far - near), 0.0),
        )
    }

    #[test]
    fn a_lopsided_view_ends_where_the_headset_says() {
        let ours = reversed(&gl(1.4, 0.9, 1.3, 1.0));
        let at = |x: f32, y: f32| {
            let clip = ours * Vec4::new(x * 3.0, y * 3.0, -3.0, 1.0);
            clip / clip.w
        };
        for (point, edge) in [
            ((-1.4, 0.0), Vec2::new(-1.0, f32::NAN)),
            ((0.9, 0.0), Vec2::new(1.0, f32::NAN)),
            ((0.0, -1.3), Vec2::new(f32::NAN, -1.0)),
            ((0.0, 1.0), Vec2::new(f32::NAN, 1.0)),
        ] {
            let ndc = at(point.0, point.1);
            assert!(edge.x.is_nan() || (ndc.x - edge.x).abs() < 1e-5, "{ndc}");
            assert!(edge.y.is_nan() || (ndc.y - edge.y).abs() < 1e-5, "{ndc}");
        }
    }

    #[test]
    fn depth_falls_from_one_to_nothing() {
        let ours = reversed(&gl(1.0, 1.0, 1.0, 1.0));
        let depth = |far: f32| {
            let clip = ours * Vec4::new(0.0, 0.0, -far, 1.0);
            clip.z / clip.w
        };
        assert!((depth(NEAR_M) - 1.0).abs() < 1e-6);
        assert!(depth(10.0) > depth(100.0) && depth(1e6) > 0.0);
    }

    fn row() -> Vec<f32> {
        let pose = [1.0, 1.6, 2.0, 0.0, 0.0, 0.0, 1.0];
        let mut row = vec![1.0, 1.0, 1.0];
        row.extend(pose);
        row.push(72.0);
        row.extend(pose);
        row.extend([8.0, 0.0, 640.0, 720.0]);
        row.extend(pose);
        row.extend(gl(1.0, 1.0, 1.0, 1.0).to_cols_array());
        row.extend([-1.0, 1.0, 109.0, 0.5, -1.0]);
        row.extend(pose);
        row.extend(pose);
        row.extend((0..JOINTS_EACH).flat_map(|i| [i as f32 / 100.0, 1.0, -0.5, 0.008]));
        row
    }

    #[test]
    fn a_row_is_read_to_its_end() {
        let report = Report::read(&row()).expect("it is one");
        assert!(report.seen && !report.recentred);
        assert_eq!((report.rate_hz, report.surface), (Some(72.0), None));
        let head = report.head.expect("it is tracked");
        assert_eq!(Vec3::from(head.translation), Vec3::new(1.0, 1.6, 2.0));
        assert_eq!(report.views[0].viewport, [8, 0, 640, 720]);
        let source = &report.sources[0];
        assert_eq!((source.hand, source.kind), (Hand::Left, Kind::Pointer));
        assert!(source.selecting && source.selected && !source.squeezing);
        assert!(source.ray.is_some() && source.grip.is_none());
        assert_eq!(source.stick, Some(Vec2::new(0.5, -1.0)));
        assert_eq!(source.joints.len(), JOINTS_EACH);
        assert_eq!(source.joints[9], (Vec3::new(0.09, 1.0, -0.5), 0.008));
    }

    #[test]
    fn half_a_row_is_none_and_an_untracked_head_is_nowhere() {
        let row = row();
        for length in 0..row.len() {
            assert_eq!(Report::read(&row[..length]), None, "{length}");
        }
        let mut lost = row;
        lost[3..10].fill(0.0);
        assert_eq!(Report::read(&lost).expect("it is one").head, None);
    }
}
