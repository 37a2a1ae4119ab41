"""The four things to take in the hand, where they stand, and where a visitor stands to see them."""
import math
import numpy as np
from geo import Geo, rot, move
import paint
import room
from room import facing, label, patch, pbox


def make(name, dens):
    return Geo('artifact_' + name, dens, dict(artifact=name))


def sheet(g, mat, x0, x1, y0, y1, z, rect, n=(1, 1), warp=None, flip=False, dens=1.0):
    """A sheet lying at height z, with a texture rectangle; warp(s, t) adds relief."""
    P = np.zeros((n[0] + 1, n[1] + 1, 3)); U = np.zeros((n[0] + 1, n[1] + 1, 2))
    for i in range(n[0] + 1):
        for j in range(n[1] + 1):
            s, t = i / n[0], j / n[1]
            P[i, j] = (x0 + (x1 - x0) * s, y0 + (y1 - y0) * t, z + (warp(s, t) if warp else 0))
            U[i, j] = (rect[0] + (rect[2] - rect[0]) * s, rect[1] + (rect[3] - rect[1]) * t)
    g.grid(mat, P, uv=U, flip=flip, dens=dens)


def sub(name, u0, v0, u1, v1):
    r = paint.rect(name, 2)
    return (r[0] + (r[2] - r[0]) * u0, r[1] + (r[3] - r[1]) * v0, r[0] + (r[2] - r[0]) * u1, r[1] + (r[3] - r[1]) * v1)


def brick(g, lo, hi, skip=''):
    """A brick-faced block: four sides from the atlas; the texture's courses are 1 : 22."""
    (x0, y0, z0), (x1, y1, z1) = lo, hi
    def r(w): return sub('brick', 0, z0 / .36, min(1, w / .60), min(1, z1 / .36))
    if 's' not in skip: facing(g, (x0, y0, z0), (1, 0, 0), x1 - x0, z1 - z0, r(x1 - x0))
    if 'n' not in skip: facing(g, (x1, y1, z0), (-1, 0, 0), x1 - x0, z1 - z0, r(x1 - x0))
    if 'e' not in skip: facing(g, (x1, y0, z0), (0, 1, 0), y1 - y0, z1 - z0, r(y1 - y0))
    if 'w' not in skip: facing(g, (x0, y1, z0), (0, -1, 0), y1 - y0, z1 - z0, r(y1 - y0))


def reach(g, n, by, where):
    """Moves corners of the last n charts, in their own frame; their place in the lightmap stays as it was."""
    R, t = g.M[:3, :3], g.M[:3, 3]
    for k in range(-n, 0):
        p = (g.P[k] - t) @ np.linalg.inv(R).T; p[where(p)] += by; g.P[k] = p @ R.T + t


def pent(g, x0, x1, ya, za, yb, zb, n=28):
    """A tiled slope from (ya, za) up to (yb, zb): rolls of tile in the geometry."""
    m = n * 4; P = np.zeros((m + 1, 2, 3)); U = np.zeros((m + 1, 2, 2)); r = paint.rect('tiles', 3)
    nx = np.array((0, za - zb, yb - ya)) / math.hypot(zb - za, yb - ya); nx = nx if nx[2] > 0 else -nx
    for i in range(m + 1):
        h = .0042 * abs(math.sin(math.pi * i / 4))
        for j, (y, z) in enumerate(((ya, za), (yb, zb))):
            P[i, j] = np.array((x0 + (x1 - x0) * i / m, y, z)) + nx * h; U[i, j] = (r[0] + (r[2] - r[0]) * i / m, r[1] + (r[3] - r[1]) * j * .8)
    g.grid('pprint', P, uv=U, flip=yb < ya)
    # the underside, so that eaves are closed
    a, b, c, d = (x0, ya, za - .002), (x1, ya, za - .002), (x1, yb, zb - .002), (x0, yb, zb - .002)
    g.quad('pprint', *((d, c, b, a) if yb > ya else (a, b, c, d)), rect=patch('slate', 12), dens=.5)


