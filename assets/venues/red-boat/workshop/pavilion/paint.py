"""The pavilion's textures: drawn from noise and type with fixed seeds, like the lake's."""
import math
import os
import numpy as np
from PIL import Image, ImageDraw, ImageFilter
import textures as tx
from textures import noise, mix, font, CJK

INK, RED = (46, 40, 35), (158, 44, 34)
# print atlas, pixels from the top left of 1024 x 1024
ATLAS = dict(july=(0, 0, 400, 520), august=(400, 0, 800, 520), brick=(0, 524, 400, 764), facade=(404, 524, 924, 764),
             street=(0, 768, 300, 1020), tiles=(304, 768, 604, 1020),
             **{'label-' + k: (608, 768 + 63 * i, 940, 830 + 63 * i) for i, k in enumerate(('house', 'calendar', 'carrier', 'map'))}, **{'label-boat': (804, 4, 940, 50)})
# exhibits' names as the stops have them, with what kind of thing each is
LABELS = dict(house=('石库门住宅', '模型', 'Lane house · model'), calendar=('1921年的日历', '示意', 'Calendar of 1921 · illustration'),
              carrier=('提盒', '仿制', 'Food carrier · replica'), map=('铁路地形图', '示意', 'Relief map of the railway · sketch'), boat=('船形示意', '', 'Sketch of the boat'))
PATCH = dict(brass=(190, 148, 76), bronze=(74, 58, 42), iron=(44, 43, 42), paper=(232, 223, 200), pale=(222, 214, 198), cream=(206, 190, 156),
             black=(30, 28, 27), gold=(206, 160, 82), red=(126, 42, 32), rust=(104, 36, 26), slate=(92, 94, 95), lamp=(250, 236, 206))
# the map: longitude and latitude of its edges, and its places (a sketch from memory of the region's outlines, not a survey)
LON, LAT = (120.55, 121.90), (30.45, 31.42)
PLACES = {'上海': (121.47, 31.25), '松江': (121.22, 31.02), '嘉善': (120.92, 30.85), '嘉兴': (120.76, 30.765)}
RAIL = [(121.478, 31.252), (121.44, 31.22), (121.42, 31.17), (121.38, 31.11), (121.30, 31.05), (121.22, 31.015), (121.12, 30.95), (121.02, 30.89), (120.92, 30.845), (120.83, 30.80), (120.765, 30.765),
        (120.70, 30.70), (120.63, 30.60), (120.56, 30.52), (120.50, 30.47)]
COAST = [(121.50, 31.60), (121.51, 31.40), (121.62, 31.36), (121.72, 31.28), (121.85, 31.14), (121.93, 31.00), (121.95, 30.89), (121.87, 30.86), (121.70, 30.83), (121.52, 30.81), (121.40, 30.74),
         (121.28, 30.69), (121.15, 30.63), (121.08, 30.595), (120.99, 30.55), (120.94, 30.47), (120.90, 30.40), (120.6, 30.36), (122.4, 30.2), (122.4, 31.8)]
HUANGPU = [(121.50, 31.40), (121.545, 31.33), (121.56, 31.28), (121.50, 31.245), (121.495, 31.20), (121.46, 31.17), (121.47, 31.09), (121.42, 31.02), (121.32, 30.98), (121.20, 30.955), (121.10, 31.00), (120.98, 31.08)]
CANAL = [(120.60, 31.30), (120.64, 31.15), (120.66, 30.98), (120.70, 30.85), (120.755, 30.77), (120.72, 30.70), (120.60, 30.63), (120.50, 30.58)]
LAKES = [(120.95, 31.11, .055, .045), (120.82, 31.02, .03, .02), (120.86, 31.20, .035, .02), (120.72, 31.21, .03, .018), (120.772, 30.752, .016, .013)]


def rect(name, inset=1):
    """uv rectangle (u0, v0, u1, v1), v up."""
    if name in PATCH:
        k = list(PATCH).index(name)
        x0, y0, x1, y1 = 948, 68 * k + 8, 1016, 68 * k + 60
    else:
        x0, y0, x1, y1 = ATLAS[name]
    i = inset
    return ((x0 + i) / 1024, 1 - (y1 - i) / 1024, (x1 - i) / 1024, 1 - (y0 + i) / 1024)


