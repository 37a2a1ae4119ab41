"""Turns the built grids into Blender objects and materials."""
import math
import os
import bpy
import numpy as np
from mathutils import Matrix, Vector
import textures as tx
from plan import *

# roughness below 0.35 asks the engine for a soft sky reflection
ROUGH = dict(hull=.31, wood=.6, lacquer=.22, gilt=.20, brass=.14, tile=.8, thatch=.9, stone=.85, ground=1.0, cloth=.95, plaster=.95,
             porcelain=.15, print=.6, foliage=.8, sky=1.0, water=.08)
METAL = dict(gilt=.8, brass=1.0)
TWO_SIDED = ('foliage', 'gilt', 'print', 'porcelain', 'thatch', 'hull', 'wood', 'brass')
SUN_DIR = Vector((math.cos(math.radians(tx.SUN_AZ)) * math.cos(math.radians(tx.SUN_EL)),
                  math.sin(math.radians(tx.SUN_AZ)) * math.cos(math.radians(tx.SUN_EL)), math.sin(math.radians(tx.SUN_EL))))
# irradiance / pi of the sun at normal incidence and of the open sky; together just under 2.0, the lightmap's ceiling
SUN, SKY = (1.42, 1.20, .90), (.44, .50, .58)


def clear():
    bpy.ops.wm.read_factory_settings(use_empty=True)


def material(name, texdir):
    m = bpy.data.materials.new(name); m.use_nodes = True
    nt = m.node_tree; b = nt.nodes['Principled BSDF']
    ext = 'png' if name == 'foliage' else 'jpg'
    t = nt.nodes.new('ShaderNodeTexImage'); t.name = 'base'; t.image = bpy.data.images.load(os.path.join(texdir, f'{name}.{ext}'))
    t.image.name = name
    uv = nt.nodes.new('ShaderNodeUVMap'); uv.uv_map = 'UVMap'; nt.links.new(uv.outputs[0], t.inputs[0])
    nt.links.new(t.outputs['Color'], b.inputs['Base Color'])
    b.inputs['Roughness'].default_value = ROUGH[name]; b.inputs['Metallic'].default_value = METAL.get(name, 0)
    # thin things (leaves, petals, paper, mats, shells of cups, boards with open joints) are seen from both sides
    m.use_backface_culling = name not in TWO_SIDED
    if name == 'foliage':
        nt.links.new(t.outputs['Alpha'], b.inputs['Alpha']); m.blend_method = 'CLIP'; m.alpha_threshold = .5
    return m


def mesh(name, d, mats, light_uv=None, origin=(0, 0, 0)):
    names = list(dict.fromkeys(d['M']))
    me = bpy.data.meshes.new(name)
    P = d['P'] - np.asarray(origin); T = d['T']
    me.vertices.add(len(P)); me.vertices.foreach_set('co', P.astype(np.float32).ravel())
    me.loops.add(len(T) * 3); me.loops.foreach_set('vertex_index', T.astype(np.int32).ravel())
    me.polygons.add(len(T)); me.polygons.foreach_set('loop_start', np.arange(0, len(T) * 3, 3, dtype=np.int32)); me.polygons.foreach_set('loop_total', np.full(len(T), 3, np.int32))
    me.polygons.foreach_set('use_smooth', np.ones(len(T), bool))
    me.polygons.foreach_set('material_index', np.array([names.index(x) for x in d['M']], np.int32))
    for n in names:
        me.materials.append(mats[n])
    for lname, uv in (('UVMap', d['U']), ('Light', light_uv)):
        if uv is not None:
            l = me.uv_layers.new(name=lname); l.data.foreach_set('uv', uv[T.ravel()].astype(np.float32).ravel())
    me.update(calc_edges=True); me.validate()
    me.use_auto_smooth = True
    me.normals_split_custom_set_from_vertices(d['N'].astype(np.float32).tolist())
    return me


def add(name, me, loc=(0, 0, 0), props=None):
    o = bpy.data.objects.new(name, me); o.location = loc
    for k, v in (props or {}).items():
        o[k] = v
    bpy.context.scene.collection.objects.link(o)
    return o


def look_matrix(pos, target):
    """Local +Y (glTF -Z) towards the target, +Z (glTF +Y) up."""
    f = (Vector(target) - Vector(pos)).normalized(); r = f.cross(Vector((0, 0, 1))).normalized(); u = r.cross(f)
    return Matrix((r, f, u)).transposed()


def empty(name, feet, target, props, eye=1.6):
    o = bpy.data.objects.new(name, None); o.empty_display_size = .3
    e = Vector(feet) + Vector((0, 0, eye))
    o.matrix_world = Matrix.Translation(Vector(feet)) @ look_matrix(e, target).to_4x4()
    for k, v in props.items():
        o[k] = v
    bpy.context.scene.collection.objects.link(o)
    return o


def light():
    s = bpy.context.scene
    L = bpy.data.lights.new('Sun', 'SUN'); L.energy = math.pi; L.color = SUN; L.angle = math.radians(1.0)
    o = bpy.data.objects.new('Sun', L); o.rotation_euler = SUN_DIR.to_track_quat('Z', 'Y').to_euler(); s.collection.objects.link(o)
    w = bpy.data.worlds.new('World'); s.world = w; w.use_nodes = True; nt = w.node_tree
    bg = nt.nodes['Background']
    g = nt.nodes.new('ShaderNodeTexCoord'); sep = nt.nodes.new('ShaderNodeSeparateXYZ'); ramp = nt.nodes.new('ShaderNodeValToRGB')
    nt.links.new(g.outputs['Generated'], sep.inputs[0]); nt.links.new(sep.outputs['Z'], ramp.inputs[0]); nt.links.new(ramp.outputs[0], bg.inputs[0])
    e = ramp.color_ramp.elements
    e[0].position = 0; e[0].color = (SKY[0] * 1.22, SKY[1] * 1.12, SKY[2] * .98, 1); e[1].position = .6; e[1].color = (SKY[0] * .8, SKY[1] * .92, SKY[2] * 1.08, 1)
    bg.inputs[1].default_value = 1.0
    return o
