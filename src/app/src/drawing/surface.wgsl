// Surfaces of a room: baked, cut out, sky and water share their corners and their bindings.

struct Stuff {
    color: vec4<f32>,
    // rgb: emissive; w: below what alpha there is nothing.
    emissive: vec4<f32>,
    // x: polish, from 0 at a roughness of 0.35 to 1; y: metallic; z: whether there is baked light.
    gloss: vec4<f32>,
}

@group(2) @binding(0) var<uniform> stuff: Stuff;
@group(2) @binding(1) var picture: texture_2d<f32>;
@group(2) @binding(2) var picture_sampler: sampler;
@group(1) @binding(0) var lightmap: texture_2d<f32>;
@group(1) @binding(1) var lightmap_sampler: sampler;

struct Corner {
    @builtin(position) clip: vec4<f32>,
    @location(0) world: vec3<f32>,
    @location(1) normal: vec3<f32>,
    @location(2) uv: vec2<f32>,
    @location(3) light_uv: vec2<f32>,
    @location(4) tint: vec4<f32>,
}

@vertex
fn vertex(
    @location(0) position: vec3<f32>,
    // w: whether there is baked light.
    @location(1) normal: vec4<f32>,
    @location(2) uv: vec2<f32>,
    @location(3) light_uv: vec2<f32>,
    @location(4) tint: vec4<f32>,
) -> Corner {
    let clip = frame.clip_from_world * vec4(position, 1.0);
    let light = select(vec2(-1.0), light_uv, normal.w > 0.0);
    return Corner(clip, position, normal.xyz, uv, light, tint);
}

// What a surface has by itself: its light, and how much of what is behind it it hides.
fn base_of(in: Corner) -> vec4<f32> {
    let painted = textureSample(picture, picture_sampler, in.uv);
    return vec4(light_of(painted.rgb), painted.a) * stuff.color * in.tint;
}

fn baked_light(light_uv: vec2<f32>) -> vec3<f32> {
    let light = light_of(textureSample(lightmap, lightmap_sampler, light_uv).rgb) * frame.glint.w;
    return mix(vec3(1.0), light, stuff.gloss.z * step(0.0, light_uv.x));
}

fn polished(in: Corner, front: bool) -> vec4<f32> {
    let base = base_of(in);
    let light = baked_light(in.light_uv);
    let to_eye = frame.eye.xyz - in.world;
    let distance_m = length(to_eye);
    let normal = normalize(select(-in.normal, in.normal, front));
    let view = to_eye / distance_m;
    let leaning = dot(normal, view);
    let facing = clamp(leaning, 0.0, 1.0);
    let ground = mix(vec3(0.04), base.rgb, stuff.gloss.y);
    // Normals smoothed round a rim lean away from the eye: there they would mirror the sky in a white line.
    let off = 1.0 - facing;
    let grazing = off * off * off * off * off * smoothstep(-0.05, 0.12, leaning);
    let share = (ground + (1.0 - ground) * grazing) * stuff.gloss.x;
    // Baked light tells how much of the sky reaches this place.
    let reach = clamp(dot(light, vec3(0.3333)), 0.0, 1.0);
    let color = mix(base.rgb * light, sky_towards(reflect(-view, normal)) * reach, share);
    return vec4(seen_of(hazed(color + stuff.emissive.rgb, distance_m)), base.a);
}

// Without polish, which is most of a room: what a shader does not do for every surface, it should
// not have in it, because a processor that draws alone goes through all of it.
@fragment
fn matte(in: Corner) -> @location(0) vec4<f32> {
    let color = base_of(in).rgb * baked_light(in.light_uv) + stuff.emissive.rgb;
    return vec4(seen_of(hazed(color, distance(frame.eye.xyz, in.world))), 1.0);
}

@fragment
fn glossy(in: Corner, @builtin(front_facing) front: bool) -> @location(0) vec4<f32> {
    return vec4(polished(in, front).rgb, 1.0);
}

@fragment
fn glass(in: Corner, @builtin(front_facing) front: bool) -> @location(0) vec4<f32> {
    return polished(in, front);
}

@fragment
fn foliage(in: Corner) -> @location(0) vec4<f32> {
    let base = base_of(in);
    let light = baked_light(in.light_uv);
    // Mipmaps thin leaves out; a cutoff that falls with the change of uv keeps them.
    if base.a < stuff.emissive.w {
        discard;
    }
    return vec4(seen_of(hazed(base.rgb * light, distance(frame.eye.xyz, in.world))), 1.0);
}

@fragment
fn sky(in: Corner) -> @location(0) vec4<f32> {
    return vec4(seen_of(base_of(in).rgb + stuff.emissive.rgb), 1.0);
}

// The slope of one train of waves at `at`: direction, length in metres, height, speed.
fn wave(at: vec2<f32>, direction: vec2<f32>, length_m: f32, height: f32, speed: f32) -> vec2<f32> {
    let k = 6.2832 / length_m;
    return direction * (height * k * cos(dot(direction, at) * k + frame.eye.w * speed * k));
}

@fragment
fn water(in: Corner) -> @location(0) vec4<f32> {
    let to_eye = frame.eye.xyz - in.world;
    let distance_m = length(to_eye);
    let view = to_eye / distance_m;
    let at = in.world.xz;
    // Wind bends the trains a little, so that they never line up into a grid.
    let bent = at + vec2(sin(at.y * 0.11 + frame.eye.w * 0.05), sin(at.x * 0.07)) * 1.7;
    var slope = wave(bent, vec2(0.80, 0.60), 5.3, 0.020, 0.9);
    slope += wave(bent, vec2(-0.37, 0.93), 3.1, 0.012, 0.7);
    let near = clamp(1.0 - distance_m / 90.0, 0.0, 1.0);
    slope += wave(bent, vec2(0.96, -0.28), 1.37, 0.0060, 0.5) * near;
    slope += wave(bent, vec2(0.20, -0.98), 0.83, 0.0035, 0.42) * near;
    slope += wave(at, vec2(-0.71, -0.70), 0.47, 0.0020, 0.33) * near * near;
    // Far waves are smaller than a pixel: what remains of them is less slope, not noise.
    slope *= 1.0 / (1.0 + distance_m * 0.012);
    let normal = normalize(vec3(-slope.x, 1.0, -slope.y));
    let facing = clamp(dot(normal, view), 0.0, 1.0);
    let off = 1.0 - facing;
    let fresnel = 0.02 + 0.98 * off * off * off * off * off;
    let mirrored = reflect(-view, normal);
    let light = baked_light(in.light_uv);
    let shade = clamp(dot(light, vec3(0.3333)), 0.0, 1.0);
    let deep = frame.water.rgb * mix(0.55, 1.0, shade);
    var color = mix(deep, sky_towards(abs(mirrored)), fresnel);
    let glint = pow(clamp(dot(mirrored, frame.sun.xyz), 0.0, 1.0), 220.0);
    color += frame.glint.rgb * glint * 0.8 * shade;
    return vec4(seen_of(hazed(color, distance_m)), 1.0);
}
