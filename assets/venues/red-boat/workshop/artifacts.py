"""The eight things to look at closely. Replicas "as such a boat would have had"; see README.md."""
import math
import numpy as np
from geo import Geo, rot, move, scale
from plan import *
import textures as tx
from boat import gilt_strip, VINE, FRET, LEAF, rngv

TABLE = FLOOR + .78


def make(name, dens=4.0):
    return Geo('artifact_' + name, dens, dict(artifact=name))


def face(g, mat, x0, x1, y0, y1, z, rect, n=(1, 1), warp=None, **k):
    """A printed sheet lying at height z; warp(x, y) adds relief."""
    nx, ny = n
    P = np.zeros((nx + 1, ny + 1, 3)); U = np.zeros((nx + 1, ny + 1, 2))
    for i in range(nx + 1):
        for j in range(ny + 1):
            s, t = i / nx, j / ny
            P[i, j] = (x0 + (x1 - x0) * s, y0 + (y1 - y0) * t, z + (warp(s, t) if warp else 0))
            U[i, j] = (rect[0] + (rect[2] - rect[0]) * s, rect[1] + (rect[3] - rect[1]) * t)
    g.grid(mat, P, uv=U, **k)


def rail_ticket(M):
    """Pasteboard ticket at twice Edmonson's size (57 x 30 mm -> 115 x 60 mm) on a small brass-clipped plinth."""
    g = make('rail-ticket', 6)
    with g.at(M):
        g.box('lacquer', (-.14, -.095, 0), (.14, .095, .025), .007, 0)
        with g.at(move(0, .012, .062), rot('x', 38)):
            g.box('lacquer', (-.105, -.075, -.016), (.105, .075, 0), .005, 0)
            g.box('cloth', (-.094, -.064, 0), (.094, .064, .004), .002, 0, uvs=.2, off=(.46, .2))
            w, h, t = .078, .041, .0075           # shown at 2.7 : 1 so that it reads at arm's length on a phone
            r = tx.rect('ticket', 2); c = .0016
            g._cap('print', -w, w, -h, h, t + .004, c, 1, lambda a: a, 1.5, rect=r)
            P = []
            edge = np.array([(-w, -h + c), (-w + c, -h), (w - c, -h), (w, -h + c), (w, h - c), (w - c, h), (-w + c, h), (-w, h - c), (-w, -h + c)])
            Q = np.stack([np.c_[edge, np.full(9, .004)], np.c_[edge, np.full(9, t + .004 - c)]], 1)
            e = tx.rect('bone', 4); U = np.zeros((9, 2, 2)); U[..., 0] = np.linspace(e[0], e[2], 9)[:, None]; U[..., 1] = [e[1], e[3]]
            g.grid('print', Q, uv=U)
            for sx in (-1, 1):
                for sy in (-1, 1):
                    with g.at(move(sx * (w + .006), sy * (h - .012), .004)):
                        g.lathe('brass', [(.0052, 0), (.0062, .004), (.0062, .007), (.0085, .0085), (.0085, .0105), (.004, .0135), (0, .014)], 20)
            g.box('lacquer', (-.105, -.082, -.004), (.105, -.066, .012), .004, 0)
        for sx in (-1, 1):      # turned brackets that carry the slope
            g.tube('brass', [(sx * .085, .06, .02), (sx * .085, .066, .06), (sx * .085, .062, .098)], [.007, .0095, .006], 10)
            with g.at(move(sx * .115, -.07, .025)):
                g.lathe('brass', [(.009, 0), (.010, .003), (.006, .007), (.0, .008)], 16)
    return g


