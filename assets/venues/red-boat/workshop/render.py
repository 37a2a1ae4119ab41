"""Pictures: the poster and one per stop (Cycles), and quick previews of what the engine will draw."""
import math
import os
import bpy
import numpy as np
from mathutils import Matrix, Vector
from PIL import Image
import bake
import scene
from scene import look_matrix


def camera(eye, target, fov):
    s = bpy.context.scene; c = bpy.data.cameras.get('cam') or bpy.data.cameras.new('cam')
    o = bpy.data.objects.get('cam') or bpy.data.objects.new('cam', c)
    if o.name not in s.collection.objects:
        s.collection.objects.link(o)
    m = look_matrix(eye, target)      # camera looks along its own -Z, up +Y
    r, f, u = m.col[0], m.col[1], m.col[2]
    o.matrix_world = Matrix.Translation(Vector(eye)) @ Matrix((r, u, -f)).transposed().to_4x4()
    c.sensor_fit = 'HORIZONTAL'; c.angle = math.radians(fov); c.clip_start = .05; c.clip_end = 400; s.camera = o


def setup(w, h, spp):
    s = bpy.context.scene; s.render.engine = 'CYCLES'; s.cycles.samples = spp; s.cycles.use_denoising = False
    s.render.resolution_x, s.render.resolution_y, s.render.resolution_percentage = w, h, 100
    s.render.image_settings.file_format = 'OPEN_EXR'; s.render.image_settings.color_mode = 'RGB'; s.render.image_settings.color_depth = '32'
    s.view_settings.view_transform = 'Raw' if False else 'Standard'; s.render.threads_mode = 'FIXED'; s.render.threads = 2
    s.cycles.max_bounces = 6; s.cycles.diffuse_bounces = 3; s.cycles.glossy_bounces = 2; s.cycles.transparent_max_bounces = 12; s.cycles.caustics_reflective = False
    s.cycles.sample_clamp_indirect = 4; s.cycles.seed = 3; s.render.use_persistent_data = True


def still(path, tmp, aux=True, exposure=1.0, quality=85, maxkb=None, mist=0.0):
    """Render, denoise, soft shoulder, save."""
    s = bpy.context.scene; vl = bpy.context.view_layer
    vl.cycles.denoising_store_passes = aux; vl.use_pass_z = mist > 0
    s.render.image_settings.file_format = 'OPEN_EXR_MULTILAYER' if aux else 'OPEN_EXR'
    p = os.path.join(tmp, 'still.exr'); s.render.filepath = p
    s.use_nodes = True; nt = s.node_tree; nt.nodes.clear()
    rl = nt.nodes.new('CompositorNodeRLayers')
    outs = {}
    for k, sock in (('c', 'Image'),) + ((('a', 'Denoising Albedo'), ('n', 'Denoising Normal')) if aux else ()) + ((('z', 'Depth'),) if mist else ()):
        f = nt.nodes.new('CompositorNodeOutputFile'); f.base_path = tmp; f.format.file_format = 'OPEN_EXR'; f.format.color_depth = '32'; f.format.color_mode = 'RGB'
        f.file_slots[0].path = f'still_{k}_'; nt.links.new(rl.outputs[sock], f.inputs[0]); outs[k] = f
    s.render.image_settings.file_format = 'OPEN_EXR'
    bpy.ops.render.render(write_still=False)
    def load(k):
        q = os.path.join(tmp, f'still_{k}_{s.frame_current:04d}.exr'); im = bpy.data.images.load(q); im.colorspace_settings.name = 'Non-Color'
        a = np.empty(im.size[0] * im.size[1] * 4, np.float32); im.pixels.foreach_get(a); a = a.reshape(im.size[1], im.size[0], 4)[..., :3].copy()
        bpy.data.images.remove(im); os.remove(q); return a
    a = load('c')
    if aux:
        a = bake.denoise(a, tmp, (('alb', np.clip(load('a'), 0, 1)), ('nrm', load('n'))))
    if mist:      # thickens with distance up to the dome, which is sky and stays clear above the horizon
        z = load('z')[..., :1]; h, w = z.shape[:2]; t = math.tan(bpy.data.cameras['cam'].angle / 2)
        y, x = np.mgrid[:h, :w]; x, y = (x + .5) / w * 2 - 1, ((y + .5) * 2 - h) / w
        z = np.where(z > 1e4, 0, z * np.sqrt(1 + (x * t) ** 2 + (y * t) ** 2)[..., None])      # depth along the axis to distance
        a = a + (MIST - a) * mist * np.clip((z - 22) / 90, 0, 1) ** .8 * (z < 107)
    a = a * exposure
    k = .72                             # linear up to k, then a soft shoulder
    a = np.where(a > k, k + (1 - k) * (1 - np.exp(-(a - k) / (1 - k))), a)
    e = np.where(a <= .0031308, a * 12.92, 1.055 * np.maximum(a, 1e-6) ** (1 / 2.4) - .055)
    im = Image.fromarray(np.clip(e[::-1] * 255 + .5, 0, 255).astype(np.uint8))
    if path.endswith('.png'):
        im.save(path); return
    while True:
        im.save(path + '.part', 'JPEG', quality=quality, optimize=True)
        if not maxkb or os.path.getsize(path + '.part') <= maxkb * 1000 or quality < 50:
            break
        quality -= 4
    os.replace(path + '.part', path)
    if os.environ.get('PREVIEW'):
        im.save(os.path.join(os.environ['PREVIEW'], os.path.basename(path)[:-4] + '.png'))


