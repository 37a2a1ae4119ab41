//! Reads a room's scene from a GLB.

use std::collections::{BTreeMap, HashSet};

use bevy::math::{Affine2, Affine3A, Mat4, Vec3};
use gltf::{Document, Node, Primitive, material::AlphaMode};
use serde::Deserialize;
use xinghuo_package::glb::Glb;

use super::model::{Finish, Material, Model, ModelError, Place, Surface, Vertex};

/// What the scene's author says of a node.
#[derive(Debug, Default, Deserialize)]
struct Extras {
    surface: Option<String>,
}

impl Model {
    /// Reads a GLB. `walkable` names the node to walk on, `artifacts` the nodes of artifacts.
    pub(crate) fn read(
        glb: &Glb<'_>,
        walkable: &str,
        artifacts: &[&str],
    ) -> Result<Self, ModelError> {
        let document = glb.document();
        let mut model = Self {
            materials: document.materials().map(material).collect(),
            ..Self::default()
        };
        let plain = model.materials.len();
        model.materials.push(Material::PLAIN);
        let mut walk = Walk {
            model: &mut model,
            merged: BTreeMap::new(),
            glb,
            walkable,
            artifacts: artifacts.iter().copied().collect(),
            plain,
        };
        for node in roots(document) {
            walk.visit(&node, Affine3A::IDENTITY, None, None);
        }
        model.surfaces = walk.merged.into_values().collect();
        if model.walkable.is_empty() {
            let node = walkable.to_owned();
            return Err(ModelError::NoFloor { node });
        }
        Ok(model)
    }
}

/// The nodes of the first scene that is shown.
fn roots(document: &Document) -> Vec<Node<'_>> {
    document
        .default_scene()
        .or_else(|| document.scenes().next())
        .map_or_else(Vec::new, |scene| scene.nodes().collect())
}

/// What is known while the tree of nodes is walked.
struct Walk<'a> {
    model: &'a mut Model,
    merged: BTreeMap<(usize, Finish, usize), Surface>,
    glb: &'a Glb<'a>,
    walkable: &'a str,
    artifacts: HashSet<&'a str>,
    plain: usize,
}

impl Walk<'_> {
    fn visit(
        &mut self,
        node: &Node<'_>,
        world_from_parent: Affine3A,
        artifact: Option<&str>,
        surface: Option<&str>,
    ) {
        let local = Mat4::from_cols_array_2d(&node.transform().matrix());
        let world_from_node = world_from_parent * Affine3A::from_mat4(local);
        let name = node.name().unwrap_or_default();
        let (_, rotation, position) = world_from_node.to_scale_rotation_translation();
        if !name.is_empty() {
            let place = Place { position, rotation };
            self.model.places.insert(name.to_owned(), place);
        }
        let artifact = self.artifacts.get(name).copied().or(artifact);
        let extras = extras(node);
        let surface = extras.surface.as_deref().or(surface);
        let walkable = name == self.walkable || surface == Some("walkable");
        for primitive in node.mesh().iter().flat_map(gltf::Mesh::primitives) {
            if primitive.mode() != gltf::mesh::Mode::Triangles {
                continue;
            }
            if walkable {
                self.walk_on(&primitive, world_from_node);
            } else {
                let finish = finish(surface, &primitive);
                self.draw(&primitive, node.index(), world_from_node, finish, artifact);
            }
        }
        for child in node.children() {
            self.visit(&child, world_from_node, artifact, surface);
        }
    }

    fn walk_on(&mut self, primitive: &Primitive<'_>, world_from_node: Affine3A) {
        let (vertices, indices) = triangles(primitive, self.glb, world_from_node);
        let corner = |i: u32| vertices[i as usize].position;
        let found = indices
            .chunks_exact(3)
            .map(|it| [corner(it[0]), corner(it[1]), corner(it[2])]);
        self.model.walkable.extend(found);
    }

    fn draw(
        &mut self,
        primitive: &Primitive<'_>,
        node: usize,
        world_from_node: Affine3A,
        finish: Finish,
        artifact: Option<&str>,
    ) {
        let material = primitive.material().index().unwrap_or(self.plain);
        let key = (node, finish, material);
        let (vertices, indices) = triangles(primitive, self.glb, world_from_node);
        let surface = self.merged.entry(key).or_insert_with(|| Surface {
            finish,
            material,
            artifact: artifact.map(str::to_owned),
            vertices: Vec::new(),
            indices: Vec::new(),
        });
        let first = surface.vertices.len() as u32;
        surface.vertices.extend(vertices);
        surface.indices.extend(indices.iter().map(|it| it + first));
    }
}

fn extras(node: &Node<'_>) -> Extras {
    node.extras()
        .as_ref()
        .and_then(|raw| serde_json::from_str(raw.get()).ok())
        .unwrap_or_default()
}

fn finish(surface: Option<&str>, primitive: &Primitive<'_>) -> Finish {
    match surface {
        Some("sky") => Finish::Sky,
        Some("water") => Finish::Water,
        Some("foliage") => Finish::Foliage,
        _ => match primitive.material().alpha_mode() {
            AlphaMode::Mask => Finish::Foliage,
            AlphaMode::Blend => Finish::Glass,
            AlphaMode::Opaque => Finish::Baked,
        },
    }
}

