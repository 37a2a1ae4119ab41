//! Models in small: how they are packed, one that has some of everything, and what happens to them.
//!
//! The app's own tests read this file too, so it uses none of our crates.

use proptest::{prelude::*, sample::Index};
use serde_json::{Value, json};

/// A GLB of this JSON and this binary chunk.
#[must_use]
pub fn packed(json: &[u8], bin: &[u8]) -> Vec<u8> {
    let length = |length: usize| u32::try_from(length).expect("small").to_le_bytes();
    let chunk = |kind: &[u8; 4], bytes: &[u8], filler: u8| {
        let mut bytes = bytes.to_vec();
        bytes.resize(bytes.len().next_multiple_of(4), filler);
        [&length(bytes.len()), kind.as_slice(), &bytes].concat()
    };
    let chunks = [chunk(b"JSON", json, b' '), chunk(b"BIN\0", bin, 0)].concat();
    [
        b"glTF\x02\0\0\0",
        length(12 + chunks.len()).as_slice(),
        &chunks,
    ]
    .concat()
}

/// The JSON and the binary chunk of a GLB that is whole.
#[must_use]
pub fn unpacked(glb: &[u8]) -> (&[u8], &[u8]) {
    let word = |at: usize| {
        let bytes = glb[at..at + 4].try_into().expect("four bytes are four");
        u32::from_le_bytes(bytes) as usize
    };
    let end = 20 + word(12);
    (&glb[20..end], &glb[end + 8..])
}

/// A model that has some of everything: a square to walk on with normals, two sets of texture
/// coordinates and colours; a picture; a camera, a skin, an animation and a light.
#[must_use]
pub fn rich() -> (Value, Vec<u8>) {
    let (accessors, views, bin) = parts();
    let attributes = json!({
        "POSITION": 0, "NORMAL": 1, "TEXCOORD_0": 2, "TEXCOORD_1": 3, "COLOR_0": 4, "_MINE": 8,
    });
    let root = json!({
        "asset": { "version": "2.0" },
        "extensionsUsed": ["KHR_lights_punctual", "KHR_texture_transform"],
        "extensions": { "KHR_lights_punctual": { "lights": [{ "type": "point" }] } },
        "scene": 0,
        "scenes": [{ "nodes": [0, 1] }],
        "nodes": [
            { "name": "walkable", "mesh": 0, "extras": { "surface": "walkable" } },
            { "name": "hall", "children": [2, 3, 4], "scale": [1, 1, -1] },
            { "name": "desk", "mesh": 0, "translation": [0, 1, 0], "rotation": [0, 1, 0, 0] },
            { "name": "leaf", "mesh": 1, "skin": 0, "extras": { "surface": "foliage" } },
            {
                "name": "stop_desk", "camera": 0,
                "matrix": [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 1, 1],
                "extensions": { "KHR_lights_punctual": { "light": 0 } },
            },
        ],
        "meshes": [
            { "primitives": [{ "attributes": attributes, "indices": 5, "material": 0 }] },
            {
                "name": "leaf",
                "primitives": [
                    { "attributes": { "POSITION": 0 }, "indices": 5, "mode": 4 },
                    { "attributes": { "POSITION": 0, "TEXCOORD_0": 2 }, "mode": 1, "material": 1 },
                ],
            },
        ],
        "materials": [
            {
                "pbrMetallicRoughness": {
                    "baseColorTexture": {
                        "index": 0,
                        "extensions": { "KHR_texture_transform": { "offset": [0, 1] } },
                    },
                    "baseColorFactor": [1, 1, 1, 1],
                },
                "emissiveTexture": { "index": 0 },
                "emissiveFactor": [0, 0, 0],
            },
            { "alphaMode": "MASK", "alphaCutoff": 0.3, "doubleSided": true },
        ],
        "textures": [{ "source": 0, "sampler": 0 }],
        "samplers": [{ "wrapS": 33071, "magFilter": 9729 }],
        "images": [{ "bufferView": 8, "mimeType": "image/png", "name": "dot" }],
        "cameras": [{ "type": "perspective", "perspective": { "yfov": 1, "znear": 0.1 } }],
        "skins": [{ "joints": [2], "inverseBindMatrices": 6, "skeleton": 1 }],
        "animations": [{
            "samplers": [{ "input": 7, "output": 7 }],
            "channels": [{ "sampler": 0, "target": { "node": 2, "path": "translation" } }],
        }],
        "accessors": accessors,
        "bufferViews": views,
        "buffers": [{ "byteLength": bin.len() }],
    });
    (root, bin)
}

