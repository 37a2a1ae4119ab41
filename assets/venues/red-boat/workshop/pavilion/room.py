"""The house: floor, walls, timber frame, lattice, moon gate, terrace, water and sky.

Blender axes: X right, Y forward (glTF -Z: the first view), Z up, metres, floor z = 0. The lake lies to the left and ahead.
"""
import math
import bpy
import numpy as np
import geo
import plan as boat
import shore
from geo import Geo, rot, move
import paint

geo.TILE.update(floor=3.0, plaster=3.2, timber=1.3, oak=1.1, stone=1.8, roof=1.5, lacquer=.8, title=1.0, pprint=1.0, chart=1.0, sky=1.0, water=6.0)

W, L = 4.9, 7.0                       # half width, half length
FRAMES = (-4.2, -1.4, 1.4, 4.2)
EAVE, RISE = 3.44, .37
SILL, HEAD = .60, 2.66                # lattice between them
GATE = (1.14, 1.30)                   # height of the circle's centre, radius
TITLE = (1.05, 4.05, .60, .86, 2.55)  # x0, x1, y front, y back, height of the title wall
BRONZE = 'bronze'


def zr(x):
    """Underside of the roof boards."""
    return EAVE + RISE * (W - abs(x))


def patch(name, i=6):
    return paint.rect(name, i)


def pbox(g, name, lo, hi, c=.003, axis=None, dens=1.0, ends=(1, 1)):
    """A box in one plain colour of the print atlas."""
    r = patch(name, 14)
    g.box('pprint', lo, hi, c, axis, ends, dens, uvs=.005, off=((r[0] + r[2]) / 2 - .004, (r[1] + r[3]) / 2 - .004))


def plane(g, mat, o, a, b, la, lb, n=(1, 1), flip=False, dens=1.0, start=(0, 0)):
    """A rectangle from o along unit vectors a, b; texture in metres so that neighbours agree."""
    o, a, b = (np.asarray(v, float) for v in (o, a, b))
    s, t = np.linspace(0, la, n[0] + 1), np.linspace(0, lb, n[1] + 1)
    P = o + s[:, None, None] * a + t[None, :, None] * b
    T = geo.TILE[mat]
    uv = np.stack(np.meshgrid((s + start[0]) / T, (t + start[1]) / T, indexing='ij'), -1)
    g.grid(mat, P, uv=uv, flip=flip, dens=dens)


def as_one(g, k, lo, size, axes=(0, 2)):
    """The last k charts, which lie in one plane, as a single chart of `size` from `lo`: no seam of light between them."""
    (w, h), n = size, sum(c[4] for c in g.charts[-k:])
    for i in range(-k, 0):
        g.S[i] = (g.P[i][:, axes] - np.asarray(lo)) / (w, h)
    d, s = max(c[2] for c in g.charts[-k:]), g.charts[-k][3]
    g.charts[-k:] = [(w, h, d, s, n)]; g.tones[-k:] = [g.tones[-1]]


def skirting(g, axis, wall, into, a, b, d=.022, h=.20):
    """A stone foot along a wall: front, rounded edge and top only, because light from behind the wall would creep in along hidden sides."""
    prof = [(d, -.004), (d, h - .008), (d - .002, h - .002), (d - .008, h), (-.004, h)]
    P = np.array([[(wall + into * d, y, z) if axis == 1 else (y, wall + into * d, z) for d, z in prof] for y in (a, b)])
    g.grid('stone', P, flip=(into < 0) != (axis == 0), dens=.7)


def floor(g):
    plane(g, 'floor', (-W - .2, -L, 0), (1, 0, 0), (0, 1, 0), 2 * W + .4, 2 * L + .4, (5, 7), dens=1.9)


