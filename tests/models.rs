//! What somebody may put into a model to break whoever opens it: each is refused with a sentence,
//! before it costs anything.

use std::iter;

use proptest::prelude::*;
use serde_json::{Value, json};
use xinghuo_package::glb::{Glb, Picture};
use xinghuo_tests::model;

/// Makes this of the rich model, and holds why it is not opened against `why`.
#[track_caller]
fn check_model(change: impl FnOnce(&mut Value), why: &str) {
    let (mut root, bin) = model::rich();
    change(&mut root);
    check_json(&root.to_string(), &bin, why);
}

#[track_caller]
fn check_json(json: &str, bin: &[u8], why: &str) {
    let bytes = model::packed(json.as_bytes(), bin);
    let problems = Glb::open(&bytes).expect_err(why);
    let told: Vec<_> = problems.iter().map(ToString::to_string).collect();
    assert!(told[0].contains(why), "{told:?} instead of {why:?}");
    assert!(told.len() <= 5, "{} problems", told.len());
}

#[test]
fn an_index_that_leads_nowhere_is_refused() {
    for (place, value) in [
        ("/scene", json!(1)),
        ("/scenes/0/nodes/1", json!(5)),
        ("/nodes/0/mesh", json!(4_294_967_296_u64)),
        ("/nodes/4/camera", json!(1)),
        ("/nodes/3/skin", json!(-1)),
        ("/nodes/4/extensions/KHR_lights_punctual/light", json!(1)),
        ("/meshes/0/primitives/0/attributes/POSITION", json!(99)),
        ("/meshes/0/primitives/0/attributes/_MINE", json!(99)),
        ("/meshes/0/primitives/0/indices", json!(u64::MAX)),
        ("/meshes/0/primitives/0/material", json!(0.5)),
        (
            "/materials/0/pbrMetallicRoughness/baseColorTexture/index",
            json!(1),
        ),
        ("/materials/0/emissiveTexture/index", json!("0")),
        ("/textures/0/source", json!(4_294_967_295_u64)),
        ("/textures/0/sampler", json!([0])),
        ("/images/0/bufferView", json!(9)),
        ("/accessors/0/bufferView", json!(9)),
        ("/bufferViews/0/buffer", json!(1)),
        ("/skins/0/joints/0", json!(5)),
        ("/skins/0/inverseBindMatrices", json!(9)),
        ("/animations/0/channels/0/target/node", json!(5)),
        ("/animations/0/samplers/0/input", json!(9)),
    ] {
        let path = place[1..].split('/').next().unwrap_or_default();
        let change = |root: &mut Value| *root.pointer_mut(place).expect(place) = value;
        check_model(change, &format!("the model contradicts itself: {path}"));
    }
    // As `serde` reads it, a list may stand for a struct: the mesh would be unseen there.
    let list = |root: &mut Value| root["nodes"][0] = json!([null, null, null, null, null, 99]);
    check_model(list, "is not what glTF has there");
}

#[test]
fn nodes_in_a_circle_or_far_below_each_other_are_refused() {
    let circle = |root: &mut Value| {
        root["scenes"][0]["nodes"] = json!([0]);
        root["nodes"][4]["children"] = json!([1]);
    };
    check_model(circle, "node 1 \"hall\" is below itself");
    let own = |root: &mut Value| root["nodes"][2]["children"] = json!([2]);
    check_model(own, "node 2 \"desk\" is below node 1 and node 2");
    let twice = |root: &mut Value| root["scenes"][0]["nodes"] = json!([0, 1, 0]);
    check_model(twice, "node 0 \"walkable\" is in scene 0 twice");
    let deep = |root: &mut Value| {
        let chain = (5..5000).map(|index| json!({ "children": [index + 1] }));
        let nodes = root["nodes"].as_array_mut().expect("nodes");
        nodes.extend(chain.chain(iter::once(json!({}))));
        root["scenes"][0]["nodes"] = json!([0, 1, 5]);
    };
    check_model(deep, "is more than 64 generations below the scene");
}

#[test]
fn more_than_a_phone_holds_is_refused_before_it_is_read() {
    let nodes = |root: &mut Value| {
        let nodes = root["nodes"].as_array_mut().expect("nodes");
        nodes.extend(iter::repeat_n(json!({}), 20_000));
    };
    check_model(nodes, "the model has 20005 nodes; 20000 can be held");
    // A small model of many copies: a million squares from ninety bytes.
    let copies = |root: &mut Value| {
        let nodes = root["nodes"].as_array_mut().expect("nodes");
        nodes.extend(iter::repeat_n(json!({ "mesh": 1 }), 15_000));
    };
    check_model(
        copies,
        "the model draws 30004 primitives; 20000 can be held",
    );
    let primitives = |root: &mut Value| {
        let mesh = &mut root["meshes"][0]["primitives"];
        *mesh = iter::repeat_n(mesh[0].clone(), 10_000).collect();
    };
    check_model(
        primitives,
        "the model draws 20002 primitives; 20000 can be held",
    );
    let count = |root: &mut Value| root["accessors"][0]["count"] = json!(1_u64 << 40);
    check_model(
        count,
        "mesh 0, primitive 0: its POSITION is empty, or lies outside its buffer",
    );
    let (root, bin) = model::rich();
    let json = format!("{root}{}", " ".repeat(4 << 20));
    check_json(&json, &bin, "4194304 can be held");
}

