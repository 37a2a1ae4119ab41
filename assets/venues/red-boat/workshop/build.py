"""Builds the venue's model:  blender -b -P workshop/build.py -- [--size 2048] [--spp 64] [--no-bake] [--pictures] [--preview DIR]

Everything is written to ../media; intermediate files go to workshop/build.
"""
import argparse
import json
import math
import os
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__)); sys.path.insert(0, HERE)
import bpy
import numpy as np
import geo, textures, plan, shore, boat, artifacts, walk, scene, bake, export, render
from plan import YC

ap = argparse.ArgumentParser()
ap.add_argument('--size', type=int, default=2048); ap.add_argument('--spp', type=int, default=64); ap.add_argument('--redo', default='', help='dim, rest or boards'); ap.add_argument('--more', action='store_true', help='add passes to the last raw bake'); ap.add_argument('--minutes', type=float, default=0, help='stop the bake after so long')
ap.add_argument('--no-bake', action='store_true'); ap.add_argument('--finish', action='store_true', help='reuse the last raw bake')
ap.add_argument('--no-export', action='store_true'); ap.add_argument('--textures', default='')
ap.add_argument('--pictures', default='', help='all, or a comma list of poster and stop ids'); ap.add_argument('--pic-spp', type=int, default=72)
ap.add_argument('--baked-pictures', action='store_true', help='light the pictures with the lightmap: quick'); ap.add_argument('--preview', default='', help='directory for engine-like previews'); ap.add_argument('--views', default='all'); ap.add_argument('--head', action='store_true'); ap.add_argument('--mark', action='store_true', help='back faces magenta')
ap.add_argument('--pw', type=int, default=720)
args = ap.parse_args(sys.argv[sys.argv.index('--') + 1:] if '--' in sys.argv else [])
MEDIA = os.path.join(HERE, '..', 'media'); TMP = os.path.join(HERE, 'build'); TEX = os.path.join(TMP, 'tex')
os.makedirs(os.path.join(MEDIA, 'stops'), exist_ok=True); os.makedirs(TEX, exist_ok=True)

t0 = time.time()
if not os.path.exists(os.path.join(TEX, 'water.jpg')) or args.textures:
    textures.make(TEX, [k for k in args.textures.split(',') if k and k != 'all'] or None)
scene.clear()
hull_, roof_, cabin_, furn_ = boat.build()
stone_, stand_, bank_, willow_, *special = shore.build()
*arts, lotus_ = artifacts.build()
# few nodes: every material within an area is one draw call
geos = [geo.merge('boat_hull', hull_, roof_), geo.merge('boat_cabin', cabin_, furn_, lotus_), geo.merge('shore', stone_, stand_, bank_, willow_), *special, *arts]
lit = [g for g in geos if g.lit and g.props.get('surface') is None]
dens, used = geo.pack(lit, 2048)
print(f'lightmap: {dens:.1f} texels per metre, {used:.0%} used; geometry took {time.time() - t0:.1f} s')
names = sorted({m for g in geos for m in g.Mt})
mats = {n: scene.material(n, TEX) for n in names}
objs = {}
for g in geos:
    me = scene.mesh(g.name, g.done(), mats, g.L if g in lit else None, g.origin)
    objs[g.name] = scene.add(g.name, me, g.origin, g.props)

# walkable surface, stops, start
V, T, area = walk.build()
me = bpy.data.meshes.new('walkable'); me.from_pydata(V.tolist(), [], T.tolist()); me.update()
objs['walkable'] = scene.add('walkable', me, props=dict(surface='walkable'))
eyes = {}
for sid, (xy, art) in artifacts.STOPS.items():
    c = objs['artifact_' + art].location
    if xy is None:      # in front of the notice stand, on its open side
        p = shore.STAND @ np.array([0.0, -.80, 0, 1]); xy = p[:2]
    z = walk.height(V, T, *xy)
    assert z is not None, f'stop {sid} is off the walkable surface'
    feet = (float(xy[0]), float(xy[1]), float(z))
    eye = artifacts.SITS.get(sid, 1.6)
    objs['stop_' + sid] = scene.empty('stop_' + sid, feet, c, dict(stop=sid, subject=art, **({'eye': eye} if sid in artifacts.SITS else {})), eye)
    eyes[sid] = ((feet[0], feet[1], feet[2] + eye), tuple(c), dict(landing=46, bow=58, carving=52, table=52, tiles=50, programme=52, lamp=50, stern=58)[sid])
xy = plan.shore(1.9, 5.6); z = walk.height(V, T, *xy); assert z is not None
START_AT = (-.2, .3, 1.35)
objs['start'] = scene.empty('start', (*map(float, xy), float(z)), START_AT, dict(start=True))
eyes['start'] = ((xy[0], xy[1], z + 1.6), START_AT, 68)
# where one stands who comes out of the exhibition pavilion, the boat before one, the doors behind
xy = plan.shore(*plan.DOOR_STAND); z = walk.height(V, T, *xy); assert z is not None
objs['door_pavilion'] = scene.empty('door_pavilion', (*map(float, xy), float(z)), (-.6, -.2, 1.5), dict(door='pavilion'))
eyes['door'] = ((xy[0], xy[1], z + 1.6), (-.6, -.2, 1.5), 68)
eyes['turned'] = ((xy[0], xy[1], z + 1.6), (*plan.shore(.4, 12), 1.9), 75)

