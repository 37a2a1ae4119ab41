//! How much a model may hold, so that a cheap phone can hold it too: a page gets some 300 MB there.

/// Bytes of the JSON chunk. Parsed it takes about ten times as much; 20,000 nodes need half of it.
pub(super) const JSON_BYTES: usize = 4 << 20;

/// Items of each list in the document: a drawn item costs a call a frame, a named one a lookup.
pub(super) const ITEMS: &[(&str, usize)] = &[
    ("accessors", 100_000),
    ("animations", 1000),
    ("buffers", 1),
    ("bufferViews", 100_000),
    ("cameras", 1000),
    ("images", 256),
    ("materials", 2000),
    ("meshes", 10_000),
    ("nodes", 20_000),
    ("samplers", 1000),
    ("scenes", 100),
    ("skins", 1000),
    ("textures", 1000),
];

/// Generations of nodes below each other. Readers recurse over them.
pub(super) const GENERATIONS: usize = 64;

/// Primitives that are drawn, each as often as nodes carry it: a call a frame for many of them.
pub(super) const PRIMITIVES: usize = 20_000;

/// Corners that are drawn, each as often as nodes carry it: 44 bytes each in the app, and again on
/// the graphics device.
pub(super) const VERTICES: usize = 1_000_000;

/// Indices that are drawn: a million triangles, which are kept a second time as walls.
pub(super) const INDICES: usize = 3_000_000;

/// Nothing of a scene is farther from its middle, metres. Beyond it 32-bit positions lose the
/// centimetres in which people walk.
pub(super) const FARTHEST_M: f32 = 100_000.0;

/// Pixels of a picture's side: phones' textures end here.
pub(super) const PICTURE_SIDE: usize = 4096;

/// Pixels of all pictures together. Unpacked each takes four bytes, and a third more for its
/// smaller levels.
pub(super) const PIXELS: usize = 40_000_000;

/// Problems that are told. A model that is broken often is broken all over.
pub(super) const PROBLEMS: usize = 5;