def early(sun):
    """The poster's light: the same morning an hour earlier; a lower, warmer sun, a cooler shade, mist over the far water."""
    az, el = math.radians(scene.tx.SUN_AZ), math.radians(15)
    sun.rotation_euler = Vector((math.cos(az) * math.cos(el), math.sin(az) * math.cos(el), math.sin(el))).to_track_quat('Z', 'Y').to_euler()
    sun.data.color = (2.05, 1.42, .84); sun.data.angle = math.radians(1.5)
    bpy.context.scene.world.node_tree.nodes['Background'].inputs[1].default_value = .86


MIST = np.array((.86, .80, .70))


def specials(mats):
    """Sky unlit and seen only by camera and reflections; water as a rippled mirror. For pictures, not exported."""
    m = mats['sky']; nt = m.node_tree; em = nt.nodes.new('ShaderNodeEmission'); nt.links.new(nt.nodes['base'].outputs[0], em.inputs[0])
    nt.links.new(em.outputs[0], nt.nodes['Material Output'].inputs[0])
    m = mats['water']; nt = m.node_tree; b = nt.nodes['Principled BSDF']
    nt.links.remove(b.inputs['Base Color'].links[0]); b.inputs['Base Color'].default_value = (.045, .075, .062, 1); b.inputs['Roughness'].default_value = .06
    b.inputs['Specular'].default_value = .55
    tc = nt.nodes.new('ShaderNodeTexCoord'); bump = nt.nodes.new('ShaderNodeBump'); mp = nt.nodes.new('ShaderNodeMapping'); mp.inputs['Scale'].default_value = (1.0, 1.9, 1)
    n1 = nt.nodes.new('ShaderNodeTexNoise'); n1.inputs['Scale'].default_value = 1.5; n1.inputs['Detail'].default_value = 3.5; n1.inputs['Roughness'].default_value = .5
    nt.links.new(tc.outputs['Object'], mp.inputs[0]); nt.links.new(mp.outputs[0], n1.inputs['Vector']); nt.links.new(n1.outputs[0], bump.inputs['Height'])
    bump.inputs['Strength'].default_value = .07; bump.inputs['Distance'].default_value = .22; nt.links.new(bump.outputs[0], b.inputs['Normal'])
    for k, v in (('gilt', .6), ('lacquer', .0)):      # gold a little metallic, in pictures only
        mats[k].node_tree.nodes['Principled BSDF'].inputs['Metallic'].default_value = v * .5
    # leaves let light through
    nt = mats['foliage'].node_tree; b = nt.nodes['Principled BSDF']; out = nt.nodes['Material Output']
    tr = nt.nodes.new('ShaderNodeBsdfTranslucent'); nt.links.new(nt.nodes['base'].outputs[0], tr.inputs[0])
    mx = nt.nodes.new('ShaderNodeMixShader'); mx.inputs[0].default_value = .4; tp = nt.nodes.new('ShaderNodeBsdfTransparent'); m2 = nt.nodes.new('ShaderNodeMixShader')
    for l in list(b.inputs['Alpha'].links):
        nt.links.remove(l)
    nt.links.new(b.outputs[0], mx.inputs[1]); nt.links.new(tr.outputs[0], mx.inputs[2]); nt.links.new(nt.nodes['base'].outputs['Alpha'], m2.inputs[0])
    nt.links.new(tp.outputs[0], m2.inputs[1]); nt.links.new(mx.outputs[0], m2.inputs[2]); nt.links.new(m2.outputs[0], out.inputs[0])


