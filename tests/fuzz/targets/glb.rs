//! Any bytes as a model: it is refused for a reason, or everything in it can be read.

#![no_main]

use libfuzzer_sys::fuzz_target;
use xinghuo_package::glb::Glb;

fuzz_target!(|bytes: &[u8]| {
    let glb = match Glb::open(bytes) {
        Ok(glb) => glb,
        Err(problems) => {
            assert!((1..=5).contains(&problems.len()));
            return;
        }
    };
    let document = glb.document();
    for node in document.nodes() {
        assert!(
            glb.world_from_node(node.index())
                .iter()
                .flatten()
                .all(|n| n.is_finite())
        );
        assert!(node.children().all(|child| child.index() != node.index()));
        assert!(
            node.transform()
                .matrix()
                .iter()
                .flatten()
                .all(|n| n.is_finite())
        );
    }
    for primitive in document
        .meshes()
        .flat_map(|it| it.primitives().collect::<Vec<_>>())
    {
        let reader = glb.reader(&primitive);
        let count = reader.read_positions().into_iter().flatten().count();
        assert!(count > 0);
        let of = |found: Option<usize>| assert!(found.is_none_or(|found| found == count));
        of(reader.read_normals().map(Iterator::count));
        for set in 0..2 {
            of(reader.read_tex_coords(set).map(|it| it.into_f32().count()));
        }
        of(reader.read_colors(0).map(|it| it.into_rgba_u8().count()));
        let indices = reader.read_indices().into_iter();
        let mut indices = indices.flat_map(gltf_indices);
        assert!(indices.all(|index| (index as usize) < count));
        let material = primitive.material();
        let base = material.pbr_metallic_roughness().base_color_texture();
        let source = base.map(|it| it.texture().source().index());
        assert!(source.is_none_or(|it| it < document.images().len()));
        assert!(material.alpha_cutoff().is_none_or(f32::is_finite));
    }
    for picture in glb.pictures() {
        assert!(!picture.bytes.is_empty());
    }
});

fn gltf_indices(indices: gltf::mesh::util::ReadIndices<'_>) -> impl Iterator<Item = u32> {
    indices.into_u32()
}
