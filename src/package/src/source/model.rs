//! A room's scene: whether the app can load it, and what its nodes are called and carry.

mod surface;
mod triangles;

use std::collections::BTreeMap;

use gltf::mesh::Semantic;
use serde_json::Value;
use xinghuo_tour::Room;

use super::{desk::Desk, desk::one_of, media::media_type, nearest::nearest};
use crate::{
    finding::{Code, Finding, Pointer, Severity},
    glb::{Glb, Picture},
};

pub(super) use surface::Surface;

/// What `extras.surface` of a node may be.
const SURFACES: &[&str] = &["walkable", "water", "sky", "foliage"];

/// A scene that has been read.
#[derive(Debug)]
pub(super) struct Model {
    nodes: Vec<Node>,
    by_name: BTreeMap<String, Vec<usize>>,
    /// The walkable surface, where the scene has one.
    pub(super) surface: Option<Surface>,
}

#[derive(Debug, Default)]
struct Node {
    has_mesh: bool,
    children: Vec<usize>,
    /// Metres, in the scene's space.
    position: [f32; 3],
}

/// Reads the scene of a room; what is wrong with it becomes findings.
pub(super) fn read(desk: &mut Desk, room: &Room) -> Option<Model> {
    let bytes = desk.contents.get(&room.scene)?.clone();
    if !bytes.starts_with(b"glTF") {
        // Another check tells that the file is not what its ending says.
        return None;
    }
    let at = Pointer::file(&room.scene);
    let glb = match Glb::open(&bytes) {
        Ok(glb) => glb,
        Err(problems) => {
            let findings = problems.into_iter().map(|problem| {
                let finding = Finding::new(problem.code, at.clone(), problem.message);
                let finding = finding.with_hint(problem.hint.map(str::to_owned));
                finding.with_severity(Severity::Error)
            });
            desk.findings.extend(findings);
            return None;
        }
    };
    let document = glb.document();
    let mut model = Model::of(&glb);
    let walkable = model.find(&room.walkable);
    check_surfaces(desk, &at, document);
    check_materials(desk, &at, &glb);
    if let Some(lightmap) = &room.lightmap {
        check_lightmap(desk, lightmap);
        check_light(desk, &at, document, walkable);
    }
    let Some(walkable) = walkable else {
        let message = format!(
            "the walkable node {:?} is not in {}",
            room.walkable,
            file_name(&room.scene)
        );
        let hint = nearest(&room.walkable, model.by_name.keys());
        desk.find_with_hint(Code::WalkableMissing, at, message, hint);
        return Some(model);
    };
    let mut triangles = Vec::new();
    for node in model.with_descendants(walkable) {
        let mesh = document.nodes().nth(node).and_then(|node| node.mesh());
        for primitive in mesh.iter().flat_map(gltf::Mesh::primitives) {
            triangles.extend(triangles::of(&glb, node, &primitive));
        }
    }
    if triangles.is_empty() {
        let message = format!("the walkable node {:?} carries no triangles", room.walkable);
        desk.find(Code::WalkableMissing, at, message);
        return Some(model);
    }
    let surface = Surface::new(triangles);
    if surface.parts() > 1 {
        let message = format!("the walkable surface is in {} parts", surface.parts());
        let hint = "join them, or nobody can walk from one to the other".to_owned();
        desk.find_with_hint(Code::WalkableSplit, at, message, hint);
    }
    model.surface = Some(surface);
    Some(model)
}

/// `lake.glb` of `media/lake.glb`.
pub(super) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

impl Model {
    fn of(glb: &Glb<'_>) -> Self {
        let mut nodes = Vec::new();
        let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for node in glb.document().nodes() {
            if let Some(name) = node.name() {
                let called = by_name.entry(name.to_owned()).or_default();
                called.push(node.index());
            }
            let [x, y, z, _] = glb.world_from_node(node.index())[3];
            nodes.push(Node {
                has_mesh: node.mesh().is_some(),
                children: node.children().map(|child| child.index()).collect(),
                position: [x, y, z],
            });
        }
        Self {
            nodes,
            by_name,
            surface: None,
        }
    }