def walls(g):
    # right: one quiet wall
    plane(g, 'plaster', (W, -L, 0), (0, 1, 0), (0, 0, 1), 2 * L, EAVE, (7, 2), flip=True, dens=.8)
    # behind the visitor, with its gable
    end_wall(g, -L, False)
    end_wall(g, L, True)
    skirting(g, 1, W, -1, -L, L)
    for y, into, x in ((-L, 1, 1.15), (L, -1, .92)):
        skirting(g, 0, y, into, -W, -x); skirting(g, 0, y, into, x, W)
    # closed double door behind the visitor
    for s in (-1, 1):
        g.box('timber', (s * 1.08 - .07, -L - .01, 0), (s * 1.08 + .07, -L + .06, 2.62), .008, dens=.5)
        x0, x1 = sorted((s * .005, s * 1.005))
        g.box('timber', (x0, -L - .02, .06), (x1, -L + .022, 2.48), .004, 2, dens=.5)
        for za, zb in ((.16, .95), (1.05, 1.22), (1.32, 2.38)):
            g.box('timber', (x0 + .1, -L, za), (x1 - .1, -L + .042, zb), .014, 2, dens=.4)
        pbox(g, 'brass', (s * .06 - .008, -L + .02, 1.05), (s * .06 + .008, -L + .06, 1.22), .003, 2, .5)
    g.box('timber', (-1.15, -L - .01, 2.48), (1.15, -L + .065, 2.64), .008, dens=.5)
    g.box('timber', (-1.15, -L - .01, 0), (1.15, -L + .05, .07), .006, dens=.5)


def end_wall(g, y, gate):
    s = 1 if y > 0 else -1
    top = EAVE
    if not gate:
        plane(g, 'plaster', (-W, y, 0), (1, 0, 0), (0, 0, 1), 2 * W, top, (4, 2), flip=True, dens=.55)
    else:
        q = 1.72; zc, r = GATE; zt = 2.86; T = geo.TILE['plaster']
        plane(g, 'plaster', (-W, y, 0), (1, 0, 0), (0, 0, 1), W - q, top, (2, 2), dens=.8)
        plane(g, 'plaster', (q, y, 0), (1, 0, 0), (0, 0, 1), W - q, top, (2, 2), dens=.8, start=(W + q, 0))
        plane(g, 'plaster', (-q, y, zt), (1, 0, 0), (0, 0, 1), 2 * q, top - zt, (2, 1), dens=.8, start=(W - q, zt))
        a0 = -math.asin(zc / r); n = 48; th = np.linspace(a0, math.pi - a0, n + 1)
        for ac in (math.atan2(zt - zc, q), math.atan2(zt - zc, -q)):       # the panel's upper corners
            th[np.argmin(abs(th - ac))] = ac
        P = np.zeros((n + 1, 5, 3))
        for i, a in enumerate(th):
            c, sn = math.cos(a), math.sin(a); p0 = np.array((r * c, zc + r * sn))
            t = min(abs(q / c) if abs(c) > 1e-9 else 9e9, (zt - zc) / sn if sn > 1e-9 else (zc / -sn if sn < -1e-9 else 9e9))
            p1 = np.array((t * c, zc + t * sn))
            if i in (0, n):
                p0[1] = 0; p1 = np.array((math.copysign(q, c), 0))
            elif sn < 0 and p1[1] < .002:      # fan out along the floor
                p1 = np.array((math.copysign(q, c), 0.0))
            for j, k in enumerate(np.linspace(0, 1, 5)):
                v = p0 * (1 - k) + p1 * k; P[i, j] = (v[0], y, v[1])
        uv = (P[..., [0, 2]] + [W, 0]) / T
        g.grid('plaster', P, uv=uv, flip=True, dens=.9, N=np.tile([0., -1, 0], P.shape[:2] + (1,)))
    P = np.zeros((9, 2, 3)); xs = np.linspace(-W, W, 9)
    for i, x in enumerate(xs):
        P[i, 0] = (x, y, EAVE); P[i, 1] = (x, y, zr(x) + .02)
    uv = (P[..., [0, 2]] + [W, 0]) / geo.TILE['plaster']
    g.grid('plaster', P, uv=uv, flip=not gate, dens=.85, N=np.tile([0., -s, 0], P.shape[:2] + (1,)))
    as_one(g, 5 if gate else 2, (-W, 0), (2 * W, zr(0) + .02))
    if gate:
        # frame of ground brick: a dark ring with a fine inner bead, through the wall's thickness
        path = np.array([(r * math.cos(a), y, zc + r * math.sin(a)) for a in th])
        up = np.array([(math.cos(a), 0, math.sin(a)) for a in th])
        g.sweep('stone', path, [(-.40, -.012), (.03, -.012), (.04, -.004), (.04, .15), (.03, .158), (0, .158), (0, .02), (-.38, .02)], up=up, smooth=False, closed=False, dens=1.2)
        g.box('stone', (-.66, y - .10, -.05), (.66, y + .42, .012), .008, 0, dens=.8)