# light; sky and water must not take part in the bake as lamps or holes
sun = scene.light()
objs['sky'].visible_diffuse = False; objs['sky'].visible_shadow = False
lm_path = os.path.join(MEDIA, 'lake-light.jpg')
if args.finish:
    raw = np.load(os.path.join(TMP, f'raw{args.size}.npy')).astype(np.float32); mask = np.load(os.path.join(TMP, f'mask{args.size}.npy'))
    bake.save(bake.finish(raw, mask, lit, TMP), lm_path)
elif not args.no_bake:
    for g in lit:
        objs[g.name].hide_render = True
    objs['walkable'].hide_render = True
    lm = bake.bake(lit, mats, args.size, args.spp, TMP, args.minutes, args.more, dict(dim=0, rest=1, boards=2).get(args.redo))
    for g in lit:
        objs[g.name].hide_render = False
    bake.save(lm, lm_path)
    print('lightmap', os.path.getsize(lm_path) // 1000, 'kB')

if not args.no_export:
    rep = export.write([o for o in objs.values()], os.path.join(MEDIA, 'lake.glb'))
    rep.update(walkable_area_m2=round(area, 1), walkable_triangles=len(T), texels_per_metre=round(dens, 1),
               sun_direction_gltf=[round(v, 4) for v in (scene.SUN_DIR.x, scene.SUN_DIR.z, -scene.SUN_DIR.y)], water_level=0.0,
               lightmap_bytes=os.path.getsize(lm_path) if os.path.exists(lm_path) else 0)
    json.dump(rep, open(os.path.join(HERE, 'report.json'), 'w'), indent=1, ensure_ascii=False)
    print('GLB', rep['bytes'], 'triangles', rep['triangles'], 'primitives', rep['primitives'], 'materials', len(rep['materials']), 'vertices', rep['vertices'])
    print({k: v.get('distance') for k, v in rep['stops'].items()})

POSTER = (tuple((*plan.shore(2.4, 6.3), 2.15)), (-.57, -.66, 1.85), 66)      # the boat right of the middle: the page's words stand on the left


def poster(path, size, view, spp):
    s = bpy.context.scene; o = bpy.data.objects['Sun']; was = o.rotation_euler.copy(), tuple(o.data.color), o.data.angle
    render.early(o); render.camera(*view); render.setup(*size, spp); render.still(path, TMP, maxkb=250, mist=.42)
    o.rotation_euler, o.data.color, o.data.angle = was; s.world.node_tree.nodes['Background'].inputs[1].default_value = 1.0


if args.pictures:
    render.specials(mats); objs['walkable'].hide_render = True
    if args.baked_pictures:
        render.engine_like(mats, lm_path, False)
    want = ['poster', *artifacts.STOPS] if args.pictures == 'all' else args.pictures.split(',')
    for k in want:
        t = time.time()
        if k == 'poster':
            poster(os.path.join(MEDIA, 'poster.jpg'), (1600, 900), POSTER, args.pic_spp)
        else:
            render.camera(*eyes[k]); render.setup(960, 640, args.pic_spp); render.still(os.path.join(MEDIA, 'stops', k + '.jpg'), TMP, maxkb=110)
        print('picture', k, round(time.time() - t), 's')
elif args.preview:
    os.makedirs(args.preview, exist_ok=True); objs['walkable'].hide_render = True
    render.engine_like(mats, None if args.head else lm_path, args.mark)
    extra = {'side': ((3, -16, 6), (0, 0, 1), 60), 'above': ((8, -9, 14), (-1, 0, 0), 70), 'front': ((3.9, YC, 2.15), (0, YC, 1.6), 75), 'mid': ((-1.4, YC, 2.15), (3, YC, 1.6), 75), 'rear': ((-2.3, YC, 2.15), (-4.6, YC, 1.5), 75),
             'galley': ((-4.9, .1, 2.15), (-7.5, .1, 1.5), 75), 'back': ((5.6, 0, 2.3), tuple((*plan.shore(1, 6), 1.6)), 75), 'passage': ((4.9, 1.31, 2.15), (0, 1.31, 1.8), 70), 'dbg': ((5.6, 0, 2.3), tuple((*plan.shore(10, 1), .5)), 50), 'dbg2': ((2, -8, 1.7), (-8, 0, 1), 60), 'port': ((-4, 13, 4), (0, 0, 1), 60), 'entry': ((6.6, -.2, 2.3), (4, -.2, 1.9), 70), 'seat': (eyes['table'][0], (-2, YC, 1.6), 75), 'couch': ((-2.5, .3, 2.15), (-3.2, -1.2, 1.0), 60), 'pads': ((*plan.shore(-6, 1.5), 2.2), (*plan.shore(-14, -5), 0), 70), 'bankr': ((*plan.shore(6, 1.5), 2.2), (*plan.shore(14, -4), 0), 70), 'facade': ((*plan.shore(1.2, 3.2), 2.2), (*plan.shore(0, 9.6), 2.1), 75)}
    for k, o in objs.items():      # the artifacts from arm's length
        if k.startswith('artifact_'):
            e = np.array(next(v[0] for s_, v in eyes.items() if artifacts.STOPS.get(s_, ('', ''))[1] == k[9:])); c = np.array(o.location); r = {'parasol': .75, 'tender': 2.2, 'lotus-post': .55}.get(k[9:], .40)
            extra['near_' + k[9:]] = (tuple(c + (e - c) / np.linalg.norm(e - c) * r), tuple(c), 60)
    want = [*eyes, *extra] if args.views == 'all' else args.views.split(',')
    for k in want:
        render.camera(*(eyes.get(k) or extra[k])); render.setup(args.pw, args.pw * 9 // 16, 4)
        render.still(os.path.join(args.preview, k + '.png'), TMP, aux=False)
print('all took', round(time.time() - t0), 's')
