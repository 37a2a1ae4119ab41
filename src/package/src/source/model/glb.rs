//! GLB files, from anyone: split, parsed and read without trusting a number in them.

use gltf::{
    Document, Primitive, Semantic, accessor::DataType, accessor::Dimensions,
    json::validation::Error, mesh::Mode,
};
use serde_json::Value;

use crate::finding::Code;

/// The corners of a triangle, metres, in the scene's space.
pub(super) type Corners = [[f32; 3]; 3];

/// Extensions that the app's loader knows. A model may require these and no others.
const EXTENSIONS: &[&str] = &[
    "KHR_lights_punctual",
    "KHR_materials_emissive_strength",
    "KHR_materials_ior",
    "KHR_materials_transmission",
    "KHR_materials_unlit",
    "KHR_materials_volume",
    "KHR_texture_transform",
];

type Problems = Vec<(Code, String)>;

/// The document and the binary chunk, or everything that keeps the app from loading it.
pub(super) fn parse(bytes: &[u8]) -> Result<(Document, &[u8]), Problems> {
    let broken = |why: String| {
        vec![(
            Code::ModelBroken,
            format!("the model does not parse: {why}"),
        )]
    };
    let (json, bin) = split(bytes).ok_or_else(|| broken("its chunks are cut off".into()))?;
    let value: Value = serde_json::from_slice(json).map_err(|cause| broken(cause.to_string()))?;
    let mut problems = required_extensions(&value);
    problems.extend(external_files(&value));
    if !problems.is_empty() {
        return Err(problems);
    }
    let root =
        gltf::json::deserialize::from_slice(json).map_err(|cause| broken(cause.to_string()))?;
    let document = Document::from_json(root).map_err(|cause| match cause {
        gltf::Error::Validation(errors) => errors
            .iter()
            .take(5)
            .map(|(path, error): &(_, Error)| {
                let message = format!("the model is not valid glTF: {path}: {error}");
                (Code::ModelBroken, message)
            })
            .collect(),
        cause => broken(cause.to_string()),
    })?;
    Ok((document, bin))
}

/// The JSON and the binary chunk of a GLB 2.
fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let word = |at: usize| -> Option<usize> {
        let word = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        usize::try_from(u32::from_le_bytes(word)).ok()
    };
    let chunk = |at: usize, kind: &[u8]| -> Option<(&[u8], usize)> {
        let length = word(at)?;
        let from = at.checked_add(8)?;
        let to = from.checked_add(length)?;
        (bytes.get(at + 4..from)? == kind).then_some((bytes.get(from..to)?, to))
    };
    if word(4)? != 2 {
        return None;
    }
    let (json, end) = chunk(12, b"JSON")?;
    if bytes.len() <= end {
        return Some((json, &[]));
    }
    let (bin, _) = chunk(end, b"BIN\0")?;
    Some((json, bin))
}

fn items<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value
        .get(key)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

fn required_extensions(value: &Value) -> Problems {
    let required = items(value, "extensionsRequired").filter_map(Value::as_str);
    let unknown = required.filter(|name| !EXTENSIONS.contains(name));
    let problems = unknown.map(|name| {
        let why = match name {
            "KHR_draco_mesh_compression" => ": export it without Draco compression",
            "KHR_mesh_quantization" => ": export it without quantization",
            "EXT_meshopt_compression" => ": export it without meshopt compression",
            _ => "",
        };
        let message = format!("the model requires {name:?}, which the app cannot load{why}");
        (Code::ModelExtension, message)
    });
    problems.collect()
}

fn external_files(value: &Value) -> Problems {
    let mut problems = Problems::new();
    for key in ["buffers", "images"] {
        for item in items(value, key) {
            if let Some(uri) = item.get("uri").and_then(Value::as_str) {
                let uri: String = uri.chars().take(60).collect();
                let message = format!("the model keeps one of its {key} at {uri:?}, not in itself");
                problems.push((Code::ModelExternal, message));
            }
        }
    }
    problems
}

/// The triangles of a primitive. What lies outside the binary chunk is left out.
pub(super) fn triangles(
    primitive: &Primitive<'_>,
    bin: &[u8],
    world: &[[f32; 4]; 4],
) -> Vec<Corners> {
    if primitive.mode() != Mode::Triangles {
        return Vec::new();
    }
    let Some(positions) = positions(primitive, bin) else {
        return Vec::new();
    };
    let indices = match primitive.indices() {
        Some(accessor) => indices(&accessor, bin),
        None => Some((0..positions.len()).collect()),
    };
    let corner = |index: usize| {
        let [x, y, z] = *positions.get(index)?;
        let at =
            |row: usize| world[0][row] * x + world[1][row] * y + world[2][row] * z + world[3][row];
        Some([at(0), at(1), at(2)])
    };
    let indices = indices.unwrap_or_default();
    let triples = indices.chunks_exact(3);
    triples
        .filter_map(|i| Some([corner(i[0])?, corner(i[1])?, corner(i[2])?]))
        .filter(|corners| corners.iter().flatten().all(|n| n.is_finite()))
        .collect()
}

fn positions(primitive: &Primitive<'_>, bin: &[u8]) -> Option<Vec<[f32; 3]>> {
    let accessor = primitive.get(&Semantic::Positions)?;
    if accessor.data_type() != DataType::F32 || accessor.dimensions() != Dimensions::Vec3 {
        return None;
    }
    let items = elements(&accessor, 12, bin)?;
    let float = |bytes: &[u8]| bytes.try_into().map_or(f32::NAN, f32::from_le_bytes);
    Some(
        items
            .map(|item| [float(&item[..4]), float(&item[4..8]), float(&item[8..])])
            .collect(),
    )
}

fn indices(accessor: &gltf::Accessor<'_>, bin: &[u8]) -> Option<Vec<usize>> {
    let size = match accessor.data_type() {
        DataType::U8 => 1,
        DataType::U16 => 2,
        DataType::U32 => 4,
        _ => return None,
    };
    let items = elements(accessor, size, bin)?;
    let number = |item: &[u8]| {
        item.iter()
            .rev()
            .fold(0, |n, byte| n << 8 | usize::from(*byte))
    };
    Some(items.map(number).collect())
}

/// The elements of an accessor, each of `size` bytes, as far as the binary chunk has them.
fn elements<'a>(
    accessor: &gltf::Accessor<'_>,
    size: usize,
    bin: &'a [u8],
) -> Option<impl Iterator<Item = &'a [u8]> + use<'a>> {
    let view = accessor.view()?;
    let stride = view.stride().unwrap_or(size).max(size);
    let from = view.offset().checked_add(accessor.offset())?;
    let bytes = bin.get(from..)?;
    let items = bytes
        .chunks(stride)
        .filter_map(move |chunk| chunk.get(..size));
    Some(items.take(accessor.count()))
}