def frame(g):
    ys = (-L, *FRAMES, L)
    for y in ys:
        inner = abs(y) < L - .1
        for s in (-1, 1):
            yy = y if inner else math.copysign(L - .13, y)
            x = s * (W - .10)
            with g.at(move(x, yy, 0)):
                g.lathe('stone', [(.20, 0), (.215, .02), (.235, .10), (.225, .17), (.175, .215), (.150, .22)], 20, dens=.8)
                g.tube('timber', [(0, 0, .20), (0, 0, 1.7), (0, 0, 3.36)], [.142, .140, .132], 18, dens=.7)
        if not inner:
            yy = math.copysign(L - .10, y)
            g.box('timber', (-W + .06, yy - .09, 3.0), (W - .06, yy + .09, 3.30), .02, 0, dens=.5, ends=(0, 0))
            continue
        # crescent beam, slightly hollowed below; struts, upper beam, king post
        n = 12; xs = np.linspace(-W + .10, W - .10, n + 1); t = np.linspace(-1, 1, n + 1)
        path = np.stack([xs, np.full(n + 1, y), 3.12 + .10 * (1 - t ** 2)], 1)
        g.sweep('timber', path, [(-.12, -.19), (-.09, -.21), (.09, -.21), (.12, -.19), (.13, 0), (.12, .17), (.08, .20), (-.08, .20), (-.12, .17), (-.13, 0)], smooth=True, dens=.6)
        for s in (-1, 1):
            g.box('timber', (s * 2.35 - .10, y - .10, 3.36), (s * 2.35 + .10, y + .10, zr(2.35) - .30), .03, 2, dens=.5)
            g.box('timber', (s * (W - .62) - .22, y - .07, 2.86), (s * (W - .62) + .30, y + .07, 3.0), .03, 0, dens=.5)
        t2 = np.linspace(-1, 1, 9)
        path = np.stack([2.62 * t2, np.full(9, y), 3.93 + .05 * (1 - t2 ** 2)], 1)
        g.sweep('timber', path, [(-.10, -.15), (.10, -.15), (.11, 0), (.09, .15), (-.09, .15), (-.11, 0)], smooth=False, caps=True, dens=.5)
        g.box('timber', (-.10, y - .10, 4.10), (.10, y + .10, zr(0) - .26), .03, 2, dens=.5)
    for x, r in ((0, .13), (-2.35, .12), (2.35, .12), (-W + .16, .12), (W - .16, .12)):      # purlins
        g.tube('timber', [(x, -L, zr(x) - .085 - r), (x, 0, zr(x) - .085 - r), (x, L, zr(x) - .085 - r)], r, 12, dens=.5)
    for s in (-1, 1):       # rafters and boards
        for k in range(40):
            y = -L + .175 + k * .35; x1 = W + .02; h = .042
            a = np.array((0, y, zr(0))); b = np.array((s * x1, y, zr(x1)))
            loop = np.array([(-h, 0), (-h, -.085), (h, -.085), (h, 0)])
            P = np.array([[p + (0, u, v) for p in (a, b)] for u, v in loop])
            g.grid('timber', P, flip=s < 0, dens=.4, swap=True)
        v = np.array((s * W, 0, zr(W) - zr(0))); ln = float(np.linalg.norm(v))
        plane(g, 'roof', (0, -L, zr(0)), (0, 1, 0), v / ln, 2 * L, ln + .1, (4, 2), flip=s < 0, dens=.4)