def parasol(M):
    """Oil-paper parasol, open, resting on its rim and handle: 28 bamboo ribs, struts, lacquered tip."""
    g = make('parasol', 1.6)
    n, R, Hc = 32, .50, .20
    rr = np.array([.03, .12, .22, .32, .42, .50]); 
    def h(r): return Hc * (1 - (r / R) ** 1.35)
    pr = tx.rect('parasol', 3)
    with g.at(M):
        for side in (1, -1):
            m = n * 4; P = np.zeros((m + 1, len(rr), 3)); U = np.zeros((m + 1, len(rr), 2))
            for i in range(m + 1):
                a = 2 * math.pi * i / m; k = (i % 4) / 4; sag = math.sin(math.pi * k) if k else 0
                for j, r in enumerate(rr):
                    q = r * (1 - .018 * sag * (r / R))
                    P[i, j] = (q * math.cos(a), q * math.sin(a), h(r) - .016 * sag * (r / R) - (0 if side > 0 else .0035))
                    U[i, j] = (pr[0] + (pr[2] - pr[0]) * (1 - abs(i % 32 / 16 - 1)), pr[1] + (pr[3] - pr[1]) * r / R)
            g.grid('print', P, uv=U, flip=side > 0, wrap=True)
        bam = tx.rect('bamboo')
        for k in range(n):
            a = 2 * math.pi * k / n; ca, sa = math.cos(a), math.sin(a)
            path = [(r * ca, r * sa, h(r) - .008) for r in (.022, .18, .34, .503)]
            g.sweep('print', path, [(-.004, -.003), (.004, -.003), (.004, .003), (-.004, .003)], smooth=False, uv=bam, dens=.7)
            if k % 2 == 0:
                g.sweep('print', [(.02 * ca, .02 * sa, -.02), (.27 * ca, .27 * sa, h(.27) - .012)], [(-.003, -.003), (.003, -.003), (.003, .003), (-.003, .003)], smooth=False, uv=bam, dens=.6)
        dark = tx.rect('iron')
        g.lathe('print', [(.012, -.62), (.0135, -.60), (.0105, -.57), (.0095, -.3), (.0095, .17)], 14, uv=bam)
        g.lathe('lacquer', [(0, -.665), (.015, -.66), (.018, -.645), (.016, -.56), (.018, -.55), (.0135, -.535)], 16)
        g.lathe('lacquer', [(.0095, -.045), (.022, -.04), (.024, -.02), (.020, .0), (.0095, .005)], 16)
        g.lathe('lacquer', [(.036, .178), (.037, .196), (.026, .205), (.016, .218), (.012, .245), (.015, .252), (.010, .262), (0, .266)], 20)
    return g


def lotus_shape(g, mat='gilt'):
    """A hanging carved post: block, neck, three tiers of petals pointing down, bud. Height 0.62 m, top at z = 0."""
    leaf = (.52, .515, .98, .615)
    g.box(mat, (-.07, -.07, -.16), (.07, .07, .03), .012, 2, off=(0, .55), uvs=.10)
    for a in range(4):
        with g.at(rot('z', 90 * a), move(0, -.07, -.07)):
            g.quad(mat, (-.052, -.004, -.062), (.052, -.004, -.062), (.052, -.004, .072), (-.052, -.004, .072), rect=(.004, .004, .496, .496), dens=1.3)
    g.lathe(mat, [(.0, -.60), (.008, -.597), (.017, -.58), (.020, -.56), (.014, -.545), (.022, -.535), (.040, -.515), (.052, -.485), (.050, -.455), (.058, -.44), (.074, -.40), (.076, -.36), (.066, -.315),
                  (.050, -.285), (.044, -.262), (.056, -.252), (.060, -.240), (.056, -.228), (.046, -.220), (.046, -.205), (.074, -.192), (.082, -.178), (.080, -.162), (.05, -.158)][::1], 32, uv=leaf)
    # petals: tiers (count, start z, length, half width, radius along the petal, phase); outer ones flare, the inner close to a bud
    for n, z0, L, W, radii, ph in ((8, -.215, .125, .046, (.046, .074, .094, .106, .122), 0), (8, -.240, .175, .046, (.050, .082, .094, .092, .098), 22.5),
                                   (8, -.285, .215, .042, (.050, .078, .082, .066, .034), 0), (6, -.425, .095, .026, (.046, .058, .050, .034, .010), 12)):
        for k in range(n):
            with g.at(rot('z', 360 / n * k + ph)):
                m, q = 6, 8
                P = np.zeros((m + 1, q + 1, 3)); U = np.zeros((m + 1, q + 1, 2))
                for j in range(q + 1):
                    t = j / q; w = W * min(1, .50 + 1.5 * t) * max(0, 1 - max(0, (t - .52) / .48) ** 2.2)
                    rad = float(np.interp(t, np.linspace(0, 1, 5), radii)); z = z0 - L * t
                    for i in range(m + 1):
                        v = i / m * 2 - 1; y = v * w
                        vein = .0035 * math.cos(v * math.pi * 2) * math.sin(math.pi * t)
                        P[i, j] = (math.sqrt(max(rad * rad - .55 * y * y, 1e-6)) + vein - .004 * abs(v), y, z + .014 * v * v * t)
                        U[i, j] = (.05 + .4 * (v * .5 + .5), .518 + .092 * t)
                g.grid(mat, P, uv=U, dens=.9, flip=True)


