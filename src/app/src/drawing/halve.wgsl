// A picture at half its size: every texel is the mean of four, in light and not in numbers.

@group(0) @binding(0) var picture: texture_2d<f32>;

@vertex
fn vertex(@builtin(vertex_index) index: u32) -> @builtin(position) vec4<f32> {
    let at = vec2(f32((index << 1u) & 2u), f32(index & 2u)) * 2.0 - 1.0;
    return vec4(at, 0.0, 1.0);
}

fn texel(at: vec2<u32>) -> vec4<f32> {
    let last = textureDimensions(picture) - 1u;
    let seen = textureLoad(picture, min(at, last), 0);
    return vec4(light_of(seen.rgb), seen.a);
}

@fragment
fn fragment(@builtin(position) position: vec4<f32>) -> @location(0) vec4<f32> {
    let at = vec2<u32>(position.xy) * 2u;
    let four = texel(at) + texel(at + vec2(1u, 0u)) + texel(at + vec2(0u, 1u)) + texel(at + vec2(1u, 1u));
    return vec4(seen_of(four.rgb * 0.25), four.a * 0.25);
}
