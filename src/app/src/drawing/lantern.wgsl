// The lanterns over stops, and the signs at doors.

struct Lantern {
    // xyz: its middle in the world; w: its size, metres.
    place: vec4<f32>,
    // rgb: its light; a: how much of it is there.
    color: vec4<f32>,
    // x: how far it is lit up by attention; yz: cosine and sine of its turn round the vertical.
    lit: vec4<f32>,
}

// A headset's marks first. As many as `told.rs` has room for.
@group(1) @binding(0) var<uniform> lanterns: array<Lantern, 140>;

struct Corner {
    @builtin(position) clip: vec4<f32>,
    @location(0) world: vec3<f32>,
    @location(1) normal: vec3<f32>,
    @location(2) glow: f32,
    @location(3) @interpolate(flat) color: vec4<f32>,
    @location(4) @interpolate(flat) lit: f32,
}

@vertex
fn vertex(
    @location(0) position: vec3<f32>,
    @location(1) normal: vec3<f32>,
    @location(2) glow: f32,
    @builtin(instance_index) which: u32,
) -> Corner {
    let lantern = lanterns[which];
    let turn = lantern.lit.yz;
    let world = lantern.place.xyz + turned(position, turn) * lantern.place.w;
    let clip = frame.clip_from_world * vec4(world, 1.0);
    return Corner(clip, world, turned(normal, turn), glow, lantern.color, lantern.lit.x);
}

fn turned(v: vec3<f32>, turn: vec2<f32>) -> vec3<f32> {
    return vec3(v.x * turn.x + v.z * turn.y, v.y, v.z * turn.x - v.x * turn.y);
}

@fragment
fn fragment(in: Corner) -> @location(0) vec4<f32> {
    let view = normalize(frame.eye.xyz - in.world);
    let facing = clamp(dot(normalize(in.normal), view), 0.0, 1.0);
    // Paper with a flame behind it is brightest where one looks straight through it.
    let paper = in.color.rgb * (0.55 + 0.75 * facing * facing) + vec3(0.25, 0.2, 0.1) * in.lit;
    let frame_wood = in.color.rgb * 0.22;
    return vec4(seen_of(mix(frame_wood, paper, in.glow)), in.color.a * mix(1.0, 0.93, in.glow));
}