def leaf(g, y0, w, z0, h):
    """One window leaf in the plane x = -W: frame and a border of bars around a clear middle."""
    f = .052; x = -W
    for a, b in (((x - .028, y0, z0), (x + .028, y0 + f, z0 + h)), ((x - .028, y0 + w - f, z0), (x + .028, y0 + w, z0 + h))):
        g.box('timber', a, b, .005, 2, (0, 0), dens=.7)
    for za in (z0, z0 + h - f):
        g.box('timber', (x - .028, y0 + f, za), (x + .028, y0 + w - f, za + f), .005, 1, (0, 0), dens=.7)
    iw, ih = w - 2 * f, h - 2 * f; a, b = iw * .19, iw * .19
    seg = [((a, 0), (a, ih)), ((iw - a, 0), (iw - a, ih)), ((0, b), (iw, b)), ((0, ih - b), (iw, ih - b))]
    za, zb = ih * .235, ih * .765
    seg += [((a, za), (iw - a, za)), ((a, zb), (iw - a, zb)), ((iw / 2, b), (iw / 2, za)), ((iw / 2, zb), (iw / 2, ih - b)), ((iw / 2, 0), (iw / 2, b)), ((iw / 2, ih - b), (iw / 2, ih))]
    m = (b + za) / 2; seg += [((a, m), (iw - a, m)), ((a, ih - m), (iw - a, ih - m))]
    for q in (za, ih / 2, zb):
        seg += [((0, q), (a, q)), ((iw - a, q), (iw, q))]
    for (ya, za_), (yb, zb_) in seg:
        g.bar('timber', (x, y0 + f + ya, z0 + f + za_), (x, y0 + f + yb, z0 + f + zb_), .020, .026, (1, 0, 0), dens=.8)


def lattice(g):
    ys = (-L, *FRAMES, L)
    for ya, yb in zip(ys, ys[1:]):
        a, b = ya + (.27 if ya == -L else .13), yb - (.27 if yb == L else .13)
        plane(g, 'plaster', (-W + .10, a, -.01), (0, 1, 0), (0, 0, 1), b - a, SILL - .05, (2, 1), dens=.8, start=(a, 0))
        skirting(g, 1, -W + .10, 1, a, b, .018, .10)
        g.box('timber', (-W - .12, a, SILL - .062), (-W + .27, b, SILL - .006), .010, 1, dens=.9)
        g.box('timber', (-W - .06, a, HEAD), (-W + .06, b, HEAD + .15), .010, 1, (0, 0), dens=.7)
        g.box('timber', (-W - .06, a, 3.17), (-W + .06, b, 3.34), .010, 1, (0, 0), dens=.5)
        w = (b - a) / 3
        for k in range(3):
            leaf(g, a + k * w, w, SILL, HEAD - SILL)
        n = 15
        for k in range(1, n):
            y = a + (b - a) * k / n; g.bar('timber', (-W, y, HEAD + .15), (-W, y, 3.17), .020, .026, (1, 0, 0), dens=.6)
        g.bar('timber', (-W, a, HEAD + .25), (-W, b, HEAD + .25), .018, .024, (1, 0, 0), dens=.6)
        g.bar('timber', (-W, a, 3.07), (-W, b, 3.07), .018, .024, (1, 0, 0), dens=.6)


