"""The excursion boat: hull, decks, cabins with lattice windows, layered roofs, furniture."""
import math
import numpy as np
from geo import Geo, rot, move, scale
from plan import *
import textures as tx

# rectangles in the gilt atlas (v up); strips tile along u
VINE, FRET, LEAF = (.752, .998), (.628, .748), (.512, .618)
LOTUS, FISH = (.004, .004, .496, .496), (.504, .004, .996, .496)


def gilt_strip(g, x0, x1, z0, z1, y, face=-1, band=VINE, depth=.012, aspect=None):
    """A carved board in the plane y = const, looking to -y (face=-1) or +y, slightly proud."""
    L, h = x1 - x0, z1 - z0
    rep = max(.25, round(L / (h * (4 if band is VINE else 8)) * 4) / 4)
    a, b = (x0, x1) if face < 0 else (x1, x0)
    yy = y + face * depth
    g.quad('gilt', (a, yy, z0), (b, yy, z0), (b, yy, z1), (a, yy, z1), rect=(0, band[0], rep, band[1]))
    for za, zb in ((z0, z0), (z1, z1)):
        s = 1 if za == z1 else -1
        p = [(a, yy, za), (b, yy, za), (b, y, za), (a, y, za)]
        g.quad('gilt', *(p if s > 0 else p[::-1]), rect=(0, LEAF[0], rep, LEAF[0] + .02), dens=.5)


def gilt_panel(g, x0, x1, z0, z1, y, face=-1, which=LOTUS, depth=.014):
    with g.at(move(0, y, 0), rot('x', 90 if face < 0 else -90)):
        # local x stays, local y becomes z (face < 0) or -z
        if face < 0:
            g.panel('gilt', x0, x1, z0, z1, depth, c=.008, rect=which)
        else:
            r = (which[0], which[3], which[2], which[1])
            g.panel('gilt', x0, x1, -z1, -z0, depth, c=.008, rect=r)


def lattice(g, x0, x1, z0, z1, y, style='lantern', mat='wood', w=.016, d=.022, dens=1.0):
    n = (0, 1, 0)

    def H(z, a, b, ww=w):
        g.bar(mat, (a, y, z), (b, y, z), ww, d, n, dens)

    def V(x, a, b, ww=w):
        g.bar(mat, (x, y, a), (x, y, b), ww, d, n, dens)
    f = .034
    for z in (z0 + f / 2, z1 - f / 2):
        g.bar(mat, (x0, y, z), (x1, y, z), f, d * 1.7, n, dens)
    for x in (x0 + f / 2, x1 - f / 2):
        g.bar(mat, (x, y, z0), (x, y, z1), f, d * 1.7, n, dens)
    x0 += f; x1 -= f; z0 += f; z1 -= f
    W, Hh = x1 - x0, z1 - z0
    if style == 'grid':
        nx, nz = max(1, round(W / .11)), max(1, round(Hh / .11))
        for i in range(1, nx):
            V(x0 + W * i / nx, z0, z1)
        for i in range(1, nz):
            H(z0 + Hh * i / nz, x0, x1)
        return
    # "lantern frame": two nested rectangles tied to the frame by short struts, open centre
    ia, ib = min(.085, W * .16), min(.085, Hh * .14)
    a0, a1, c0, c1 = x0 + ia, x1 - ia, z0 + ib, z1 - ib
    ja, jb = ia * 2.1, ib * 2.4
    b0, b1, d0, d1 = x0 + ja, x1 - ja, z0 + jb, z1 - jb
    for z in (c0, c1):
        H(z, x0, x1)
    for x in (a0, a1):
        V(x, z0, z1)
    for z in (d0, d1):
        H(z, a0, a1)
    for x in (b0, b1):
        V(x, c0, c1)
    for t in (.5,):
        xm = x0 + W * t
        V(xm, z0, c0); V(xm, c1, z1); V(xm, c0, d0); V(xm, d1, c1)
    for t in (1 / 3, 2 / 3):
        zm = z0 + Hh * t
        H(zm, x0, a0); H(zm, a1, x1); H(zm, a0, b0); H(zm, b1, a1)
    if style == 'rosette':     # carved gilt rosettes on the crossings
        for x in (a0, a1):
            for z in (c0, c1):
                for f_ in (-1, 1):
                    gilt_panel(g, x - .028, x + .028, z - .028, z + .028, y + f_ * d * .4, f_, LOTUS, .01)


