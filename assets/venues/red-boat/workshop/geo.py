"""A small mesh builder: every surface is made of rectangular grids ("charts").

Why not Blender's modifiers and unwrappers: each grid knows its own size, so the
lightmap layout (TEXCOORD_1) follows from packing plain rectangles - quick,
reproducible, free of overlaps - and vertex counts stay under control.
Blender axes: X towards the bow, Y to port, Z up, metres, water level z = 0.
"""
import math
import numpy as np

rng = np.random.default_rng(19210803)

# metres covered by one repeat of each tiled texture
TILE = dict(hull=1.3, wood=1.0, lacquer=0.8, gilt=1.0, brass=0.25, thatch=0.9, tile=0.96, stone=1.8, ground=3.0,
            cloth=0.4, plaster=2.4, porcelain=1.0, print=1.0, foliage=1.0, sky=1.0, water=6.0)


def rot(axis, deg):
    a = math.radians(deg); c, s = math.cos(a), math.sin(a)
    m = np.eye(4); i, j = {'x': (1, 2), 'y': (2, 0), 'z': (0, 1)}[axis]
    m[i, i] = c; m[i, j] = -s; m[j, i] = s; m[j, j] = c
    return m


def move(x=0, y=0, z=0):
    m = np.eye(4); m[:3, 3] = (x, y, z)
    return m


def scale(x, y=None, z=None):
    return np.diag([x, x if y is None else y, x if z is None else z, 1.0])


