//! GLB files, from anyone: opened only if nothing in them can mislead whoever reads on.
//!
//! The `gltf` crate trusts what it reads: an index that leads nowhere, a circle of nodes or an
//! accessor that ends beyond its buffer makes it panic, or recurse without end. So everything is
//! looked at here before it is handed on, in an order in which each step may rely on those before
//! it: chunks, extensions, references, glTF's own rules, the tree of nodes, pictures, geometry.

mod chunks;
mod extensions;
mod geometry;
mod limits;
mod pictures;
mod problem;
mod references;
mod tree;

use gltf::{Buffer, Document, Mesh, Primitive, mesh::Reader};
use serde_json::Value;

pub use self::{pictures::Picture, problem::Problem};
use self::{problem::Problems, tree::Matrix};

/// A model that can be loaded: whatever the `gltf` crate is asked about it has an answer.
#[derive(Debug)]
pub struct Glb<'a> {
    document: Document,
    bin: &'a [u8],
    worlds: Vec<Matrix>,
    materials: Vec<Value>,
}

impl<'a> Glb<'a> {
    /// Opens a GLB, or says why the app cannot load it: the first few reasons.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Vec<Problem>> {
        let (json, bin) = chunks::split(bytes)?;
        let value = chunks::parse(json)?;
        none(extensions::check(&value))?;
        none(references::check(&value))?;
        let materials = value.get("materials").and_then(Value::as_array).cloned();
        let document = chunks::document(value)?;
        let worlds = tree::worlds(&document)?;
        let glb = Self {
            document,
            bin,
            worlds,
            materials: materials.unwrap_or_default(),
        };
        none(pictures::check(&glb))?;
        none(geometry::check(&glb))?;
        Ok(glb)
    }

    /// What the model is made of. Of cameras, skins and animations only the indices are checked.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The materials as they are written, with every extension: [`Glb::document`] drops those that
    /// it does not know.
    #[must_use]
    pub fn materials(&self) -> &[Value] {
        &self.materials
    }

    /// From the space of a node into the scene's, column by column, metres.
    #[must_use]
    pub fn world_from_node(&self, node: usize) -> &[[f32; 4]; 4] {
        &self.worlds[node]
    }

    /// Reads the attributes of a primitive: as many of each, and indices only of these.
    #[must_use]
    pub fn reader<'p>(
        &self,
        primitive: &'p Primitive<'p>,
    ) -> Reader<'p, 'a, impl Clone + Fn(Buffer<'p>) -> Option<&'a [u8]> + use<'p, 'a>> {
        let bin = self.bin;
        primitive.reader(move |_| Some(bin))
    }

    /// The embedded pictures, in the order of the model's images.
    pub fn pictures(&self) -> impl Iterator<Item = Picture<'_>> {
        pictures::of(self)
    }
}

/// Nothing, if there is no problem.
fn none(mut problems: Problems) -> Result<(), Problems> {
    problems.truncate(limits::PROBLEMS);
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    }
}

/// `mesh 3 "table"`.
fn called(what: &str, index: usize, name: Option<&str>) -> String {
    match name {
        Some(name) => format!(
            "{what} {index} {:?}",
            name.chars().take(60).collect::<String>()
        ),
        None => format!("{what} {index}"),
    }
}

/// `mesh 3 "table", primitive 0`.
fn primitive_of(mesh: &Mesh<'_>, primitive: &Primitive<'_>) -> String {
    let mesh = called("mesh", mesh.index(), mesh.name());
    format!("{mesh}, primitive {}", primitive.index())
}