def letters(g, text, height, at, depth=.03, gap=.012, kern=1.0, name=BRONZE, path='/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc'):
    """Raised figures on a wall that faces -Y; `at` is the lower left of the first. Returns their width."""
    cu = bpy.data.curves.new('t', 'FONT'); cu.font = bpy.data.fonts.load(path); cu.resolution_u = 4; cu.fill_mode = 'FRONT'
    r = patch(name, 14); x = 0.0; uvc = np.array(((r[0] + r[2]) / 2, (r[1] + r[3]) / 2))
    for ch in text:
        cu.body = ch; o = bpy.data.objects.new('t', cu); bpy.context.scene.collection.objects.link(o); bpy.context.view_layer.update()
        me = o.to_mesh(); me.calc_loop_triangles()
        V = np.array([v.co[:2] for v in me.vertices]); T = np.array([t.vertices[:] for t in me.loop_triangles]); o.to_mesh_clear(); bpy.data.objects.remove(o)
        key = {}; idx = np.array([key.setdefault(tuple(np.round(v, 5)), len(key)) for v in V]); V = np.array(list(key)); T = idx[T]
        e1, e2 = V[T[:, 1]] - V[T[:, 0]], V[T[:, 2]] - V[T[:, 0]]; sgn = e1[:, 0] * e2[:, 1] - e1[:, 1] * e2[:, 0]; T = T[np.abs(sgn) > 1e-9]; sgn = sgn[np.abs(sgn) > 1e-9]
        T[sgn < 0] = T[sgn < 0][:, ::-1]
        k = height / np.ptp(V[:, 1]); lo = V.min(0); P2 = (V - lo) * k; wd = P2[:, 0].max()
        yf = at[1] - gap - depth
        P = np.stack([at[0] + x + P2[:, 0], np.full(len(P2), yf), at[2] + P2[:, 1]], 1)
        w, h = np.ptp(P2, 0); S = (P2 - P2.min(0)) / [w, h]
        g.P.append(P @ g.M[:3, :3].T + g.M[:3, 3]); g.N.append(np.tile([0., -1, 0] @ g.M[:3, :3].T, (len(P), 1))); g.U.append(uvc + (S - .5) * .02); g.S.append(S)
        g.T.append(T + g.n); g.Mt += ['pprint'] * len(T); g.charts.append((w, h, g.dens * 1.2, g.n, len(P))); g.n += len(P)
        edges = {}
        for t in T:
            for i in range(3):
                a, b = t[i], t[(i + 1) % 3]; edges[(a, b)] = edges.get((a, b), 0) + 1
        nxt = {a: b for (a, b) in edges if (b, a) not in edges}
        while nxt:
            a0, b = nxt.popitem(); loop = [a0, b]
            while loop[-1] in nxt:
                loop.append(nxt.pop(loop[-1]))
            Q = P[loop]; back = Q + [0, depth, 0]
            g.grid('pprint', np.stack([Q, back], 1), uv=np.broadcast_to(uvc, (len(loop), 2, 2)), dens=.8)
        x += wd + height * .10 * kern
    return x - height * .10 * kern


def title_wall(g):
    x0, x1, yf, yb, h = TITLE
    z0 = .07
    P = np.array([[(x0, yf, z0), (x0, yf, h)], [(x1, yf, z0), (x1, yf, h)]]); c = .012
    g.grid('title', P + np.array([[(c, 0, 0), (c, 0, -c)], [(-c, 0, 0), (-c, 0, -c)]]), uv=np.array([[[0, z0 / 2.55], [0, 1]], [[1, z0 / 2.55], [1, 1]]]), dens=2.3)
    g.quad('plaster', (x1 - c, yb, z0), (x0 + c, yb, z0), (x0 + c, yb, h - c), (x1 - c, yb, h - c), dens=.8)
    for s, x in ((-1, x0), (1, x1)):      # narrow sides and top, with small chamfers
        prof = [(x - s * c, yf), (x, yf + c), (x, yb - c), (x - s * c, yb)]
        over = [(x - s * c, yf + c), (x - s * c, yf + c), (x - s * c, yb - c), (x - s * c, yb - c)]
        g.grid('plaster', np.array([[(a, b, z0) for a, b in prof], [(a, b, h - c) for a, b in prof], [(a, b, h) for a, b in over]]), flip=s > 0, dens=.8, N=np.array([[(0, -1, 0), (s, 0, 0), (s, 0, 0), (0, 1, 0)]] * 2 + [[(0, 0, 1)] * 4], float))
    g.grid('plaster', np.array([[(x0 + c, yf, h - c), (x0 + c, yf + c, h), (x0 + c, yb - c, h), (x0 + c, yb, h - c)], [(x1 - c, yf, h - c), (x1 - c, yf + c, h), (x1 - c, yb - c, h), (x1 - c, yb, h - c)]]), dens=.6)
    g.box('timber', (x0 + .05, yf + .05, 0), (x1 - .05, yb - .05, z0 + .01), .002, 0, dens=.6)
    letters(g, '1921', .66, (x0 + .36, yf, 1.38))
    # the way from Shanghai to Jiaxing: a brass rod between two discs
    z = .98; xa, xb = x0 + .36, x1 - .36
    r = patch('brass', 10)
    g.tube('pprint', [(xa, yf - .016, z), ((xa + xb) / 2, yf - .016, z), (xb, yf - .016, z)], .0065, 8, dens=1.2, uv=r)
    for x, rr in ((xa, .032), (xb, .032)):
        with g.at(move(x, yf, z), rot('x', 90)):
            g.lathe('pprint', [(rr, 0), (rr, .022), (rr - .004, .027), (0, .028)], 24, dens=1.2, uv=r)


