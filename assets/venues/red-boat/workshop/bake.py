"""The lightmap: direct and indirect diffuse irradiance without the surface's own colour (Cycles).

Stored value 1.0 (linear) = twice what makes a white surface white, sRGB-encoded JPEG.
Denoising uses Open Image Denoise's command-line program when the environment names it
(OIDN_DENOISE=path/to/oidnDenoise, e.g. from `pip install pyoidn`), else a small filter of our own.
"""
import os
import subprocess
import time
import bpy
import numpy as np
from PIL import Image
import scene
from plan import FLOOR, XB, XG

LIFT = np.array((.020, .017, .014))       # a little light everywhere, so that no interior is black on a phone outdoors
CURVE, PIVOT = .52, .48                   # shadows opened: light^CURVE, unchanged at PIVOT (a photographer's fill, stated in README)
JOINT = .60                               # how dark the joints between boards and stones are
# the eye adapts indoors: gain for the cabins and for what stands in them, the desk being in the darkest corner
INDOORS = {'boat_cabin': 1.5, 'artifact_tea-set': 1.5, 'artifact_mahjong-tiles': 1.5, 'artifact_programme-page': 2.5, 'artifact_oil-lamp': 1.6}


def pfm_write(path, a):
    with open(path, 'wb') as f:
        f.write(b'PF\n%d %d\n-1.0\n' % (a.shape[1], a.shape[0])); f.write(np.ascontiguousarray(a, '<f4').tobytes())


def pfm_read(path):
    with open(path, 'rb') as f:
        f.readline(); w, h = map(int, f.readline().split()); f.readline()
        return np.frombuffer(f.read(), '<f4').reshape(h, w, 3).copy()


def denoise(a, tmp, extra=()):
    exe = os.environ.get('OIDN_DENOISE')
    if exe:
        i, o = os.path.join(tmp, 'in.pfm'), os.path.join(tmp, 'out.pfm')
        pfm_write(i, a); args = [exe, '--hdr', i]
        for flag, img in extra:
            p = os.path.join(tmp, flag + '.pfm'); pfm_write(p, img); args += ['--' + flag, p]
        r = subprocess.run(args + ['-o', o], capture_output=True, text=True)
        if r.returncode == 0:
            return pfm_read(o)
        print('denoiser failed:', r.stderr[-300:], r.stdout[-300:])
    out = np.zeros_like(a); wsum = np.zeros(a.shape[:2] + (1,)); lg = np.log(a + .02)
    for dy in range(-3, 4):
        for dx in range(-3, 4):
            b = np.roll(a, (dy, dx), (0, 1)); d = ((np.log(b + .02) - lg) ** 2).sum(2, keepdims=True)
            w = np.exp(-d / .25 - (dx * dx + dy * dy) / 8); out += b * w; wsum += w
    return out / wsum


def dilate(a, mask, steps=64):
    """Grow colours outwards into uncovered texels."""
    a = a * mask[..., None]; m = mask.copy()
    for _ in range(steps):
        if m.all():
            break
        s = np.zeros_like(a); n = np.zeros(m.shape)
        for dy, dx in ((0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, -1), (1, -1), (-1, 1)):
            s += np.roll(a, (dy, dx), (0, 1)); n += np.roll(m, (dy, dx), (0, 1))
        new = (~m) & (n > 0); a[new] = s[new] / n[new][:, None]; m |= new
    if not m.all():
        a[~m] = a[m].mean(0)
    return a


def box(a, r=3):
    """Mean of a (2r+1)-wide square, times its area."""
    for axis in (0, 1):
        c = np.cumsum(np.pad(a, [(r + 1, r) if i == axis else (0, 0) for i in (0, 1)]), axis=axis, dtype=np.float64)
        n = a.shape[axis]; a = np.take(c, np.arange(2 * r + 1, 2 * r + 1 + n), axis) - np.take(c, np.arange(n), axis)
    return a


def boards(g):
    """Which vertices belong to single boards and stones."""
    m = np.zeros(g.n, bool)
    for (_, _, _, s, n), (vary, _) in zip(g.charts, g.tones):
        m[s:s + n] = vary > 0
    return m


def joined(name, geos, mats, only=None):
    """One object of many; `only` True or False takes the boards and stones alone or leaves them out."""
    ds = [g.done() for g in geos]
    for g, d in zip(geos, ds):
        if only is not None:
            keep = boards(g)[d['T'][:, 0]] == only; d['T'], d['M'] = d['T'][keep], d['M'][keep]
    off = np.cumsum([0] + [len(d['P']) for d in ds])
    d = {k: np.concatenate([x[k] for x in ds]) for k in 'PNUM'}
    d['T'] = np.concatenate([x['T'] + o for x, o in zip(ds, off)])
    me = scene.mesh(name, d, mats, np.concatenate([g.L for g in geos]))
    return scene.add(name, me)


