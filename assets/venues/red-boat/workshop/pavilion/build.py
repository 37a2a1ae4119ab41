"""Builds the pavilion before the landing:  blender -b -P workshop/pavilion/build.py -- [--size 2048] [--spp 48] [--no-bake] [--finish] [--pictures all] [--preview DIR]

Writes ../../media/pavilion.glb, pavilion-light.jpg and stops/<id>.jpg; intermediate files go to workshop/build/pavilion.
"""
import argparse
import json
import os
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__)); UP = os.path.dirname(HERE); sys.path[:0] = [HERE, UP]
import bpy
import numpy as np
import geo, scene, bake, export, render
from geo import Geo
import paint, room, exhibits, light

ap = argparse.ArgumentParser()
ap.add_argument('--size', type=int, default=2048); ap.add_argument('--spp', type=int, default=48)
ap.add_argument('--minutes', type=float, default=0, help='stop the bake after so long'); ap.add_argument('--more', action='store_true', help='add rounds to the last bake')
ap.add_argument('--no-bake', action='store_true'); ap.add_argument('--finish', action='store_true', help='grade the last raw bake again')
ap.add_argument('--textures', default=''); ap.add_argument('--pictures', default='', help='all, or a comma list of stop ids'); ap.add_argument('--pic-spp', type=int, default=16)
ap.add_argument('--preview', default='', help='directory for pictures of what the engine will draw'); ap.add_argument('--views', default='all'); ap.add_argument('--head', action='store_true'); ap.add_argument('--pw', type=int, default=800)
ap.add_argument('--trace', action='store_true', help='previews with traced light instead of the lightmap'); ap.add_argument('--tspp', type=int, default=24)
args = ap.parse_args(sys.argv[sys.argv.index('--') + 1:] if '--' in sys.argv else [])
MEDIA = os.path.join(UP, '..', 'media'); TMP = os.path.join(UP, 'build', 'pavilion'); TEX = os.path.join(TMP, 'tex')
os.makedirs(TEX, exist_ok=True); os.makedirs(os.path.join(MEDIA, 'stops'), exist_ok=True)

# materials that the lake does not have
scene.ROUGH.update(floor=.29, plaster=.95, timber=.55, oak=.5, stone=.9, roof=.95, lacquer=.22, title=.95, pprint=.6, chart=.7, sky=1.0, water=.08)
scene.TWO_SIDED = ('pprint', 'oak')


def walkable():
    """The floor as cells, with plinths, walls and columns left out; welded, one piece."""
    m = .24; X, Y = room.W - .34, room.L - .42
    holes = [(x - w / 2 - m, x + w / 2 + m, y - d / 2 - m, y + d / 2 + m) for x, y, w, d, _ in [*exhibits.STANDS.values(), exhibits.TABLE, (4.35, 5.1, .42, 1.7, 0)]]
    x0, x1, yf, yb, _ = room.TITLE; holes.append((x0 - m, x1 + m, yf - m, yb + m))
    holes += [(s * X - .02 if s > 0 else -9, 9 if s > 0 else -X + .02, y - .36, y + .36) for s in (-1, 1) for y in room.FRAMES]
    xs = sorted({-X, X, *(round(v, 4) for h in holes for v in h[:2] if -X < v < X)}); ys = sorted({-Y, Y, *(round(v, 4) for h in holes for v in h[2:] if -Y < v < Y)})
    V, key, T = [], {}, []
    def vert(x, y):
        if (x, y) not in key:
            key[(x, y)] = len(V); V.append((x, y, 0.0))
        return key[(x, y)]
    for a, b in zip(xs, xs[1:]):
        for c, d in zip(ys, ys[1:]):
            mx, my = (a + b) / 2, (c + d) / 2
            if any(h[0] < mx < h[1] and h[2] < my < h[3] for h in holes):
                continue
            i, j, k, l = vert(a, c), vert(b, c), vert(b, d), vert(a, d); T += [(i, j, k), (i, k, l)]
    part = list(range(len(T))); edges = {}
    def find(i):
        while part[i] != i:
            i = part[i]
        return i
    for k, t in enumerate(T):
        for i in range(3):
            e = tuple(sorted((t[i], t[(i + 1) % 3])))
            if e in edges:
                part[find(edges[e])] = find(k)
            edges[e] = k
    assert len({find(k) for k in range(len(T))}) == 1, 'the floor is in pieces'
    return np.array(V), np.array(T)