def reflecting(nt, lit, light, rough, metal):
    """The one reflection of the engine's surface shader (surface.wgsl): haze at the horizon, sky overhead."""
    def m(op, *v):
        n = nt.nodes.new('ShaderNodeMath'); n.operation = op
        for i, q in enumerate(v):
            if isinstance(q, (int, float)):
                n.inputs[i].default_value = q
            else:
                nt.links.new(q, n.inputs[i])
        return n.outputs[0]

    def mix(t, a, b, how='MIX'):
        n = nt.nodes.new('ShaderNodeMixRGB'); n.blend_type = how
        for i, q in enumerate((t, a, b)):
            if isinstance(q, (int, float)):
                n.inputs[i].default_value = q
            elif isinstance(q, tuple):
                n.inputs[i].default_value = q
            else:
                nt.links.new(q, n.inputs[i])
        return n.outputs[0]
    geo = nt.nodes.new('ShaderNodeNewGeometry'); V, N = geo.outputs['Incoming'], geo.outputs['Normal']
    dot = nt.nodes.new('ShaderNodeVectorMath'); dot.operation = 'DOT_PRODUCT'; nt.links.new(V, dot.inputs[0]); nt.links.new(N, dot.inputs[1])
    facing = m('MAXIMUM', dot.outputs['Value'], 0.0)
    sv, sn = nt.nodes.new('ShaderNodeSeparateXYZ'), nt.nodes.new('ShaderNodeSeparateXYZ'); nt.links.new(V, sv.inputs[0]); nt.links.new(N, sn.inputs[0])
    up = m('SUBTRACT', m('MULTIPLY', m('MULTIPLY', facing, 2.0), sn.outputs['Z']), sv.outputs['Z'])
    sky = mix(m('SQRT', m('MINIMUM', m('MAXIMUM', up, 0.0), 1.0)), (.738, .768, .716, 1), (.264, .393, .540, 1))
    bw = nt.nodes.new('ShaderNodeRGBToBW'); nt.links.new(light, bw.inputs[0]); reach = m('MINIMUM', m('MULTIPLY', bw.outputs[0], 2.0), 1.0)
    ground = mix(metal, (.04, .04, .04, 1), nt.nodes['base'].outputs[0]); rim = nt.nodes.new('ShaderNodeMapRange'); rim.interpolation_type = 'SMOOTHSTEP'; nt.links.new(dot.outputs['Value'], rim.inputs[0])
    rim.inputs[1].default_value, rim.inputs[2].default_value = -.05, .12; gz = m('MULTIPLY', m('POWER', m('SUBTRACT', 1.0, facing), 5.0), rim.outputs[0])
    share = mix(1.0, mix(gz, ground, (1, 1, 1, 1)), (1 - rough / .35,) * 3 + (1,), 'MULTIPLY')
    lit2 = mix(1.0, lit, (2, 2, 2, 1), 'MULTIPLY')
    cr = nt.nodes.new('ShaderNodeCombineXYZ'); [nt.links.new(reach, cr.inputs[i]) for i in range(3)]
    sky2 = mix(1.0, sky, cr.outputs[0], 'MULTIPLY')
    inv = mix(1.0, (1, 1, 1, 1), share, 'SUBTRACT')
    em = nt.nodes.new('ShaderNodeEmission'); nt.links.new(mix(1.0, mix(1.0, lit2, inv, 'MULTIPLY'), mix(1.0, sky2, share, 'MULTIPLY'), 'ADD'), em.inputs[0])
    return em.outputs[0]