def house(M):
    """A lane house with a stone-framed gate (石库门), general type, about 1 : 22. Not a survey of any one house."""
    g = make('lane-house', 4.2)
    with g.at(M):
        g.box('oak', (-.36, -.29, 0), (.36, .29, .022), .005, 0, dens=.7)
        sheet(g, 'pprint', -.335, .335, -.265, .265, .0235, sub('street', 0, 0, 1, 1), dens=.8)
    with g.at(M, move(0, .03, .0235)):
        X, Y0, Y1, YM, H, HW = .27, -.19, .19, .0, .300, .215
        # front wall in three pieces around the gate
        t = .018; gx, gz = .056, .150
        for x0, x1 in ((-X, -gx), (gx, X)):
            brick(g, (x0, Y0, 0), (x1, Y0 + t, HW), 'ew')
        u0 = (X - gx) / .60
        facing(g, (-gx, Y0, gz), (1, 0, 0), 2 * gx, HW - gz, sub('brick', u0, gz / .36, u0 + .18, HW / .36)); facing(g, (gx, Y0 + t, gz), (-1, 0, 0), 2 * gx, HW - gz, sub('brick', 0, gz / .36, .18, HW / .36))
        pbox(g, 'slate', (-X - .006, Y0 - .007, HW), (X + .006, Y0 + t + .007, HW + .012), .004, 0)
        # stone frame, lintel, pediment with a small relief, black leaves with brass rings
        for s in (-1, 1):
            x0, x1 = sorted((s * .040, s * (gx + .002))); pbox(g, 'cream', (x0, Y0 - .010, 0), (x1, Y0 + t + .002, gz - .012), .0025, 2)
            x0, x1 = sorted((s * .0008, s * .041)); pbox(g, 'black', (x0, Y0 + .003, .004), (x1, Y0 + .010, gz - .016), .0012, 2)
            for k in range(3):
                pbox(g, 'iron', (x0 + .002, Y0 + .0015, .012 + k * .056), (x1 - .002, Y0 + .0040, .016 + k * .056), .0006, 0, .6)
            a = np.linspace(0, 2 * np.pi, 15)
            g.tube('pprint', np.stack([s * .0105 + .0062 * np.sin(a), np.full(15, Y0 - .0008), .070 + .0062 * np.cos(a) - .004], 1), .0013, 6, up=(0, 1, 0), uv=patch('gold', 8))
            with g.at(move(s * .0105, Y0 + .003, .0735), rot('x', 90)):
                g.lathe('pprint', [(.0058, 0), (.005, .0022), (.002, .0038), (0, .004)], 14, uv=patch('gold', 8))
        pbox(g, 'cream', (-gx - .006, Y0 - .012, gz - .014), (gx + .006, Y0 + t + .002, gz + .004), .0025, 0)
        pbox(g, 'cream', (-.052, Y0 - .014, -.001), (.052, Y0 + t, .005), .002, 0)
        th = np.linspace(0, np.pi, 17)
        for r, yy, m in ((.058, -.008, 'cream'), (.047, -.010, 'pale')):
            arc = np.stack([r * np.cos(th), np.full(17, Y0 + yy), gz + .004 + .62 * r * np.sin(th)], 1); base = np.stack([r * np.cos(th), np.full(17, Y0 + yy), np.full(17, gz + .004)], 1)
            g.grid('pprint', np.stack([base, arc], 1), uv=np.broadcast_to(np.array(patch(m, 14))[:2], (17, 2, 2)), flip=True)
            back = arc + [0, -yy + .001, 0]; g.grid('pprint', np.stack([arc, back], 1), uv=np.broadcast_to(np.array(patch(m, 14))[:2], (17, 2, 2)), flip=True)
        for k in range(5):
            q = (k - 2) * .45; p = np.array((.024 * math.sin(q), Y0 - .0105, gz + .010 + .014 * math.cos(q)))
            with g.at(move(*p), rot('x', 90)):
                g.lathe('pprint', [(.0062, 0), (.005, .0025), (0, .0036)], 12, uv=patch('rust', 10), dens=.7)
        # side walls of the courtyard, the two-storey house behind, its courtyard front
        for s in (-1, 1):
            x0, x1 = sorted((s * X, s * (X - t))); brick(g, (x0, Y0 + t, 0), (x1, YM, HW), 'ns')
            reach(g, 2, (0, -t, 0), lambda p: p[:, 1] < Y0 + t + 1e-6)      # out to the street, so that the corner is closed
            pbox(g, 'slate', (min(x0, x1) - .006, Y0 + t, HW), (max(x0, x1) + .006, YM, HW + .012), .004, 1)
        brick(g, (-X, YM, 0), (X, Y1, H), 's')
        facing(g, (-X, YM, 0), (1, 0, 0), 2 * X, H, paint.rect('facade', 2), 1.2)
        sheet(g, 'pprint', -X + t, X - t, Y0 + t, YM, .0012, sub('street', .1, .1, .9, .4))
        # roof: two slopes, gables, ridge
        yr, zr = (YM + Y1) / 2, H + .075
        pent(g, -X - .014, X + .014, YM - .028, H - .006, yr, zr); pent(g, -X - .014, X + .014, Y1 + .028, H - .006, yr, zr)
        for s in (-1, 1):
            x = s * X; P = np.array([[(x, YM, H), (x, YM, H)], [(x, yr, H), (x, yr, zr - .004)], [(x, Y1, H), (x, Y1, H)]])
            u = sub('brick', 0, .82, .3, 1); g.grid('pprint', P, uv=np.array([[[u[0], u[1]]] * 2, [[(u[0] + u[2]) / 2, u[1]], [(u[0] + u[2]) / 2, u[3]]], [[u[2], u[1]]] * 2]), flip=s < 0)
        g.tube('pprint', [(-X - .016, yr, zr + .004), (0, yr, zr + .004), (X + .016, yr, zr + .004)], .0085, 8, caps=True, uv=patch('slate', 10))
        # the lane at the back: a plain door, windows above
        for x in (-.15, .03, .15):
            facing(g, (x + .042, Y1 + .0014, .185), (-1, 0, 0), .084, .072, sub('facade', .052, .575, .243, .885), .9); pbox(g, 'cream', (x - .046, Y1 - .001, .178), (x + .046, Y1 + .006, .185), .0015, 0, .6)
        pbox(g, 'cream', (-.186, Y1 - .002, 0), (-.106, Y1 + .006, .118), .002, 2, .7); pbox(g, 'black', (-.178, Y1, .003), (-.114, Y1 + .0075, .110), .0012, 2, .7)
        facing(g, (.165, Y1 + .0014, .050), (-1, 0, 0), .084, .072, sub('facade', .052, .575, .243, .885), .9); pbox(g, 'cream', (.077, Y1 - .001, .043), (.169, Y1 + .006, .050), .0015, 0, .6)
    return g