def boat_relief(g):
    """The boat from the side on the back of the title wall, in bronze: drawn from the measures of the model on the lake."""
    x0, x1, _, yb, _ = TITLE; q = .138; r = patch(BRONZE, 14); uvc = np.array(((r[0] + r[2]) / 2, (r[1] + r[3]) / 2))

    def strip(xs, low, high, d):
        """A band between two curves over the boat's length, d thick."""
        a, b = (np.array([(x * q, 0, f(x) * q) for x in xs]) for f in (low, high)); out = np.array((0, -d, 0))
        for lo, hi in ((a + out, b + out), (b + out, b), (a, a + out)):
            g.grid('pprint', np.stack([lo, hi], 1), uv=np.broadcast_to(uvc, (len(xs), 2, 2)), dens=1.4)
        for k, f in ((0, True), (-1, False)):
            g.grid('pprint', np.array([[a[k] + out, b[k] + out], [a[k], b[k]]]), uv=np.broadcast_to(uvc, (2, 2, 2)), flip=f, dens=.8)

    def bit(xa, xb, za, zb, d, name=BRONZE):
        pbox(g, name, (xa * q, -d, za * q), (xb * q, .002, zb * q), .0015, dens=1.0)
    with g.at(move((x0 + x1) / 2, yb, 1.26), rot('z', 180)):
        strip(np.linspace(-7.9, 8.0, 41), lambda x: max(boat.keel(x), -.06), boat.sheer, .016)
        bit(-9.4, 9.6, -.14, -.06, .008, 'brass')                                  # the water
        xs = [boat.XG, -5.7, boat.XR, -3.8, -2.85, boat.XM, -1.0, -.1, .8, 1.7, boat.XF, 3.6, boat.XB]
        for k, x in enumerate(xs):
            bit(x - .05, x + .05, .78, 2.5, .012)
        for a, b in zip(xs, xs[1:-1]):
            bit(a + .05, b - .05, .80, 1.30, .008); bit(a + .05, b - .05, 2.02, 2.07, .006); bit(a + .05, b - .05, 1.52, 1.57, .006)
            for t in (1, 2):
                x = a + (b - a) * t / 3; bit(x - .022, x + .022, 1.30, 2.5, .006)
        bit(boat.XB + .75, boat.XB + .85, .90, 2.5, .012)                            # post of the bow's roof
        roof = lambda a, b, z, up: lambda x: z + up * (1 - ((2 * x - a - b) / (b - a)) ** 2)
        bit(-6.9, 5.7, 2.42, 2.60, .012)
        strip(np.linspace(-7.2, 6.0, 25), roof(-7.2, 6.0, 2.60, .10), roof(-7.2, 6.0, 2.74, .16), .020)
        for x in np.linspace(boat.XM + .1, boat.XF - .1, 7):
            bit(x - .045, x + .045, 2.80, 3.12, .010)
        strip(np.linspace(boat.XM - .35, boat.XF + .35, 17), roof(boat.XM - .35, boat.XF + .35, 3.10, .08), roof(boat.XM - .35, boat.XF + .35, 3.20, .16), .018)
        strip(np.linspace(-7.75, boat.XG, 9), lambda x: 1.0 + .9 * (1 - ((x - boat.XG) / 1.05) ** 2) ** .5 - .02, lambda x: 1.08 + 1.0 * (1 - ((x - boat.XG) / 1.06) ** 2) ** .5, .010)     # mats over the stern
    with g.at(move(x1, yb, 0), rot('z', 180)):
        letters(g, '南湖红船', .17, (.40, 0, .78), depth=.016, gap=.004)
        lx = 1.62; pbox(g, 'pale', (lx - .003, -.005, .777), (lx + .183, .001, .845), .001, 0)
        facing(g, (lx, -.0055, .78), (1, 0, 0), .18, .0617, paint.rect('label-boat', 1), 1.4)


