// What covers the whole canvas: the paper behind an artifact, and the dark of a blink.

struct Corner {
    @builtin(position) clip: vec4<f32>,
    @location(0) at: vec2<f32>,
}

@vertex
fn vertex(@builtin(vertex_index) index: u32) -> Corner {
    let at = vec2(f32((index << 1u) & 2u), f32(index & 2u)) * 2.0 - 1.0;
    return Corner(vec4(at, 1.0, 1.0), at);
}

@fragment
fn paper(in: Corner) -> @location(0) vec4<f32> {
    let off = length(in.at * vec2(frame.sky.w, 1.0) / max(frame.sky.w, 1.0));
    let t = smoothstep(0.2, 1.35, off);
    return vec4(seen_of(mix(frame.paper.rgb, frame.paper_edge.rgb, t)), frame.paper.w);
}

@fragment
fn blink(in: Corner) -> @location(0) vec4<f32> {
    return vec4(seen_of(frame.blink.rgb), frame.blink.w);
}
