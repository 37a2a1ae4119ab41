"""Landing, banks, willows, water and sky. Built in the shore frame (x along the quay edge, y = out over the lake)."""
import math
import numpy as np
from geo import Geo, rot, move, scale
from plan import *
import textures as tx

# notice stand: in the shore frame at u, v; the ticket lies on its sloping table
STAND_U, STAND_V, STAND_A = 4.0, 3.0, 37.0
STAND = SHORE_M @ move(STAND_U, -STAND_V, QUAY) @ rot('z', STAND_A)
STAND_M = STAND @ move(0, -.12, 1.085) @ rot('x', 8)


def rnd(k):
    return math.sin(k * 78.233 + 1.7) * 43758.5453 % 1


def quay(g):
    u0, u1 = QUAY_U; r = np.random.default_rng(5)
    with g.at(SHORE_M):
        # coping blocks along the edge, then courses of paving slabs
        x = u0
        while x < u1 - .2:
            w = min(1.15 + r.random() * .35, u1 - x)
            g.box('stone', (x + .006, -.46, .34), (x + w - .006, .04, QUAY + .03 + r.random() * .006), .022, 0, dens=.8)
            x += w
        v = .46
        row = 0
        while v < QUAY_V:
            d = .62 + r.random() * .10; x = u0 - r.random() * .5
            while x < u1:
                w = .85 + r.random() * .55; a, b = max(x, u0), min(x + w, u1)
                if b - a > .05:
                    near = abs((a + b) / 2 - 1.5) < 5
                    g.slab('stone', a, b, -(v + d), -v, QUAY + r.random() * .003, .010, dens=.62 if near else .45)
                x += w
            v += d; row += 1
        # bedding between the slabs, and the retaining wall in courses
        g.quad('ground', (u0, -QUAY_V, QUAY - .012), (u1, -QUAY_V, QUAY - .012), (u1, -.4, QUAY - .012), (u0, -.4, QUAY - .012), dens=.12)
        for j, (z0, z1) in enumerate(((.05, .34), (-.24, .05), (-.5, -.24))):
            x = u0 - .3 * (j % 2)
            while x < u1:
                w = .8 + r.random() * .5; a, b = max(x, u0), min(x + w, u1)
                if b - a > .06:
                    g.box('stone', (a + .004, -.3, z0), (b - .004, -.02 + r.random() * .02, z1 - .006), .018, 0, ends=(0, 0), dens=.5)
                x += w
        g.quad('stone', (u1, -.05, -.5), (u0, -.05, -.5), (u0, -.05, .36), (u1, -.05, .36), dens=.2)      # closes the joints
        for x, s in ((u0, -1), (u1, 1)):
            g.box('stone', (x - .2, -QUAY_V, -.5), (x + .2, .02, QUAY + .05), .03, 1, dens=.4)
        # balustrade: posts with lotus-bud caps, low slabs between; open at the gangplank
        def post(x, y, h=.60):
            g.box('stone', (x - .10, y - .10, QUAY + .02), (x + .10, y + .10, QUAY + h), .018, 2, ends=(0, 1))
            g.box('stone', (x - .125, y - .125, QUAY + .02), (x + .125, y + .125, QUAY + .14), .02, 2, ends=(0, 1))
            with g.at(move(x, y, QUAY + h)):
                g.lathe('stone', [(.085, 0), (.07, .02), (.065, .035), (.09, .06), (.105, .10), (.10, .15), (.07, .20), (.03, .235), (0, .245)], 14, dens=.8)

        def rail(x0, x1, y):
            g.box('stone', (x0, y - .075, QUAY + .38), (x1, y + .075, QUAY + .48), .03, 0, ends=(0, 0))
            g.box('stone', (x0, y - .05, QUAY + .12), (x1, y + .05, QUAY + .33), .012, 0, ends=(0, 0))
            for f in (-1, 1):
                with g.at(move(0, y + f * .05, 0), rot('x', 90 if f < 0 else -90)):
                    za, zb = (QUAY + .15, QUAY + .30) if f < 0 else (-QUAY - .30, -QUAY - .15)
                    g.panel('stone', x0 + .10, x1 - .10, za, zb, .022, c=.02)
            g.box('stone', (x0, y - .085, QUAY + .03), (x1, y + .085, QUAY + .12), .015, 0, ends=(0, 0))
            for k in range(3):
                xx = x0 + (x1 - x0) * (k + .5) / 3
                g.box('stone', (xx - .05, y - .045, QUAY + .32), (xx + .05, y + .045, QUAY + .39), .015, 2, ends=(0, 0))
        for xs in ([-6.85, -5.25, -3.65, -2.25, -.85], [.85, 2.35, 3.85, 5.35, 6.85]):
            for a, b in zip(xs, xs[1:]):
                rail(a + .1, b - .1, -.25)
            for a in xs:
                post(a, -.25)
        # bollard with rope, two steps at the gangplank
        with g.at(move(-.62, -.42, QUAY)):
            g.lathe('stone', [(.13, 0), (.12, .05), (.10, .28), (.125, .34), (.12, .40), (.07, .43), (0, .44)], 14)
            a = np.linspace(0, 2 * np.pi * 3, 40)
            g.tube('print', np.stack([.118 * np.cos(a), .118 * np.sin(a), .13 + a * .0042], 1), .016, 6, uv=tx.rect('rope'), up=(0, 0, 1), dens=.7)


