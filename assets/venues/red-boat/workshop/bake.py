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

LIFT = np.array((.020, .017, .014))       # a little light everywhere, so that no interior is black on a phone outdoors
CURVE, PIVOT = .52, .48                   # shadows opened: light^CURVE, unchanged at PIVOT (a photographer's fill, stated in README)
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


def joined(geos, mats):
    ds = [g.done() for g in geos]; off = np.cumsum([0] + [len(d['P']) for d in ds])
    d = {k: np.concatenate([x[k] for x in ds]) for k in 'PNUM'}
    d['T'] = np.concatenate([x['T'] + o for x, o in zip(ds, off)])
    me = scene.mesh('bake', d, mats, np.concatenate([g.L for g in geos]))
    return scene.add('bake', me)


def bake(geos, mats, size, spp, tmp):
    """Everything static as one object, so that Cycles builds its tree once."""
    s = bpy.context.scene; s.render.engine = 'CYCLES'; s.cycles.device = 'CPU'
    s.cycles.samples = spp; s.cycles.use_denoising = False; s.cycles.max_bounces = 5; s.cycles.diffuse_bounces = 4; s.cycles.glossy_bounces = 1
    s.cycles.caustics_reflective = s.cycles.caustics_refractive = False; s.cycles.sample_clamp_indirect = 6; s.cycles.seed = 7
    s.render.threads_mode = 'FIXED'; s.render.threads = 2
    o = joined(geos, mats)
    img = bpy.data.images.new('lightmap', size, size, alpha=True, float_buffer=True); img.colorspace_settings.name = 'Non-Color'
    img.generated_color = (0, 0, 0, 0)
    for m in o.data.materials:
        n = m.node_tree.nodes.new('ShaderNodeTexImage'); n.name = 'target'; n.image = img
        uv = m.node_tree.nodes.new('ShaderNodeUVMap'); uv.name = 'target_uv'; uv.uv_map = 'Light'; m.node_tree.links.new(uv.outputs[0], n.inputs[0])
        m.node_tree.nodes.active = n
    for x in bpy.data.objects:
        x.select_set(False)
    o.select_set(True); bpy.context.view_layer.objects.active = o
    o.data.uv_layers.active = o.data.uv_layers['Light']
    t = time.time()
    bpy.ops.object.bake(type='DIFFUSE', pass_filter={'DIRECT', 'INDIRECT'}, margin=0, use_clear=True, uv_layer='Light')
    print('bake took', round(time.time() - t), 's')
    a = np.empty(size * size * 4, np.float32); img.pixels.foreach_get(a); a = a.reshape(size, size, 4)
    for m in o.data.materials:
        for k in ('target', 'target_uv'):
            m.node_tree.nodes.remove(m.node_tree.nodes[k])
    bpy.data.objects.remove(o); bpy.data.images.remove(img)
    mask = a[..., 3] > .5
    cover = np.zeros((size, size), bool)
    for g in geos:
        for x, y, w, h in g.rects:
            cover[y:y + h, x:x + w] = True
    print('covered', mask.mean(), 'charts', cover.mean())
    if mask.mean() > .99 or mask.mean() < .05:
        mask = cover
    mask &= cover
    rgb = np.nan_to_num(a[..., :3])
    np.save(os.path.join(tmp, f'raw{size}.npy'), rgb.astype(np.float16)); np.save(os.path.join(tmp, f'mask{size}.npy'), mask)
    return finish(rgb, mask, geos, tmp)


def finish(rgb, mask, geos, tmp):
    # texels buried in other geometry are black: let their neighbours' light flow in instead
    dark = mask & (rgb.max(2) < .004)
    rgb = dilate(rgb, mask & ~dark)
    rgb = denoise(rgb, tmp)
    rgb = np.maximum(rgb / 2, 0)
    y = rgb.mean(2, keepdims=True)        # curve the brightness, keep the tint
    rgb = rgb * (np.maximum(y, 1e-5) / PIVOT) ** (CURVE - 1)
    gain = np.ones(rgb.shape[:2] + (1,))
    for g in geos:
        if g.name in INDOORS:
            for x, y_, w, h in g.rects:
                gain[max(0, y_ - 2):y_ + h + 2, max(0, x - 2):x + w + 2] = INDOORS[g.name]
    rgb = rgb * gain
    rgb = np.where(rgb > .6, .6 + .3 * (1 - np.exp(-(rgb - .6) / .3)), rgb)
    return np.clip(rgb + LIFT, 0, 1)


def save(lm, path, quality=84):
    e = np.where(lm <= .0031308, lm * 12.92, 1.055 * np.maximum(lm, 1e-6) ** (1 / 2.4) - .055)
    Image.fromarray(np.clip(e[::-1] * 255 + .5, 0, 255).astype(np.uint8)).save(path + '.part', 'JPEG', quality=quality, optimize=True, subsampling=1)
    os.replace(path + '.part', path)