def on_floor(V, T, x, y):
    for t in T:
        a, b, c = V[t][:, :2]; d = (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])
        u = ((x - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (y - a[1])) / d; w = ((b[0] - a[0]) * (y - a[1]) - (x - a[0]) * (b[1] - a[1])) / d
        if u >= -1e-6 and w >= -1e-6 and u + w <= 1 + 1e-6:
            return True
    return False


def write(objects, path):
    for o in bpy.data.objects:
        o.select_set(o in objects)
    tmp = path[:-4] + '.part.glb'
    bpy.ops.export_scene.gltf(filepath=tmp, export_format='GLB', use_selection=True, export_extras=True, export_yup=True, export_apply=False, export_animations=False, export_skins=False, export_morph=False,
                              export_lights=False, export_cameras=False, export_colors=False, export_tangents=False, export_normals=True, export_texcoords=True, export_image_format='AUTO', export_materials='EXPORT')
    j, b = export.read(tmp); assert not j.get('extensionsRequired')
    rep = dict(bytes=os.path.getsize(tmp), nodes={}, places={}); total = [0, 0, 0]; art = {}
    for n in j['nodes']:
        ex = n.get('extras', {}); name = n['name']
        if 'mesh' not in n:
            f = export.rotate(n.get('rotation', (0, 0, 0, 1)), (0, 0, -1)); rep['places'][name] = dict(feet=[round(v, 3) for v in n.get('translation', (0, 0, 0))], look=[round(float(q), 4) for q in f], extras=ex); continue
        ps = j['meshes'][n['mesh']]['primitives']; t = sum(j['accessors'][p['indices']]['count'] // 3 for p in ps); v = sum(j['accessors'][p['attributes']['POSITION']]['count'] for p in ps)
        for p in ps:
            if ex.get('surface') != 'walkable':
                assert 'material' in p and ('TEXCOORD_1' in p['attributes']) == ('surface' not in ex), name
            if 'TEXCOORD_1' in p['attributes']:
                uv = export.accessor(j, b, p['attributes']['TEXCOORD_1']); assert uv.min() >= -1e-5 and uv.max() <= 1 + 1e-5, name
        total = [total[0] + t, total[1] + len(ps), total[2] + v]; rep['nodes'][name] = dict(triangles=t, vertices=v, primitives=len(ps), extras=ex)
        if 'artifact' in ex:
            art[ex['artifact']] = n['translation']
    for s in rep['places'].values():
        if 'subject' in s['extras']:
            d = np.array(art[s['extras']['subject']]) - np.array(s['feet']) - (0, 1.6, 0); s['distance'] = round(float(np.linalg.norm(d)), 3); assert np.dot(d / s['distance'], s['look']) > .999
    rep.update(triangles=total[0], primitives=total[1], vertices=total[2], materials=[m['name'] for m in j['materials']], images=[(i['name'], j['bufferViews'][i['bufferView']]['byteLength']) for i in j['images']])
    assert total[0] <= 60000 and total[1] <= 40, total
    os.replace(tmp, path)
    return rep


def preview_water(mats):
    """In pictures the lake is a plain tone between sky and depth; the engine animates it."""
    m = mats['water']; nt = m.node_tree; em = nt.nodes.new('ShaderNodeEmission'); gl = nt.nodes.new('ShaderNodeBsdfGlossy'); gl.inputs['Roughness'].default_value = .12; em.inputs[0].default_value = (.16, .22, .20, 1)
    mx = nt.nodes.new('ShaderNodeMixShader'); mx.inputs[0].default_value = .62; nt.links.new(em.outputs[0], mx.inputs[1]); nt.links.new(gl.outputs[0], mx.inputs[2]); nt.links.new(mx.outputs[0], nt.nodes['Material Output'].inputs[0])


t0 = time.time()
if not os.path.exists(os.path.join(TEX, 'sky.jpg')) or args.textures:
    paint.make(TEX, [k for k in args.textures.split(',') if k and k != 'all'] or None)
if not os.path.exists(os.path.join(TEX, 'water.jpg')):
    import textures; textures.save(TEX, 'water', textures.water(64), 70)
scene.clear()
g = Geo('pavilion', 1.0)
room.floor(g); room.walls(g); room.frame(g); room.lattice(g); room.title_wall(g); room.boat_relief(g); exhibits.fixtures(g)
AIM = [(-1.2, -2.6, (-1.75, -1.35, 1.1)), (-2.4, -2.6, (-1.75, -1.35, 1.1)), (2.0, -.95, (2.0, .6, 1.55)), (3.3, -.95, (3.3, .6, 1.55)), (2.9, -2.3, (3.72, -1.30, 1.2)), (1.9, 1.9, (2.95, 2.75, 1.1)), (-1.2, 2.4, (-1.95, 3.55, .86)), (-2.6, 2.4, (-1.95, 3.55, .86)), (1.9, 2.4, (1.9, .86, 1.5)), (3.2, 2.4, (3.2, .86, 1.5))]
targets = room.lamps(g, AIM)
out = Geo('terrace', .45); room.terrace(out)
arts = exhibits.build(); sky, water = room.surroundings()
geos = [g, out, *arts, sky, water]; lit = [x for x in geos if x.lit]
dens, used = geo.pack(lit, args.size)
print(f'lightmap: {dens:.1f} texels per metre, {used:.0%} used; geometry took {time.time() - t0:.1f} s')
mats = {n: scene.material(n, TEX) for n in sorted({m for x in geos for m in x.Mt})}
objs = {x.name: scene.add(x.name, scene.mesh(x.name, x.done(), mats, x.L if x in lit else None, x.origin), x.origin, x.props) for x in geos}
V, T = walkable()
me = bpy.data.meshes.new('walkable'); me.from_pydata(V.tolist(), [], T.tolist()); me.update(); objs['walkable'] = scene.add('walkable', me, props=dict(surface='walkable'))
eyes = {}
def place(name, xy, target, props, fov, key=None):
    assert on_floor(V, T, *xy), name
    objs[name] = scene.empty(name, (*xy, 0), target, props); eyes[key or name] = ((*xy, 1.6), tuple(target), fov)
for sid, (xy, art) in exhibits.STOPS.items():
    place('stop_' + sid, xy, objs['artifact_' + art].location, dict(stop=sid, subject=art), exhibits.FOV[sid], sid)
place('start_pavilion', (0.0, -5.7), (1.44, 6.0, 1.50), dict(start=True), 84)
place('door_lake', (0.0, 6.0), (0.0, -5.0, 1.5), dict(door='lake'), 84)

light.put(targets); objs['sky'].visible_diffuse = False; objs['sky'].visible_shadow = False; objs['water'].visible_shadow = False
lm = os.path.join(MEDIA, 'pavilion-light.jpg')
if args.finish:
    bake.save(light.finish(*light.kept(args.size, TMP), lit, TMP), lm)
elif not args.no_bake:
    for x in [*lit, 'walkable']:
        objs[getattr(x, 'name', x)].hide_render = True
    raw, mask = light.bake(lit, mats, args.size, args.spp, TMP, args.minutes, args.more)
    bake.save(light.finish(raw, mask, lit, TMP), lm)
    for x in lit:
        objs[x.name].hide_render = False
rep = write(list(objs.values()), os.path.join(MEDIA, 'pavilion.glb'))
rep.update(walkable_triangles=len(T), texels_per_metre=round(dens, 1), lightmap_bytes=os.path.getsize(lm) if os.path.exists(lm) else 0, sun_direction_gltf=[round(v, 4) for v in (light.SUN_DIR.x, light.SUN_DIR.z, -light.SUN_DIR.y)])
json.dump(rep, open(os.path.join(HERE, 'report.json'), 'w'), indent=1, ensure_ascii=False)
print('GLB', rep['bytes'], 'triangles', rep['triangles'], 'primitives', rep['primitives'], 'vertices', rep['vertices'], 'lightmap', rep['lightmap_bytes'])
print({k: (v['vertices'], v['triangles']) for k, v in rep['nodes'].items()})

objs['walkable'].hide_render = True
if args.preview:
    os.makedirs(args.preview, exist_ok=True)
    extra = {'mid': ((0, -1.2, 1.6), (-.6, 6, 1.4), 80), 'left': ((1.8, -2.5, 1.6), (-4.9, .5, 1.5), 80), 'right': ((-2.6, -4.6, 1.6), (4.5, -.5, 1.7), 84), 'up': ((0, -3, 1.6), (0, 3, 4.2), 84), 'gate': ((0, 3.6, 1.6), (0, 8, 1.5), 74), 'phone': ((0, -5.7, 1.6), (1.44, 6, 1.5), 52), 'over': ((7, -9, 8), (0, 0, 0), 60),
             'close_house': ((-2.2, -2.05, 1.45), (-1.75, -1.35, 1.05), 46), 'back_house': ((-1.1, -.6, 1.6), (-1.75, -1.35, 1.05), 46), 'close_cal': ((3.25, -1.9, 1.4), (3.72, -1.3, 1.2), 46), 'close_box': ((2.3, 2.2, 1.45), (2.95, 2.75, 1.12), 46), 'close_map': ((-1.8, 2.75, 1.5), (-1.95, 3.5, .88), 60), 'back_cal': ((4.2, -.7, 1.5), (3.72, -1.3, 1.2), 46), 'sill': ((-3.6, -2.2, 1.2), (-4.9, -3, .9), 60)}
    if args.trace:
        nt = mats['sky'].node_tree; em = nt.nodes.new('ShaderNodeEmission'); nt.links.new(nt.nodes['base'].outputs[0], em.inputs[0]); nt.links.new(em.outputs[0], nt.nodes['Material Output'].inputs[0])
    else:
        render.engine_like({k: m for k, m in mats.items() if k != 'water'}, None if args.head else lm)
    preview_water(mats)
    for k in ([*eyes, *extra] if args.views == 'all' else args.views.split(',')):
        render.camera(*(eyes.get(k) or extra[k])); w, h = (int(args.pw * .56), args.pw) if k == 'phone' else (args.pw, args.pw * 9 // 16)
        render.setup(w, h, args.tspp if args.trace else 5)
        render.still(os.path.join(args.preview, k + '.png'), TMP, aux=args.trace)
if args.pictures:
    render.engine_like({k: m for k, m in mats.items() if k != 'water'}, lm, False); preview_water(mats)
    for k in (list(exhibits.STOPS) if args.pictures == 'all' else args.pictures.split(',')):
        render.camera(*eyes[k]); render.setup(960, 640, args.pic_spp); render.still(os.path.join(MEDIA, 'stops', k + '.jpg'), TMP, maxkb=110)
print('all took', round(time.time() - t0), 's')