def calendar(M):
    """A desk calendar that stands like a tent: July on one side, August on the other."""
    g = make('calendar', 5)
    w, h, t = .135, .35, .010; lean = 17.0
    with g.at(M):
        g.box('oak', (-.17, -.135, 0), (.17, .135, .020), .006, 0, dens=.8)
        for s, page in ((-1, 'july'), (1, 'august')):
            with g.at(rot('z', 0 if s < 0 else 180), move(0, -.100, .020), rot('x', 90 - lean)):
                g.box('oak', (-w - .012, 0, -t), (w + .012, h, 0), .003, 1)
                wf = lambda u, v: .0012 + .0035 * max(0, .35 - v) ** 1.5 * (1.2 - u) + .0006 * math.sin(9 * u)
                sheet(g, 'pprint', -w, w, .006, h - .008, 0, paint.rect(page, 2), (14, 18), wf, dens=1.4)
                pbox(g, 'brass', (-w - .004, h - .020, .0005), (w + .004, h - .006, .0048), .0012, 0)
                for x in (-.09, .09):
                    with g.at(move(x, h - .013, .0045)):
                        g.lathe('pprint', [(.0042, 0), (.0042, .0012), (.002, .0026), (0, .003)], 12, uv=patch('bronze', 10))
                g.box('oak', (-w - .012, -.004, -.004), (w + .012, .006, .012), .002, 0)
        top = .020 + h * math.cos(math.radians(lean)); y = .100 - h * math.sin(math.radians(lean))
        for x in (-.085, .085):      # two brass rings hold the boards together
            a = np.linspace(0, 2 * np.pi, 19)
            g.tube('pprint', np.stack([np.full(19, x), .017 * np.sin(a), top - .004 + .017 * np.cos(a)], 1), .0024, 7, up=(1, 0, 0), uv=patch('brass', 8))
    return g