def lotus_post(M):
    g = make('lotus-post', 2.6)
    with g.at(M):
        lotus_shape(g)
    return g


def lotus_copy(M):
    g = Geo('boat_lotus', 1.2)
    with g.at(M):
        lotus_shape(g)
    return g


def tea_set(M):
    """Blue-and-white pot, four cups with real thickness, on a lacquer tray."""
    g = make('tea-set', 5)
    body, band = (0, .0, 1, .52), (0, .52, 1, .74)
    def white(s=.2): return (0, .78, s, .98)
    with g.at(M):
        g.box('lacquer', (-.20, -.14, 0), (.20, .14, .010), .004, 0, dens=.7)
        arc = [(cx + .03 * math.cos(t), cy + .03 * math.sin(t)) for cx, cy, t0 in ((.172, -.112, -90), (.172, .112, 0), (-.172, .112, 90), (-.172, -.112, 180)) for t in np.radians(np.linspace(t0, t0 + 90, 6))]
        path = np.array([(0, -.142)] + arc + [(0, -.142)])
        g.sweep('lacquer', np.c_[path, np.full(len(path), .013)], [(.007, -.012), (.009, .008), (.006, .0125), (.001, .0125), (-.003, .007), (-.003, -.012)], dens=.8)
        g.sweep('brass', np.c_[path, np.full(len(path), .0262)], [(.0062, -.001), (.0062, .0006), (.0008, .0006), (.0008, -.001)], smooth=False, dens=.4)
        with g.at(move(-.055, .03, .010), rot('z', 205)):
            g.lathe('porcelain', [(.0, .004), (.036, .003), (.040, 0), (.042, .006)], 28, uv=white())
            g.lathe('porcelain', [(.042, .006), (.058, .016), (.070, .034), (.075, .054), (.071, .074), (.058, .090), (.042, .098), (.036, .101)], 40, uv=body)
            g.lathe('porcelain', [(.036, .101), (.0365, .105), (.033, .106), (.0325, .098)], 32, uv=white())
            g.lathe('porcelain', [(.0335, .105), (.037, .107), (.036, .110), (.026, .1165), (.012, .120), (.007, .122), (.006, .126), (.010, .130), (.0125, .136), (.010, .142), (.004, .1455), (0, .146)], 28, uv=(0, .53, .5, .74))
            t = np.linspace(0, 1, 12)
            sp = np.stack([.062 + .062 * t + .006 * np.sin(t * 6), 0 * t, .040 + .066 * t ** 1.25], 1)
            rad = np.interp(t, [0, .3, .8, 1], [.0175, .0125, .0082, .0085])
            th = np.linspace(0, 2 * np.pi, 14, endpoint=False)
            g.sweep('porcelain', sp, np.stack([np.cos(th), np.sin(th)], 1), up=(0, 1, 0), scales=rad, uv=white(.3))
            g.sweep('porcelain', sp[::-1][:4], np.stack([np.cos(th), np.sin(th)], 1)[::-1] * .74, up=(0, -1, 0), scales=rad[::-1][:4], uv=white(.3), dens=.5)
            a = np.linspace(-1.25, 1.25, 14)
            hd = np.stack([-.048 - .040 * np.cos(a) ** .8, 0 * a, .056 + .034 * np.sin(a)], 1)
            g.tube('porcelain', hd, .0056, 10, up=(0, 1, 0), uv=white(.3))
        for k, (x, y) in enumerate(((.075, -.075), (.145, -.02), (.10, .065), (-.04, -.092))):
            with g.at(move(x, y, .010), rot('z', 50 * k)):
                g.lathe('porcelain', [(.0, .002), (.018, .0018), (.019, 0), (.021, 0), (.0215, .005)], 24, uv=white())
                g.lathe('porcelain', [(.0215, .005), (.030, .012), (.036, .026), (.0395, .044)], 32, uv=band)
                g.lathe('porcelain', [(.0395, .044), (.0398, .0452), (.0388, .0458), (.0378, .0448), (.0345, .027), (.0285, .0135), (.018, .008), (0, .007)], 32, uv=white())
                if k != 3:
                    g.lathe('print', [(.0368, .036), (.02, .0362), (0, .0362)], 24, uv=tx.rect('amber'), dens=.5)
                    # lathe runs inwards at the top, so it already faces up
    return g


