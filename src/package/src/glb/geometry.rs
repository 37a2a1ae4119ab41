//! What the primitives of a model are made of: that it is there, fits together, and can be held.

use gltf::{
    Accessor, Mesh, Primitive, Semantic,
    accessor::{DataType, Dimensions},
    mesh::Mode,
};

use super::{
    Glb, limits,
    pictures::bytes_of,
    primitive_of,
    problem::{Problem, Problems},
    tree,
};

/// The types in which the readers take an attribute; none for one that they do not read.
fn types(semantic: &Semantic) -> Option<(&'static [Dimensions], &'static [DataType])> {
    use DataType::{F32, U8, U16};
    use Dimensions::{Vec2, Vec3, Vec4};
    match semantic {
        Semantic::Positions | Semantic::Normals => Some((&[Vec3], &[F32])),
        Semantic::Tangents => Some((&[Vec4], &[F32])),
        Semantic::TexCoords(_) => Some((&[Vec2], &[F32, U8, U16])),
        Semantic::Colors(_) => Some((&[Vec3, Vec4], &[F32, U8, U16])),
        Semantic::Extras(_) | Semantic::Joints(_) | Semantic::Weights(_) => None,
    }
}

/// The types in which the readers take indices.
const INDEX_TYPES: (&[Dimensions], &[DataType]) = (
    &[Dimensions::Scalar],
    &[DataType::U8, DataType::U16, DataType::U32],
);

/// What is wrong with the geometry of the model, in three rounds: shapes, sums, contents.
pub(super) fn check(glb: &Glb<'_>) -> Problems {
    let mut problems = Problems::new();
    for (mesh, primitive) in primitives(glb) {
        let mut find = |what: String| {
            let primitive = primitive_of(&mesh, &primitive);
            problems.push(Problem::broken(format!("{primitive}: {what}")));
        };
        if let Err(what) = fits(&primitive, glb.bin) {
            find(what);
        }
        if primitive.morph_targets().len() > 0 {
            let primitive = primitive_of(&mesh, &primitive);
            let message = format!("{primitive} has morph targets, which the app does not show");
            let problem = Problem::broken(message);
            problems.push(problem.with_hint("export it without shape keys"));
        }
    }
    if problems.is_empty() {
        problems = sums(glb);
    }
    if problems.is_empty() {
        problems = contents(glb);
    }
    problems
}

fn primitives<'g>(glb: &'g Glb<'_>) -> impl Iterator<Item = (Mesh<'g>, Primitive<'g>)> {
    let meshes = glb.document.meshes();
    meshes.flat_map(|mesh| mesh.primitives().map(move |it| (mesh.clone(), it)))
}

/// Whether all attributes of a primitive can be read, and are of the same number.
fn fits(primitive: &Primitive<'_>, bin: &[u8]) -> Result<(), String> {
    let mut count = None;
    for (semantic, accessor) in primitive.attributes() {
        let name = semantic.to_string();
        lies_within(&name, &accessor, types(&semantic), bin)?;
        let items = accessor.count();
        if *count.get_or_insert(items) != items {
            return Err(format!("its {name} has {items} items, others do not"));
        }
    }
    let Some(count) = count else {
        return Err("it has no attributes".into());
    };
    let mut corners = count;
    if let Some(indices) = primitive.indices() {
        lies_within("indices", &indices, Some(INDEX_TYPES), bin)?;
        corners = indices.count();
    }
    if primitive.mode() == Mode::Triangles && !corners.is_multiple_of(3) {
        return Err(format!("its {corners} corners make no triangles"));
    }
    Ok(())
}

/// Whether an accessor is of a type that is read, and lies whole in its view, that in the chunk.
fn lies_within(
    name: &str,
    accessor: &Accessor<'_>,
    types: Option<(&[Dimensions], &[DataType])>,
    bin: &[u8],
) -> Result<(), String> {
    let (dimensions, component) = (accessor.dimensions(), accessor.data_type());
    if let Some((shapes, components)) = types
        && !(shapes.contains(&dimensions) && components.contains(&component))
    {
        return Err(format!(
            "its {name} is {component:?} {dimensions:?}, which is not read"
        ));
    }
    if accessor.sparse().is_some() {
        return Err(format!("its {name} is sparse, which is not read"));
    }
    let within = || {
        let view = accessor.view()?;
        let bytes = bytes_of(&view, bin)?.len();
        let size = accessor.size();
        let stride = view.stride().unwrap_or(size);
        let steps = accessor.count().checked_sub(1)?.checked_mul(stride)?;
        let end = accessor.offset().checked_add(steps)?.checked_add(size)?;
        (stride >= size && end <= bytes).then_some(())
    };
    within().ok_or_else(|| format!("its {name} is empty, or lies outside its buffer"))
}

/// Whether all of it together is as much as can be held.
fn sums(glb: &Glb<'_>) -> Problems {
    let kept = glb.document.meshes();
    let drawn = glb.document.nodes().filter_map(|node| node.mesh());
    for (how, sum) in [("has", sum(kept)), ("draws", sum(drawn))] {
        let most = [
            ("primitives", limits::PRIMITIVES),
            ("vertices", limits::VERTICES),
            ("indices", limits::INDICES),
        ];
        for ((what, most), sum) in most.into_iter().zip(sum) {
            if sum > most {
                let message = format!("the model {how} {sum} {what}; {most} can be held");
                return vec![Problem::huge(message)];
            }
        }
    }
    Problems::new()
}

/// How many primitives, vertices and indices meshes have.
fn sum<'a>(meshes: impl Iterator<Item = Mesh<'a>>) -> [usize; 3] {
    let mut sum = [0_usize; 3];
    for primitive in meshes.flat_map(|mesh| mesh.primitives().collect::<Vec<_>>()) {
        let vertices = primitive.attributes().next();
        let vertices = vertices.map_or(0, |(_, accessor)| accessor.count());
        let indices = primitive.indices().map_or(vertices, |it| it.count());
        for (sum, more) in sum.iter_mut().zip([1, vertices, indices]) {
            *sum = sum.saturating_add(more);
        }
    }
    sum
}

/// Whether every index leads to a corner, and every corner to a place in the scene.
fn contents(glb: &Glb<'_>) -> Problems {
    let mut problems = Problems::new();
    let mut reaches = vec![0.0_f32; glb.document.meshes().len()];
    for (mesh, primitive) in primitives(glb) {
        let reader = glb.reader(&primitive);
        let mut find = |what: String| {
            let primitive = primitive_of(&mesh, &primitive);
            problems.push(Problem::broken(format!("{primitive}: {what}")));
        };
        let count = reader.read_positions().map_or(0, |it| it.len());
        let mut indices = reader.read_indices().into_iter();
        let mut indices = indices
            .by_ref()
            .flat_map(gltf::mesh::util::ReadIndices::into_u32);
        if let Some(index) = indices.find(|index| *index as usize >= count) {
            find(format!("it names vertex {index} of {count}"));
        }
        let reach_m = &mut reaches[mesh.index()];
        let mut positions = reader.read_positions().into_iter().flatten().flatten();
        if !positions.all(|n| {
            *reach_m = reach_m.max(n.abs());
            n.is_finite()
        }) {
            find("it has a position that is no number".into());
        }
    }
    for node in glb.document.nodes() {
        let reach_m = node.mesh().map_or(0.0, |mesh| reaches[mesh.index()]);
        if !tree::is_near(&glb.worlds[node.index()], reach_m) {
            problems.push(tree::lost(&node));
        }
    }
    problems
}
