//! Whether every index in a model's JSON leads somewhere, and how many items there are.

use serde_json::Value;

use super::{
    limits::ITEMS,
    problem::{Problem, Problems},
};

/// Where an index stands, and the list that it leads into. `*` is every item of a list or object.
const REFERENCES: &[(&str, &str)] = &[
    ("accessors.*.bufferView", "bufferViews"),
    ("accessors.*.sparse.indices.bufferView", "bufferViews"),
    ("accessors.*.sparse.values.bufferView", "bufferViews"),
    ("animations.*.channels.*.target.node", "nodes"),
    ("animations.*.samplers.*.input", "accessors"),
    ("animations.*.samplers.*.output", "accessors"),
    ("bufferViews.*.buffer", "buffers"),
    ("images.*.bufferView", "bufferViews"),
    ("materials.*.emissiveTexture.index", "textures"),
    (
        "materials.*.extensions.KHR_materials_transmission.transmissionTexture.index",
        "textures",
    ),
    (
        "materials.*.extensions.KHR_materials_volume.thicknessTexture.index",
        "textures",
    ),
    ("materials.*.normalTexture.index", "textures"),
    ("materials.*.occlusionTexture.index", "textures"),
    (
        "materials.*.pbrMetallicRoughness.baseColorTexture.index",
        "textures",
    ),
    (
        "materials.*.pbrMetallicRoughness.metallicRoughnessTexture.index",
        "textures",
    ),
    ("meshes.*.primitives.*.attributes.*", "accessors"),
    ("meshes.*.primitives.*.indices", "accessors"),
    ("meshes.*.primitives.*.material", "materials"),
    ("meshes.*.primitives.*.targets.*.*", "accessors"),
    ("nodes.*.camera", "cameras"),
    ("nodes.*.children.*", "nodes"),
    (
        "nodes.*.extensions.KHR_lights_punctual.light",
        "extensions.KHR_lights_punctual.lights",
    ),
    ("nodes.*.mesh", "meshes"),
    ("nodes.*.skin", "skins"),
    ("scene", "scenes"),
    ("scenes.*.nodes.*", "nodes"),
    ("skins.*.inverseBindMatrices", "accessors"),
    ("skins.*.joints.*", "nodes"),
    ("skins.*.skeleton", "nodes"),
    ("textures.*.sampler", "samplers"),
    ("textures.*.source", "images"),
];

/// What leads nowhere, and what there is too much of.
pub(super) fn check(root: &Value) -> Problems {
    let mut problems = Problems::new();
    for (list, most) in ITEMS {
        let count = count(root, list);
        if count > *most {
            let message = format!("the model has {count} {list}; {most} can be held");
            problems.push(Problem::huge(message));
        }
    }
    if !problems.is_empty() {
        return problems;
    }
    for (path, list) in REFERENCES {
        let mut walk = Walk {
            list,
            count: count(root, list),
            at: Vec::new(),
            name: None,
            problems: &mut problems,
        };
        walk.follow(root, path);
    }
    problems
}

/// How many items the list at `path` has.
fn count(root: &Value, path: &str) -> usize {
    let list = path.split('.').try_fold(root, |value, key| value.get(key));
    list.and_then(Value::as_array).map_or(0, Vec::len)
}

/// A walk along one path of the table.
struct Walk<'a, 'p> {
    list: &'a str,
    count: usize,
    /// The steps so far.
    at: Vec<String>,
    /// What the mesh, node or whatever it is that is being looked at is called.
    name: Option<&'a str>,
    problems: &'p mut Problems,
}

impl<'a> Walk<'a, '_> {
    /// Follows `path` from `value` to every index at its end. What is not there refers to nothing.
    fn follow(&mut self, value: &'a Value, path: &str) {
        if value.is_null() {
            return;
        }
        let (step, rest) = path.split_once('.').unwrap_or((path, ""));
        match (step, value) {
            ("", index) => self.leads_somewhere(index),
            ("*", Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    if self.at.len() == 1 {
                        self.name = item.get("name").and_then(Value::as_str);
                    }
                    self.step(format!("[{index}]"), item, rest);
                }
            }
            ("*", Value::Object(items)) => {
                for (key, item) in items {
                    self.step(format!(".{key}"), item, rest);
                }
            }
            (key, Value::Object(items)) => {
                if let Some(item) = items.get(key) {
                    self.step(format!(".{key}"), item, rest);
                }
            }
            // A struct may be written as a list in JSON as `serde` reads it; glTF has no such thing.
            _ => self.find("is not what glTF has there"),
        }
    }

    fn step(&mut self, step: String, value: &'a Value, rest: &str) {
        self.at.push(step);
        self.follow(value, rest);
        self.at.pop();
    }

    fn leads_somewhere(&mut self, index: &Value) {
        let known = index
            .as_u64()
            .and_then(|index| usize::try_from(index).ok())
            .is_some_and(|index| index < self.count);
        if !known {
            let index: String = index.to_string().chars().take(20).collect();
            let (list, count) = (self.list, self.count);
            self.find(&format!("leads to item {index} of {count} {list}"));
        }
    }

    fn find(&mut self, what: &str) {
        let at: String = self.at.concat().chars().take(120).collect();
        let at = at.trim_start_matches('.');
        let name: Option<String> = self.name.map(|name| name.chars().take(60).collect());
        let name = name.map_or_else(String::new, |name| format!(" ({name:?})"));
        let message = format!("the model contradicts itself: {at}{name} {what}");
        self.problems.push(Problem::broken(message));
    }
}