def floor(n=1024):
    """Square paving bricks, ground smooth and waxed: grey, each its own tone."""
    k = 5; c = np.zeros((n, n, 3)); y, x = np.mgrid[:n, :n] / n * k
    iy, ix = y.astype(int), x.astype(int); fy, fx = y - iy, x - ix
    tone = tx.R.standard_normal((k, k)); warm = tx.R.standard_normal((k, k))
    t = .46 + .085 * tone[iy, ix] + .10 * noise(n, n, 1.6) + .05 * noise(n, n, .5)
    c = mix((112, 108, 101), (174, 167, 154), t) * (1 + .007 * warm[iy, ix][..., None] * np.array((1, 0, -1.)))
    e = np.minimum(np.minimum(fx, 1 - fx), np.minimum(fy, 1 - fy)) + .0022 * noise(n, n, 1.0)
    c *= (1 - .10 * np.exp(-e / .022))[..., None]
    return mix(c, (66, 63, 58), np.clip((.0085 - e) / .004, 0, 1) * .85)


def plaster(n=512):
    """Lime plaster, trowelled by hand."""
    t = .55 + .13 * noise(n, n, 1.7) + .06 * noise(n, n, 1.2, 1, 3) + .03 * noise(n, n, .4)
    c = mix((208, 200, 186), (238, 232, 221), t)
    return c * (1 - .05 * np.clip(noise(n, n, .6) - 2.0, 0, 1))[..., None]


def timber(n=512):
    return tx.grain(n, (48, 30, 21), (80, 52, 36), (114, 80, 56), .7)


def oak(n=512):
    return tx.grain(n, (122, 86, 54), (166, 125, 82), (196, 158, 112), .4)


def stone(n=512):
    """Grey limestone, dressed with a fine point."""
    a, b = noise(n, n, 1.7), noise(n, n, .5); im = Image.new('L', (n, n), 0); d = ImageDraw.Draw(im)
    for _ in range(2600):
        x, y, l = tx.R.random() * n, tx.R.random() * n, 2 + 5 * tx.R.random(); t = .9 + tx.R.normal(0, .35)
        d.line([(x, y), (x + l * math.cos(t), y + l * math.sin(t))], fill=int(60 + 150 * tx.R.random()), width=1)
    tool = np.asarray(im.filter(ImageFilter.GaussianBlur(.6)), float) / 255
    c = mix((120, 118, 112), (182, 178, 168), .5 + .09 * a + .13 * b) * (1 - .14 * np.clip(noise(n, n, .35) - 1.4, 0, 1))[..., None]
    return c * (1 - .22 * tool + .16 * np.roll(tool, (1, 1), (0, 1)))[..., None]


def roof(n=512):
    """Thin pale bricks laid on the rafters (望砖)."""
    ky, kx = 10, 5; y, x = np.mgrid[:n, :n] / n; y, x = y * ky, x * kx; iy = y.astype(int); x = x + .5 * (iy % 2); ix = x.astype(int) % kx
    tone = tx.R.standard_normal((ky, kx)); fy, fx = y - iy, x - np.floor(x)
    c = mix((140, 132, 120), (184, 176, 162), .5 + .14 * tone[iy, ix] + .10 * noise(n, n, 1.2))
    e = np.minimum(np.minimum(fx, 1 - fx) * 2, np.minimum(fy, 1 - fy))
    return mix(c, (206, 200, 188), np.clip((.07 - e) / .04, 0, 1) * .55)


def lacquer(n=256):
    t = noise(n, n, 1.6, 6, 1) * .14 + .45
    return mix((56, 16, 12), (100, 32, 23), t) * (1 + .04 * noise(n, n, 1.0)[..., None])


