"""The pavilion's light: morning sun through the lattice, sky, small lamps; its lightmap and grade.

Kept apart from the lake's bake.py, whose passes are arranged for dim cabins; file formats and denoiser are shared.
"""
import math
import os
import time
import bpy
import numpy as np
from mathutils import Vector
import bake as lake
import room
import scene

AZ, EL = 160.0, 25.0                       # where the sun stands: morning, from the lake
SUN_DIR = Vector((math.cos(math.radians(AZ)) * math.cos(math.radians(EL)), math.sin(math.radians(AZ)) * math.cos(math.radians(EL)), math.sin(math.radians(EL))))
SUN, SKY, LAMP = (3.1, 2.48, 1.72), (1.16, 1.26, 1.36), 80.0      # exposed for the room: the terrace may burn out
LIFT, CURVE, PIVOT, GAIN = np.array((.014, .012, .010)), .56, .62, 1.75


def put(targets):
    """Sun, sky, portals in the openings, and lamps at (position, direction)."""
    s = bpy.context.scene

    def add(data, loc, d):
        o = bpy.data.objects.new(data.name, data); o.location = loc
        o.rotation_euler = Vector(-np.asarray(d, float)).to_track_quat('Z', 'Y').to_euler(); s.collection.objects.link(o)
    sun = bpy.data.lights.new('Sun', 'SUN'); sun.energy = math.pi; sun.color = SUN; sun.angle = math.radians(.9); add(sun, (0, 0, 0), -np.array(SUN_DIR))
    w = bpy.data.worlds.new('World'); s.world = w; w.use_nodes = True; nt = w.node_tree; bg = nt.nodes['Background']
    tc = nt.nodes.new('ShaderNodeTexCoord'); sep = nt.nodes.new('ShaderNodeSeparateXYZ'); ramp = nt.nodes.new('ShaderNodeValToRGB')
    nt.links.new(tc.outputs['Generated'], sep.inputs[0]); nt.links.new(sep.outputs['Z'], ramp.inputs[0]); nt.links.new(ramp.outputs[0], bg.inputs[0])
    e = ramp.color_ramp.elements; e[0].position = 0; e[0].color = (SKY[0] * 1.2, SKY[1] * 1.1, SKY[2] * .98, 1); e[1].position = .6; e[1].color = (SKY[0] * .8, SKY[1] * .92, SKY[2] * 1.08, 1)
    for p, d, width, height in (((-room.W - .22, 0, 1.95), (1, 0, 0), 2 * room.L + .4, 2.9), ((0, room.L + .45, 1.25), (0, -1, 0), 2.8, 2.7)):
        l = bpy.data.lights.new('Opening', 'AREA'); l.shape = 'RECTANGLE'; l.cycles.is_portal = True      # no lamp: tells the sampler where the sky comes in
        l.size, l.size_y = width, height; add(l, p, d)
    for p, d in targets:
        l = bpy.data.lights.new('Lamp', 'SPOT'); l.energy = LAMP; l.color = (1.0, .87, .68); l.spot_size = math.radians(56); l.spot_blend = 1.0; l.shadow_soft_size = .05; add(l, p, d)


# what a round of passes takes of each kind of light: kind -> samples. Apart, because Cycles draws one lamp per step of a path
# and would mostly draw the wrong one of twelve. The lamps' direct light is baked lamp by lamp, once: few samples make it smooth.
ROUND, DIRECT = dict(lamps=6, sun=6, sky=12), 2


def only(kind, lamp=None):
    """Leaves one kind of light on, or a single lamp; None: all."""
    for o in bpy.data.objects:
        if o.type == 'LIGHT':
            mine = dict(Sun='sun', Opening='sky', Lamp='lamps')[o.name.split('.')[0]]; o.hide_render = kind not in (None, mine) or lamp not in (None, o)
    w = bpy.context.scene.world; w.cycles.sampling_method = 'AUTOMATIC' if kind in (None, 'sky') else 'NONE'      # else it is drawn though black
    w.node_tree.nodes['Background'].inputs[1].default_value = 1.0 if kind in (None, 'sky') else 0.0