def engine_like(mats, lightmap, mark=True):
    """Unlit base colour x lightmap x 2, back faces magenta: what the engine will show, noise-free."""
    im = bpy.data.images.load(lightmap) if lightmap else None
    for k, m in mats.items():
        nt = m.node_tree; out = nt.nodes['Material Output']; em = nt.nodes.new('ShaderNodeEmission'); base = nt.nodes['base']
        if k in ('sky', 'foliage'):      # two-sided or unlit
            nt.links.new(base.outputs[0], em.inputs[0]); em.inputs[1].default_value = 1.0
            sh = em.outputs[0]
            if k == 'foliage':
                tp = nt.nodes.new('ShaderNodeBsdfTransparent'); mx = nt.nodes.new('ShaderNodeMixShader'); gt = nt.nodes.new('ShaderNodeMath'); gt.operation = 'GREATER_THAN'; gt.inputs[1].default_value = .5
                nt.links.new(base.outputs['Alpha'], gt.inputs[0]); nt.links.new(gt.outputs[0], mx.inputs[0]); nt.links.new(tp.outputs[0], mx.inputs[1]); nt.links.new(sh, mx.inputs[2]); sh = mx.outputs[0]
            nt.links.new(sh, out.inputs[0]); continue
        if k == 'water':
            continue
        src = base.outputs[0]
        if im:
            uv = nt.nodes.new('ShaderNodeUVMap'); uv.uv_map = 'Light'; t = nt.nodes.new('ShaderNodeTexImage'); t.image = im; nt.links.new(uv.outputs[0], t.inputs[0])
            mul = nt.nodes.new('ShaderNodeMixRGB'); mul.blend_type = 'MULTIPLY'; mul.inputs[0].default_value = 1
            nt.links.new(src, mul.inputs[1]); nt.links.new(t.outputs[0], mul.inputs[2]); src = mul.outputs[0]; em.inputs[1].default_value = 2.0
        else:     # simple head light to judge shapes
            ge = nt.nodes.new('ShaderNodeLayerWeight'); ge.inputs[0].default_value = .35; inv = nt.nodes.new('ShaderNodeMath'); inv.operation = 'SUBTRACT'; inv.inputs[0].default_value = 1.15
            nt.links.new(ge.outputs['Facing'], inv.inputs[1]); nt.links.new(inv.outputs[0], em.inputs[1])
        nt.links.new(src, em.inputs[0])
        sh = em.outputs[0]
        if scene.ROUGH[k] < .35 and im:
            sh = reflecting(nt, src, t.outputs[0], scene.ROUGH[k], scene.METAL.get(k, 0))
        if not mark:
            nt.links.new(sh, out.inputs[0]); continue
        e2 = nt.nodes.new('ShaderNodeEmission'); e2.inputs[0].default_value = (1, 0, 1, 1); g = nt.nodes.new('ShaderNodeNewGeometry'); mx = nt.nodes.new('ShaderNodeMixShader')
        (k not in scene.TWO_SIDED) and nt.links.new(g.outputs['Backfacing'], mx.inputs[0]); mx.inputs[0].default_value = 0; nt.links.new(sh, mx.inputs[1]); nt.links.new(e2.outputs[0], mx.inputs[2]); nt.links.new(mx.outputs[0], out.inputs[0])
