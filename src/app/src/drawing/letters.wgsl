// Paints the triangles of a panel. Colours are as they are seen, not as light, and carry their
// alpha, which is what they are laid out for.

struct Sheet {
    // xy: width and height, pixels.
    size: vec4<f32>,
}

@group(0) @binding(0) var<uniform> sheet: Sheet;
@group(1) @binding(0) var picture: texture_2d<f32>;
@group(1) @binding(1) var picture_sampler: sampler;

struct Corner {
    @builtin(position) clip: vec4<f32>,
    @location(0) uv: vec2<f32>,
    @location(1) color: vec4<f32>,
}

@vertex
fn vertex(
    @location(0) at: vec2<f32>,
    @location(1) uv: vec2<f32>,
    @location(2) color: vec4<f32>,
) -> Corner {
    let share = at / sheet.size.xy * 2.0 - 1.0;
    return Corner(vec4(share.x, -share.y, 0.0, 1.0), uv, color);
}

@fragment
fn fragment(in: Corner) -> @location(0) vec4<f32> {
    return in.color * textureSample(picture, picture_sampler, in.uv);
}