def gangplank(g):
    with g.at(SHORE_M):
        L = PLANK; z0, z1 = QUAY + .10, sheer(6.25) + .06
        # planks laid from the coping to just inside the gunwale (local y grows out over the lake)
        ys = [-.32, L - .62]
        def z(y): return np.interp(y, [-.45, -.05, 2.86, L], [QUAY + .035, QUAY + .10, z1 + .03, z1 + .03])
        for k in range(3):
            x0 = -.36 + k * .243
            P = lambda y, dz: z(y) + dz
            path = [(x0 + .118, y, z(y) + .02) for y in (-.45, -.05, 1.0, 2.0, 2.86, 3.04)]
            g.sweep('wood', path, [(-.116, -.022), (.116, -.022), (.116, .016), (.110, .022), (-.110, .022), (-.116, .016)], smooth=False, caps=True, dens=1.0)
        for k in range(9):
            y = .12 + k * .33
            g.box('hull', (-.34, y - .02, z(y) + .040), (.34, y + .02, z(y) + .062), .008, 0, ends=(0, 0), dens=.8)
        for s in (-1, 1):
            path = [(s * .27, y, z(y) - .04) for y in (-.05, 1.4, 2.86)]
            g.sweep('hull', path, [(-.04, -.04), (.04, -.04), (.04, .04), (-.04, .04)], smooth=False, dens=.7)
        # a block of two steps inside the bulwark
    d = -DS; a = PQ + d * 3.28
    ang = math.degrees(math.atan2(d[1], d[0]))
    with g.at(move(a[0], a[1], 0), rot('z', ang)):
        g.box('wood', (0, -.34, DECK), (.24, .34, DECK + .14), .012, 1)


def stand(g):
    """Covered notice stand: two posts, a little roof, a sloping table for the first exhibit."""
    with g.at(STAND):
        for s in (-1, 1):
            g.box('hull', (s * .72 - .05, .24, 0), (s * .72 + .05, .34, 2.25), .012, 2)
            g.box('stone', (s * .72 - .11, .18, 0), (s * .72 + .11, .40, .16), .03, 2)
            g.box('hull', (s * .72 - .03, -.30, .90), (s * .72 + .03, .26, .98), .010, 1)
            g.box('hull', (s * .44 - .035, -.26, 0), (s * .44 + .035, -.19, 1.00), .010, 2)
            g.box('hull', (s * .72 - .035, -.22, 1.98), (s * .72 + .035, .80, 2.06), .012, 1)
        g.box('hull', (-.72, .265, 1.96), (.72, .315, 2.04), .01, 0)
        g.box('hull', (-.70, -.24, .94), (.70, -.19, 1.02), .01, 0)
        with g.at(move(0, 0, 1.06), rot('x', 8)):
            g.box('lacquer', (-.66, -.30, 0), (.66, .22, .04), .012, 0, dens=1.6)
            g.box('lacquer', (-.65, -.30, .03), (.65, -.28, .055), .008, 0)
            for s in (-1, 1):      # a rim of plain wood on the other sides
                g.box('hull', (s * .662, -.278, .03), (s * .630, .222, .054), .006, 1)
            g.box('hull', (-.630, .190, .03), (.630, .222, .054), .006, 0)
            w, h = .150, .014      # the exhibit's label before it
            g.box('brass', (-w - .004, -.262 - .002, .038), (w + .004, -.234 + .002, .0425), .001, 0, dens=.6)
            P = np.array([[(-w, -.262, .0431), (-w, -.234, .0431)], [(w, -.262, .0431), (w, -.234, .0431)]]); R = tx.rect('label', 1)
            g.grid('print', P, uv=np.array([[[R[0], R[1]], [R[0], R[3]]], [[R[2], R[1]], [R[2], R[3]]]]), dens=2.0)
        # sign under the roof
        g.box('lacquer', (-.50, .22, 1.68), (.50, .262, 1.94), .01, 0)
        g.quad('print', (-.44, .216, 1.70), (.44, .216, 1.70), (.44, .216, 1.92), (-.44, .216, 1.92), rect=tx.rect('sign', 3), dens=1.6)
        # roof: two pitches of boards with rolls, ridge
        for s in (-1, 1):
            y0, y1 = .29, .29 + s * .62
            z0, z1 = 2.48, 2.14
            P = np.array([[(-1.0, y0, z0), (-1.0, (y0 + y1) / 2, (z0 + z1) / 2 - .035), (-1.0, y1, z1)], [(1.0, y0, z0), (1.0, (y0 + y1) / 2, (z0 + z1) / 2 - .035), (1.0, y1, z1)]])
            g.grid('tile', P, flip=s < 0, dens=.9, off=(0, 0)); g.grid('wood', P - [0, 0, .05], flip=s > 0)
            for k in range(15):
                x = -.98 + k * .14
                g.tube('tile', [(x, y0, z0 + .01), (x, (y0 + y1) / 2, (z0 + z1) / 2 - .025), (x, y1, z1 + .01)], .024, 5, dens=.7)
            g.box('hull', (-1.0, y1 - .02, z1 - .06), (1.0, y1 + .02, z1 + .0), .008, 0)
        g.box('tile', (-1.04, .24, 2.45), (1.04, .34, 2.56), .03, 0)
        for s in (-1, 1):
            g.quad('hull', *([(s * .98, .29 - .58, 2.12), (s * .98, .29 + .58, 2.12), (s * .98, .29 + .02, 2.44), (s * .98, .29 - .02, 2.44)][::s]))