class Geo:
    """One glTF node: grids with a material each, charts for the lightmap."""

    def __init__(self, name, dens=1.0, props=None, lit=True):
        self.name, self.dens, self.props, self.lit = name, dens, props or {}, lit
        self.P, self.N, self.U, self.S, self.T, self.Mt, self.charts = [], [], [], [], [], [], []
        self.n = 0
        self.tones, self.vary = [], 0.0      # per chart: how much its tone varies, and a wash along its second side (factors) or None
        self.M = np.eye(4)
        self.origin = np.zeros(3)

    # ---- transforms -----------------------------------------------------
    def at(self, *ms):
        return _At(self, ms)

    # ---- the one primitive ----------------------------------------------
    def grid(self, mat, P, uv=None, N=None, dens=1.0, flip=False, wrap=False, off=None, swap=False, uvs=1.0, wash=None):
        """P: (m, n, 3) points; i x j gives the outward side unless flip. wash: factors on the baked light along j."""
        P = np.asarray(P, float); m, n = P.shape[:2]
        P = P @ self.M[:3, :3].T + self.M[:3, 3]
        if np.linalg.det(self.M[:3, :3]) < 0:
            flip = not flip
        di = np.linalg.norm(np.diff(P, axis=0), axis=2).mean(1); dj = np.linalg.norm(np.diff(P, axis=1), axis=2).mean(0)
        w, h = max(di.sum(), 1e-4), max(dj.sum(), 1e-4)
        s = np.concatenate([[0], np.cumsum(di)]) / w; t = np.concatenate([[0], np.cumsum(dj)]) / h
        S = np.stack(np.meshgrid(s, t, indexing='ij'), -1)
        if N is None:
            a, b, c, d = P[:-1, :-1], P[1:, :-1], P[1:, 1:], P[:-1, 1:]
            f = np.cross(c - a, d - b)
            N = np.zeros_like(P)
            N[:-1, :-1] += f; N[1:, :-1] += f; N[1:, 1:] += f; N[:-1, 1:] += f
            if wrap:
                N[0] += N[-1]; N[-1] = N[0]
            if flip:
                N = -N
        else:
            N = np.asarray(N, float) @ np.linalg.inv(self.M[:3, :3])
        N = N / np.maximum(np.linalg.norm(N, axis=2, keepdims=True), 1e-9)
        if uv is None:
            T = TILE[mat] / uvs
            o = rng.random(2) if off is None else np.asarray(off)
            uv = S * [w / T, h / T]
            if swap:
                uv = uv[..., ::-1]
            uv = uv + o
        uv = np.broadcast_to(np.asarray(uv, float), (m, n, 2))
        k = self.n + np.arange(m * n).reshape(m, n)
        a, b, c, d = k[:-1, :-1].ravel(), k[1:, :-1].ravel(), k[1:, 1:].ravel(), k[:-1, 1:].ravel()
        tri = np.stack([np.stack([a, b, c], -1), np.stack([a, c, d], -1)], 1).reshape(-1, 3)
        if flip:
            tri = tri[:, ::-1]
        Q = P.reshape(-1, 3); l = tri - self.n
        area = np.linalg.norm(np.cross(Q[l[:, 1]] - Q[l[:, 0]], Q[l[:, 2]] - Q[l[:, 0]]), axis=1)
        tri = tri[area > 2e-9]
        self.P.append(Q); self.N.append(N.reshape(-1, 3)); self.U.append(uv.reshape(-1, 2)); self.S.append(S.reshape(-1, 2))
        self.T.append(tri); self.Mt += [mat] * len(tri)
        self.charts.append((w, h, self.dens * dens, self.n, m * n)); self.tones.append((self.vary, wash))
        self.n += m * n

    # ---- shapes -----------------------------------------------------------
    def quad(self, mat, a, b, c, d, **k):
        """Corners counter-clockwise seen from outside; uv rectangle via rect=(u0,v0,u1,v1)."""
        r = k.pop('rect', None)
        if r:
            k['uv'] = np.array([[[r[0], r[1]], [r[0], r[3]]], [[r[2], r[1]], [r[2], r[3]]]])
        self.grid(mat, np.array([[a, d], [b, c]]), **k)

    def box(self, mat, lo, hi, c=0.006, axis=None, ends=(1, 1), dens=1.0, uvs=1.0, off=None, rects=None):
        """Chamfered box; grain runs along `axis` (longest by default). Ends may be left out."""
        lo, hi = np.asarray(lo, float), np.asarray(hi, float)
        lo, hi = np.minimum(lo, hi), np.maximum(lo, hi)
        ax = int(np.argmax(hi - lo)) if axis is None else axis
        p = [(ax + 1) % 3, (ax + 2) % 3, ax]
        (a0, b0, l0), (a1, b1, l1) = lo[p], hi[p]
        c = min(c, .45 * min(a1 - a0, b1 - b0, l1 - l0))
        loop = np.array([(a0 + c, b0), (a1 - c, b0), (a1, b0 + c), (a1, b1 - c), (a1 - c, b1), (a0 + c, b1), (a0, b1 - c), (a0, b0 + c), (a0 + c, b0)])
        nl = np.array([(0, -1), (0, -1), (1, 0), (1, 0), (0, 1), (0, 1), (-1, 0), (-1, 0), (0, -1)], float)
        inv = np.argsort(p)

        def w(a):
            return np.asarray(a, float)[..., inv]
        e0, e1 = l0 + c * ends[0], l1 - c * ends[1]
        P = np.zeros((9, 2, 3)); P[:, :, :2] = loop[:, None]; P[:, 0, 2] = e0; P[:, 1, 2] = e1
        N = np.zeros((9, 2, 3)); N[:, :, :2] = nl[:, None]
        self.grid(mat, w(P), N=w(N), dens=dens, swap=True, uvs=uvs, off=off)
        for end, on in ((0, ends[0]), (1, ends[1])):
            if not on:
                continue
            self._cap(mat, a0, a1, b0, b1, l1 if end else l0, c, 1 if end else -1, w, dens * .8, uvs, off, (rects or {}).get(end))

    def _cap(self, mat, a0, a1, b0, b1, l, c, sgn, w, dens, uvs=1.0, off=None, rect=None, swap=False):
        xs, ys = [a0, a0 + c, a1 - c, a1], [b0, b0 + c, b1 - c, b1]
        P = np.zeros((4, 4, 3)); N = np.zeros((4, 4, 3))
        for i in range(4):
            for j in range(4):
                ei, ej = i in (0, 3), j in (0, 3)
                x, y = xs[i], ys[j]
                if ei and ej:
                    x = (xs[i] + xs[1 if i == 0 else 2]) / 2; y = (ys[j] + ys[1 if j == 0 else 2]) / 2
                P[i, j] = (x, y, l - sgn * c * (ei or ej))
                N[i, j] = (((i == 3) - (i == 0)) if ei else 0, ((j == 3) - (j == 0)) if ej else 0, 0 if (ei or ej) else sgn)
        uv = None
        if rect:
            fx = (P[..., 0] - a0) / (a1 - a0); fy = (P[..., 1] - b0) / (b1 - b0)
            uv = np.stack([rect[0] + fx * (rect[2] - rect[0]), rect[1] + fy * (rect[3] - rect[1])], -1)
        self.grid(mat, w(P), N=w(N), flip=sgn < 0, dens=dens, uvs=uvs, off=off, uv=uv, swap=swap)

    def slab(self, mat, x0, x1, y0, y1, z, c=0.005, dens=1.0, uvs=1.0):
        """Only the upper side of a board or paving stone, with chamfered edges; grain along the longer side."""
        self.vary = .075      # no two boards or stones are alike
        self._cap(mat, x0, x1, y0, y1, z, c, 1, lambda a: a, dens, uvs, swap=(y1 - y0) > (x1 - x0))
        self.vary = 0.0

    def panel(self, mat, x0, x1, y0, y1, z, c=0.01, rect=None, dens=1.0):
        self._cap(mat, x0, x1, y0, y1, z, c, 1, lambda a: a, dens, 1.0, None, rect)

    def lathe(self, mat, prof, n=24, dens=1.0, uv=None, uvs=1.0, a0=0.0, a1=360.0):
        """prof: (r, z) from bottom to top on the outside (then down again inside for thickness)."""
        prof = np.asarray(prof, float); th = np.radians(np.linspace(a0, a1, n + 1))
        P = np.zeros((n + 1, len(prof), 3))
        P[..., 0] = np.cos(th)[:, None] * prof[:, 0]; P[..., 1] = np.sin(th)[:, None] * prof[:, 0]; P[..., 2] = prof[:, 1]
        if uv is not None:   # uv=(u0,v0,u1,v1) rectangle
            t = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(prof, axis=0).T))]); t /= t[-1]
            g = np.zeros((n + 1, len(prof), 2)); g[..., 0] = np.linspace(uv[0], uv[2], n + 1)[:, None]; g[..., 1] = uv[1] + t * (uv[3] - uv[1])
            uv = g
        self.grid(mat, P, uv=uv, wrap=(a1 - a0) > 359, dens=dens, uvs=uvs)

    def sweep(self, mat, path, loop, up=(0, 0, 1), closed=True, scales=None, dens=1.0, smooth=True, uvs=1.0, caps=False, uv=None):
        """Sweep a counter-clockwise 2-D loop (a sideways, b up) along a path."""
        path = np.asarray(path, float); loop = np.asarray(loop, float)
        if closed:
            loop = np.vstack([loop, loop[:1]])
        T = np.gradient(path, axis=0); T /= np.linalg.norm(T, axis=1, keepdims=True)
        up = np.broadcast_to(np.asarray(up, float), path.shape)
        B = up - (up * T).sum(1, keepdims=True) * T; B /= np.linalg.norm(B, axis=1, keepdims=True)
        A = np.cross(B, T)
        sc = np.ones(len(path)) if scales is None else np.asarray(scales, float)
        P = path[None] + (loop[:, 0, None] * sc)[..., None] * A[None] + (loop[:, 1, None] * sc)[..., None] * B[None]
        if uv is not None:
            P2 = P.shape; g = np.zeros(P2[:2] + (2,)); g[..., 0] = np.linspace(uv[0], uv[2], P2[0])[:, None]; g[..., 1] = np.linspace(uv[1], uv[3], P2[1])[None]; uv = g
        self.grid(mat, P, wrap=closed and smooth, dens=dens, swap=True, uvs=uvs, uv=uv)
        if caps:
            for k, fl in ((0, True), (-1, False)):
                c = P[:, k].mean(0)
                self.grid(mat, np.stack([np.repeat(c[None], len(P), 0), P[:, k]], 1), flip=not fl, dens=dens * .5)

    def tube(self, mat, path, r, n=8, **k):
        th = np.linspace(0, 2 * np.pi, n, endpoint=False)
        path = np.asarray(path, float)
        d = path[-1] - path[0]
        up = k.pop('up', (0, 0, 1) if abs(d[2]) < .8 * np.linalg.norm(d) else (1, 0, 0))
        sc = np.asarray(r, float) if np.ndim(r) else None
        self.sweep(mat, path, np.stack([np.cos(th), np.sin(th)], 1) * (1.0 if sc is not None else r), up=up, scales=sc, **k)

    def bar(self, mat, a, b, w, d, nrm, dens=1.0, uvs=1.0):
        """A lattice bar from a to b, w wide in the lattice plane, d deep along nrm; no ends."""
        L = np.array([(-w / 2, -d / 2), (w / 2, -d / 2), (w / 2, d / 2), (-w / 2, d / 2)])
        L = np.repeat(np.vstack([L, L[:1]]), 1, 0)
        a, b, nrm = (np.asarray(v, float) for v in (a, b, nrm))
        T = (b - a) / np.linalg.norm(b - a); A = np.cross(nrm, T)
        P = np.stack([a + L[:, :1] * A + L[:, 1:] * nrm, b + L[:, :1] * A + L[:, 1:] * nrm], 1)
        self.grid(mat, P, wrap=True, dens=dens, swap=True, uvs=uvs)

    # ---- result -------------------------------------------------------------
    def done(self):
        r = dict(P=np.vstack(self.P), N=np.vstack(self.N), U=np.vstack(self.U), S=np.vstack(self.S), T=np.vstack(self.T), M=np.array(self.Mt))
        return r

    def centre(self):
        P = np.vstack(self.P)
        return (P.min(0) + P.max(0)) / 2