def carrier(M):
    """A tiered food carrier (提盒): three trays and a lid in a handled frame, lacquer and brass."""
    g = make('food-carrier', 4.2)
    w, d = .185, .115
    with g.at(M):
        g.box('lacquer', (-w - .028, -d - .022, .008), (w + .028, d + .022, .030), .007, 0)
        for sx in (-1, 1):
            for sy in (-1, 1):
                g.box('lacquer', (sx * (w - .005) - .02, sy * (d - .005) - .018, 0), (sx * (w - .005) + .02, sy * (d - .005) + .018, .010), .003, 2, dens=.6)
        z = .030
        for k, hh in enumerate((.088, .088, .088)):
            g.box('lacquer', (-w, -d, z + .0015), (w, d, z + hh), .006, 0, dens=1.0)
            for lo, hi in (((-w - .0025, -d - .0025, z + .0015), (w + .0025, d + .0025, z + .009)), ((-w - .0025, -d - .0025, z + hh - .010), (w + .0025, d + .0025, z + hh - .0015))):
                g.box('lacquer', lo, hi, .0025, 0, dens=.7)
            for sy in (-1, 1):
                for sx in (-1, 1):       # brass corners
                    x0, x1 = sorted((sx * (w - .026), sx * (w + .0012))); y0, y1 = sorted((sy * (d - .002), sy * (d + .0012)))
                    pbox(g, 'brass', (x0, y0, z + .018), (x1, y1, z + .038), .0006, 0, .8)
                with g.at(move(0, sy * (d + .0006), z + .045), rot('x', 90 if sy < 0 else -90)):
                    g.lathe('pprint', [(.017, 0), (.0165, .0012), (.010, .0016), (.008, .0030), (0, .0034)], 24, uv=patch('gold', 8))
            z += hh
        # lid with a low dome
        xs = np.array([-1, -.97, -.80, -.4, 0, .4, .80, .97, 1]); P = np.zeros((9, 9, 3))
        for i, a in enumerate(xs):
            for j, b in enumerate(xs):
                q = max(abs(a), abs(b)); P[i, j] = (a * (w + .003), b * (d + .003), z + .022 + .014 * (1 - (abs(a) ** 4)) * (1 - abs(b) ** 4) - (.004 if q == 1 else 0))
        g.grid('lacquer', P, dens=1.0)
        g.box('lacquer', (-w - .003, -d - .003, z), (w + .003, d + .003, z + .0185), .003, 0, (1, 1), dens=.8)
        zt = z + .036
        for s in (-1, 1):       # uprights, stepped into the base, with brass feet
            x = s * (w + .014)
            g.box('lacquer', (x - .009, -.024, .028), (x + .009, .024, .415), .004, 2)
            pbox(g, 'brass', (x - .0105, -.026, .034), (x + .0105, .026, .058), .001, 2)
            pbox(g, 'brass', (x - .0105, -.026, .350), (x + .0105, .026, .362), .001, 2)
            for yy in (-1, 1):      # spandrels
                g.sweep('lacquer', [(x, yy * .020, .115), (x, yy * .040, .070), (x, yy * .088, .034)], [(-.006, -.006), (.006, -.006), (.006, .006), (-.006, .006)], up=(1, 0, 0), smooth=False, caps=True, dens=.6)
        n = 17; t = np.linspace(-1, 1, n)
        bar = np.stack([t * (w + .020), 0 * t, .405 + .020 * (1 - np.abs(t) ** 3)], 1)
        g.sweep('lacquer', bar, [(-.022, -.009), (.022, -.009), (.024, 0), (.020, .010), (-.020, .010), (-.024, 0)], smooth=False, caps=True)
        g.tube('pprint', [(-w - .030, 0, zt + .006), (0, 0, zt + .010), (w + .030, 0, zt + .006)], .0045, 8, caps=True, uv=patch('brass', 8))     # the pin that locks the lid
    return g