/// The accessors and views of the rich model, and what they lead to.
fn parts() -> ([Value; 9], Vec<Value>, Vec<u8>) {
    let floats = |numbers: &[f32]| -> Vec<u8> {
        numbers
            .iter()
            .flat_map(|number| number.to_le_bytes())
            .collect()
    };
    let corners = [[-3., -3.], [3., -3.], [3., 3.], [-3., 3.]];
    let positions = corners.map(|[x, z]| [x, 0., z]).concat();
    let parts = [
        floats(&positions),
        floats(&[0., 1., 0.].repeat(4)),
        floats(&corners.concat()),
        [[0, 0], [255, 0], [255, 255], [0, 255]].concat(),
        vec![200; 16],
        [0_u16, 2, 1, 0, 3, 2]
            .iter()
            .flat_map(|i| i.to_le_bytes())
            .collect(),
        floats(&[
            1., 0., 0., 0., 0., 1., 0., 0., 0., 0., 1., 0., 0., 0., 0., 1.,
        ]),
        floats(&[0., 1.]),
        PNG.to_vec(),
    ];
    let mut bin = Vec::new();
    let mut views = Vec::new();
    for part in &parts {
        views.push(json!({ "buffer": 0, "byteOffset": bin.len(), "byteLength": part.len() }));
        bin.extend(part);
        bin.resize(bin.len().next_multiple_of(4), 0);
    }
    let accessor = |view: usize, kind: u32, count: usize, shape: &str| json!({ "bufferView": view, "componentType": kind, "count": count, "type": shape });
    let mut accessors = [
        accessor(0, 5126, 4, "VEC3"),
        accessor(1, 5126, 4, "VEC3"),
        accessor(2, 5126, 4, "VEC2"),
        accessor(3, 5121, 4, "VEC2"),
        accessor(4, 5121, 4, "VEC4"),
        accessor(5, 5123, 6, "SCALAR"),
        accessor(6, 5126, 1, "MAT4"),
        accessor(7, 5126, 2, "SCALAR"),
        accessor(4, 5121, 4, "VEC4"),
    ];
    accessors[0]["min"] = json!([-3, 0, -3]);
    accessors[0]["max"] = json!([3, 0, 3]);
    accessors[3]["normalized"] = true.into();
    accessors[4]["normalized"] = true.into();
    (accessors, views, bin)
}

/// One grey pixel.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0:~\x9bU\
    \0\0\0\nIDATx\x9cch\0\0\0\x82\0\x81w\xcdr\xb6\0\0\0\0IEND\xaeB`\x82";

/// Something that happens to one place of a JSON document.
#[derive(Debug, Clone)]
pub struct Accident {
    place: Index,
    change: Change,
}

#[derive(Debug, Clone)]
enum Change {
    Remove,
    Put(Value),
    /// The value of another place is put there.
    Copy(Index),
    /// A list becomes so many times as long.
    Repeat(usize),
}

/// Any accident.
pub fn accident() -> impl Strategy<Value = Accident> {
    let number = prop_oneof![
        (0_u64..12).prop_map(Value::from),
        (5119_u64..5128).prop_map(Value::from),
        any::<f32>().prop_map(Value::from),
        proptest::sample::select(vec![
            json!(-1),
            json!(255),
            json!(65_535),
            json!(1_u64 << 31),
            json!((1_u64 << 32) - 1),
            json!(1_u64 << 32),
            json!((1_u64 << 32) + 1),
            json!(1_u64 << 53),
            json!(u64::MAX),
            json!(i64::MIN),
            json!(0.5),
            json!(1e30),
            json!(-1e300),
            json!(1e-300),
        ]),
    ];
    let other = proptest::sample::select(vec![
        json!(null),
        json!(true),
        json!([]),
        json!({}),
        json!(""),
        json!("SCALAR"),
        json!("VEC2"),
        json!("VEC3"),
        json!("VEC4"),
        json!("MAT4"),
        json!("image/png"),
        json!("image/jpeg"),
        json!("data:,"),
        json!([0, 0]),
        json!([null, null, null]),
    ]);
    let change = prop_oneof![
        2 => Just(Change::Remove),
        6 => number.prop_map(Change::Put),
        2 => other.prop_map(Change::Put),
        3 => any::<Index>().prop_map(Change::Copy),
        1 => (2_usize..40).prop_map(Change::Repeat),
    ];
    (any::<Index>(), change).prop_map(|(place, change)| Accident { place, change })
}

impl Accident {
    /// Lets it happen.
    pub fn happen(&self, root: &mut Value) {
        let places = places(root);
        let at = self.place.get(&places).as_str();
        match &self.change {
            Change::Remove => remove(root, at),
            Change::Put(value) => put(root, at, value.clone()),
            Change::Copy(other) => {
                let other: &String = other.get(&places);
                let value = root.pointer(other).cloned();
                put(root, at, value.unwrap_or_default());
            }
            Change::Repeat(times) => {
                if let Some(Value::Array(items)) = root.pointer_mut(at) {
                    let count = items.len() * times;
                    *items = items.iter().cycle().take(count).cloned().collect();
                }
            }
        }
    }
}

fn put(root: &mut Value, at: &str, value: Value) {
    if let Some(place) = root.pointer_mut(at) {
        *place = value;
    }
}

fn remove(root: &mut Value, at: &str) {
    let Some((parent, key)) = at.rsplit_once('/') else {
        return;
    };
    match root.pointer_mut(parent) {
        Some(Value::Object(items)) => {
            items.remove(key);
        }
        Some(Value::Array(items)) => {
            if let Ok(index) = key.parse() {
                items.remove(index);
            }
        }
        _ => {}
    }
}

/// A pointer to every value in a document.
fn places(root: &Value) -> Vec<String> {
    fn walk(value: &Value, at: &str, found: &mut Vec<String>) {
        found.push(at.to_owned());
        match value {
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    walk(item, &format!("{at}/{index}"), found);
                }
            }
            Value::Object(items) => {
                for (key, item) in items {
                    walk(item, &format!("{at}/{key}"), found);
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    walk(root, "", &mut found);
    found
}