class _At:
    def __init__(self, g, ms):
        self.g, self.ms = g, ms

    def __enter__(self):
        self.old = self.g.M; m = self.old
        for k in self.ms:
            m = m @ k
        self.g.M = m

    def __exit__(self, *a):
        self.g.M = self.old


def pack(geos, size, pad=2):
    """Shelf-pack all charts into size x size texels; returns texels per metre, sets g.L (uv per vertex) and g.rects."""
    ch = [(g, c) for g in geos for c in g.charts]
    assert all(np.isfinite(c[:3]).all() for _, c in ch), {g.name for g, c in ch if not np.isfinite(c[:3]).all()}
    w = np.array([c[0] * c[2] for _, c in ch]); h = np.array([c[1] * c[2] for _, c in ch])
    sw = h > w
    W, H = np.where(sw, h, w), np.where(sw, w, h)

    def place(d):
        pw = np.maximum(2, np.round(W * d)).astype(int); ph = np.maximum(2, np.round(H * d)).astype(int)
        if pw.max() + 2 * pad > size:
            return None
        order = np.lexsort((-pw, -ph)); x = y = row = 0; pos = np.zeros((len(ch), 2), int)
        for k in order:
            a, b = pw[k] + 2 * pad, ph[k] + 2 * pad
            if x + a > size:
                x = 0; y += row; row = 0
            row = max(row, b)
            if y + b > size:
                return None
            pos[k] = (x + pad, y + pad); x += a
        return pos, pw, ph
    lo, hi = 1.0, 400.0
    for _ in range(22):
        mid = (lo + hi) / 2
        if place(mid):
            lo = mid
        else:
            hi = mid
    pos, pw, ph = place(lo)
    for g in geos:
        g.L = np.zeros((g.n, 2)); g.rects, g.turned = [], []
    for k, (g, c) in enumerate(ch):
        s = np.vstack(g.S)[c[3]:c[3] + c[4]] if not hasattr(g, '_S') else g._S[c[3]:c[3] + c[4]]
        if not hasattr(g, '_S'):
            g._S = np.vstack(g.S)
        if sw[k]:
            s = s[:, ::-1]
        g.L[c[3]:c[3] + c[4]] = (pos[k] + s * [pw[k], ph[k]]) / size
        g.rects.append((*pos[k], pw[k], ph[k])); g.turned.append(bool(sw[k]))
    return lo, float((pw * ph).sum()) / size ** 2


def merge(name, *gs):
    """One node (and one draw call per material) from several."""
    o = Geo(name, props=gs[0].props, lit=gs[0].lit)
    for g in gs:
        o.P += g.P; o.N += g.N; o.U += g.U; o.S += g.S; o.T += [t + o.n for t in g.T]; o.Mt += g.Mt
        o.charts += [(w, h, d, s + o.n, n) for w, h, d, s, n in g.charts]; o.tones += g.tones
        o.n += g.n
    return o
