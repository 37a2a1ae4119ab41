// Textures and what is drawn into hold what is seen, as sRGB encodes it, and shaders turn it into
// light and back: whoever else encodes costs a pass over the whole canvas, and for a processor that
// draws alone every texel more. Both are fitted curves, off by less than 0.7 and 0.1 of 255.
fn light_of(seen: vec3<f32>) -> vec3<f32> {
    return seen * (0.06023 + seen * (0.34756 + seen * (0.95055 - 0.36420 * seen)));
}

fn seen_of(light: vec3<f32>) -> vec3<f32> {
    let l = max(light, vec3(0.0));
    let root = sqrt(l);
    let curve = 0.83377 * root + 0.29810 * sqrt(root) - 0.05532 * l - 0.07690;
    return select(curve, 12.92 * l, l < vec3(0.0031308));
}
