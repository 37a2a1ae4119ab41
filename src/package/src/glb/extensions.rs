//! What of a model the app could not load however well it is made.

use serde_json::Value;

use super::problem::{Problem, Problems};
use crate::finding::Code;

/// Extensions that the app's loader knows. A model may require these and no others.
const KNOWN: &[&str] = &[
    "KHR_lights_punctual",
    "KHR_materials_emissive_strength",
    "KHR_materials_ior",
    "KHR_materials_transmission",
    "KHR_materials_unlit",
    "KHR_materials_volume",
    "KHR_texture_transform",
];

/// Required extensions that are not known, and parts that lie in other files.
pub(super) fn check(value: &Value) -> Problems {
    let mut problems = required(value);
    problems.extend(external(value));
    problems
}

fn items<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value
        .get(key)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

fn required(value: &Value) -> Problems {
    let required = items(value, "extensionsRequired").filter_map(Value::as_str);
    let unknown = required.filter(|name| !KNOWN.contains(name));
    let problems = unknown.map(|name| {
        let why = match name {
            "KHR_draco_mesh_compression" => ": export it without Draco compression",
            "KHR_mesh_quantization" => ": export it without quantization",
            "EXT_meshopt_compression" => ": export it without meshopt compression",
            _ => "",
        };
        let message = format!("the model requires {name:?}, which the app cannot load{why}");
        Problem::new(Code::ModelExtension, message)
    });
    problems.collect()
}

fn external(value: &Value) -> Problems {
    let mut problems = Problems::new();
    for key in ["buffers", "images"] {
        for item in items(value, key) {
            if let Some(uri) = item.get("uri").and_then(Value::as_str) {
                let uri: String = uri.chars().take(60).collect();
                let message = format!("the model keeps one of its {key} at {uri:?}, not in itself");
                problems.push(Problem::new(Code::ModelExternal, message));
            }
        }
    }
    problems
}
