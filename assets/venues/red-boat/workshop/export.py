"""Writes lake.glb and checks it by reading it back as plain JSON."""
import json
import os
import struct
import bpy
import numpy as np


def write(objects, path):
    for o in bpy.data.objects:
        o.select_set(False)
    for o in objects:
        o.select_set(True)
    tmp = path[:-4] + '.part.glb'
    bpy.ops.export_scene.gltf(filepath=tmp, export_format='GLB', use_selection=True, export_extras=True, export_yup=True, export_apply=False,
                              export_animations=False, export_skins=False, export_morph=False, export_lights=False, export_cameras=False, export_colors=False,
                              export_tangents=False, export_normals=True, export_texcoords=True, export_image_format='AUTO', export_materials='EXPORT')
    pack(tmp)
    rep = check(tmp)
    os.replace(tmp, path)
    return rep


def read(path):
    b = open(path, 'rb').read()
    assert b[:4] == b'glTF'
    n = struct.unpack('<I', b[12:16])[0]
    return json.loads(b[20:20 + n]), b[20 + n + 8:]


def pack(path):
    """Writes texture coordinates that lie between 0 and 1 as normalized 16-bit integers, which core glTF allows."""
    j, b = read(path); users = {}
    for m in j['meshes']:
        for p in m['primitives']:
            for k, i in p['attributes'].items():
                users.setdefault(i, set()).add(k)
    parts, views = [], []
    for i, v in enumerate(j['bufferViews']):
        a = [k for k, x in enumerate(j['accessors']) if x['bufferView'] == i]
        data = b[v.get('byteOffset', 0):v.get('byteOffset', 0) + v['byteLength']]
        if len(a) == 1 and all(k.startswith('TEXCOORD') for k in users.get(a[0], {''})):
            uv = accessor(j, b, a[0])
            if uv.min() >= 0 and uv.max() <= 1:
                data = np.round(uv * 65535).astype('<u2').tobytes()
                j['accessors'][a[0]].update(componentType=5123, normalized=True)
                for k in ('min', 'max'):
                    j['accessors'][a[0]].pop(k, None)
        parts.append(data + b'\0' * (-len(data) % 4)); views.append(len(data))
    at = 0
    for v, d, n in zip(j['bufferViews'], parts, views):
        v.update(byteOffset=at, byteLength=n); at += len(d)
    j['buffers'][0]['byteLength'] = at
    text = json.dumps(j, separators=(',', ':'), ensure_ascii=False).encode(); text += b' ' * (-len(text) % 4)
    with open(path, 'wb') as f:
        f.write(struct.pack('<4sIIII', b'glTF', 2, 12 + 8 + len(text) + 8 + at, len(text), 0x4E4F534A) + text + struct.pack('<II', at, 0x004E4942) + b''.join(parts))


def accessor(j, bin_, i):
    a = j['accessors'][i]; v = j['bufferViews'][a['bufferView']]
    dt = {5126: '<f4', 5125: '<u4', 5123: '<u2', 5121: 'u1'}[a['componentType']]; k = {'SCALAR': 1, 'VEC2': 2, 'VEC3': 3, 'VEC4': 4}[a['type']]
    r = np.frombuffer(bin_, dt, a['count'] * k, v.get('byteOffset', 0) + a.get('byteOffset', 0)).reshape(-1, k)
    return r / np.iinfo(r.dtype).max if a.get('normalized') else r


def rotate(q, v):
    x, y, z, w = q; u = np.array((x, y, z)); v = np.array(v, float)
    return v + 2 * np.cross(u, np.cross(u, v) + w * v)


def check(path):
    j, b = read(path)
    assert not j.get('extensionsRequired'), j.get('extensionsRequired')
    assert not j.get('animations') and not j.get('skins') and not j.get('cameras')
    for k in j.get('extensionsUsed', []):
        assert k in ('KHR_materials_specular', 'KHR_materials_ior'), k
    rep = dict(bytes=os.path.getsize(path), nodes={}, stops={}, artifacts={}, extensionsUsed=j.get('extensionsUsed', []))
    tris = prims = verts = 0
    for n in j['nodes']:
        ex = n.get('extras', {}); name = n['name']
        if 'mesh' in n:
            t = 0
            for p in j['meshes'][n['mesh']]['primitives']:
                c = j['accessors'][p['indices']]['count'] // 3; t += c; prims += 1; at = p['attributes']
                verts += j['accessors'][at['POSITION']]['count']
                if ex.get('surface') == 'walkable':
                    assert c <= 400
                else:
                    assert 'TEXCOORD_0' in at and 'material' in p, name
                    assert ('TEXCOORD_1' in at) == ('surface' not in ex), name
                    if 'TEXCOORD_1' in at:
                        uv = accessor(j, b, at['TEXCOORD_1']); assert uv.min() >= -1e-5 and uv.max() <= 1 + 1e-5, name
            tris += t
            rep['nodes'][name] = dict(triangles=t, primitives=len(j['meshes'][n['mesh']]['primitives']), extras=ex)
            if 'artifact' in ex:
                assert name == 'artifact_' + ex['artifact']; rep['artifacts'][ex['artifact']] = n['translation']
        else:
            f = rotate(n.get('rotation', (0, 0, 0, 1)), (0, 0, -1))
            rep['stops'][name] = dict(feet=n['translation'], look=[round(float(q), 4) for q in f], extras=ex)
    rep.update(triangles=tris, primitives=prims, vertices=verts, materials=[m['name'] for m in j['materials']], images=[(i['name'], i['mimeType'], j['bufferViews'][i['bufferView']]['byteLength']) for i in j['images']])
    assert len(rep['materials']) <= 16 and prims <= 60 and tris <= 110_000, (len(rep['materials']), prims, tris)
    assert len(rep['artifacts']) == 8 and len(rep['stops']) == 10      # eight stops, the start, the pavilion's door
    for name, s in rep['stops'].items():
        if 'subject' in s['extras']:
            eye = np.array(s['feet']) + (0, s['extras'].get('eye', 1.6), 0); d = np.array(rep['artifacts'][s['extras']['subject']]) - eye
            s['distance'] = round(float(np.linalg.norm(d)), 3)
            assert np.dot(d / np.linalg.norm(d), s['look']) > .999, name
    return rep
