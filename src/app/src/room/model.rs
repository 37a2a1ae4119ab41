//! A room's scene as the tour needs it: named places, surfaces by what draws them, pictures.

use std::collections::BTreeMap;

use bevy::math::{Quat, Vec2, Vec3};
use xinghuo_package::glb;

/// A scene, in the world's coordinates throughout.
#[derive(Debug, Default)]
pub(crate) struct Model {
    /// Where each named node is.
    pub(crate) places: BTreeMap<String, Place>,
    /// What is to be drawn: one surface for each node, finish and material.
    pub(crate) surfaces: Vec<Surface>,
    /// What the surfaces are made of.
    pub(crate) materials: Vec<Material>,
    /// The triangles of the node that can be walked on.
    pub(crate) walkable: Vec<[Vec3; 3]>,
}

/// Where a node is, and how it is turned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Place {
    pub(crate) position: Vec3,
    pub(crate) rotation: Quat,
}

/// How a surface is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Finish {
    /// Texture times baked light.
    Baked,
    /// The same, cut out by the texture's alpha and seen from both sides.
    Foliage,
    /// Shines by itself and has no haze before it.
    Sky,
    /// Ripples and reflects the sky.
    Water,
    /// Baked as well, but lets through what is behind it, by its alpha.
    Glass,
}

impl Finish {
    /// Its place in the order of drawing: what hides others first, the sky behind all that, and
    /// then what lets it through.
    pub(crate) fn order(self) -> u8 {
        match self {
            Self::Baked => 0,
            Self::Foliage => 1,
            Self::Water => 2,
            Self::Sky => 3,
            Self::Glass => 4,
        }
    }
}

/// Triangles that are drawn at once.
#[derive(Debug)]
pub(crate) struct Surface {
    pub(crate) finish: Finish,
    /// The place of its material in [`Model::materials`].
    pub(crate) material: usize,
    /// The artifact node that it belongs to.
    pub(crate) artifact: Option<String>,
    pub(crate) vertices: Vec<Vertex>,
    pub(crate) indices: Vec<u32>,
}

/// A corner of a surface.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Vertex {
    pub(crate) position: Vec3,
    pub(crate) normal: Vec3,
    pub(crate) uv: Vec2,
    pub(crate) light_uv: Vec2,
    pub(crate) tint: [u8; 4],
}

/// What a surface is made of.
#[derive(Debug, Clone)]
pub(crate) struct Material {
    /// Linear.
    pub(crate) color: [f32; 4],
    /// The place of its texture among the pictures of the scene.
    pub(crate) picture: Option<usize>,
    pub(crate) roughness: f32,
    pub(crate) metallic: f32,
    /// Below what alpha there is nothing.
    pub(crate) cutoff: f32,
    pub(crate) double_sided: bool,
    /// Linear, added to everything else.
    pub(crate) emissive: [f32; 3],
    /// Whether it shows its color whatever the light is.
    pub(crate) unlit: bool,
}

/// Why a scene cannot be shown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ModelError {
    /// Not a glTF binary, one that contradicts itself, or one that is too much for a device.
    #[error("{why}")]
    Broken {
        /// The reasons.
        why: String,
    },
    /// The room's walkable node is not there or has no triangles.
    #[error("the scene has no node {node:?} to walk on")]
    NoFloor {
        /// The node that the room names.
        node: String,
    },
    /// A named node is not there.
    #[error("the scene has no node {node:?}")]
    NoNode {
        /// The node that the venue names.
        node: String,
    },
}

impl ModelError {
    /// A model that was not opened, and why.
    pub(crate) fn broken(problems: Vec<glb::Problem>) -> Self {
        let reasons: Vec<_> = problems.iter().map(ToString::to_string).collect();
        Self::Broken {
            why: reasons.join("; "),
        }
    }
}

impl Model {
    /// Where the node called `name` is.
    pub(crate) fn place(&self, name: &str) -> Result<Place, ModelError> {
        self.places
            .get(name)
            .copied()
            .ok_or_else(|| ModelError::NoNode {
                node: name.to_owned(),
            })
    }
}

impl Material {
    /// What a primitive without a material is made of.
    pub(crate) const PLAIN: Self = Self {
        color: [0.8, 0.8, 0.8, 1.0],
        picture: None,
        roughness: 1.0,
        metallic: 0.0,
        cutoff: 0.0,
        double_sided: false,
        emissive: [0.0; 3],
        unlit: false,
    };
}