def railway_map(M):
    """A relief table of the country between Shanghai and Jiaxing: land raised, the line in brass. A sketch, not a survey."""
    g = make('railway-map', 2.2)
    w, d = .62, .52; nx, ny = 60, 50
    m = paint.map_mask(nx * 8, ny * 8)
    from PIL import Image, ImageFilter
    b = np.asarray(Image.fromarray((m * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(3)), float)[::-1] / 255
    up = .014
    def height(s, t):
        i, j = min(int(s * (nx * 8 - 1)), nx * 8 - 1), min(int(t * (ny * 8 - 1)), ny * 8 - 1); return up * float(b[j, i])
    tilt, e = 10.0, d + .035      # the board leans towards the visitor on a closed wedge
    c, sn = math.cos(math.radians(tilt)), math.sin(math.radians(tilt)); yb, zb = 2 * e * c - e, 2 * e * sn
    with g.at(M):
        xs = w + .028
        g.quad('oak', (xs, yb - .006, 0), (-xs, yb - .006, 0), (-xs, yb - .006, zb + .02), (xs, yb - .006, zb + .02), dens=.5)
        for s in (-1, 1):
            P = np.array([[(s * xs, -e + .006, 0), (s * xs, -e + .006, .004)], [(s * xs, yb - .006, 0), (s * xs, yb - .006, zb + .02)]]); g.grid('oak', P, flip=s < 0, dens=.5)
    with g.at(M, move(0, -e, 0), rot('x', tilt), move(0, e, 0)):
        sheet(g, 'chart', -w, w, -d, d, .030, (0, 0, 1, 1), (nx, ny), height, dens=1.0)
        for s in (-1, 1):
            g.box('oak', (-w - .035, s * (d + .0175) - .0175, 0), (w + .035, s * (d + .0175) + .0175, .058), .006, 0, dens=.7)
            g.box('oak', (s * (w + .0175) - .0175, -d, 0), (s * (w + .0175) + .0175, d, .058), .006, 1, (0, 0), dens=.7)
        g.quad('oak', (-w, d, 0), (w, d, 0), (w, -d, 0), (-w, -d, 0), dens=.2)
        def at(p):
            u, v = paint.on_map(*p); u, v = min(max(u, .002), .998), min(max(v, .002), .998)
            return np.array(((u * 2 - 1) * w, (v * 2 - 1) * d, .030 + max(height(u, v), up * .92)))
        line = np.array(paint.RAIL); t = np.arange(len(line)); s = np.linspace(0, len(line) - 1, 70)
        k = np.hanning(9); k /= k.sum(); xy = np.stack([np.convolve(np.pad(np.interp(s, t, line[:, i]), 4, 'edge'), k, 'valid') for i in (0, 1)], 1)
        inside = [(paint.on_map(*p)[0] > .004 and paint.on_map(*p)[1] > .004) for p in xy]
        path = np.array([at(p) for p, q in zip(xy, inside) if q])
        g.sweep('pprint', path + [0, 0, .0005], [(-.0042, -.001), (.0042, -.001), (.0042, .0030), (.003, .0038), (-.003, .0038), (-.0042, .0030)], smooth=False, caps=True, uv=patch('brass', 8), dens=1.2)
        T = np.gradient(path, axis=0); T /= np.linalg.norm(T, axis=1, keepdims=True); dist = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
        for q in np.arange(.012, dist[-1], .024):       # sleepers
            c = np.array([np.interp(q, dist, path[:, i]) for i in range(3)]); a = np.array([np.interp(q, dist, T[:, i]) for i in range(2)]); a /= np.linalg.norm(a)
            nrm = np.array((-a[1], a[0], 0)); g.bar('pprint', c - nrm * .0095 + [0, 0, .0012], c + nrm * .0095 + [0, 0, .0012], .0042, .0026, (0, 0, 1), dens=.5)
            r = np.array(patch('bronze', 14)); g.U[-1] = r[:2] + (g.U[-1] - g.U[-1].min(0)) * .01
        for name, big in (('上海', 1), ('松江', 0), ('嘉善', 0), ('嘉兴', 1)):
            f = 1.0 if big else .62
            with g.at(move(*at(min(paint.RAIL, key=lambda q: math.dist(q, paint.PLACES[name]))))):
                g.lathe('pprint', [(.017 * f, 0), (.017 * f, .004 * f), (.012 * f, .006 * f), (.0055 * f, .008 * f), (.0045 * f, .030 * f), (.009 * f, .034 * f), (.011 * f, .042 * f), (.008 * f, .050 * f), (0, .053 * f)], 20, uv=patch('gold' if big else 'brass', 8), dens=1.0)
    return g


# artifact -> plinth (x, y, width, depth, height) and turn
STANDS = {'lane-house': (-1.75, -1.35, .88, .74, .86), 'calendar': (3.72, -1.30, .56, .50, 1.00), 'food-carrier': (2.95, 2.75, .66, .52, .92)}
TABLE = (-1.95, 3.55, 1.46, 1.24, .80)
PLACES = {'lane-house': move(-1.75, -1.35, .86) @ rot('z', 4), 'calendar': move(3.72, -1.30, 1.00) @ rot('z', -38),
          'food-carrier': move(2.95, 2.75, .92) @ rot('z', -22), 'railway-map': move(-1.95, 3.56, .80)}
# stop -> (feet, artifact, height of the point looked at relative to the artifact's centre)
STOPS = {'house': ((-2.52, -2.50), 'lane-house'), 'thirtieth': ((3.10, -2.14), 'calendar'), 'outing': ((1.72, 1.98), 'food-carrier'), 'line': ((-1.80, 2.28), 'railway-map')}
FOV = dict(house=50, thirtieth=46, outing=48, line=58)


def fixtures(g):
    for x, y, w, d, h in STANDS.values():
        room.plinth(g, x, y, w, d, h)
    room.table(g, *TABLE)
    for name, key, side in (('house', 'lane-house', 's'), ('calendar', 'calendar', 's'), ('carrier', 'food-carrier', 'w')):
        x, y, w, d, h = STANDS[key]; z = h - .034 - .10
        if side == 's':
            label(g, name, (x - w / 2 + .06, y - d / 2, z), (1, 0, 0))
        else:
            label(g, name, (x - w / 2, y + d / 2 - .06, z), (0, -1, 0))
    x, y, w, d, h = TABLE; xa, ya = x - w / 2 + .20, y - d / 2 + .012
    pbox(g, 'bronze', (xa - .004, ya - .003, h - .001), (xa + .304, ya + .059, h + .004), .001, 0)
    sheet(g, 'pprint', xa, xa + .30, ya, ya + .056, h + .0046, paint.rect('label-map', 1), dens=1.6)
    room.bench(g, 4.35, 5.1, .42, 1.7)


def build():
    out = []
    for k, f in {'lane-house': house, 'calendar': calendar, 'food-carrier': carrier, 'railway-map': railway_map}.items():
        g = f(PLACES[k]); g.origin = g.centre(); out.append(g)
    return out