def tile(g, k, x, y, z, a, up=True):
    """One tile 33 x 24 x 17 mm (a little over the old bone-and-bamboo size): bone face, bamboo back."""
    w, h, tb, tt = .0125, .0170, .0075, .0105
    b, m = tx.rect('bone', 6), tx.rect('bamboo', 6)

    def plain(r):
        return dict(off=((r[0] + r[2]) / 2, (r[1] + r[3]) / 2), uvs=.25)
    with g.at(move(x, y, z), rot('z', a), np.eye(4) if up else rot('y', 180) @ move(0, 0, -(tb + tt))):
        loop = np.array([(-w, -h), (w, -h), (w, h), (-w, h), (-w, -h)])
        c = .0022
        loop = np.array([(-w + c, -h), (w - c, -h), (w, -h + c), (w, h - c), (w - c, h), (-w + c, h), (-w, h - c), (-w, -h + c), (-w + c, -h)])
        for z0, z1, r in ((c, tb, m), (tb, tb + tt - c, b)):
            P = np.stack([np.c_[loop, np.full(9, z0)], np.c_[loop, np.full(9, z1)]], 1)
            U = np.zeros((9, 2, 2)); U[..., 0] = np.linspace(r[0], r[2], 9)[:, None]; U[..., 1] = [r[1], r[3]]
            g.grid('print', P, uv=U)
        g._cap('print', -w, w, -h, h, tb + tt, c, 1, lambda q: q, 1.3, rect=tx.tile_rect(k))
        g._cap('print', -w, w, -h, h, 0, c, -1, lambda q: q, .6, rect=m)


