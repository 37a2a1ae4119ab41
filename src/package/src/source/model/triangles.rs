//! Triangles of a model, where they are in its scene.

use gltf::{Primitive, mesh::Mode, mesh::util::ReadIndices};

use crate::glb::Glb;

/// The corners of a triangle, metres, in the scene's space.
pub(super) type Corners = [[f32; 3]; 3];

/// The triangles of a primitive that `node` carries.
pub(super) fn of(glb: &Glb<'_>, node: usize, primitive: &Primitive<'_>) -> Vec<Corners> {
    if primitive.mode() != Mode::Triangles {
        return Vec::new();
    }
    let world = glb.world_from_node(node);
    let reader = glb.reader(primitive);
    let positions: Vec<_> = reader.read_positions().into_iter().flatten().collect();
    let corner = |index: usize| {
        let [x, y, z] = *positions.get(index)?;
        let at =
            |row: usize| world[0][row] * x + world[1][row] * y + world[2][row] * z + world[3][row];
        Some([at(0), at(1), at(2)])
    };
    let indices: Vec<_> = match reader.read_indices().map(ReadIndices::into_u32) {
        Some(indices) => indices.map(|index| index as usize).collect(),
        None => (0..positions.len()).collect(),
    };
    let triples = indices.chunks_exact(3);
    triples
        .filter_map(|i| Some([corner(i[0])?, corner(i[1])?, corner(i[2])?]))
        .collect()
}