def banks(g):
    with g.at(SHORE_M):
        # grass behind the quay and along the shore, falling to a stone edge at the water
        for u0, u1 in ((-60, QUAY_U[0] - .2), (QUAY_U[1] + .2, 60)):
            us = np.unique(np.r_[np.linspace(u0, u1, 14), [u1 - 1.2, u1 - .5] if u1 < 0 else [u0 + 1.2, u0 + .5]]); vs = [-.25, .1, .5, 1.6, 4, 8, 14, 26]
            zs = [-.35, .08, .42, .60, .72, .85, 1.3, 2.4]
            low = lambda u, z: min(z, .63 + 1.0 * max(0, min(abs(u - QUAY_U[0]), abs(u - QUAY_U[1])) - .4) ** 2)      # level with the quay where they meet
            P = np.array([[(u, -(v + .9 * math.sin(u * .35) + .5 * math.sin(u * .9 + 1) + abs(u) * .02), low(u, z + .05 * math.sin(u * 1.3 + v))) for v, z in zip(vs, zs)] for u in us])
            g.grid('ground', P, flip=True, dens=.11)
            for k in range(26):      # rip-rap along the water
                u = u0 + (u1 - u0) * (k + rnd(k + u0)) / 26
                if abs(u) > 34: continue
                v = .9 * math.sin(u * .35) + .5 * math.sin(u * .9 + 1) + abs(u) * .02 + .12
                s = .22 + .28 * rnd(k * 3 + u1)
                with g.at(move(u, -v, .02), rot('z', 360 * rnd(k)), rot('x', 20 * rnd(k + 4)), scale(1, .8, .6)):
                    g.box('stone', (-s, -s, -s), (s, s, s), s * .5, 0, dens=.3)
        P = np.array([[(u, -v, z) for v, z in ((QUAY_V - .1, QUAY - .02), (DOOR_V + 3.5, QUAY - .02), (16, 1.4), (30, 3.0))] for u in np.linspace(QUAY_U[0] - .3, QUAY_U[1] + .3, 6)])
        g.grid('ground', P, flip=True, dens=.12)


def tiled(g, P, flip, dens=.4):
    """A tiled slope: rows of the grid run along the ridge; the texture's columns run down the slope."""
    g.grid('tile', P, flip=flip, dens=dens, off=(0, 0))


def garden_wall(g):
    """White wall with a tiled coping on both sides of the pavilion, as along the lake's gardens."""
    with g.at(SHORE_M):
        v = DOOR_V
        for a, b in ((QUAY_U[0] - .2, -3.9), (3.9, QUAY_U[1] + .2)):
            g.box('plaster', (a, -v - .16, QUAY - .1), (b, -v + .16, 2.35), .01, 0, dens=.4, ends=(0, 0))
            g.box('stone', (a, -v - .20, QUAY - .05), (b, -v + .20, QUAY + .30), .02, 0, dens=.4, ends=(0, 0))
            for s in (-1, 1):
                tiled(g, np.array([[(x, -v, 2.64), (x, -v + s * .15, 2.53), (x, -v + s * .36, 2.39)] for x in (a - .05, b + .05)]), s < 0)
            g.tube('tile', [(a - .1, -v, 2.66), (b + .1, -v, 2.66)], .06, 6, dens=.3)