#[test]
fn geometry_that_does_not_fit_together_is_refused() {
    let set = |place: &'static str, value: Value| {
        move |root: &mut Value| *root.pointer_mut(place).expect(place) = value
    };
    for (place, value, why) in [
        ("/accessors/0/count", json!(0), "its POSITION is empty"),
        ("/accessors/0/count", json!(3), "items, others do not"),
        ("/accessors/1/type", json!("VEC4"), "which is not read"),
        (
            "/accessors/2/componentType",
            json!(5122),
            "its TEXCOORD_0 is I16 Vec2",
        ),
        ("/accessors/4/type", json!("MAT2"), "its COLOR_0 is U8 Mat2"),
        (
            "/accessors/5/componentType",
            json!(5126),
            "its indices is F32 Scalar",
        ),
        (
            "/accessors/5/count",
            json!(5),
            "its 5 corners make no triangles",
        ),
        (
            "/bufferViews/0/byteOffset",
            json!(u64::MAX),
            "empty, or lies outside",
        ),
        (
            "/bufferViews/0/byteLength",
            json!(47),
            "empty, or lies outside",
        ),
        (
            "/nodes/1/scale",
            json!([1e30, 1, 1]),
            "reaches farther than 100000 m",
        ),
        (
            "/nodes/2/translation",
            json!([0, 1e38, 0]),
            "reaches farther than 100000 m",
        ),
    ] {
        check_model(set(place, value), why);
    }
    let stride = |root: &mut Value| root["bufferViews"][0]["byteStride"] = json!(4);
    check_model(stride, "its POSITION is empty, or lies outside its buffer");
    let sparse = |root: &mut Value| {
        root["accessors"][0]["sparse"] = json!({
            "count": 9,
            "indices": { "bufferView": 5, "componentType": 5123 },
            "values": { "bufferView": 0 },
        });
    };
    check_model(sparse, "its POSITION is sparse, which is not read");
    let targets = |root: &mut Value| {
        root["meshes"][0]["primitives"][0]["targets"] = json!([{ "POSITION": 0 }]);
    };
    check_model(targets, "mesh 0, primitive 0 has morph targets");
    let (root, mut bin) = model::rich();
    let indices = root["bufferViews"][5]["byteOffset"]
        .as_u64()
        .expect("a view") as usize;
    let right = std::mem::replace(&mut bin[indices], 9);
    check_json(
        &root.to_string(),
        &bin,
        "mesh 0, primitive 0: it names vertex 9 of 4",
    );
    bin[indices] = right;
    bin[..4].copy_from_slice(&f32::NAN.to_le_bytes());
    check_json(
        &root.to_string(),
        &bin,
        "it has a position that is no number",
    );
    check_json(&root.to_string(), &bin[..20], "lies outside the file");
}

#[test]
fn a_picture_is_measured_before_it_is_decoded() {
    let (root, bin) = model::rich();
    let at = bin.windows(4).position(|it| it == b"IHDR").expect("a PNG") + 4;
    let mut large = bin.clone();
    large[at..at + 8].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
    check_json(
        &root.to_string(),
        &large,
        "picture 0 \"dot\" is 60000 × 60000 pixels",
    );
    let mut many = root.clone();
    many["images"] = iter::repeat_n(root["images"][0].clone(), 10).collect();
    large[at..at + 8].copy_from_slice(&[0, 0, 0x10, 0, 0, 0, 0x10, 0]);
    check_json(&many.to_string(), &large, "pictures have 167772160 pixels");
    check_model(
        |it| it["images"][0]["mimeType"] = json!("image/jpeg"),
        "is not the image/jpeg",
    );
    check_model(
        |it| it["images"][0]["mimeType"] = json!("image/webp"),
        "is no JPEG or PNG",
    );
    let jpeg = b"\xff\xd8\xff\xc0\0\x11\x08\xea\x60\xea\x60\x03\x01\x22\0\x02\x11\x01\x03\x11\x01";
    let why = Picture::new("image/jpeg", jpeg).expect_err("it is too large");
    assert!(why.contains("60000 × 60000"), "{why}");
}

#[test]
fn json_without_end_is_refused() {
    let deep = "[".repeat(100_000);
    let (_, bin) = model::rich();
    check_json(&deep, &bin, "recursion limit exceeded");
    let extras = format!("{{\"extras\":{deep}");
    check_json(&extras, &bin, "recursion limit exceeded");
}

#[test]
fn a_model_with_some_of_everything_can_be_loaded() {
    let (root, bin) = model::rich();
    let bytes = model::packed(root.to_string().as_bytes(), &bin);
    let glb = Glb::open(&bytes).expect("nothing is wrong with it");
    let stop = glb.world_from_node(4)[3].map(|n| n.round() as i32);
    assert_eq!(stop, [1, 0, -1, 1]);
    assert_eq!(glb.pictures().count(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_accident_to_its_json_makes_a_model_panic(
        accidents in prop::collection::vec(model::accident(), 1..4),
    ) {
        let (mut root, bin) = model::rich();
        for accident in &accidents {
            accident.happen(&mut root);
        }
        let bytes = model::packed(root.to_string().as_bytes(), &bin);
        match Glb::open(&bytes) {
            Ok(glb) => {
                let meshes = glb.document().meshes();
                let primitives = meshes.flat_map(|it| it.primitives().collect::<Vec<_>>());
                for primitive in primitives {
                    let reader = glb.reader(&primitive);
                    let count = reader.read_positions().into_iter().flatten().count();
                    prop_assert!(count > 0);
                }
                prop_assert_eq!(glb.pictures().count(), glb.document().images().count());
            }
            Err(problems) => prop_assert!(!problems.is_empty()),
        }
    }
}