def wall(g, M, L, bays, z0=FLOOR, outside=True, posts=True, gilt_in=True):
    """A cabin wall along local x from 0 to L; local -y is the outside. bays: (width, kind)."""
    with g.at(M):
        tot = sum(b[0] for b in bays); x = 0.0
        pw = .085
        for k, (bw, kind) in enumerate(bays):
            x1 = x + bw * L / tot
            if posts:
                g.box('hull', (x - pw / 2, -pw / 2, z0), (x + pw / 2, pw / 2, HEAD), .010, 2, ends=(0, 0))
                if k == len(bays) - 1:
                    g.box('hull', (x1 - pw / 2, -pw / 2, z0), (x1 + pw / 2, pw / 2, HEAD), .010, 2, ends=(0, 0))
            a, b = x + pw / 2, x1 - pw / 2
            if kind != 'door':
                g.box('hull', (a, -.035, z0), (b, .035, z0 + .09), .008, 0, ends=(0, 0), dens=.8)
                g.box('hull', (a, -.045, 1.20), (b, .045, 1.27), .010, 0, ends=(0, 0))
                g.box('hull', (a, -.032, 2.27), (b, .032, 2.32), .008, 0, ends=(0, 0), dens=.9)
                for f in (-1, 1):       # panelled dado, both faces
                    with g.at(rot('x', 90) if f < 0 else rot('x', -90)):
                        za, zb = (z0 + .09, 1.20) if f < 0 else (-1.20, -z0 - .09)
                        g.panel('wood', a, b, za, zb, .010, c=.001, dens=.85)
                        g.panel('hull', a + .055, b - .055, za + .055, zb - .055, .026, c=.016, dens=.85)
                    w_ = min(b - a, .61) - .22
                    if kind == 'window+' and (f < 0 or gilt_in):
                        m, zc = (a + b) / 2, (z0 + .09 + 1.2) / 2
                        gilt_panel(g, m - w_ / 2, m + w_ / 2, zc - w_ / 2, zc + w_ / 2, f * .026, f, LOTUS if k % 2 else FISH)
                if kind.startswith('window'):
                    lattice(g, a, b, 1.27, 2.27, 0, 'rosette' if kind == 'window+' else 'lantern')
                elif kind == 'solid':
                    for f in (-1, 1):
                        with g.at(rot('x', 90) if f < 0 else rot('x', -90)):
                            za, zb = (1.27, 2.27) if f < 0 else (-2.27, -1.27)
                            g.panel('hull', a, b, za, zb, .012, c=.002); g.panel('wood', a + .06, b - .06, za + .06, zb - .06, .026, c=.014)
                for f in (-1, 1):
                    gilt_strip(g, a, b, 2.335, 2.585, f * .012, f, VINE, .006)
            else:
                # door opening: carved brackets in the upper corners, full clear width below
                for s, xx in ((1, a), (-1, b)):
                    P = np.array([[[xx, y, HEAD - .17], [xx, y, HEAD]] if True else 0 for y in (-.02, .02)])
                    for f in (-1, 1):
                        y = f * .018; p = [(xx, y, HEAD), (xx, y, HEAD - .20), (xx + s * .06, y, HEAD - .08), (xx + s * .17, y, HEAD - .05), (xx + s * .22, y, HEAD)]
                        q = np.array(p); c = np.repeat(q[:1], 4, 0)
                        G = np.stack([c, q[1:]], 1); uv = np.stack([q[..., [0, 2]] * [1.0, 1.0] * 1.6] * 1, 0)[0]
                        U = np.stack([np.repeat(uv[:1], 4, 0), uv[1:]], 1); U[..., 0] = (U[..., 0] - (xx - .01)) * .9 % 1; U[..., 1] = .76 + (U[..., 1] - 1.6 * (HEAD - .2)) * .7
                        g.grid('gilt', G, uv=U, flip=(f * s > 0))
            x = x1
        g.box('hull', (-pw / 2, -.06, HEAD), (L + pw / 2, .06, 2.70), .012, 0)


def hull(g):
    xs = np.concatenate([np.linspace(-7.9, -4.5, 12), np.linspace(-3.5, 3.0, 6), np.linspace(3.6, 8.0, 13)])
    # five strakes with a groove between each: profile parameter t from gunwale (0) to chine (1)
    ts = []
    for k in range(5):
        ts += [(k / 5 + .004, 0), ((k + .5) / 5, .012), ((k + 1) / 5 - .004, 0)]
    for side in (-1, 1):
        P = np.zeros((len(xs), len(ts) + 2, 3))
        for i, x in enumerate(xs):
            b, zg, zk = half(x), sheer(x), keel(x)
            for j, (t, bulge) in enumerate(ts):
                y = b * (1 - .20 * t ** 1.8) + .03 * math.sin(math.pi * min(1, t * 1.3)) + bulge
                P[i, j] = (x, side * y, zg + (zk - zg) * t)
            P[i, -2] = (x, side * b * .78, zk - .01); P[i, -1] = (x, 0, zk - .02)
        g.grid('hull', P, flip=side < 0, dens=.55, wash=np.interp(np.linspace(0, 1, 40), [0, .08, .34, .45, .52, 1], [.92, 1, 1.02, .80, .56, .5]))
        # inner bulwark, seen where there is no cabin
        for rng_ in ((4.55, 7.96), (-7.86, -4.6)):
            xx = np.linspace(*rng_, 12)
            Q = np.array([[(x, side * (half(x) - .07), sheer(x)), (x, side * (half(x) - .10), min(deck(x), FLOOR if XG < x < XR else 9) - .02)] for x in xx])
            g.grid('hull', Q, flip=side > 0)
        # gunwale cap and two rubbing wales
        path = [(x, side * (half(x) - .02), sheer(x) + .012) for x in xs]
        loop = np.array([(-.085, -.035), (.085, -.035), (.085, .02), (.07, .035), (-.07, .035), (-.085, .02)])
        g.sweep('lacquer', path, loop, smooth=False, dens=.7)
        for t, r in ((.2, .035), (.42, .026)):
            path = [(x, side * (half(x) * (1 - .20 * t ** 1.8) + .03), sheer(x) + (keel(x) - sheer(x)) * t) for x in xs]
            g.tube('hull', path, r, 6, dens=.5)
    # bow and stern transoms: heavy planks with a carved board at the bow
    for x, f in ((8.0, 1), (-7.9, -1)):
        b, zg, zk = half(x), sheer(x), keel(x)
        g.box('hull', (x - .05, -b - .05, zk - .05), (x + .05, b + .05, zg + .07), .02, 1)
        if f > 0:
            with g.at(move(x + .05, 0, 0), rot('z', 90)):
                gilt_strip(g, -b + .1, b - .1, zg - .26, zg - .04, 0, -1, VINE, .012)
    g.box('lacquer', (7.80, -half(7.9) - .16, sheer(7.9) + .02), (7.98, half(7.9) + .16, sheer(7.9) + .14), .03, 1)


