// Puts what one eye sees into the headset's framebuffer.

struct Lens {
    // xy: where straight ahead is, −1 to 1; z: how far the sides are shut; w: 1 for what is seen, 0
    // for light.
    view: vec4<f32>,
    // rgb: the dark; w: how dark it is.
    dark: vec4<f32>,
    // x: 1 where what is not drawn is seen through.
    clear: vec4<f32>,
}

@group(0) @binding(0) var<uniform> lens: Lens;
@group(0) @binding(1) var picture: texture_2d<f32>;
@group(0) @binding(2) var picture_sampler: sampler;

struct Corner {
    @builtin(position) clip: vec4<f32>,
    @location(0) at: vec2<f32>,
}

@vertex
fn vertex(@builtin(vertex_index) index: u32) -> Corner {
    let at = vec2(f32((index << 1u) & 2u), f32(index & 2u)) * 2.0 - 1.0;
    return Corner(vec4(at, 0.0, 1.0), at);
}

@fragment
fn fragment(in: Corner) -> @location(0) vec4<f32> {
    // This framebuffer's rows begin below, and no surface turns them over on the way to the eye:
    // what is the bottom here is the top of the view.
    let at = vec2(in.at.x, -in.at.y);
    let drawn = textureSample(picture, picture_sampler, vec2(in.at.x, in.at.y) * 0.5 + 0.5);
    if lens.clear.x > 0.5 {
        // What is partly there is turned into light as if it were there, and shown in part.
        let there = drawn.rgb / max(drawn.a, 0.004);
        return vec4(mix(light_of(there), there, lens.view.w) * drawn.a, drawn.a);
    }
    let seen = drawn.rgb;
    let off = length(at - lens.view.xy);
    let shut = lens.view.z * smoothstep(0.35, 0.75, off);
    let shown = mix(seen, lens.dark.rgb, clamp(max(shut, lens.dark.w), 0.0, 1.0));
    return vec4(mix(light_of(shown), shown, lens.view.w), 1.0);
}