def pavilion(g):
    """The lake side of the exhibition pavilion: porch on four columns, white wall, lattice doors, tiled roof; free, no likeness."""
    fl = QUAY + PORCH; c, w = COLUMN_V, DOOR_V; top = 3.02
    with g.at(SHORE_M):
        # porch: kerb stones, one step, paving
        for a, b in ((-4.3, -2.5), (-2.5, -.9), (-.9, .9), (.9, 2.5), (2.5, 4.3)):
            g.box('stone', (a + .004, -STEP_V - .36, QUAY - .05), (b - .004, -STEP_V, fl), .018, 0, ends=(0, 0), dens=.7)
        for j, (v0, v1) in enumerate(((STEP_V + .36, 9.05), (9.05, w))):
            xs = np.linspace(-4.3, 4.3, 8 + j)
            for a, b in zip(xs, xs[1:]):
                g.slab('stone', a, b, -v1, -v0, fl, .01, dens=.6)
        g.quad('ground', (-4.3, -w, fl - .012), (4.3, -w, fl - .012), (4.3, -STEP_V - .3, fl - .012), (-4.3, -STEP_V - .3, fl - .012), dens=.12)
        for s in (-1, 1):
            g.quad('stone', *[(s * 4.3, -v, z) for v, z in ((STEP_V, QUAY - .05), (w, QUAY - .05), (w, fl), (STEP_V, fl))][::-s], dens=.3)
        g.box('stone', (-1.24, -w - .14, fl - .02), (1.24, -w + .12, fl + .07), .015, 0, dens=.7)      # threshold
        # columns on drum stones, beam, open fretwork between them
        cols = (-3.6, -1.32, 1.32, 3.6)
        for x in cols:
            with g.at(move(x, -c, 0)):
                g.lathe('stone', [(.165, fl), (.185, fl + .05), (.165, fl + .13), (.12, fl + .14)], 12, dens=.7)
                g.tube('hull', [(0, 0, fl + .13), (0, 0, 1.6), (0, 0, top)], [.105, .105, .098], 12, dens=.7)
        g.box('hull', (-4.05, -c - .07, 2.80), (4.05, -c + .07, top + .04), .015, 0, dens=.6)
        for a, b in zip(cols, cols[1:]):
            a += .10; b -= .10; n = max(4, round((b - a) / .17)); q = (b - a) / n
            for z in (2.46, 2.755):
                g.bar('wood', (a, -c, z), (b, -c, z), .035, .04, (0, 1, 0), dens=.6)
            for k in range(n + 1):
                g.bar('wood', (a + k * q, -c, 2.46 if k % 3 == 0 else 2.56), (a + k * q, -c, 2.80), .022, .03, (0, 1, 0), dens=.5)
            g.bar('wood', (a, -c, 2.56), (b, -c, 2.56), .022, .03, (0, 1, 0), dens=.5)
        # side bays: white wall, stone foot, lattice window over a dim room
        for s in (-1, 1):
            x0, x1 = sorted((s * 1.32, s * 3.9)); m = (x0 + x1) / 2; za, zb = 1.55, 2.55; hw = .62
            for a, b, z0, z1 in ((x0, m - hw, fl, top), (m + hw, x1, fl, top), (m - hw, m + hw, fl, za), (m - hw, m + hw, zb, top)):
                g.quad('plaster', (b, -w, z0), (a, -w, z0), (a, -w, z1), (b, -w, z1), dens=.6)
            g.box('stone', (x0, -w, fl), (x1, -w + .05, fl + .34), .012, 0, ends=(0, 0), dens=.6)
            g.quad('lacquer', (m + hw, -w - .12, za), (m - hw, -w - .12, za), (m - hw, -w - .12, zb), (m + hw, -w - .12, zb), dens=.5)
            for z in (za, zb):
                g.box('hull', (m - hw - .07, -w - .1, z - .05), (m + hw + .07, -w + .05, z + .05), .01, 0, dens=.6)
            for x in (m - hw, m + hw):
                g.box('hull', (x - .05, -w - .1, za), (x + .05, -w + .045, zb), .01, 2, ends=(0, 0), dens=.6)
            for k in range(1, 6):
                x = m - hw + 2 * hw * k / 6; g.bar('wood', (x, -w, za), (x, -w, zb), .022, .03, (0, 1, 0), dens=.5)
            for k in range(1, 5):
                z = za + (zb - za) * k / 5; g.bar('wood', (m - hw, -w, z), (m + hw, -w, z), .022, .03, (0, 1, 0), dens=.5)
        # door bay: jambs, lintel, four leaves, the middle two folded open inwards
        for s in (-1, 1):
            g.box('hull', (s * 1.26 - .06, -w - .1, fl), (s * 1.26 + .06, -w + .06, top), .012, 2, ends=(0, 0), dens=.8)
        g.box('hull', (-1.26, -w - .09, 2.62), (1.26, -w + .05, 2.72), .012, 0, ends=(0, 0), dens=.7)
        for k in range(15):
            x = -1.2 + 2.4 * k / 14; g.bar('wood', (x, -w, 2.72), (x, -w, top), .02, .03, (0, 1, 0), dens=.5)
        g.bar('wood', (-1.2, -w, 2.87), (1.2, -w, 2.87), .02, .03, (0, 1, 0), dens=.5)

        def leaf(M):      # 0.58 m wide, in its own x-z plane
            with g.at(M):
                L, z0, z1, zm = .58, fl + .075, 2.62, 1.58
                for x in (.03, L - .03):
                    g.box('hull', (x - .03, -.025, z0), (x + .03, .025, z1), .006, 2, ends=(0, 0), dens=.7)
                for z in (z0 + .05, zm, z1 - .04):
                    g.box('hull', (.06, -.022, z - .04), (L - .06, .022, z + .04), .006, 0, ends=(0, 0), dens=.7)
                for f in (-1, 1):
                    with g.at(rot('x', 90 if f < 0 else -90)):
                        a, b = (z0 + .09, zm - .04) if f < 0 else (-zm + .04, -z0 - .09)
                        g.panel('wood', .06, L - .06, a, b, .012, c=.03, dens=.7)
                for k in range(1, 4):
                    g.bar('wood', (.06 + (L - .12) * k / 4, 0, zm), (.06 + (L - .12) * k / 4, 0, z1 - .08), .018, .026, (0, 1, 0), dens=.6)
                for k in range(1, 6):
                    z = zm + .04 + (z1 - .12 - zm) * k / 6; g.bar('wood', (.06, 0, z), (L - .06, 0, z), .018, .026, (0, 1, 0), dens=.6)
        leaf(move(-1.2, -w, 0)); leaf(move(.62, -w, 0))
        leaf(move(-.60, -w - .03, 0) @ rot('z', -97)); leaf(move(.60, -w - .03, 0) @ rot('z', -83))
        # the room behind, as far as one sees into it: floor, walls, ceiling, a standing panel
        x, v1 = 2.3, w + 3.2
        g.quad('stone', (-x, -v1, fl + .01), (x, -v1, fl + .01), (x, -w, fl + .01), (-x, -w, fl + .01), dens=.35)
        g.quad('plaster', (x, -v1, fl), (-x, -v1, fl), (-x, -v1, top), (x, -v1, top), dens=.4)
        g.quad('wood', (-x, -w, top), (x, -w, top), (x, -v1, top), (-x, -v1, top), dens=.3)
        for s in (-1, 1):
            g.quad('plaster', *[(s * x, -q, z) for q, z in ((w, fl), (v1, fl), (v1, top), (w, top))][::s], dens=.35)
            g.box('lacquer', (s * 1.5 - .42, -v1 + .02, fl + .75), (s * 1.5 + .42, -v1 + .06, fl + 1.95), .01, 2, dens=.5)
            g.quad('print', (s * 1.5 + .37, -v1 + .064, fl + .8), (s * 1.5 - .37, -v1 + .064, fl + .8), (s * 1.5 - .37, -v1 + .064, fl + 1.9), (s * 1.5 + .37, -v1 + .064, fl + 1.9), rect=tx.rect('milk', 8), dens=.5)
        g.box('hull', (-.72, -v1 + .5, fl), (.72, -v1 + .62, fl + 1.9), .015, 2, dens=.5)
        g.quad('plaster', (.62, -v1 + .63, fl + .5), (-.62, -v1 + .63, fl + .5), (-.62, -v1 + .63, fl + 1.8), (.62, -v1 + .63, fl + 1.8), dens=.6)
        g.quad('print', (.48, -v1 + .636, fl + 1.36), (-.48, -v1 + .636, fl + 1.36), (-.48, -v1 + .636, fl + 1.68), (.48, -v1 + .636, fl + 1.68), rect=tx.rect('sign', 3), dens=.9)
        # roof: concave slopes, corners turned up, rafters, drip tiles, ridge
        us = np.r_[-4.7, -4.4, -4.0, np.linspace(-3.4, 3.4, 7), 4.0, 4.4, 4.7]; ridge = 10.7
        up = lambda u: .42 * max(0, (abs(u) - 3.2) / 1.5) ** 2.2
        def z(u, t): return 2.93 + 1.62 * (.62 * t + .38 * t * t) + up(u) * (1 - t) ** 2      # t = 0 at the eave, 1 at the ridge
        ts = np.array([0, .12, .3, .55, .8, 1]); ve = 7.55
        for s, v0 in ((1, ve), (-1, 2 * ridge - ve)):
            P = np.array([[(u, -(v0 + (ridge - v0) * t), z(u, t) + .07) for t in ts] for u in us])
            tiled(g, P, s > 0, .5 if s > 0 else .1)
        P = np.array([[(u, -(ve + (ridge - ve) * t), z(u, t)) for t in ts[:4]] for u in us]); g.grid('wood', P, flip=True, dens=.6)
        n = 31
        for k in range(n):
            u = -4.45 + 8.9 * k / (n - 1)
            g.sweep('hull', [(u, -(ve + .06 + (ridge - ve) * t), z(u, t) - .03) for t in (0, .2, .42)], [(-.028, -.03), (.028, -.03), (.028, .03), (-.028, .03)], smooth=False, dens=.4)
        m = 77; uu = np.linspace(-4.7, 4.7, m)
        P = np.array([[(u, -ve + .015, z(u, 0) + .075), (u, -ve + .02, z(u, 0) - (.055 if k % 2 else -.005))] for k, u in enumerate(uu)])
        g.grid('tile', P, dens=.5, off=(0, .02))
        rz = z(0, 1); us2 = np.linspace(-4.5, 4.5, 9)
        g.sweep('tile', [(u, -ridge, rz + .12 + .25 * (abs(u) / 4.5) ** 6) for u in us2], [(-.10, -.14), (.10, -.14), (.08, .14), (-.08, .14)], smooth=False, caps=True, dens=.4)
        for s in (-1, 1):      # gable walls and bargeboards
            q = [(s * 4.0, -(ve + (ridge - ve) * t), z(3.2, t) - .02) for t in (.36, .6, .8, 1)]; q += [(s * 4.0, -(2 * ridge - (ve + (ridge - ve) * t)), z(3.2, t) - .02) for t in (.8, .6, .36)]
            low = [(x, y, QUAY - .1) for x, y, _ in q]
            g.grid('plaster', np.array([low, q]), flip=s > 0, dens=.3); g.grid('plaster', np.array([low[:4], q[:4]]) - [s * .06, 0, 0], flip=s < 0, dens=.4)
            g.quad('plaster', *[(s * x_, q[0][1], z_) for x_, z_ in ((4.0, QUAY - .1), (3.94, QUAY - .1), (3.94, q[0][2]), (4.0, q[0][2]))][::s], dens=.3)
            g.sweep('hull', [(s * 4.66, -(ve + (ridge - ve) * t), z(4.66, t) + .0) for t in ts], [(-.03, -.09), (.03, -.09), (.03, .10), (-.03, .10)], smooth=False, dens=.4)