def decks(g):
    def boards(x0, x1, y0, y1, z, w=.17, along='x', mat='wood', seg=2.4, dens=1.2):
        if along == 'x':
            n = max(1, round((y1 - y0) / w)); w = (y1 - y0) / n
            for i in range(n):
                m = max(1, math.ceil((x1 - x0) / seg)); cut = [x0] + [x0 + (x1 - x0) * (k + (.5 if i % 2 else 0) * (k < m)) / m for k in range(1, m)] + [x1]
                for a, b in zip(cut, cut[1:]):
                    g.slab(mat, a, b, y0 + w * i, y0 + w * (i + 1), z, .005, dens)
    # bow deck: cross planks following the hull's plan and the rising sheer
    g.vary = .075
    xs = np.linspace(XB, 7.97, 19)
    for a, b in zip(xs, xs[1:]):
        y0, y1 = half(a) - .09, half(b) - .09
        za, zb = deck(a), deck(b); c = .005
        P = np.array([[(a, -y0, za - c), (a, y0, za - c)], [(a + c, -y0, za), (a + c, y0, za)], [(b - c, -y1, zb), (b - c, y1, zb)], [(b, -y1, zb - c), (b, y1, zb - c)]])
        g.grid('hull', P, dens=1.0, swap=True)
    g.vary = 0.0
    # lifted hatch boards on the bow deck, and the step down into the cabin
    for i in range(3):
        g.box('wood', (5.02 + i * .40, -.62, DECK), (5.38 + i * .40, .34, DECK + .022), .008, 1, dens=1.0)
    g.box('hull', (XB - .05, YS, FLOOR - .02), (XB + .02, 1.60, DECK + .004), .012, 1)
    g.quad('hull', (XG, YS - .1, FLOOR - .012), (XB, YS - .1, FLOOR - .012), (XB, 1.62, FLOOR - .012), (XG, 1.62, FLOOR - .012), dens=.2)
    boards(XR, XB - .05, YS, YP, FLOOR)
    boards(XR, XB - .05, YP, 1.62, FLOOR, dens=.9)
    boards(XG, XR, -1.50, 1.55, FLOOR, mat='hull')
    g.box('hull', (XG - .04, -1.45, FLOOR - .02), (XG + .03, 1.45, DECK + .004), .012, 1)
    xs = np.linspace(XG, -7.87, 7)
    for a, b in zip(xs[1:], xs):
        ya, yb = half(a) - .09, half(b) - .09; za, zb = deck(a), deck(b); c = .005
        P = np.array([[(a, -ya, za - c), (a, ya, za - c)], [(a + c, -ya, za), (a + c, ya, za)], [(b - c, -yb, zb), (b - c, yb, zb)], [(b, -yb, zb - c), (b, yb, zb - c)]])
        g.grid('hull', P, swap=True)
    # ledge outside the starboard wall
    g.box('hull', (XR, -1.64, .70), (XB, YS - .04, .76), .01, 0, dens=.6)
    g.box('hull', (XR, 1.58, .50), (XB, 1.66, .80), .01, 0, dens=.6)


def roof_z(y, z=2.70, rise=.21, hw=1.95):
    return z + rise * (1 - (y / hw) ** 2)