/// The triangles of a primitive in the world, wound anew where the transform mirrors them.
fn triangles(
    primitive: &Primitive<'_>,
    glb: &Glb<'_>,
    world_from_node: Affine3A,
) -> (Vec<Vertex>, Vec<u32>) {
    let reader = glb.reader(primitive);
    let painted = painted(&primitive.material());
    let turn = world_from_node.matrix3.inverse().transpose();
    let count = reader.read_positions().map_or(0, |it| it.len());
    let normals: Vec<_> = reader
        .read_normals()
        .map_or_else(|| vec![[0.0, 1.0, 0.0]; count], Iterator::collect);
    let uvs: Vec<_> = reader
        .read_tex_coords(0)
        .map_or_else(|| vec![[0.0; 2]; count], |it| it.into_f32().collect());
    let light_uvs: Vec<_> = reader
        .read_tex_coords(1)
        .map_or_else(|| vec![[-1.0; 2]; count], |it| it.into_f32().collect());
    let tints: Vec<_> = reader
        .read_colors(0)
        .map_or_else(|| vec![[255; 4]; count], |it| it.into_rgba_u8().collect());
    let positions = reader.read_positions().into_iter().flatten();
    let vertices = positions
        .enumerate()
        .map(|(i, position)| Vertex {
            position: world_from_node.transform_point3(position.into()),
            normal: (turn * Vec3::from(normals[i])).normalize_or(Vec3::Y),
            uv: painted.transform_point2(uvs[i].into()),
            light_uv: light_uvs[i].into(),
            tint: tints[i],
        })
        .collect();
    let mut indices: Vec<u32> = reader
        .read_indices()
        .map_or_else(|| (0..count as u32).collect(), |it| it.into_u32().collect());
    if world_from_node.matrix3.determinant() < 0.0 {
        indices.chunks_exact_mut(3).for_each(|it| it.swap(1, 2));
    }
    (vertices, indices)
}

/// From a primitive's texture coordinates to where its texture is read (`KHR_texture_transform`).
fn painted(material: &gltf::Material<'_>) -> Affine2 {
    let texture = material.pbr_metallic_roughness().base_color_texture();
    let transform = texture
        .as_ref()
        .and_then(gltf::texture::Info::texture_transform);
    transform.map_or(Affine2::IDENTITY, |it| {
        // The extension turns counter-clockwise where texture coordinates go down.
        Affine2::from_scale_angle_translation(it.scale().into(), -it.rotation(), it.offset().into())
    })
}

fn material(material: gltf::Material<'_>) -> Material {
    let pbr = material.pbr_metallic_roughness();
    let strength = material.emissive_strength().unwrap_or(1.0);
    Material {
        color: pbr.base_color_factor(),
        picture: pbr
            .base_color_texture()
            .map(|it| it.texture().source().index()),
        roughness: pbr.roughness_factor(),
        metallic: pbr.metallic_factor(),
        cutoff: material.alpha_cutoff().unwrap_or(0.5),
        double_sided: material.double_sided(),
        emissive: material.emissive_factor().map(|it| it * strength),
        unlit: material.unlit(),
    }
}

#[cfg(test)]
#[path = "../../../../tests/src/model.rs"]
#[expect(
    unreachable_pub,
    dead_code,
    reason = "it is public where it comes from"
)]
mod given;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{given, *};

    fn read(root: &serde_json::Value, bin: &[u8]) -> Result<Model, ModelError> {
        let bytes = given::packed(root.to_string().as_bytes(), bin);
        let glb = Glb::open(&bytes).map_err(ModelError::broken)?;
        Model::read(&glb, "walkable", &["desk"])
    }

    #[test]
    fn a_model_with_some_of_everything_is_read() {
        let (root, bin) = given::rich();
        let model = read(&root, &bin).expect("nothing is wrong with it");
        assert_eq!(model.walkable.len(), 2);
        assert_eq!(model.surfaces.len(), 2);
        let desk = &model.surfaces[0];
        assert_eq!(desk.artifact.as_deref(), Some("desk"));
        assert_eq!(desk.vertices[0].tint, [200; 4]);
        assert_eq!(desk.vertices[2].light_uv, bevy::math::Vec2::ONE);
    }

    #[test]
    fn a_model_that_contradicts_itself_is_refused_with_a_sentence() {
        let (mut root, bin) = given::rich();
        root["nodes"][2]["children"] = serde_json::json!([1]);
        let error = read(&root, &bin).expect_err("the hall is below the desk, that below the hall");
        assert_eq!(error.to_string(), "node 1 \"hall\" is in scene 0 twice");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]

        #[test]
        fn no_accident_to_its_json_makes_reading_panic(
            accidents in prop::collection::vec(given::accident(), 1..4),
        ) {
            let (mut root, bin) = given::rich();
            for accident in &accidents {
                accident.happen(&mut root);
            }
            if let Ok(model) = read(&root, &bin) {
                for surface in &model.surfaces {
                    let count = surface.vertices.len() as u32;
                    prop_assert!(surface.indices.iter().all(|it| *it < count));
                }
            }
        }
    }
}
