// What every shader of the tour begins with: the frame's uniforms and the corners of surfaces.

struct Frame {
    clip_from_world: mat4x4<f32>,
    // xyz: the eye; w: seconds since the tour began, for ripples.
    eye: vec4<f32>,
    // rgb: the haze; w: where it begins, metres.
    haze: vec4<f32>,
    // xyz: towards the sun; w: where nothing but haze is seen, metres.
    sun: vec4<f32>,
    // rgb: the sun's glint; w: what a lightmap texel of 1 stands for.
    glint: vec4<f32>,
    // rgb: the sky overhead; w: width over height.
    sky: vec4<f32>,
    // rgb: the light out of the water.
    water: vec4<f32>,
    // rgb: paper; w: how far it covers the room.
    paper: vec4<f32>,
    // rgb: the paper's edge.
    paper_edge: vec4<f32>,
    // rgb: the blink; w: how far it covers everything.
    blink: vec4<f32>,
}

@group(0) @binding(0) var<uniform> frame: Frame;

fn hazed(color: vec3<f32>, distance_m: f32) -> vec3<f32> {
    let t = clamp((distance_m - frame.haze.w) / (frame.sun.w - frame.haze.w), 0.0, 1.0);
    return mix(color, frame.haze.rgb, t * t * (3.0 - 2.0 * t));
}

// What glossy things and water reflect: haze at the horizon, sky overhead.
fn sky_towards(direction: vec3<f32>) -> vec3<f32> {
    let up = clamp(direction.y, 0.0, 1.0);
    return mix(frame.haze.rgb, frame.sky.rgb, sqrt(up));
}