def roof(g, x0, x1, hw, z, rise, y0=None, y1=None, boards=11, thick=.05, ribs=True, under='wood'):
    """A hard roof of overlapping boards on a shallow arch; y0..y1 selects a part of the arch."""
    y0 = -hw if y0 is None else y0; y1 = hw if y1 is None else y1
    f = lambda y: z + rise * (1 - (y / hw) ** 2)
    n = max(2, round(boards * (y1 - y0) / (2 * hw))); ys = np.linspace(y0, y1, n + 1)
    rows = []
    for a, b in zip(ys, ys[1:]):       # each board laps over the one below it
        la, lb = (.016, 0) if abs(a) > abs(b) else (0, .016)
        if abs(abs(a) - abs(b)) < 1e-6:
            la = lb = .0
        rows += [(a, f(a) + thick + .0 + (.014 if abs(a) > abs(b) else 0)), (b, f(b) + thick + (.014 if abs(b) > abs(a) else 0))]
    P = np.array([[(x0, y, zz) for y, zz in rows], [(x1, y, zz) for y, zz in rows]])
    g.grid('lacquer', P, dens=.75)
    yy = np.linspace(y0, y1, 13)
    P = np.array([[(x0 + .01, y, f(y)) for y in yy], [(x1 - .01, y, f(y)) for y in yy]])
    g.grid(under, P, flip=True, dens=1.0)
    for x, s in ((x0, -1), (x1, 1)):   # bargeboards at both ends
        loop = np.array([(-.022, -.045), (.022, -.045), (.022, .075), (.012, .085), (-.012, .085), (-.022, .075)])
        g.sweep('lacquer', [(x, y, f(y)) for y in yy], loop, smooth=False, dens=.9, caps=True)
    for y, s in ((y0, -1), (y1, 1)):
        if abs(abs(y) - hw) < 1e-6:
            g.box('lacquer', (x0 - .02, y - .03, f(y) - .05), (x1 + .02, y + .03, f(y) + .075), .014, 0)
    if ribs:
        n = max(1, round((x1 - x0) / .62))
        for i in range(1, n):
            x = x0 + (x1 - x0) * i / n
            loop = np.array([(-.028, .0), (.028, .0), (.020, .036), (-.020, .036)])
            g.sweep('lacquer', [(x, y, f(y) + thick) for y in yy], loop, smooth=False, dens=.6)


def roofs(g, c):
    Z, R, HW = 2.70, .21, 1.95
    roof(g, XF - .10, 5.28, HW - .05, Z - .02, R, )                       # front cabin with a porch over the deck
    roof(g, -5.0, XM + .10, HW - .05, Z - .01, R)                        # rear room
    yc = .95
    for a, b in ((-HW, -yc), (yc, HW)):                                 # middle cabin: skirts below the clerestory
        roof(g, XM - .12, XF + .12, HW, Z + .05, R, a, b, boards=11)
    f = lambda y: Z + .05 + R * (1 - (y / HW) ** 2)
    for x0, x1 in ((XM - .12, -1.70), (2.40, XF + .12)):
        roof(g, x0, x1, HW, Z + .05, R, -yc, yc, ribs=False)
    # clerestory: carved lattice lights all round
    zb, zt = f(yc) - .02, 3.18
    for s in (-1, 1):
        M = move(-1.70 if s < 0 else 2.40, s * yc, 0) @ (np.eye(4) if s < 0 else rot('z', 180))
        with c.at(M):
            L = 4.10
            c.box('hull', (-.04, -.04, zb), (L + .04, .04, zb + .07), .010, 0); c.box('hull', (-.06, -.05, zt - .06), (L + .06, .05, zt + .02), .010, 0)
            for k in range(6):
                x = L * k / 5; c.box('hull', (x - .035, -.035, zb), (x + .035, .035, zt), .008, 2, ends=(0, 0))
            for k in range(5):
                lattice(c, L * k / 5 + .035, L * (k + 1) / 5 - .035, zb + .07, zt - .06, 0, 'grid', w=.014)
    for x, s in ((-1.70, 1), (2.40, -1)):
        with c.at(move(x, -yc if s < 0 else yc, 0), rot('z', 90 if s < 0 else -90)):
            # local -y looks away from the cabin
            L = 2 * yc
            c.box('hull', (0, -.03, zb), (L, .03, zb + .07), .01, 0, ends=(0, 0)); c.box('hull', (0, -.03, zt - .06), (L, .03, zt + .02), .01, 0, ends=(0, 0))
            for ff in (-1, 1):
                gilt_strip(c, .04, L - .04, zb + .07, zt - .06, ff * .012, ff, VINE, .004)
            c.box('hull', (0, -.012, zt), (L, .012, zt + .16), .002, 0, ends=(0, 0))
    roof(g, -1.98, 2.68, 1.22, zt + .02, .20, boards=8)
    g.box('lacquer', (-1.9, -.05, zt + .26), (2.6, .05, zt + .315), .02, 0)
    # bamboo poles stowed on the port skirt, a yuloh along the starboard rear roof
    for k in range(2):
        g.tube('thatch', [(-4.6, 1.45 - k * .12, 2.93 + k * .02), (1.0, 1.42 - k * .12, 2.97 + k * .02)], .03, 7, dens=.6)