def mahjong(M):
    g = make('mahjong-tiles', 4)
    with g.at(M):
        hand = [0, 1, 2, 12, 13, 14, 24, 25, 26, 30, 30, 34, 34]
        th = .018
        # an open hand towards the visitor, a wall behind it, discards in the middle
        for i, k in enumerate(hand):
            tile(g, k, -.17 + i * .0265, -.125 + .002 * rngv(i), 0, (rngv(i + 3) - .5) * 5)
        for i in range(11):
            for j in range(2):
                tile(g, 36, -.13 + i * .0256, .135 + .002 * rngv(i + j * 7), j * th, (rngv(i * 3 + j) - .5) * 3, up=False)
        for i, k in enumerate((7, 18, 35, 22, 4, 31, 36, 15, 28, 33)):
            tile(g, k, -.11 + (i % 5) * .048 + .014 * rngv(i), -.045 + (i // 5) * .062 + .014 * rngv(i + 5), 0, rngv(i + 9) * 70 - 35)
        for s in range(2):      # two dice
            with g.at(move(.16, .02 + s * .03, 0), rot('z', 25 + 50 * s)):
                g.box('print', (-.007, -.007, 0), (.007, .007, .014), .002, 2, off=(tx.rect('white')[0] + .02, tx.rect('white')[1] + .02), uvs=.3)
    return g


def programme(M):
    """Two typewritten-looking sheets side by side under glass-less paperweights of brass."""
    g = make('programme-page', 5)
    with g.at(M):
        for x in (-.2, .2):
            g.box('lacquer', (x - .012, -.13, 0), (x + .012, .13, .016), .003, 1)
            g.box('lacquer', (x - .010, .085, .01), (x + .010, .105, .135), .003, 2)
    with g.at(M, move(0, -.005, .093), rot('x', 32)):
        g.box('lacquer', (-.25, -.18, 0), (.25, .18, .008), .004, 0, dens=.8)
        g.box('lacquer', (-.25, -.18, .002), (.25, -.166, .026), .004, 0, dens=.8)
        w, h = .21, .297
        for s, r, a, ph in ((-1, 'page_ru', 1.2, 0), (1, 'page_en', -1.0, 2)):
            with g.at(move(s * .117, 0, .009), rot('z', a)):
                wf = lambda u, v, ph=ph: .0012 + .005 * (abs(u - .5) * 2) ** 4 * (.5 + .5 * math.sin(v * 5 + ph)) + .007 * max(0, (v - .86) / .14) ** 2 * (u if s > 0 else 1 - u) + .0012 * math.sin(u * 7 + v * 4 + ph)
                face(g, 'print', -w / 2, w / 2, -h / 2, h / 2, 0, tx.rect(r, 2), (14, 18), wf, dens=1.3)
                P = tx.rect('bone', 8)
                def under(u, v): return wf(u, v) - .0006
                face(g, 'print', -w / 2, w / 2, -h / 2, h / 2, -.0025, P, (6, 8), under, dens=.3, flip=True)
        for s in (-1, 1):
            with g.at(move(s * .117, .139, .010), rot('z', 4 * s)):
                g.sweep('brass', [(-.055, 0, .007), (-.05, 0, .007), (.05, 0, .007), (.055, 0, .007)], [(.008 * math.cos(t), .007 * math.sin(t)) for t in np.linspace(0, 2 * np.pi, 14, endpoint=False)], scales=[.6, 1, 1, .6], caps=True)
    return g


def oil_lamp(M):
    """Kerosene table lamp: brass font and burner, milk-glass shade and chimney, about 0.42 m high."""
    g = make('oil-lamp', 3.6)
    mk = tx.rect('milk')
    with g.at(M):
        g.lathe('brass', [(.0, .001), (.072, 0), (.074, .006), (.070, .012), (.048, .020), (.024, .030), (.017, .046), (.020, .058), (.028, .064), (.020, .070), (.016, .080)], 40)
        g.lathe('brass', [(.016, .080), (.030, .086), (.056, .100), (.066, .120), (.065, .138), (.052, .154), (.030, .162), (.024, .166)], 44)
        for zz, r in ((.100, .0575), (.1405, .0640)):
            g.lathe('brass', [(r, zz - .0035), (r + .004, zz), (r, zz + .0035)], 40)
        g.lathe('brass', [(.024, .166), (.027, .168), (.027, .174), (.034, .176), (.035, .182), (.030, .186), (.030, .198), (.040, .202), (.042, .206), (.041, .212), (.033, .214), (.030, .208)], 40)
        for k in range(12):     # gallery prongs
            a = k * math.pi / 6; g.tube('brass', [(.040 * math.cos(a), .040 * math.sin(a), .206), (.043 * math.cos(a), .043 * math.sin(a), .222), (.038 * math.cos(a), .038 * math.sin(a), .236)], [.003, .0028, .0016], 6)
        with g.at(move(.030, 0, .180), rot('y', 90)):
            g.lathe('brass', [(.003, 0), (.003, .022), (.012, .0225), (.013, .025), (.012, .0275), (0, .028)], 18)
        # chimney and shade
        ch = [(.029, .212), (.030, .224), (.038, .246), (.041, .266), (.036, .290), (.027, .314), (.0235, .345), (.0235, .408), (.0250, .412)]
        g.lathe('porcelain', ch + [(.0232, .412), (.0215, .405), (.0215, .345), (.025, .314)], 36, uv=(.55, .79, .95, .97))
        g.lathe('print', [(.100, .262), (.1015, .2625), (.101, .268), (.088, .292), (.062, .320), (.046, .332), (.042, .336), (.040, .335), (.044, .330), (.060, .3175), (.086, .2895), (.0985, .264), (.100, .262)], 48, uv=mk)
        g.lathe('brass', [(.101, .259), (.1035, .261), (.1035, .2645), (.101, .2655)], 48)
        for k in range(3):      # shade holder
            a = k * 2.094 + .4; g.tube('brass', [(.041 * math.cos(a), .041 * math.sin(a), .208), (.07 * math.cos(a), .07 * math.sin(a), .222), (.099 * math.cos(a), .099 * math.sin(a), .262)], .0022, 6)
        a = np.linspace(-1.2, 1.2, 16)      # carrying handle on the font
        g.tube('brass', np.stack([-.058 - .042 * np.cos(a), 0 * a, .120 + .036 * np.sin(a)], 1), .0042, 8, up=(0, 1, 0))
    return g


def tender(M):
    """Towed tender (拖梢船), about 4.6 x 1.25 m, with a small mat awning and an oar. Its measures are assumed."""
    g = make('tender', .9)
    L = 2.3
    hb = lambda x: .62 - .30 * max(0, (abs(x) - .9) / 1.4) ** 2
    sh = lambda x: .34 + .26 * max(0, (abs(x) - .6) / 1.7) ** 2.2
    kl = lambda x: -.14 + .40 * max(0, (abs(x) - 1.0) / 1.3) ** 1.8
    with g.at(M):
        xs = np.linspace(-L, L, 25)
        ts = [(0.0, 0), (.16, .008), (.325, 0), (.335, -.004), (.5, .008), (.66, 0), (.67, -.004), (.85, .006), (1, 0)]
        for s in (-1, 1):
            P = np.zeros((len(xs), len(ts) + 1, 3))
            for i, x in enumerate(xs):
                for j, (t, bu) in enumerate(ts):
                    P[i, j] = (x, s * (hb(x) * (1 - .22 * t ** 1.6) + bu), sh(x) + (kl(x) - sh(x)) * t)
                P[i, -1] = (x, 0, kl(x) - .01)
            g.grid('hull', P, flip=s < 0)
            Q = np.array([[(x, s * (hb(x) - .035), sh(x)), (x, s * (hb(x) * .88 - .03), .06 + max(0, kl(x))), (x, 0, .055 + max(0, kl(x)))] for x in xs[1:-1]])
            g.grid('wood', Q, flip=s > 0)
            g.sweep('lacquer', [(x, s * (hb(x) - .01), sh(x) + .008) for x in xs], [(-.04, -.022), (.04, -.022), (.04, .015), (.03, .024), (-.03, .024), (-.04, .015)], smooth=False)
            g.tube('hull', [(x, s * (hb(x) * .975 + .012), sh(x) - .10) for x in xs], .018, 6)
        for s in (-1, 1):
            g.box('hull', (s * L - .03, -hb(L) - .03, kl(L) - .02), (s * L + .03, hb(L) + .03, sh(L) + .045), .012, 1)
            for k in range(5):     # little end decks
                a = s * (2.26 - k * .17); b = s * (2.26 - (k + 1) * .17 + .006); y = min(hb(a), hb(b)) - .03
                g.slab('wood', min(a, b), max(a, b), -y, y, sh((a + b) / 2) - .035 - .01 * k, .005)
        for x in (-.15, .95):
            g.box('wood', (x - .11, -hb(x) + .03, .26), (x + .11, hb(x) - .03, .29), .008, 1)
        for k in range(7):        # bottom boards
            y = -.40 + k * .115; g.slab('wood', -1.3, 1.3, y, y + .11, .085, .006)
        th = np.linspace(0, math.pi, 13)
        for lift, x0, x1 in ((0, -1.25, -.55), (.022, -.75, .05)):
            P = np.array([[(x, (hb(x) - .02 + lift * .4) * math.cos(t), .34 + lift + .62 * math.sin(t) ** .7) for t in th] for x in np.linspace(x0, x1, 4)])
            g.grid('thatch', P, flip=True); g.grid('thatch', P - [0, 0, .015], dens=.7)
            for x in (x0, x1):
                g.tube('wood', [(x, (hb(x) - .01 + lift * .4) * math.cos(t), .34 + lift + .625 * math.sin(t) ** .7) for t in th], .014, 6, up=(1, 0, 0))
        g.sweep('wood', [(1.9, .30, .50), (.6, .36, .46), (-.8, .30, .40), (-1.9, .22, .52)], np.array([(-1, -.4), (1, -.4), (1, .4), (-1, .4)]) * .028, scales=[.8, .8, 1.2, 2.4], smooth=False, caps=True)
        with g.at(move(1.45, -.12, .29)):    # a basket and a coil of rope
            g.lathe('wood', [(0, .01), (.11, 0), (.15, .12), (.155, .17), (.145, .17), (.138, .12), (.10, .02), (0, .02)], 20, uvs=3)
        a = np.linspace(0, 2 * np.pi * 4, 44)
        g.tube('print', np.stack([2.0 + (.10 - .002 * a) * np.cos(a), .0 + (.10 - .002 * a) * np.sin(a), sh(2.0) - .02 + .004 * a], 1), .011, 6, up=(0, 0, 1), uv=tx.rect('rope'))
    return g


# ---- where they are, and where a visitor stands to see them -------------------------------
from shore import STAND_M

LOTUS_Y = (-.80, .40)
PLACES = {
    'rail-ticket': STAND_M @ scale(1.25),
    'parasol': move(6.98, .40, deck(6.95) + .36) @ rot('z', 246) @ rot('y', 56) @ scale(.88) @ rot('z', 11),
    'lotus-post': move(5.15, LOTUS_Y[0], 2.385),
    'tea-set': move(.60, YC + .02, TABLE) @ rot('z', 90),
    'mahjong-tiles': move(.10, YC, TABLE) @ rot('z', -90),
    'programme-page': move(-3.42, YP - .36, TABLE),
    'oil-lamp': move(-4.22, -1.02, FLOOR + .75) @ rot('z', 140),
    'tender': move(-11.5, 1.15, 0) @ rot('z', -26),
}


def build():
    fs = {'rail-ticket': rail_ticket, 'parasol': parasol, 'lotus-post': lotus_post, 'tea-set': tea_set,
          'mahjong-tiles': mahjong, 'programme-page': programme, 'oil-lamp': oil_lamp, 'tender': tender}
    out = []
    for k, f in fs.items():
        g = f(PLACES[k]); g.origin = g.centre(); out.append(g)
    out.append(lotus_copy(move(5.15, LOTUS_Y[1], 2.385)))
    return out


# stop id -> (feet x, y), what to look at (artifact); at the table one sits
SITS = {'table': 1.15}
STOPS = {
    'landing': (None, 'rail-ticket'), 'bow': ((5.60, -.12), 'parasol'), 'carving': ((6.28, -.50), 'lotus-post'),
    'table': ((1.14, YC + .10), 'tea-set'), 'tiles': ((-.72, YC - .30), 'mahjong-tiles'),
    'programme': ((-3.42, .08), 'programme-page'), 'lamp': ((-3.45, -.18), 'oil-lamp'), 'stern': ((-7.12, .25), 'tender'),
}