WILLOWS = [(-4.9, 2.3, 1.0, 0.5), (6.2, 5.6, 1.1, 2.2), (-13.5, 1.8, 1.25, 4.0), (14.5, 3.0, 1.3, 1.0)]


def willows(g, fol):
    r = np.random.default_rng(77)
    for wi, (u, v, s, lean) in enumerate(WILLOWS):
        base = np.array([u, -v, QUAY - .05 if abs(u) < 8 else .55])
        with g.at(SHORE_M), fol.at(SHORE_M):
            la = lean; dirx = np.array([math.cos(la), math.sin(la), 0])
            if abs(u) < 7:     # planting pit kerb
                for a in range(4):
                    with g.at(move(*base[:2], QUAY), rot('z', 90 * a)):
                        g.box('stone', (-.62, -.62, -.02), (.62, -.48, .09), .02, 0, ends=(0, 0), dens=.6)
                with g.at(move(*base[:2], QUAY + .03)):
                    g.quad('ground', (-.5, -.5, 0), (.5, -.5, 0), (.5, .5, 0), (-.5, .5, 0), dens=.5)
            t = np.linspace(0, 1, 9)
            trunk = base + np.outer(t, [0, 0, 3.1 * s]) + np.outer(t ** 1.5 * .9 * s, dirx) + np.stack([.10 * np.sin(t * 6 + wi), .10 * np.cos(t * 5 + wi) - .1, 0 * t], 1) * t[:, None]
            rad = np.interp(t, [0, .06, .2, 1], [.34, .26, .21, .15]) * s
            n = 12; th = np.linspace(0, 2 * np.pi, n, endpoint=False)
            loop = np.stack([np.cos(th), np.sin(th)], 1) * (1 + .10 * np.sin(th * 3 + wi) + .07 * np.sin(th * 5))[:, None]
            g.sweep('print', trunk, loop, up=(1, 0, 0), scales=rad, dens=.5, uv=tx.rect('bark', 3))
            top = trunk[-1]; tips = []
            for k in range(7):
                a = la + k * .9 + r.random() * .4; out = (1.5 + r.random() * 1.1) * s; rise = (1.2 + r.random() * 1.1) * s
                tt = np.linspace(0, 1, 7)
                br = top + np.outer(tt * out, [math.cos(a), math.sin(a), 0]) + np.outer(np.sin(tt * 1.75) * rise, [0, 0, 1])
                start = trunk[-1 - (k % 3)]; br += np.outer(1 - tt, start - top)
                g.tube('print', br, np.interp(tt, [0, 1], [.10, .025]) * s, 6, dens=.35, up=(0, 0, 1), uv=tx.rect('bark', 3))
                for q in np.linspace(.28, 1, 8):
                    p = np.array([np.interp(q, tt, br[:, i]) for i in range(3)]); tips.append(p)
                for m in range(3):
                    a2 = a + (m - 1) * .8; o2 = .9 * s * (.6 + .6 * r.random()); st = br[4 + (m % 2)]
                    sub = st + np.outer(tt * o2, [math.cos(a2), math.sin(a2), 0]) + np.outer(np.sin(tt * 2.2) * .5 * s, [0, 0, 1])
                    g.tube('print', sub[::2], [.035 * s, .028 * s, .02 * s, .012 * s], 5, dens=.25, up=(0, 0, 1), uv=tx.rect('bark', 3))
                    for q in (.3, .5, .7, .9, 1):
                        tips.append(np.array([np.interp(q, tt, sub[:, i]) for i in range(3)]))
            for k, p in enumerate(tips):
                for rep in range(2 if abs(u) < 8 else 1):
                    a = r.random() * 6.28; w = (.20 + .12 * r.random()) * s * (1 if abs(u) < 8 else 1.5); L = (1.2 + 1.7 * r.random()) * s
                    L = min(L, p[2] - QUAY - .75)
                    off = np.array([r.random() - .5, r.random() - .5, r.random() * .25]) * .5; p0 = p + off
                    outd = p0[:2] - top[:2]; outd = outd / max(np.linalg.norm(outd), .2)
                    m = 5; q = np.linspace(0, 1, m)
                    cen = p0 + np.outer(q * L * .16 + .10 * np.sin(q * 3 + k), [*outd, 0]) - np.outer(q ** 1.15 * L, [0, 0, 1]) + np.outer(np.sin(q * 3.1) * .12, [0, 0, 1])
                    dx = np.array([math.cos(a), math.sin(a), 0]) * w / 2
                    P = np.stack([cen - dx, cen + dx])
                    R = tx.leaf_rect(f'strand{int(r.random() * 3)}'); turn = r.random() < .5
                    U = np.zeros((2, m, 2)); U[0, :, 0] = R[2 if turn else 0]; U[1, :, 0] = R[0 if turn else 2]
                    U[..., 1] = 1 - q * min(1, L / (2.4 * s))
                    U[:, -1, 1] = 0; U[..., 1] = np.maximum(U[..., 1], .02)
                    fol.grid('foliage', P, uv=U)