def thatch(g):
    """The matted awning over the galley: half-barrel of tarred bamboo mats over hoops."""
    th = np.linspace(0, math.pi, 15)
    def arc(x, k=1.0):
        b = min(1.60, half(x) - .02) * k
        return [(x, b * math.cos(t), .82 + (1.86 * k - .02) * math.sin(t) ** .70) for t in th]
    xs = [-7.05, -6.6, -6.15, -5.7, -5.2, -4.74]
    top = np.array([arc(x) for x in xs])
    for i in range(len(xs) - 1):      # mats overlap like shingles towards the stern
        a, b = top[i].copy(), top[i + 1].copy()
        lift = .03 if i % 2 else .0
        a[:, 2] += lift; b[:, 2] += lift
        a[:, 0] -= .05
        g.grid('thatch', np.stack([a, b]), flip=True, dens=.9)
    inner = np.array([arc(x, .975) for x in xs])
    g.grid('thatch', inner)
    for x in (-7.08, -5.95, -4.72):
        g.tube('wood', arc(x, .985), .022, 6, dens=.8, up=(1, 0, 0))
    for x in (-7.09,):
        g.tube('hull', arc(x, 1.0), .035, 6, up=(1, 0, 0))
    for s in (-1, 1):
        g.tube('wood', [(x, s * (min(1.6, half(x) - .02) * .80), .82 + 1.84 * math.sin(math.acos(.8)) ** .70 - .04) for x in xs], .02, 6)


def cabins(c):
    deg = rot
    # starboard wall (outside looks to -y) and port wall (outside looks to +y), bay by bay
    wall(c, move(XF, YS, 0), XB - XF, [(1, 'window'), (1, 'window+'), (1, 'window')])
    wall(c, move(XM, YS, 0), XF - XM, [(1, 'window+'), (1, 'window'), (1, 'window+'), (1, 'window'), (1, 'window+')])
    wall(c, move(XR, YS, 0), XM - XR, [(1, 'window'), (1, 'window+'), (1, 'window')])
    R180 = rot('z', 180)
    wall(c, move(XB, YP, 0) @ R180, XB - XF, [(1, 'window'), (1, 'window+'), (1, 'window')])
    wall(c, move(XF, YP, 0) @ R180, XF - XM, [(1, 'window+'), (1, 'window'), (1, 'window+'), (1, 'window'), (1, 'window+')])
    wall(c, move(XM, YP, 0) @ R180, XM - XR, [(1, 'window'), (1, 'window+'), (1, 'window')])
    W = YP - YS; d = DOOR + .085; s = (W - d) / 2
    fwd = rot('z', 90)     # local x -> +y, local -y -> +x : the outside looks to the bow
    for x, side in ((XB, 'window+'), (XF, 'window+'), (XM, 'window+'), (XR, 'solid')):
        wall(c, move(x, YS, 0) @ fwd, W, [(s, side), (d, 'door'), (s, side)])
    # front facade: carved lintel over the full width, with sign board
    with c.at(move(XB + .045, YS, 0), fwd):
        gilt_strip(c, .03, W - .03, 2.615, 2.695, -.02, -1, FRET, .004)
    # tie beams under the roof
    for x in list(np.linspace(XR + .95, XM - .95, 2)) + [-.9, .35, 1.6] + [3.6]:
        c.box('hull', (x - .045, YS, HEAD + .005), (x + .045, YP, 2.70), .012, 1, ends=(0, 0))
    # passage on the port side: slim posts, low lattice rail, open to the lake
    for i, x in enumerate(np.linspace(XR, XB, 9)):
        c.box('hull', (x - .035, 1.57, FLOOR), (x + .035, 1.64, 2.74), .010, 2, ends=(0, 0))
    xs = np.linspace(XR, XB, 9)
    for a, b in zip(xs, xs[1:]):
        c.box('hull', (a + .03, 1.575, 1.22), (b - .03, 1.635, 1.27), .012, 0, ends=(0, 0))
        lattice(c, a + .035, b - .035, .80, 1.22, 1.605, 'grid')
    c.box('hull', (XR, 1.565, 2.66), (XB, 1.645, 2.76), .012, 0)
    # porch columns and the hanging-lotus beam at the bow
    for s_ in (-1, 1):
        y = s_ * 1.40
        c.box('hull', (5.10, y - .05, DECK), (5.20, y + .05, 2.66), .014, 2)
        c.box('stone', (5.06, y - .09, DECK), (5.24, y + .09, DECK + .07), .02, 2)
        with c.at(move(5.15, y, 0)):   # bracket
            for f in (-1, 1):
                pass
    c.box('hull', (5.10, -1.62, 2.58), (5.20, 1.62, 2.68), .014, 1)
    with c.at(move(5.20, -1.60, 0), fwd):
        gilt_strip(c, 0, 3.20, 2.40, 2.60, 0, -1, VINE, .010)
    with c.at(move(5.10, 1.60, 0), rot('z', -90)):
        gilt_strip(c, 0, 3.20, 2.40, 2.60, 0, -1, VINE, .010)
    c.box('gilt', (5.10, -1.60, 2.385), (5.20, 1.60, 2.402), .004, 1, off=(0, .55), uvs=.05)