def bake(geos, mats, size, spp, tmp, minutes=0, more=False):
    """Everything static as one object, in rounds of passes with new seeds until the sky has `spp` samples or `minutes` are over.

    Returns (light, mask). The sums are kept in tmp after every pass; `more` goes on from them (same geometry).
    """
    s = bpy.context.scene; s.render.engine = 'CYCLES'; s.cycles.device = 'CPU'
    s.cycles.use_denoising = False; s.cycles.max_bounces = 5; s.cycles.diffuse_bounces = 4; s.cycles.glossy_bounces = 1
    s.cycles.caustics_reflective = s.cycles.caustics_refractive = False; s.cycles.sample_clamp_indirect = 6
    s.render.threads_mode = 'FIXED'; s.render.threads = 2
    ds = [g.done() for g in geos]; off = np.cumsum([0] + [len(d['P']) for d in ds])
    d = {k: np.concatenate([x[k] for x in ds]) for k in 'PNUM'}; d['T'] = np.concatenate([x['T'] + o for x, o in zip(ds, off)])
    o = scene.add('bake', scene.mesh('bake', d, mats, np.concatenate([g.L for g in geos])))
    img = bpy.data.images.new('lightmap', size, size, alpha=True, float_buffer=True); img.colorspace_settings.name = 'Non-Color'; img.generated_color = (0, 0, 0, 0)
    extra = []
    for m in o.data.materials:
        n = m.node_tree.nodes.new('ShaderNodeTexImage'); n.image = img; uv = m.node_tree.nodes.new('ShaderNodeUVMap'); uv.uv_map = 'Light'
        m.node_tree.links.new(uv.outputs[0], n.inputs[0]); m.node_tree.nodes.active = n; extra += [(m, n), (m, uv)]
    for x in bpy.data.objects:
        x.select_set(x == o)
    bpy.context.view_layer.objects.active = o; o.data.uv_layers.active = o.data.uv_layers['Light']
    charts = np.zeros((size, size), bool)
    for g in geos:
        for x, y, w, h in g.rects:
            charts[y:y + h, x:x + w] = True
    sums, mask, path = {k: (np.zeros((size, size, 3), np.float32), 0) for k in ('direct', *ROUND)}, charts, sums_path(size, tmp)
    if more:
        sums, mask = read(path)

    def one(kind, samples, lamp=None, filters=('DIRECT', 'INDIRECT')):
        nonlocal mask
        t = time.time(); only(kind, lamp); s.cycles.samples = samples; s.cycles.seed = 7 + 31 * sums[kind if lamp is None else 'direct'][1] + len(kind)
        bpy.ops.object.bake(type='DIFFUSE', pass_filter=set(filters), margin=0, use_clear=True, uv_layer='Light')
        a = np.empty(size * size * 4, np.float32); img.pixels.foreach_get(a); a = a.reshape(size, size, 4); mask = charts & (a[..., 3] > .5)
        print('pass', kind, lamp.name if lamp else '', samples, 'samples', round(time.time() - t), 's', flush=True)
        return np.nan_to_num(a[..., :3])
    t0 = time.time()
    if not sums['direct'][1]:
        sums['direct'] = (sum(one('lamps', DIRECT, o, ('DIRECT',)) for o in bpy.data.objects if o.name.startswith('Lamp')), 1); write(path, sums, mask)
    while sums['sky'][1] < spp:
        for k, samples in ROUND.items():
            if minutes and all(w for _, w in sums.values()) and time.time() - t0 > minutes * 60:
                spp = 0; break
            a, w = sums[k]; sums[k] = (a + samples * one(k, samples, None, ('INDIRECT',) if k == 'lamps' else ('DIRECT', 'INDIRECT')), w + samples); write(path, sums, mask)
    only(None)
    for m, x in extra:
        m.node_tree.nodes.remove(x)
    bpy.data.objects.remove(o); bpy.data.images.remove(img)
    return total(sums), mask


def sums_path(size, tmp):
    return os.path.join(tmp, f'sums{size}.npz')


def write(path, sums, mask):
    """Keeps what is baked: per kind the light times its samples, and how many samples."""
    np.savez(path + '.part.npz', mask=mask, **{k: a for k, (a, _) in sums.items()}, **{'n_' + k: w for k, (_, w) in sums.items()}); os.replace(path + '.part.npz', path)


def read(path):
    with np.load(path) as z:
        return {k: (z[k], int(z['n_' + k])) for k in ('direct', *ROUND)}, z['mask']


def total(sums):
    return sum(a / max(w, 1) for a, w in sums.values())


def kept(size, tmp):
    """The light and mask of the last bake, and how many samples of each kind."""
    sums, mask = read(sums_path(size, tmp)); print({k: w for k, (_, w) in sums.items()})
    return total(sums), mask


def calm(a, r):
    """A chart without its faint blotches: where it differs little from its own blur (radius r texels), the blur.

    Brighter spots may differ more than darker ones: these may be the shade of a corner, those are stray samples.
    """
    b = np.pad(a, ((3 * r, 3 * r), (3 * r, 3 * r), (0, 0)), 'edge')
    for _ in range(3):
        for ax in (0, 1):
            c = np.cumsum(np.insert(b, 0, 0, ax), ax, np.float64); k = 2 * r + 1
            b = (np.take(c, range(k, c.shape[ax]), ax) - np.take(c, range(c.shape[ax] - k), ax)) / k
    d, m = (a - b).mean(2, keepdims=True), b.mean(2, keepdims=True); t = np.clip(2 - np.abs(d) / np.maximum(np.where(d > 0, .42, .16) * m, 1e-6), 0, 1)
    return a * (1 - t) + b * t


def finish(raw, mask, geos, tmp):
    """Fill what is buried, denoise, grade: stored value 1.0 (linear) = twice what makes a white surface white."""
    rgb = lake.dilate(raw, mask & ~(mask & (raw.max(2) < .003)))
    # charts that are neighbours in the picture are strangers in the room: a colour per chart as "albedo" and one mean
    # brightness for all keep the denoiser within them, and as strict with dim ones as with bright ones
    even = np.ones(rgb.shape[:2] + (1,), np.float32); aux = np.full(rgb.shape, .5, np.float32); pick = np.random.default_rng(3)
    for g in geos:
        for x, y, w, h in g.rects:
            at = np.s_[max(0, y - 2):y + h + 2, max(0, x - 2):x + w + 2]; even[at] = max(float(rgb[at].mean()), 2e-3) / .3; aux[at] = .08 + .84 * pick.random(3)
    rgb = lake.denoise((rgb / even).astype(np.float32), tmp, (('alb', aux),)) * even
    for g in geos:        # broad surfaces in shade; those with sun on them keep every edge
        for x, y, w, h in g.rects:
            if min(w, h) > 24:
                at = np.s_[y:y + h, x:x + w]; v = rgb[at].mean(2)
                if np.percentile(v, 96) < 2.6 * np.median(v):
                    rgb[at] = calm(rgb[at], 6)
    rgb = np.maximum(rgb / 2, 0) * GAIN
    y = rgb.mean(2, keepdims=True)        # curve the brightness, keep the tint
    rgb = rgb * (np.maximum(y, 1e-5) / PIVOT) ** (CURVE - 1)
    rgb = np.where(rgb > .6, .6 + .34 * (1 - np.exp(-(rgb - .6) / .34)), rgb)
    return np.clip(rgb + LIFT, 0, 1)