def upright(fol, name, u, v, z, w, h, a, lean=.08):
    """A cut-out standing on the ground or in the water."""
    R = tx.leaf_rect(name); dx = np.array([math.cos(a), math.sin(a), 0]) * w / 2; p = np.array([u, -v, z])
    P = np.stack([np.stack([p - dx, p + dx]), np.stack([p - dx, p + dx]) + [lean * math.sin(a * 3), lean, h]], 1)
    fol.grid('foliage', P, uv=np.array([[[R[0], R[1]], [R[0], R[3]]], [[R[2], R[1]], [R[2], R[3]]]]))


def edge_of_land(u):
    """Where the bank meets the water (v), left and right of the quay."""
    return .9 * math.sin(u * .35) + .5 * math.sin(u * .9 + 1) + abs(u) * .02


def water_plants(fol):
    """Reeds in clumps, lotus in patches beside the landing, and the wooded far bank."""
    with fol.at(SHORE_M):
        for k in range(46):        # clumps of crossed cards, thinning out
            side = -1 if k % 3 else 1; u = side * (8.0 + 22 * rnd(k) ** 1.4); v = edge_of_land(u) - .35 + .55 * rnd(k + 50); h = 1.0 + .8 * rnd(k + 5)
            for j in range(3):
                a = rnd(k + 9) * 3.14 + j * 1.05; o = .35 * rnd(k * 3 + j)
                upright(fol, 'reed', u + o, v + .25 * rnd(k + j), -.08, .9 + .4 * rnd(k + j + 3), h * (.8 + .3 * rnd(k * 5 + j)), a)
        R = tx.leaf_rect('pad')
        patches = ((-11.5, -2.2, 3.4, 1.5, 34), (11.8, -1.6, 2.8, 1.3, 26), (-5.6, -1.6, 1.5, .6, 9))
        n = 0
        for cu, cv, ru, rv, m in patches:
            for k in range(m):
                n += 1; a = 6.283 * rnd(n * 3); q = math.sqrt(rnd(n * 3 + 1)); u, v = cu + ru * q * math.cos(a), cv + rv * q * math.sin(a)
                d = .17 + .16 * rnd(n * 3 + 2); up_ = n % 3 == 0
                z = .18 + .32 * rnd(n + 70) if up_ else .03 + .008 * rnd(n + 4); t = .35 if up_ else 0
                c, s = math.cos(a * 5), math.sin(a * 5)
                P = np.array([[(u + d * (i * c - j * s), -v + d * (i * s + j * c), z + t * d * (i * math.cos(n) + j * math.sin(n))) for j in (-1, 1)] for i in (-1, 1)])
                fol.grid('foliage', P, uv=np.array([[[R[0], R[1]], [R[0], R[3]]], [[R[2], R[1]], [R[2], R[3]]]]))
                if up_:
                    upright(fol, 'stalk', u, v, -.1, .03, z + .08, a, 0)
                if n % 9 == 4:
                    upright(fol, 'lotus', u + .2, v, -.05, .34, .72 + .2 * rnd(n), a, .03)
    # far bank: crisp trees in front of the dome's hazy ones, none where the near shore is
    Rt = tx.leaf_rect('trees'); az = -180.0; k = 0
    while az < 180:
        k += 1; w = 5.2 + 2.6 * rnd(k * 7); mid = az + w / 2
        if abs((mid - tx.SHORE_AZ + 180) % 360 - 180) > 84:
            a0, a1 = math.radians(az - .25), math.radians(az + w + .25); r_ = 99 + 4 * rnd(k); h = (1.5 + 1.5 * rnd(k * 5 + 2)) * (1 + .25 * math.sin(k * .9))
            P = np.array([[(r_ * math.cos(a), r_ * math.sin(a), zz) for zz in (-.05, h)] for a in (a0, a1)])
            u0, u1 = (Rt[0], Rt[2]) if k % 2 else (Rt[2], Rt[0])
            fol.grid('foliage', P, uv=np.array([[[u0, Rt[1]], [u0, Rt[3]]], [[u1, Rt[1]], [u1, Rt[3]]]]))
        az += w