def cushion(g, M, a, b, h, flat=4.0, n=(10, 10), both=False):
    """A stuffed cushion of half sizes a, b and height h over its seam; a higher `flat` is firmer."""
    s = [np.sign(q) * np.abs(q) ** .55 for q in (np.linspace(-1, 1, k + 1) for k in n)]
    u, v = np.meshgrid(*s, indexing='ij')
    bow = lambda q: 1 - .035 * (1 - q * q)                   # sides drawn in between the corners
    x, y = a * u * bow(v), b * v * bow(u)
    z = h * np.maximum(1 - np.abs(u) ** flat, 0) ** .55 * np.maximum(1 - np.abs(v) ** flat, 0) ** .55
    z = z + .004 * np.sin(u * 9 + v * 4) * (1 - u * u) * (1 - v * v)
    with g.at(M):
        g.grid('cloth', np.stack([x, y, z], -1), dens=1.1)
        g.grid('cloth', np.stack([x, y, -z if both else 0 * z], -1), flip=True, dens=.4)
        rim = np.concatenate([np.stack([x[:, 0], y[:, 0]], 1), np.stack([x[-1, 1:], y[-1, 1:]], 1), np.stack([x[-2::-1, -1], y[-2::-1, -1]], 1), np.stack([x[0, -2::-1], y[0, -2::-1]], 1)])
        g.tube('cloth', np.c_[rim, np.full(len(rim), .002)], .007, 5, dens=.5, up=(0, 0, 1))


