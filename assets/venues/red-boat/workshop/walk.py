"""Where feet can be: rectangles minus furniture, welded into one mesh (boat frame, then the quay in its own frame)."""
import math
import numpy as np
from plan import *
from shore import STAND_U, STAND_V, WILLOWS
from artifacts import STOPS


def cells(xs, ys, inside):
    return [(a, b, c, d) for a, b in zip(xs, xs[1:]) for c, d in zip(ys, ys[1:]) if inside((a + b) / 2, (c + d) / 2)]


def build():
    V, key, tris = [], {}, []

    def vert(p):
        k = tuple(round(float(q), 4) for q in p)
        if k not in key:
            key[k] = len(V); V.append(k)
        return key[k]

    def quad(ps):
        i = [vert(p) for p in ps]
        a = np.array([V[k] for k in i])
        if np.cross(a[1] - a[0], a[2] - a[0])[2] < 0:
            i = i[::-1]
        tris.append((i[0], i[1], i[2])); tris.append((i[0], i[2], i[3]))
    # --- boat: zones as (x0, x1, y0, y1), obstacles cut out
    I = .25; dw = .22
    dy0, dy1 = YC - dw, YC + dw
    zones = [
        (XB + .15, 6.90, -.95, .95),                     # bow deck
        (XB - .25, XB + .15, dy0, dy1), (XF + .25, XB - .25, YS + .60, YP - .60), (XF - .25, XF + .25, dy0, dy1),
        (XM + .25, XF - .25, YS + I, YP - I), (XM - .25, XM + .25, dy0, dy1),
        (XR + .25, XM - .25, YS + .95, YP - .70), (XR - .25, XR + .25, dy0, dy1),
        (XG - .1, XR - .25, -.62, .74), (-7.20, XG - .1, -.62, .74),
        (XB - .25, XB + .15, 1.18, 1.44), (XR - .25, XB - .25, 1.18, 1.44), (XR - .45, XR - .25, .74, 1.44),
        (XB + .15, XB + .55, .95, 1.40),
    ]
    t = .46 + .10
    cuts = [(.35 - t - .12, .35 + t + .12, YC - t, YC + t), (2.05, 2.6, YP - .58, YP), (XM, -1.38, YS, YS + .58), (6.50, 6.95, .12, .95), (-4.50, -4.0, YS, -.70),
            (5.90, 6.68, -.95, -.62)]                    # where the gangplank comes down on the deck
    xs = sorted({round(v, 4) for z in zones + cuts for v in z[:2]} | {5.97, 6.3, 6.54, XB - .25, XB + .15})
    ys = sorted({round(v, 4) for z in zones + cuts for v in z[2:]})

    def inside(x, y):
        return any(a < x < b and c < y < d for a, b, c, d in zones) and not any(a < x < b and c < y < d for a, b, c, d in cuts)

    def zb(x):
        if x > XB - .25:
            return np.interp(x, [XB - .25, XB + .15, 6.3, 6.5, 6.9], [FLOOR, DECK, DECK, deck(6.5), deck(6.9)])
        return np.interp(x, [-7.2, XG - .1, XR - .25, 0], [deck(-7.2), DECK, FLOOR, FLOOR])
    # ramp at the stern step: floor of the galley rises over its last half metre
    def zz(x):
        if XG - .1 <= x <= XR - .25:
            return np.interp(x, [XG - .1, XG + .45], [DECK, FLOOR])
        return zb(x)
    xs = sorted(set(xs) | {round(XG + .45, 4)})
    def strips(xs, ys, inside, P):
        """Each x-strip's runs of cells become one polygon whose sides carry the neighbours' corners (no T-junctions)."""
        runs = []
        for a, b in zip(xs, xs[1:]):
            run = None; rs = []
            for c, d in zip(ys, ys[1:]):
                if inside((a + b) / 2, (c + d) / 2):
                    run = (run[0], d) if run else (c, d)
                elif run:
                    rs.append(run); run = None
            if run:
                rs.append(run)
            runs.append(rs)
        # strips with the same runs and no bend in height merge
        k = 0
        while k + 1 < len(runs):
            if runs[k] == runs[k + 1] and xs[k + 1] not in bends:
                del runs[k + 1]; del xs[k + 1]
            else:
                k += 1
        for k, rs in enumerate(runs):
            a, b = xs[k], xs[k + 1]
            for c, d in rs:
                side = []
                for nb in (k - 1, k + 1):
                    ex = {c, d}
                    if 0 <= nb < len(runs):
                        ex |= {q for r in runs[nb] for q in r if c < q < d}
                    ex |= {q for (x, q) in pinned if x == (a if nb < k else b) and c < q < d}
                    side.append(sorted(ex))
                L, R = side; i = j = 0
                while i < len(L) - 1 or j < len(R) - 1:
                    if j == len(R) - 1 or (i < len(L) - 1 and L[i + 1] <= R[j + 1]):
                        tri = [(a, L[i]), (b, R[j]), (a, L[i + 1])]; i += 1
                    else:
                        tri = [(a, L[i]), (b, R[j]), (b, R[j + 1])]; j += 1
                    tris.append(tuple(vert(P(*p)) for p in tri))
    pinned = set()
    bends = {round(v, 4) for v in (XB - .25, XB + .15, 5.97, 6.3, 6.5, 6.54, XG - .1, XG + .45, XR - .25, 5.9)}
    xs = sorted(set(xs) | {5.9})
    strips(xs, ys, inside, lambda x, y: (x, y, zz(x)))
    # --- quay in the shore frame (u, v), and the pavilion's porch one step up
    us = [-6.6, -5.9, -3.9, -1.0, -.25, .25, 1.0, 3.1, 5.0, 7.6]; vs = [.55, 1.4, 2.2, 3.2, 3.4, 4.8, 7.6]
    bad = [(-5.9, -3.9, 1.4, 3.2), (3.1, 5.0, 2.2, 3.4), (5.0, 7.6, 4.8, 7.6)]     # willow, notice stand, willow
    bends = {-1.0, -.25, .25, 1.0}
    strips(us, vs, lambda u, v: not any(p < u < q and r < v < s for p, q, r, s in bad), lambda u, v: (*shore(u, v), QUAY))
    rise = [(7.6, QUAY), (STEP_V - .25, QUAY), (STEP_V + .1, QUAY + PORCH), (DOOR_V - .35, QUAY + PORCH)]
    for (va, za), (vb, zb_) in zip(rise, rise[1:]):
        for ua, ub in ((-1.0, -.25), (-.25, .25), (.25, 1.0)):
            quad([(*shore(ua, va), za), (*shore(ub, va), za), (*shore(ub, vb), zb_), (*shore(ua, vb), zb_)])
    # --- gangplank: quay edge, foot of plank, gunwale, then down over the steps to the deck
    z1 = sheer(6.25) + .06 + .05
    st = [(.55, QUAY), (.30, QUAY + .05), (-.05, QUAY + .12), (-2.86, z1), (-2.98, z1)]
    for (va, za), (vb, zb_) in zip(st, st[1:]):
        quad([(*shore(-.25, va), za), (*shore(.25, va), za), (*shore(.25, vb), zb_), (*shore(-.25, vb), zb_)])
    edge = sorted(v for v in V if abs(v[1] + .62) < 1e-6 and 5.96 < v[0] < 6.55)
    pl, pr = (*shore(-.25, -2.98), z1), (*shore(.25, -2.98), z1)
    for a, b in zip(edge, edge[1:]):
        tris.append((vert(pl), vert(a), vert(b)))
    tris.append((vert(pl), vert(pr), vert(edge[-1])))
    tris = [t if np.cross(np.subtract(V[t[1]], V[t[0]]), np.subtract(V[t[2]], V[t[0]]))[2] > 0 else t[::-1] for t in tris]
    V = np.array(V); T = np.array(tris)
    # --- checks: one component, faces up, every stop on it
    par = list(range(len(V)))

    def find(i):
        while par[i] != i:
            par[i] = par[par[i]]; i = par[i]
        return i
    # edge-connected, not merely touching corners
    edges = {}
    for k, tr in enumerate(T):
        for i in range(3):
            edges.setdefault(tuple(sorted((tr[i], tr[(i + 1) % 3]))), []).append(k)
    par = list(range(len(T)))
    for e, ks in edges.items():
        assert len(ks) <= 2, 'non-manifold walkable edge'
        if len(ks) == 2:
            par[find(ks[0])] = find(ks[1])
    comps = {}
    for k in range(len(T)):
        comps.setdefault(find(k), []).append(k)
    assert len(comps) == 1, [(len(c), V[T[c].ravel()].mean(0)) for c in comps.values()]
    n = np.cross(V[T[:, 1]] - V[T[:, 0]], V[T[:, 2]] - V[T[:, 0]])
    assert (n[:, 2] > 0).all() and len(T) <= 400, len(T)
    off = [V[t].mean(0).round(2).tolist() for t in T if abs(np.dot(V[t].mean(0)[:2] - PQ, E)) < 6 and np.dot(V[t].mean(0)[:2] - PQ, DS) > .6
           and abs(V[t].mean(0)[2] - QUAY) > .02 and np.dot(V[t].mean(0)[:2] - PQ, DS) < STEP_V - .3]
    assert not off, ('off the paving', off)
    steep = np.degrees(np.arccos(n[:, 2] / np.linalg.norm(n, axis=1)))
    assert steep.max() < 50, [(V[T[k]].mean(0).round(2).tolist(), round(steep[k])) for k in np.flatnonzero(steep >= 50)]
    folds = [(i, j) for i in range(len(T)) for j in range(i) if overlap(V[T[i]][:, :2], V[T[j]][:, :2])]
    assert not folds, ['folded at %s' % V[T[i]].mean(0).round(2).tolist() for i, j in folds]
    return V, T, float(np.linalg.norm(n, axis=1).sum() / 2)


def overlap(a, b, slack=1e-4):
    """Whether two triangles on plan share more than an edge: there is only one storey, so that would be a fold."""
    for p, q in ((a, b), (b, a)):
        for k in range(3):
            d = p[(k + 1) % 3] - p[k]; m = np.array((-d[1], d[0])) / np.hypot(*d)
            if (p @ m).max() <= (q @ m).min() + slack or (q @ m).max() <= (p @ m).min() + slack:
                return False
    return True


def height(V, T, x, y):
    """Feet height at (x, y), or None when off the walkable surface."""
    for t in T:
        a, b, c = V[t]; d = (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])
        u = ((x - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (y - a[1])) / d; w = ((b[0] - a[0]) * (y - a[1]) - (x - a[0]) * (b[1] - a[1])) / d
        if u >= -1e-6 and w >= -1e-6 and u + w <= 1 + 1e-6:
            return a[2] + u * (b[2] - a[2]) + w * (c[2] - a[2])