def sky():
    g = Geo('sky', props=dict(surface='sky'), lit=False)
    R, n = 110.0, 96; ex = 2.2
    rows = [tx.E0, -1.15, 0, 3, 8, tx.E1]
    H = 1024.0
    for q in range(4):
        az = np.radians(np.linspace(-180 + 90 * q, -90 + 90 * q, n // 4 + 1))
        P = np.zeros((len(az), len(rows), 3)); U = np.zeros((len(az), len(rows), 2))
        for i, a in enumerate(az):
            for j, e in enumerate(rows):
                P[i, j] = (R * math.cos(a), R * math.sin(a), ex + R * math.tan(math.radians(e)))
                u = i / (len(az) - 1); U[i, j, 0] = (.5 + u * 1023) / 1024
                t = (tx.E1 - e) / (tx.E1 - tx.E0); U[i, j, 1] = 1 - (q * tx.ROW + 1 + t * (tx.ROW - 2)) / H
        g.grid('sky', P, uv=U, flip=True)
    els = [tx.E1, 24, 34, 48, 65, 80, 90]; az = np.radians(np.linspace(-180, 180, n + 1))    # corner for corner with the rows below
    P = np.zeros((n + 1, len(els), 3)); U = np.zeros((n + 1, len(els), 2)); r1 = R / math.cos(math.radians(tx.E1))
    for i, a in enumerate(az):
        for j, e in enumerate(els):
            c, s = math.cos(math.radians(e)), math.sin(math.radians(e))
            P[i, j] = (r1 * c * math.cos(a), r1 * c * math.sin(a), ex + r1 * s)
            t = (90 - e) / (90 - tx.E1); U[i, j] = ((.5 + i / n * 1023) / 1024, 1 - (4 * tx.ROW + 2 + t * (tx.UP - 4)) / H)
    g.grid('sky', P, uv=U, flip=True)
    return g


def water():
    """Dense near the boat, coarse towards the dome: the engine animates it."""
    g = Geo('water', props=dict(surface='water'), lit=False)
    ax = np.array([-125, -70, -42, -28, -20, -15, -11, -8, -5, -2, 1, 4, 7, 10, 13, 17, 22, 30, 44, 70, 125.])
    P = np.zeros((len(ax), len(ax), 3)); P[..., 0] = ax[:, None]; P[..., 1] = ax[None] - 1
    g.grid('water', P, uv=P[..., :2] / 6)
    return g


def build():
    s = Geo('shore_stone', .62); quay(s)
    t = Geo('shore_stand', 1.1); stand(t); gangplank(t)
    b = Geo('shore_bank', 1.0); banks(b); garden_wall(b); pavilion(b)
    w = Geo('shore_willow', .8); f = Geo('foliage', props=dict(surface='foliage'), lit=False); willows(w, f); water_plants(f)
    return [s, t, b, w, f, sky(), water()]