def furniture(c):
    # --- meeting table: square "eight immortals" table, stools ---
    x, y, z = .35, YC, FLOOR
    t = .46
    c.box('lacquer', (x - t, y - t, z + .74), (x + t, y + t, z + .78), .012, 0, dens=1.8)
    for sx in (-1, 1):
        for sy in (-1, 1):
            c.box('lacquer', (x + sx * (t - .085) - .035, y + sy * (t - .085) - .035, z), (x + sx * (t - .085) + .035, y + sy * (t - .085) + .035, z + .74), .008, 2, ends=(0, 0))
    for a in range(4):
        with c.at(move(x, y, z), rot('z', 90 * a)):
            gilt_strip(c, -t + .10, t - .10, .62, .72, -t + .075, -1, FRET, .004)
            c.box('lacquer', (-t + .1, -t + .078, .60), (t - .1, -t + .10, .74), .004, 0, ends=(0, 0))
            c.box('lacquer', (-t + .1, -t + .07, .10), (t - .1, -t + .10, .14), .006, 0, ends=(0, 0))
    # three stools pushed half under the table; on the fourth, towards the bow, the visitor sits
    for sx, sy, sx_, sy_ in ((-1, 0, x - .53, y), (1, 0, x + .80, y + .10), (-.28, 1, x - .15, y + .50), (.28, -1, x + .15, y - .50)):
        with c.at(move(sx_, sy_, z), rot('z', 4 * sx + 7 * sy)):
            c.box('lacquer', (-.17, -.17, .41), (.17, .17, .45), .010, 0)
            for a in (-1, 1):
                for b in (-1, 1):
                    c.box('lacquer', (a * .135 - .02, b * .135 - .02, 0), (a * .135 + .02, b * .135 + .02, .41), .005, 2, ends=(0, 0))
                c.box('lacquer', (a * .135 - .012, -.12, .10), (a * .135 + .012, .12, .13), .003, 1, ends=(0, 0))
                c.box('lacquer', (-.12, a * .135 - .012, .35), (.12, a * .135 + .012, .40), .003, 0, ends=(0, 0))
    # --- front cabin: benches along both walls ---
    for s, y0 in ((1, YS + .06), (-1, YP - .06)):
        y1 = y0 + s * .36
        c.box('wood', (XF + .25, min(y0, y1), FLOOR + .42), (XB - .30, max(y0, y1), FLOOR + .46), .010, 0)
        for xx in (XF + .33, 3.6, XB - .38):
            c.box('hull', (xx - .03, min(y0, y1) + .03, FLOOR), (xx + .03, max(y0, y1) - .03, FLOOR + .42), .006, 2, ends=(0, 0))
        gilt_strip(c, XF + .3, XB - .35, FLOOR + .30, FLOOR + .41, y1 - s * .02, s, FRET, .006)
    # --- middle cabin: two side tables against the partitions with a vase ---
    for xx, yy in ((2.30, YP - .27), (-1.62, YS + .27)):
        c.box('lacquer', (xx - .17, yy - .22, FLOOR + .74), (xx + .17, yy + .22, FLOOR + .77), .008, 1)
        for a in (-1, 1):
            for b in (-1, 1):
                c.box('lacquer', (xx + a * .14 - .018, yy + b * .19 - .018, FLOOR), (xx + a * .14 + .018, yy + b * .19 + .018, FLOOR + .74), .005, 2, ends=(0, 0))
        c.box('lacquer', (xx - .15, yy - .2, FLOOR + .22), (xx + .15, yy + .2, FLOOR + .24), .005, 1)
        with c.at(move(xx, yy, FLOOR + .77)):
            c.lathe('porcelain', [(.0, .001), (.045, 0), (.05, .01), (.075, .08), (.08, .13), (.06, .19), (.028, .235), (.026, .26), (.045, .29), (.04, .288), (.022, .258), (.02, .2)], 20, uv=(0, .02, 1, .62))
    # --- rear room: couch (luohan bed), desk, lamp stand ---
    x0, x1, y0, y1, z = -3.75, -2.12, YS + .07, YS + .80, FLOOR
    c.box('lacquer', (x0, y0, z + .36), (x1, y1, z + .44), .014, 0)
    # mattress, bolster and a square cushion: quilted, with a cord along the seam
    cushion(c, move((x0 + x1) / 2, (y0 + y1) / 2 + .015, z + .44), (x1 - x0 - .10) / 2, (y1 - y0 - .07) / 2, .085, flat=10, n=(14, 8))
    cushion(c, move(x1 - .23, (y0 + y1) / 2 + .01, z + .595) @ rot('z', 4), .115, .25, .085, flat=3.2, both=True)
    cushion(c, move(x0 + .36, (y0 + y1) / 2 - .02, z + .575) @ rot('z', -3) @ rot('y', -3), .21, .25, .055, flat=3.6, both=True)
    for xx in (x0 + .06, x1 - .06):
        for yy in (y0 + .05, y1 - .06):
            c.box('lacquer', (xx - .045, yy - .045, z), (xx + .045, yy + .045, z + .36), .012, 2, ends=(0, 0))
    gilt_strip(c, x0 + .1, x1 - .1, z + .22, z + .36, y1 - .03, 1, VINE, .008)
    c.box('lacquer', (x0, y0, z + .44), (x1, y0 + .045, z + .86), .012, 0)
    n = 3
    for k in range(n):
        a = x0 + .06 + (x1 - x0 - .12) * k / n; b = x0 + .06 + (x1 - x0 - .12) * (k + 1) / n
        gilt_strip(c, a + .03, b - .03, z + .56, z + .80, y0 + .045, 1, VINE, .006)
    for xx in (x0, x1 - .045):
        c.box('lacquer', (xx, y0, z + .44), (xx + .045, y1 - .08, z + .72), .012, 1)
        for f in (-1, 1):
            with c.at(move(xx + .0225 + f * .0225, 0, 0), rot('z', 90 if f > 0 else -90)):
                a, b = (y0 + .08, y1 - .14) if f > 0 else (-y1 + .14, -y0 - .08)
                gilt_strip(c, a, b, z + .50, z + .68, 0, -1, VINE, .004)
    # desk against the port wall
    dx0, dx1, dy0, dy1 = -3.95, -2.85, YP - .56, YP - .06
    c.box('lacquer', (dx0, dy0, z + .74), (dx1, dy1, z + .78), .010, 0, dens=1.8)
    for xx in (dx0 + .05, dx1 - .05):
        for yy in (dy0 + .05, dy1 - .05):
            c.box('lacquer', (xx - .027, yy - .027, z), (xx + .027, yy + .027, z + .74), .007, 2, ends=(0, 0))
    c.box('lacquer', (dx0 + .07, dy0 + .035, z + .60), (dx1 - .07, dy0 + .06, z + .74), .006, 0, ends=(0, 0))
    for k in range(2):
        a = dx0 + .10 + k * .46
        c.box('wood', (a, dy0 + .022, z + .625), (a + .42, dy0 + .04, z + .725), .006, 0, dens=1.2)
        with c.at(move(a + .21, dy0 + .02, z + .675), rot('x', 90)):
            c.lathe('brass', [(.012, 0), (.014, .008), (.006, .016), (0, .018)], 10)
    # ink stone, brush rest on the desk
    c.box('stone', (dx0 + .06, dy1 - .20, z + .78), (dx0 + .18, dy1 - .06, z + .80), .005, 1)
    for k in range(2):
        c.tube('print', [(dx0 + .26 + k * .02, dy1 - .22, z + .79), (dx0 + .24 + k * .035, dy1 - .05, z + .79)], .0045, 6, uv=tx.rect('bamboo'))
    with c.at(move(dx1 - .09, dy1 - .09, z + .78)):   # brush pot
        c.lathe('porcelain', [(.0, .001), (.042, 0), (.044, .008), (.044, .11), (.041, .112), (.038, .108), (.038, .02), (0, .02)], 18, uv=(0, .02, .6, .5))
        for k in range(4):
            a = k * 1.7; c.tube('print', [(.012 * math.cos(a), .012 * math.sin(a), .03), (.034 * math.cos(a), .034 * math.sin(a), .22 + .02 * k)], .004, 6, uv=tx.rect('bamboo'))
    # desk stool
    with c.at(move(-3.25, dy0 - .02, z)):
        pass
    # lamp stand at the foot of the couch
    lx, ly = -4.22, -1.02
    c.box('lacquer', (lx - .19, ly - .19, z + .72), (lx + .19, ly + .19, z + .75), .010, 0, dens=1.6)
    for a in (-1, 1):
        for b in (-1, 1):
            c.box('lacquer', (lx + a * .15 - .02, ly + b * .15 - .02, z), (lx + a * .15 + .02, ly + b * .15 + .02, z + .72), .005, 2, ends=(0, 0))
        c.box('lacquer', (lx - .14, ly + a * .15 - .012, z + .62), (lx + .14, ly + a * .15 + .012, z + .70), .004, 0, ends=(0, 0))
        c.box('lacquer', (lx + a * .15 - .012, ly - .14, z + .62), (lx + a * .15 + .012, ly + .14, z + .70), .004, 1, ends=(0, 0))
    c.box('lacquer', (lx - .16, ly - .16, z + .20), (lx + .16, ly + .16, z + .22), .005, 0)