def facing(g, o, a, w, h, rect, dens=1.0):
    """An upright printed face: from o along unit vector a (rightwards seen from outside), w wide, h high."""
    o, a = np.asarray(o, float), np.asarray(a, float); up = np.array((0, 0, 1.))
    g.quad('pprint', o, o + a * w, o + a * w + up * h, o + up * h, rect=rect, dens=dens)


def label(g, name, o, a):
    """An exhibit's label on a plinth: from its lower left corner o along a."""
    o, a = np.asarray(o, float), np.asarray(a, float); n = np.cross(a, (0, 0, 1)); w, h = .30, .056
    lo, hi = o - a * .004 - (0, 0, .004), o + a * (w + .004) + n * .005 + (0, 0, h + .004)
    pbox(g, 'bronze', lo, hi, .0012, 2); facing(g, o + n * .0056, a, w, h, paint.rect('label-' + name, 1), 1.6)


def plinth(g, x, y, w, d, h):
    """Pale body over a dark recess, oak top."""
    g.box('timber', (x - w / 2 + .03, y - d / 2 + .03, 0), (x + w / 2 - .03, y + d / 2 - .03, .07), .002, 2, (0, 0), dens=.6)
    g.box('plaster', (x - w / 2, y - d / 2, .06), (x + w / 2, y + d / 2, h - .034), .006, 2, (1, 0), dens=1.1)
    g.box('oak', (x - w / 2 - .012, y - d / 2 - .012, h - .034), (x + w / 2 + .012, y + d / 2 + .012, h), .006, 0, dens=1.4)


def table(g, x, y, w, d, h):
    for sx in (-1, 1):
        for sy in (-1, 1):
            g.box('timber', (x + sx * (w / 2 - .07) - .035, y + sy * (d / 2 - .07) - .035, 0), (x + sx * (w / 2 - .07) + .035, y + sy * (d / 2 - .07) + .035, h - .04), .006, 2, (1, 0), dens=.9)
        g.box('timber', (x + sx * (w / 2 - .07) - .018, y - d / 2 + .10, h - .13), (x + sx * (w / 2 - .07) + .018, y + d / 2 - .10, h - .04), .004, 1, (0, 0), dens=.8)
        g.box('timber', (x - w / 2 + .10, y + sx * (d / 2 - .07) - .018, h - .13), (x + w / 2 - .10, y + sx * (d / 2 - .07) + .018, h - .04), .004, 0, (0, 0), dens=.8)
    g.box('timber', (x - w / 2, y - d / 2, h - .045), (x + w / 2, y + d / 2, h), .008, 0, dens=1.2)


def bench(g, x, y, w, d):
    g.box('oak', (x - w / 2, y - d / 2, .40), (x + w / 2, y + d / 2, .455), .010, 1, dens=1.0)
    for s in (-1, 1):
        yy = y + s * (d / 2 - .22); g.box('timber', (x - w / 2 + .04, yy - .03, 0), (x + w / 2 - .04, yy + .03, .40), .006, 2, dens=.7)