def covered(geos, size, only=None):
    m = np.zeros((size, size), bool); k = size / 2048
    for g in geos:
        for r, (vary, _) in zip(g.rects, g.tones):
            if only is None or (vary > 0) == only:
                x, y, w, h = (int(round(v * k)) for v in r); m[y:y + h, x:x + w] = True
    return m


def bake(geos, mats, size, spp, tmp, minutes=0, more=False, redo=None):
    """Three objects, the dim parts, the boards and stones one walks on, and the rest, so that the first two can have more samples.

    Passes of a few samples with new seeds are averaged until `spp` is reached (the dim parts and the rest: three times that)
    or `minutes` are over; the raw light is kept after every pass, and `more` goes on from it (same geometry). `redo` bakes one of the three anew.
    """
    s = bpy.context.scene; s.render.engine = 'CYCLES'; s.cycles.device = 'CPU'
    s.cycles.use_denoising = False; s.cycles.max_bounces = 5; s.cycles.diffuse_bounces = 4; s.cycles.glossy_bounces = 1
    s.cycles.caustics_reflective = s.cycles.caustics_refractive = False; s.cycles.sample_clamp_indirect = 4
    s.render.threads_mode = 'FIXED'; s.render.threads = 2
    dim = [g for g in geos if g.name in INDOORS]; rest = [g for g in geos if g.name not in INDOORS]
    parts = [(joined('dim', dim, mats), covered(dim, size)), (joined('rest', rest, mats, False), covered(rest, size, False)), (joined('boards', rest, mats, True), covered(rest, size, True))]
    img = bpy.data.images.new('lightmap', size, size, alpha=True, float_buffer=True); img.colorspace_settings.name = 'Non-Color'
    img.generated_color = (0, 0, 0, 0)
    for m in mats.values():
        n = m.node_tree.nodes.new('ShaderNodeTexImage'); n.name = 'target'; n.image = img
        uv = m.node_tree.nodes.new('ShaderNodeUVMap'); uv.name = 'target_uv'; uv.uv_map = 'Light'; m.node_tree.links.new(uv.outputs[0], n.inputs[0])
        m.node_tree.nodes.active = n
    total = np.zeros((size, size, 3), np.float32); weight = np.zeros((size, size), np.float32); mask = np.zeros((size, size), bool)
    if more or redo is not None:
        weight = np.load(os.path.join(tmp, f'weight{size}.npy')).astype(np.float32); mask = np.load(os.path.join(tmp, f'mask{size}.npy'))
        total = np.load(os.path.join(tmp, f'raw{size}.npy')).astype(np.float32) * weight[..., None]
    before = int(weight.max())
    if redo is not None:
        total[parts[redo][1]] = 0; weight[parts[redo][1]] = 0
    step = max(1, min(8, spp)); plan = [k for _ in range(-(-spp // step)) for k in ((0, 1, 2, 1, 0, 1, 0) if redo is None else (redo,))]; t0 = time.time()
    for i, k in enumerate(plan):
        if minutes and i > 1 and time.time() - t0 > minutes * 60:
            break
        t = time.time(); o, cover = parts[k]
        for x in bpy.data.objects:
            x.select_set(False)
        o.select_set(True); bpy.context.view_layer.objects.active = o
        o.data.uv_layers.active = o.data.uv_layers['Light']
        s.cycles.samples = step; s.cycles.seed = 7 + i + 97 * before
        bpy.ops.object.bake(type='DIFFUSE', pass_filter={'DIRECT', 'INDIRECT'}, margin=0, use_clear=True, uv_layer='Light')
        a = np.empty(size * size * 4, np.float32); img.pixels.foreach_get(a); a = a.reshape(size, size, 4)
        hit = (a[..., 3] > .5) & cover; mask |= hit
        total[hit] += np.nan_to_num(a[hit][:, :3]); weight[hit] += 1
        rgb = total / np.maximum(weight, 1)[..., None]
        np.save(os.path.join(tmp, f'raw{size}.npy'), rgb.astype(np.float16)); np.save(os.path.join(tmp, f'mask{size}.npy'), mask); np.save(os.path.join(tmp, f'weight{size}.npy'), weight.astype(np.uint8))
        print('pass', i, o.name, step, 'samples', round(time.time() - t), 's', 'covered', round(float(hit.mean()), 3), flush=True)
    for m in mats.values():
        for k in ('target', 'target_uv'):
            m.node_tree.nodes.remove(m.node_tree.nodes[k])
    for o, _ in parts:
        bpy.data.objects.remove(o)
    bpy.data.images.remove(img)
    return finish(rgb, mask, geos, tmp)


def finish(rgb, mask, geos, tmp):
    # texels buried in other geometry are black, and so are those around them: let neighbours' light flow in instead.
    # A black texel among lit ones is only noise and stays.
    lit = rgb * mask[..., None]
    around = box(lit.max(2)) / np.maximum(box(mask.astype(np.float32)), 1e-3)
    rgb = dilate(rgb, mask & (around > .0012))
    # The denoiser judges by the brightest parts and would leave the noise of dim ones, which the curve below lifts:
    # so every chart goes in at the same mean brightness. Neighbours in the picture are strangers in the room:
    # a colour per chart as "albedo" keeps the denoiser within its charts.
    size = len(rgb); k = size / 2048; aux = np.full(rgb.shape, .5, np.float32); even = np.ones(rgb.shape[:2] + (1,), np.float32); pick = np.random.default_rng(3)
    for r in (r for g in geos for r in g.rects):
        x, y, w, h = (int(round(v * k)) for v in r); at = np.s_[max(0, y - 2):y + h + 2, max(0, x - 2):x + w + 2]
        even[at] = max(float(rgb[at].mean()), 2e-3) / .3; aux[at] = .08 + .84 * pick.random(3)
    rgb = denoise(rgb / even, tmp, (('alb', aux),)) * even
    # what colour noise is left in dim charts goes towards the chart's mean tint
    for r in (r for g in geos for r in g.rects):
        x, y, w, h = (int(round(v * k)) for v in r); a = rgb[max(0, y - 2):y + h + 2, max(0, x - 2):x + w + 2]
        mean = a.mean((0, 1)); m = float(mean.mean())
        if m < .3:
            t = .75 * (1 - m / .3); a[:] = a * (1 - t) + t * a.mean(2, keepdims=True) * (mean / max(m, 1e-6))
    rgb = np.maximum(rgb / 2, 0)
    y = rgb.mean(2, keepdims=True)        # curve the brightness, keep the tint
    rgb = rgb * (np.maximum(y, 1e-5) / PIVOT) ** (CURVE - 1)
    gain = np.ones(rgb.shape[:2] + (1,))
    for g in geos:
        if g.name in INDOORS:
            for x, y_, w, h in g.rects:
                gain[max(0, y_ - 2):y_ + h + 2, max(0, x - 2):x + w + 2] = INDOORS[g.name]
    for g in geos:      # the cabins' floor belongs to the hull
        P = np.vstack(g.P) if g.name == 'boat_hull' else None
        for (x, y_, w, h), (_, _, _, s, n) in zip(g.rects, g.charts if P is not None else ()):
            c = P[s:s + n].mean(0)
            if XG < c[0] < XB and abs(c[2] - FLOOR) < .03:
                gain[max(0, y_ - 2):y_ + h + 2, max(0, x - 2):x + w + 2] = INDOORS['boat_cabin']
    rgb = rgb * gain
    tones(rgb, geos, k)
    rgb = np.where(rgb > .6, .6 + .3 * (1 - np.exp(-(rgb - .6) / .3)), rgb)
    return np.clip(rgb + LIFT, 0, 1)


def tones(rgb, geos, k):
    """What light alone does not tell: boards and stones of slightly different tone, the wet band along a hull."""
    pick = np.random.default_rng(21)
    for g in geos:
        for (x, y, w, h), (vary, wash), turned in zip(g.rects, g.tones, g.turned):
            f = 1 + vary * np.clip(pick.standard_normal(), -1.8, 1.8) + vary * .25 * pick.standard_normal(3)
            if wash is None and not vary:
                continue
            x, y, w, h = (int(round(v * k)) for v in (x, y, w, h)); a = rgb[max(0, y - 2):y + h + 2, max(0, x - 2):x + w + 2]
            a *= f
            if vary and min(w, h) > 7:      # boards and stones touch: the joint is a shade along their edges, which mipmaps keep calm
                for edge in (np.s_[:3], np.s_[-3:], np.s_[:, :3], np.s_[:, -3:]):
                    a[edge] *= JOINT
            if wash is not None:      # along j: upwards in the map, or across where the chart lies turned
                n = a.shape[1 if turned else 0]; q = np.interp(np.linspace(0, 1, n), np.linspace(0, 1, len(wash)), wash)
                a *= q[None, :, None] if turned else q[:, None, None]


def save(lm, path, quality=84):
    e = np.where(lm <= .0031308, lm * 12.92, 1.055 * np.maximum(lm, 1e-6) ** (1 / 2.4) - .055)
    Image.fromarray(np.clip(e[::-1] * 255 + .5, 0, 255).astype(np.uint8)).save(path + '.part', 'JPEG', quality=quality, optimize=True, subsampling=1)
    os.replace(path + '.part', path)