def galley(c):
    z = FLOOR
    # brick stove with two iron pans on starboard
    c.box('plaster', (-6.25, -1.40, z), (-5.15, -.78, z + .62), .02, 0)
    c.box('stone', (-6.30, -1.42, z + .62), (-5.10, -.74, z + .68), .015, 0)
    for k, xx in enumerate((-5.92, -5.45)):
        with c.at(move(xx, -1.08, z + .66)):
            c.lathe('print', [(.20, .02), (.215, .055), (.20, .055), (.12, -.0), (0, -.02)], 20, uv=tx.rect('iron'))
            if k:
                c.lathe('wood', [(.205, .05), (.20, .09), (.07, .105), (.06, .12), (.035, .135), (.0, .137)], 20)
    with c.at(move(-5.72, -.775, z + .22), rot('x', 90)):
        c.box('print', (-.13, -.11, -.01), (.13, .11, .012), .006, 0)
    # water jar, shelf with bowls, firewood, basket on port
    with c.at(move(-5.05, 1.05, z)):
        c.lathe('lacquer', [(.0, 0), (.17, 0), (.21, .12), (.26, .34), (.24, .50), (.20, .56), (.215, .59), (.20, .60), (.185, .57), (.22, .48), (.23, .36), (0, .36)], 22)
    c.box('wood', (-6.35, .98, z + .52), (-5.45, 1.34, z + .55), .008, 0)
    for xx in (-6.30, -5.50):
        c.box('wood', (xx - .025, 1.0, z), (xx + .025, 1.32, z + .52), .006, 2, ends=(0, 0))
    for k, (xx, m) in enumerate(((-6.15, 4), (-5.92, 3), (-5.7, 5))):
        for j in range(m):
            with c.at(move(xx, 1.15, z + .55 + j * .026)):
                c.lathe('porcelain', [(.03, 0), (.032, .01), (.06, .03), (.075, .055), (.072, .055), (.055, .033), (0, .018)], 16, uv=(0, .5, 1, .75), dens=.7)
    for k in range(11):
        a = rngv(k); c.tube('hull', [(-6.45 + a * .05, 1.02 + (k % 4) * .08, z + .05 + (k // 4) * .075), (-5.75 + a * .1, 1.04 + (k % 4) * .08 + .02 * a, z + .05 + (k // 4) * .075)], .036, 6, caps=True, dens=.8)
    # yuloh (sculling oar) on its pivot, over the stern
    c.box('hull', (-7.55, -.62, .9), (-7.42, -.50, sheer(-7.5) + .16), .02, 2)
    P = [(-5.9, -.40, 2.05), (-7.48, -.56, sheer(-7.5) + .20), (-9.3, -.76, .55), (-10.9, -.92, -.35)]
    t = np.linspace(0, 1, 10); path = np.array([[np.interp(q, [0, .3, .66, 1], [p[i] for p in P]) for i in range(3)] for q in t])
    path[:, 2] += .05 * np.sin(t * math.pi)
    loop = np.array([(-1, -.45), (1, -.45), (1, .45), (-1, .45)]) * .045
    c.sweep('wood', path, loop, scales=np.interp(t, [0, .5, .7, 1], [.6, .9, 1.6, 3.0]), smooth=False, caps=True, dens=.7)
    # mooring rope from the stern to the tender
    tt = np.linspace(0, 1, 12)
    c.tube('print', [(-7.85 + (-1.62) * q, .10 + .02 * q, 1.32 - .75 * q - .28 * math.sin(math.pi * q)) for q in tt], .014, 6, uv=tx.rect('rope'), dens=.6)


def rngv(k):
    return math.sin(k * 12.9898) * 43758.5453 % 1


def lanterns(c):
    """Plain oiled-paper lanterns under the porch."""
    for s in (-1, 1):
        with c.at(move(5.15, s * 1.20, 2.10), scale(.8)):
            n = 9; prof = []
            for i in range(n * 2 + 1):
                t = i / (n * 2); prof.append((.13 * math.sin(math.pi * (.14 + .72 * t)) - (.005 if i % 2 else 0), t * .30))
            c.lathe('print', [(.0, 0)] + prof + [(0, .30)], 16, uv=tx.rect('milk'))
            c.lathe('lacquer', [(.0, -.02), (.06, -.02), (.065, 0), (.065, .012), (0, .012)], 14)
            c.lathe('lacquer', [(.0, .29), (.065, .29), (.065, .31), (.05, .325), (0, .325)], 14)
            c.tube('print', [(0, 0, .32), (0, 0, .58)], .005, 5, uv=tx.rect('rope'))
            c.tube('print', [(0, 0, -.02), (0, 0, -.16)], .012, 6, uv=tx.rect('amber'))


def build():
    h = Geo('boat_hull', .9); hull(h); decks(h)
    r = Geo('boat_roof', .75)
    c = Geo('boat_cabin', 1.0); roofs(r, c); thatch(r); cabins(c)
    f = Geo('boat_furniture', 1.25); furniture(f); galley(f); lanterns(f)
    return [h, r, c, f]