    /// The node that is called `name`.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.by_name.get(name)?.first().copied()
    }

    /// Whether more than one node is called `name`.
    pub(super) fn has_twice(&self, name: &str) -> bool {
        self.by_name.get(name).is_some_and(|nodes| nodes.len() > 1)
    }

    /// The names of all nodes.
    pub(super) fn names(&self) -> impl Iterator<Item = &String> {
        self.by_name.keys()
    }

    /// Whether the node or one below it carries a mesh.
    pub(super) fn has_mesh(&self, node: usize) -> bool {
        let below = self.with_descendants(node);
        below.into_iter().any(|node| self.nodes[node].has_mesh)
    }

    /// Where the node is in the scene.
    pub(super) fn position(&self, node: usize) -> [f32; 3] {
        self.nodes[node].position
    }

    /// The node and all that are below it. Nodes are a forest: none is met twice.
    fn with_descendants(&self, node: usize) -> Vec<usize> {
        let mut seen = vec![node];
        let mut next = 0;
        while let Some(node) = seen.get(next).copied() {
            next += 1;
            seen.extend(&self.nodes[node].children);
        }
        seen
    }
}

/// What `extras.surface` of a node says.
fn surface_of(node: &gltf::Node<'_>) -> Option<String> {
    let extras: Value = serde_json::from_str(node.extras().as_ref()?.get()).ok()?;
    Some(extras.get("surface")?.as_str()?.to_owned())
}

fn check_surfaces(desk: &mut Desk, at: &Pointer, document: &gltf::Document) {
    for node in document.nodes() {
        let Some(surface) = surface_of(&node) else {
            continue;
        };
        if !SURFACES.contains(&surface.as_str()) {
            let name = node.name().unwrap_or_default();
            let words = one_of(SURFACES);
            let message = format!("node {name:?} has the surface {surface:?}, not {words}");
            let finding = Finding::new(Code::SurfaceUnknown, at.clone(), message);
            let finding = finding.with_hint(nearest(&surface, SURFACES));
            desk.findings.push(finding);
        }
    }
}

/// The maps of a material that the app does not draw, by glTF's names.
const MAPS: &[&str] = &["normalTexture", "occlusionTexture", "emissiveTexture"];
/// The extensions of a material that the app draws.
const DRAWN: &[&str] = &["KHR_materials_unlit", "KHR_materials_emissive_strength"];

/// Light is baked, so the app draws base color, gloss, transparency and what shines by itself; all
/// else about a material belongs into its texture and into the light.
fn check_materials(desk: &mut Desk, at: &Pointer, glb: &Glb<'_>) {
    for (index, value) in glb.materials().iter().enumerate() {
        let maps = MAPS.iter().filter(|it| value.get(**it).is_some()).copied();
        let rough = &value["pbrMetallicRoughness"]["metallicRoughnessTexture"];
        let rough = rough.is_object().then_some("metallicRoughnessTexture");
        let extensions = value["extensions"].as_object();
        let extensions = extensions.into_iter().flat_map(|it| it.keys());
        let unknown = extensions
            .map(String::as_str)
            .filter(|it| !DRAWN.contains(it));
        let parts: Vec<_> = maps.chain(rough).chain(unknown).collect();
        if parts.is_empty() {
            continue;
        }
        let name = value["name"].as_str().unwrap_or_default();
        let parts = parts.join(", ");
        let message = format!("material {index} {name:?} has what the app does not draw: {parts}");
        let hint = "bake it into the base color and the light".to_owned();
        desk.find_with_hint(Code::ModelPlain, at.clone(), message, Some(hint));
    }
}

/// The app decodes the light as it decodes a model's pictures, and shows none if it cannot.
fn check_lightmap(desk: &mut Desk, path: &str) {
    let Some(bytes) = desk.contents.get(path) else {
        return;
    };
    if let Err(why) = Picture::new(media_type(path), bytes) {
        let message = format!("the lightmap {why}");
        let finding = Finding::new(Code::MediaHuge, Pointer::file(path), message);
        let hint = "save it as a JPEG or PNG of at most 4096 pixels a side".to_owned();
        let finding = finding.with_severity(Severity::Error).with_hint(hint);
        desk.findings.push(finding);
    }
}

/// Every mesh that is neither water, sky, foliage nor only walked on should be able to show light.
fn check_light(desk: &mut Desk, at: &Pointer, document: &gltf::Document, walkable: Option<usize>) {
    let lightless = document.nodes().filter(|node| {
        let mesh = node.mesh();
        let primitives = mesh.iter().flat_map(gltf::Mesh::primitives);
        let mut without = primitives.filter(|p| p.get(&Semantic::TexCoords(1)).is_none());
        Some(node.index()) != walkable && without.next().is_some() && surface_of(node).is_none()
    });
    let names: Vec<_> = lightless
        .map(|node| node.name().unwrap_or_default().to_owned())
        .collect();
    let Some(first) = names.first() else { return };
    let message = format!(
        "meshes that show no baked light for lack of TEXCOORD_1: {}, the first at node {first:?}",
        names.len()
    );
    let hint = "give them a second UV map, or extras.surface if they are not baked".to_owned();
    desk.find_with_hint(Code::ModelUnlit, at.clone(), message, hint);
}
