// A picture at half its size: every texel is the mean of four, in light and not in numbers.

@group(0) @binding(0) var picture: texture_2d<f32>;
@group(0) @binding(1) var picture_sampler: sampler;

@vertex
fn vertex(@builtin(vertex_index) index: u32) -> @builtin(position) vec4<f32> {
    let at = vec2(f32((index << 1u) & 2u), f32(index & 2u)) * 2.0 - 1.0;
    return vec4(at, 0.0, 1.0);
}

@fragment
fn fragment(@builtin(position) position: vec4<f32>) -> @location(0) vec4<f32> {
    let size = max(textureDimensions(picture) / 2u, vec2(1u));
    return textureSample(picture, picture_sampler, position.xy / vec2<f32>(size));
}