def title(w=1024, h=870):
    """Face of the title wall: plaster, two place names. 3.0 m x 2.55 m."""
    S = 2; m = Image.new('L', (w * S, h * S), 0); d = ImageDraw.Draw(m)
    def X(v): return v / 3.0 * w * S
    def Y(v): return (2.55 - v) / 2.55 * h * S
    f = font(CJK, int(X(.150)))
    d.text((X(.34), Y(.80)), '上海', font=f, fill=255, anchor='lm'); d.text((X(2.66), Y(.80)), '嘉兴', font=f, fill=255, anchor='rm')
    a = np.asarray(m.resize((w, h), Image.LANCZOS), float) / 255
    n = 1024; p = plaster(n)[:h, :w]
    return mix(p, (70, 56, 44), a * .93)


def _calendar(im, box, month, first, days, rings):
    x0, y0, x1, y1 = box; S = 3; w, h = (x1 - x0) * S, (y1 - y0) * S
    p = Image.new('RGB', (w, h), (236, 227, 205)); d = ImageDraw.Draw(p)
    d.rectangle([14 * S, 14 * S, w - 15 * S, h - 15 * S], outline=(150, 120, 88), width=S)
    d.text((w / 2, 62 * S), '一九二一年', font=font(CJK, 26 * S), fill=INK, anchor='mm')
    d.text((w / 2, 112 * S), month, font=font(CJK, 54 * S), fill=RED, anchor='mm')
    d.line([(40 * S, 156 * S), (w - 40 * S, 156 * S)], fill=(150, 120, 88), width=S)
    f, g = font(CJK, 19 * S), font(CJK, 25 * S)
    for k, c in enumerate('日一二三四五六'):
        d.text(((44 + k * 52) * S, 182 * S), c, font=f, fill=RED if k == 0 else (110, 96, 82), anchor='mm')
    for i in range(1, days + 1):
        k = first + i - 1; cx, cy = (44 + k % 7 * 52) * S, (226 + k // 7 * 48) * S
        if i in rings:
            r = 21 * S; d.ellipse([cx - r, cy - r + 2 * S, cx + r, cy + r + 2 * S], outline=RED, width=int(2.6 * S))
        d.text((cx, cy), str(i), font=g, fill=RED if k % 7 == 0 else INK, anchor='mm')
    a = np.asarray(p.resize((x1 - x0, y1 - y0), Image.LANCZOS), float)
    a *= (1 + .016 * noise(y1 - y0, x1 - x0, 1.4) + .012 * noise(y1 - y0, x1 - x0, .3))[..., None]
    im.paste(Image.fromarray(np.clip(a, 0, 255).astype(np.uint8)), (x0, y0))


def _brick(w, h, k=1.0):
    """Grey brick in running bond with courses of red (青砖间红砖)."""
    rows, cols = int(h / 7), int(w / 20); y, x = np.mgrid[:h, :w].astype(float); iy = np.minimum((y / h * rows).astype(int), rows - 1); fy = y / h * rows - iy
    xx = x / w * cols + .5 * (iy % 2); ix = xx.astype(int) % cols; fx = xx - np.floor(xx)
    tone = tx.R.standard_normal((rows, cols))
    c = mix((108, 108, 105), (150, 148, 142), .5 + .22 * tone[iy, ix]); r = mix((132, 66, 48), (164, 90, 66), .5 + .25 * tone[iy, ix])
    c = np.where(((iy % 9) >= 7)[..., None], r, c)
    e = np.minimum(np.minimum(fx, 1 - fx) * 20, np.minimum(fy, 1 - fy) * 7)
    return mix(c, (206, 202, 192), np.clip((1.0 - e) / .8, 0, 1) * .7)


def _label(name):
    x0, y0, x1, y1 = ATLAS['label-' + name]; S = 4; w, h = (x1 - x0) * S, (y1 - y0) * S; zh, kind, en = LABELS[name]; f = h / 62
    p = Image.new('RGB', (w, h), (238, 232, 216)); d = ImageDraw.Draw(p); x = 12 * f
    d.text((x, 23 * f), zh, font=font(CJK, int(25 * f)), fill=INK, anchor='lm')
    if kind:
        d.text((x + d.textlength(zh, font=font(CJK, int(25 * f))) + 12 * f, 25 * f), kind, font=font(CJK, int(16 * f)), fill=RED, anchor='lm')
    d.text((x, 47 * f), en, font=font(CJK, int((16 if kind else 13) * f)), fill=(92, 80, 68), anchor='lm')
    return p.resize((x1 - x0, y1 - y0), Image.LANCZOS)


def prints(n=1024):
    im = Image.new('RGB', (n, n), (200, 190, 170)); d = ImageDraw.Draw(im)
    _calendar(im, ATLAS['july'], '七月', 5, 31, (23, 30)); _calendar(im, ATLAS['august'], '八月', 1, 31, ())
    def put(name, a):
        x0, y0, _, _ = ATLAS[name]; im.paste(Image.fromarray(np.clip(a, 0, 255).astype(np.uint8)), (x0, y0))
    def size(name): return ATLAS[name][2] - ATLAS[name][0], ATLAS[name][3] - ATLAS[name][1]
    put('brick', _brick(*size('brick')))
    # courtyard side of the house: long windows below, casements above, rust-brown paint
    w, h = size('facade'); S = 2; p = Image.fromarray(np.clip(_brick(w * S, h * S), 0, 255).astype(np.uint8)); e = ImageDraw.Draw(p); W, H = w * S, h * S
    def pane(a, b, c, q, nx, ny):
        e.rectangle([a, b, c, q], fill=(92, 44, 32)); t = 7
        for i in range(nx):
            for j in range(ny):
                xa, ya = a + t + (c - a - t) * i / nx, b + t + (q - b - t) * j / ny
                e.rectangle([xa, ya, xa + (c - a - t) / nx - t, ya + (q - b - t) / ny - t], fill=(68, 76, 78) if j < ny - 1 or ny < 4 else (104, 52, 38))
    for k in range(6):
        a = W * (.04 + k * .155); pane(a, H * .56, a + W * .145, H * .985, 2, 4)
    for k in range(4):
        a = W * (.06 + k * .235); e.rectangle([a - 6, H * .12, a + W * .175 + 6, H * .42], fill=(198, 190, 172)); pane(a, H * .14, a + W * .175, H * .405, 4, 2)
    e.rectangle([0, H * .475, W, H * .535], fill=(96, 48, 36))
    put('facade', np.asarray(p.resize((w, h), Image.LANCZOS), float))
    w, h = size('street'); yy, xx = np.mgrid[:h, :w].astype(float); e2 = np.minimum(np.minimum(xx % 30, 30 - xx % 30), np.minimum((yy + 15 * ((xx // 30) % 2)) % 42, 42 - (yy + 15 * ((xx // 30) % 2)) % 42))
    put('street', mix(mix((132, 128, 120), (164, 160, 150), .5 + .2 * noise(h, w, 1.2)), (96, 92, 84), np.clip((1.4 - e2), 0, 1)))
    w, h = size('tiles'); yy, xx = np.mgrid[:h, :w].astype(float)
    put('tiles', mix((52, 54, 56), (112, 113, 112), .5 + .35 * np.sin(yy / h * np.pi * 2 * 14) * .6 + .12 * noise(h, w, .8)))
    for k in LABELS:
        im.paste(_label(k), ATLAS['label-' + k][:2])
    for k, (name, col) in enumerate(PATCH.items()):
        a = np.array(col, float) * (1 + .030 * noise(64, 80, 1.2) + .016 * noise(64, 80, .4))[..., None]
        im.paste(Image.fromarray(np.clip(a, 0, 255).astype(np.uint8)), (944, 68 * k + 2))
    return np.asarray(im)


def on_map(lon, lat):
    return (lon - LON[0]) / (LON[1] - LON[0]), (lat - LAT[0]) / (LAT[1] - LAT[0])


def map_mask(w, h):
    """1 on land, 0 on water (sea, river, canal, lakes), before smoothing."""
    S = 2; m = Image.new('L', (w * S, h * S), 255); d = ImageDraw.Draw(m)
    def q(p):
        u, v = on_map(*p); return (u * w * S, (1 - v) * h * S)
    def smooth(line, k=12):
        a = np.array(line); t = np.arange(len(a)); s = np.linspace(0, len(a) - 1, len(a) * k); r = np.stack([np.interp(s, t, a[:, i]) for i in (0, 1)], 1)
        ker = np.hanning(k + 2); ker /= ker.sum(); e = np.pad(r, ((k, k), (0, 0)), 'edge')
        return np.stack([np.convolve(e[:, i], ker, 'same')[k:-k] for i in (0, 1)], 1)
    d.polygon([q(p) for p in smooth(COAST[:18])] + [q(p) for p in COAST[18:]], fill=0)
    d.line([q(p) for p in smooth(HUANGPU)], fill=0, width=int(w * S * .0105), joint='curve')
    d.line([q(p) for p in smooth(CANAL)], fill=0, width=int(w * S * .0045), joint='curve')
    for lo, la, a, b in LAKES:
        x, y = q((lo, la)); a, b = a / (LON[1] - LON[0]) * w * S, b / (LAT[1] - LAT[0]) * h * S; 
        d.polygon([(x + a * math.cos(g) * (1 + .22 * math.sin(3 * g + lo * 90) + .1 * math.sin(5 * g + la * 70)), y + b * math.sin(g) * (1 + .2 * math.sin(2 * g + la * 50))) for g in np.linspace(0, 2 * np.pi, 40)], fill=0)
    return np.asarray(m.resize((w, h), Image.LANCZOS), float) / 255


def chart(w=1024, h=856):
    """The relief map's colours and names: the line, four stations, the lake."""
    m = map_mask(w, h); n1 = noise(1024, 1024, 1.5)[:h, :w]; n2 = noise(1024, 1024, .5)[:h, :w]
    land = mix((190, 178, 146), (216, 206, 178), .5 + .2 * n1 + .08 * n2); sea = mix((96, 128, 132), (122, 150, 150), .5 + .16 * n1)
    blur = np.asarray(Image.fromarray((m * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(5)), float) / 255
    a = mix(sea, land, m); a = mix(a, (150, 132, 96), np.clip(1 - np.abs(blur - .62) * 3.2, 0, 1) * .38 * m)
    S = 2; t = Image.new('L', (w * S, h * S), 0); d = ImageDraw.Draw(t)
    off = {'上海': (-26, -30, 'rm', 54), '松江': (-10, -48, 'rm', 30), '嘉善': (20, 36, 'lm', 30), '嘉兴': (-30, -30, 'rm', 54)}
    for name, p in PLACES.items():
        u, v = on_map(*p); dx, dy, an, sz = off[name]
        d.text((u * w * S + dx * S, (1 - v) * h * S + dy * S), name, font=font(CJK, sz * S), fill=255, anchor=an)
    for name, lo, la, sz in (('南湖', 120.835, 30.728, 26), ('杭 州 湾', 121.35, 30.545, 34)):
        u, v = on_map(lo, la); d.text((u * w * S, (1 - v) * h * S), name, font=font(CJK, sz * S), fill=190, anchor='mm')
    return mix(a, (48, 40, 34), np.asarray(t.resize((w, h), Image.LANCZOS), float) / 255 * .92)


JOBS = dict(floor=(floor, 80), plaster=(plaster, 80), timber=(timber, 80), oak=(oak, 80), stone=(stone, 78), roof=(roof, 76), lacquer=(lacquer, 80), title=(title, 86), pprint=(prints, 86), chart=(chart, 86), sky=(tx.sky, 86))


def make(d, only=None):
    os.makedirs(d, exist_ok=True)
    for k, (f, q) in JOBS.items():
        if only and k not in only:
            continue
        tx.R = np.random.default_rng([1959 if k == 'sky' else 1921, sum(map(ord, k))])
        tx.save(d, k, f(), q)


if __name__ == '__main__':
    import sys
    make(sys.argv[1], sys.argv[2:])