def lamps(g, targets):
    """Small dark spotlights under a rail; light itself is set in build.py."""
    out = []
    for y in sorted({t[1] for t in targets}):
        xs = [t[0] for t in targets if t[1] == y]
        pbox(g, 'iron', (min(xs) - .35, y - .018, 2.955), (max(xs) + .35, y + .018, 2.985), .004, 0, .5)
        for x in {round(min(xs) - .3, 3), round(max(xs) + .3, 3)}:
            pbox(g, 'iron', (x - .008, y - .008, 2.98), (x + .008, y + .008, zr(x) - .05), .002, 2, .4, (0, 0))
    for x, y, aim in targets:
        p = np.array((x, y, 2.86)); d = np.asarray(aim, float) - p; d /= np.linalg.norm(d)
        r = np.cross(d, (0, 0, 1)); r /= np.linalg.norm(r); u = np.cross(r, d)
        M = np.eye(4); M[:3, 0] = r; M[:3, 1] = u; M[:3, 2] = -d; M[:3, 3] = p      # local +Z points away from the target
        M[:3, 1] = np.cross(M[:3, 2], M[:3, 0])
        with g.at(M):
            g.lathe('pprint', [(.034, -.085), (.044, -.085), (.044, .06), (.036, .075), (0, .076)], 18, uv=patch('iron', 10), dens=.6)
            g.lathe('pprint', [(0, -.070), (.035, -.072)], 18, uv=patch('lamp', 10), dens=.5)
        pbox(g, 'iron', (x - .007, y - .007, 2.90), (x + .007, y + .007, 2.965), .002, 2, .4, (0, 0))
        out.append((p + d * .10, d))
    return out


def terrace(g):
    """What the openings look out on: a stone terrace and its low rail."""
    for x0, x1, y0, y1 in ((-6.3, -W - .1, -7.6, 10.2), (-W - .1, 5.4, 7.42, 10.2)):
        plane(g, 'floor', (x0, y0, -.02), (1, 0, 0), (0, 1, 0), x1 - x0, y1 - y0, (2, 5), dens=.6, start=(.1, .2))
    plane(g, 'stone', (-6.3, -7.6, -1.2), (0, 1, 0), (0, 0, 1), 17.8, 1.18, (3, 1), flip=False, dens=.2)
    def post(x, y):
        g.box('stone', (x - .09, y - .09, -.02), (x + .09, y + .09, .62), .02, 2, dens=.4)
        with g.at(move(x, y, .62)):
            g.lathe('stone', [(.05, 0), (.05, .03), (.085, .06), (.09, .10), (.06, .15), (0, .17)], 12, dens=.4)
    run = [(-6.1, y) for y in np.arange(-7.2, 10.1, 2.15)]
    for p, q in zip(run, run[1:]):
        g.box('stone', (-6.16, p[1] + .09, .42), (-6.04, q[1] - .09, .54), .02, 1, (0, 0), dens=.35)
        g.box('stone', (-6.14, p[1] + .09, .06), (-6.06, q[1] - .09, .30), .01, 1, (0, 0), dens=.35)
    for p in run:
        post(*p)
    xs = [-6.1, -4.0, -1.9, 1.9, 4.0, 5.2]; y = 9.9
    for a, b in zip(xs, xs[1:]):
        if a == -1.9:
            continue        # open towards the landing
        g.box('stone', (a + .09, y - .06, .42), (b - .09, y + .06, .54), .02, 0, (0, 0), dens=.35)
        g.box('stone', (a + .09, y - .04, .06), (b - .09, y + .04, .30), .01, 0, (0, 0), dens=.35)
    for x in xs[1:]:
        post(x, y)


def surroundings():
    """The lake's sky dome, turned so that the island stands in the moon gate, and plain water."""
    s = shore.sky(); R = rot('z', -64)[:3, :3]
    s.P = [p @ R.T for p in s.P]; s.N = [n @ R.T for n in s.N]
    w = Geo('water', props=dict(surface='water'), lit=False)
    ax = np.array([-125, -70, -42, -28, -18, -12, -6, 0, 6, 12, 18, 28, 42, 70, 125.])
    P = np.zeros((len(ax), len(ax), 3)); P[..., 0] = ax[:, None]; P[..., 1] = ax[None]; P[..., 2] = -.75
    w.grid('water', P, uv=P[..., :2] / 6)
    return s, w
