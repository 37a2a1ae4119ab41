// The boards on which words stand in the room.

struct Stand {
    // xyz: the corners of the board, from its top left against the hands of a clock seen from
    // behind; w: not used.
    corners: array<vec4<f32>, 4>,
    // xy: how much of the picture is shown; zw: from where.
    shown: vec4<f32>,
}

// As many as `told.rs` has room for; one that is not there has all its corners in one place.
@group(1) @binding(0) var<uniform> stands: array<Stand, 2>;
@group(1) @binding(1) var picture: texture_2d<f32>;
@group(1) @binding(2) var picture_sampler: sampler;

struct Corner {
    @builtin(position) clip: vec4<f32>,
    @location(0) at: vec2<f32>,
}

@vertex
fn vertex(@builtin(vertex_index) index: u32, @builtin(instance_index) which: u32) -> Corner {
    let stand = stands[which];
    // Top left, bottom left, top right; top right, bottom left, bottom right.
    var order = array<u32, 6>(0u, 3u, 1u, 1u, 3u, 2u);
    let i = order[index];
    let at = vec2(f32(i == 1u || i == 2u), f32(i >= 2u));
    let world = stand.corners[i].xyz;
    return Corner(frame.clip_from_world * vec4(world, 1.0), stand.shown.zw + at * stand.shown.xy);
}

@fragment
fn fragment(in: Corner) -> @location(0) vec4<f32> {
    let painted = textureSample(picture, picture_sampler, in.at);
    if painted.a < 0.02 {
        discard;
    }
    return vec4(painted.rgb / painted.a, painted.a);
}
