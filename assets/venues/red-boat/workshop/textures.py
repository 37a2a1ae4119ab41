"""All textures, drawn from noise and geometry with fixed seeds (no photographs, nothing foreign).

Colours follow the facts: hull chestnut brown, hard roof dark red-black "like water chestnut",
thatch smoke-black grey, carvings gold leaf (红船往事, 2017-11-01). Lettering uses the free fonts Noto and DejaVu.
"""
import os
import numpy as np
from PIL import Image, ImageDraw, ImageFont, ImageFilter

R = np.random.default_rng(1959)
CJK = 'NotoSerifCJK-Bold.ttc'
SERIF, MONO = 'DejaVuSerif.ttf', 'DejaVuSansMono.ttf'
INK = (38, 32, 28)

# ---- print atlas layout, pixels from the top left of 1024 x 1024 -------------
ATLAS = dict(page_ru=(0, 0, 480, 680), page_en=(480, 0, 960, 680), ticket=(0, 684, 384, 886), sign=(0, 892, 384, 1020),
             parasol=(390, 690, 690, 990), tiles=(692, 690, 1022, 866), bark=(692, 870, 1022, 1022), label=(390, 993, 690, 1021))
PATCH = ['brass', 'brass_dark', 'milk', 'iron', 'bone', 'bamboo', 'rope', 'glass', 'white', 'amber']
SIGN_TEXT = '南湖紅船'


def font(name, size):
    # Pillow looks the names up in the system's font directories
    return ImageFont.truetype(name, size, index=2 if name == CJK else 0)


def rect(name, inset=1):
    """uv rectangle (u0, v0, u1, v1), v up, of an atlas entry."""
    if name in PATCH:
        k = PATCH.index(name); x0, y0, x1, y1 = 960 + 8, 64 * k + 8, 1024 - 8, 64 * k + 56
    else:
        x0, y0, x1, y1 = ATLAS[name]
    i = inset
    return ((x0 + i) / 1024, 1 - (y1 - i) / 1024, (x1 - i) / 1024, 1 - (y0 + i) / 1024)


def tile_rect(k):
    x0, y0, _, _ = ATLAS['tiles']; c, r = k % 10, k // 10
    return ((x0 + c * 33 + 1) / 1024, 1 - (y0 + r * 44 + 43) / 1024, (x0 + c * 33 + 32) / 1024, 1 - (y0 + r * 44 + 1) / 1024)


def noise(h, w, beta=1.6, sx=1.0, sy=1.0, lo=0.0):
    """Tileable coloured noise, mean 0, deviation 1; sx, sy > 1 stretch it."""
    f = np.hypot(np.fft.fftfreq(h)[:, None] * h * sy, np.fft.fftfreq(w)[None] * w * sx); f[0, 0] = 1
    a = np.maximum(f, 1) ** -beta * (f >= lo)
    n = np.fft.ifft2(np.fft.fft2(R.standard_normal((h, w))) * a).real
    n -= n.mean()
    return n / n.std()


def mix(a, b, t):
    t = np.clip(t, 0, 1)[..., None]
    return np.asarray(a, float) * (1 - t) + np.asarray(b, float) * t


def save(d, name, a, q=82):
    im = Image.fromarray(np.clip(a, 0, 255).astype(np.uint8)) if not isinstance(a, Image.Image) else a
    if im.mode in ('RGBA', 'P'):
        im.save(os.path.join(d, name + '.png'), optimize=True)
    else:
        im.save(os.path.join(d, name + '.jpg'), quality=q, optimize=True)


def lines(v, beta, lo, n=4096):
    """A periodic line noise of one dimension, looked up at v (1 = one period); mean 0, deviation 1."""
    f = np.fft.rfftfreq(n) * n; f[0] = 1
    a = np.fft.irfft(np.fft.rfft(R.standard_normal(n)) * np.where((f >= lo) & (f < 420), f ** -beta, 0), n)
    return np.interp(v % 1, np.arange(n + 1) / n, np.append(a, a[:1]) / a.std())


def grain(n, dark, mid, light, figure=1.0):
    """Planed timber with the grain along u: growth lines bent by slow waves, fibres, pores, a little unevenness."""
    y = (np.arange(n) / n)[:, None]
    bend = noise(n, n, 2.1, 5, 1) * .016 + noise(n, n, 1.9, 9, 1.4) * .004
    t = .50 + figure * (.105 * lines(y + bend, .75, 5) + .05 * lines(y + bend * 1.02, .15, 60))
    t += .045 * noise(n, n, .55, 34, 1.0) + .05 * noise(n, n, 1.9, 3, 1) + .02 * noise(n, n, .3, 6, 1)
    c = np.where((t < .5)[..., None], mix(dark, mid, t * 2), mix(mid, light, t * 2 - 1))
    pores = np.clip(noise(n, n, .28, 22, 1.0) - 1.25, 0, 1.4)
    c *= 1 - .20 * pores[..., None]
    worn = noise(n, n, 1.9, 1.6, 1)
    return c * (1 + .035 * worn[..., None])


def planks(n=1024):
    """Hull and posts: chestnut, oiled many times."""
    return grain(n, (60, 29, 17), (101, 54, 31), (134, 79, 48), .85)


def wood(n=1024):
    """Floors, lattices, gangplank: lighter, drier, scrubbed."""
    c = grain(n, (82, 49, 29), (129, 84, 51), (166, 119, 77), .9)
    scuff = np.clip(noise(n, n, .8, 5, 1) - 1.9, 0, 1)
    return mix(c, (176, 142, 104), scuff * .35)


def lacquer(n=512):
    """Dark red-black lacquer: faint brush marks, dust in the pores, hairline scratches of use."""
    t = noise(n, n, 1.7, 7, 1) * .10 + noise(n, n, .6, 30, 1) * .05 + .42
    c = mix((36, 13, 11), (86, 33, 26), t)
    im = Image.new('L', (n * 2, n * 2), 0); d = ImageDraw.Draw(im)
    for _ in range(46):
        x, y, a, L = R.random() * n * 2, R.random() * n * 2, R.normal(0, .5), 14 + R.random() * 90
        d.line([(x, y), (x + L * np.cos(a), y + L * np.sin(a))], fill=int(60 + 120 * R.random()), width=1)
    scratch = np.asarray(im.resize((n, n), Image.LANCZOS), float) / 255
    c = mix(c, (122, 76, 60), scratch * .5)
    return c * (1 + .03 * noise(n, n, 1.2)[..., None] + .018 * noise(n, n, .2)[..., None])


def brass(n=256):
    """Turned brass, handled: fine rings of the lathe, tarnish in patches."""
    c = mix((150, 106, 46), (222, 180, 100), .55 + .10 * noise(n, n, .8, 24, 1) + .14 * noise(n, n, 1.8))
    return mix(c, (92, 66, 36), np.clip(noise(n, n, 1.3) - .9, 0, 1) * .35)


def tile(n=512):
    """Small grey tiles: four columns of covers with channels between them, laid in short courses down the slope."""
    y, x = np.mgrid[:n, :n] / n
    k, rows = 4, 9
    fx = x * k % 1; cover = fx < .5
    prof = np.where(cover, np.abs(np.sin(np.pi * fx / .5)) ** .7, .34 - .26 * np.sin(np.pi * (fx - .5) / .5))
    col = np.floor(x * k * 2)
    fy = (y * rows + .5 * (col % 2) + .12 * np.sin(col * 2.3)) % 1
    lip = np.clip(fy * 1.1, 0, 1) ** .6
    shade = .30 + .62 * prof * (.72 + .28 * lip) - .30 * np.exp(-(1 - fy) / .05) * 1.0
    side = np.where(cover, .10 * np.cos(np.pi * fx / .5), 0)
    c = mix((44, 46, 48), (148, 149, 145), shade + side + .05 * noise(n, n, 1.4) + .03 * noise(n, n, .3))
    c = mix(c, (96, 104, 74), np.clip(noise(n, n, 1.7) - 1.1, 0, 1) * .45)
    return c


def thatch(n=512):
    """Woven bamboo mat tarred black-grey: diagonal over-under strips."""
    y, x = np.mgrid[:n, :n] / n
    k = 14
    u, v = (x + y) * k, (x - y) * k
    iu, iv = np.floor(u), np.floor(v)
    over = ((iu + iv) % 2 < 1)
    fu, fv = u - iu, v - iv
    prof = np.where(over, np.sin(np.pi * fu) ** .6 * (.75 + .25 * np.sin(np.pi * fv)), np.sin(np.pi * fv) ** .6 * (.75 + .25 * np.sin(np.pi * fu)))
    fib = np.where(over, np.sin(u * 40 + noise(n, n, 1) * .8), np.sin(v * 40 + noise(n, n, 1) * .8))
    c = mix((26, 25, 24), (104, 101, 95), prof * .8 + .07 * fib + .08 * noise(n, n, 1.6))
    return c * (1 + .10 * noise(n, n, 1.9)[..., None])


def stone(n=1024):
    """Dressed limestone: clouded, speckled, tooled in short strokes, a little moss."""
    a, b = noise(n, n, 1.7), noise(n, n, .5)
    c = mix((138, 133, 122), (192, 186, 172), .5 + .17 * a + .09 * b)
    im = Image.new('L', (n, n), 0); d = ImageDraw.Draw(im)
    for _ in range(2300):
        x, y, L = R.random() * n, R.random() * n, 5 + 13 * R.random(); t = .9 + R.normal(0, .3)
        d.line([(x, y), (x + L * np.cos(t), y + L * np.sin(t))], fill=int(60 + 150 * R.random()), width=1)
    tool = np.asarray(im.filter(ImageFilter.GaussianBlur(.9)), float) / 255
    c *= (1 - .30 * tool + .20 * np.roll(tool, (1, 1), (0, 1)))[..., None]
    c *= (1 - .16 * np.clip(noise(n, n, .6) - 1.5, 0, 1) + .07 * np.clip(noise(n, n, .2) - 1.8, 0, 1))[..., None]
    moss = np.clip(noise(n, n, 1.8) - 1.05, 0, 1) * np.clip(.6 + .5 * noise(n, n, .6), 0, 1)
    return mix(c, (104, 112, 82), moss * .55)


def ground(n=512):
    blades = noise(n, n, .7, .5, 3) * .5 + noise(n, n, .7, 3, .5) * .5
    c = mix((52, 74, 30), (128, 140, 68), .45 + .22 * blades + .15 * noise(n, n, 1.6))
    bare = np.clip(noise(n, n, 2.0) - .9, 0, 1)
    return mix(c, (132, 112, 78), bare * .7)


def cloth(n=512):
    """Blue calico (蓝印花布): white flowers reserved on indigo, printed on a plain weave."""
    y, x = np.mgrid[:n, :n] / n
    x = x + .0022 * noise(n, n, .8); y = y + .0022 * noise(n, n, .8)
    m = np.zeros((n, n))
    for cx, cy, r in ((.25, .25, .12), (.75, .75, .12)):
        d = np.hypot(x - cx, y - cy); a = np.arctan2(y - cy, x - cx)
        m = np.maximum(m, (d < r * (.62 + .38 * np.abs(np.cos(3 * a)))) & (d > .028) & (np.abs(np.sin(3 * a)) > .10) | (d < .016))
        m = np.maximum(m, (np.abs(d - r * 1.28) < .007) & (np.cos(a * 22) > -.2))
    for cx, cy in ((.75, .25), (.25, .75)):
        for k in range(4):
            a = k * np.pi / 2 + .78
            m = np.maximum(m, np.hypot((x - cx - .07 * np.cos(a)), y - cy - .07 * np.sin(a)) < .026)
            m = np.maximum(m, np.hypot(x - cx - .135 * np.cos(a), y - cy - .135 * np.sin(a)) < .010)
        m = np.maximum(m, np.hypot(x - cx, y - cy) < .02)
    for cx in (0, .5, 1):
        for cy in (0, .5, 1):
            m = np.maximum(m, np.hypot(x - cx, y - cy) < .022)
    weave = np.sin(x * np.pi * 2 * 84) * np.sin(y * np.pi * 2 * 84)
    slub = noise(n, n, .4, 18, 1) + noise(n, n, .4, 1, 18)
    soft = np.asarray(Image.fromarray((m * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(.9)), float) / 255
    c = mix(mix((26, 42, 80), (44, 64, 106), .5 + .22 * noise(n, n, 1.6)), (205, 206, 197), soft * .92)
    return c * (1 + .085 * weave + .03 * slub)[..., None]


def plaster(n=256):
    c = mix((206, 202, 190), (236, 233, 224), .55 + .2 * noise(n, n, 1.7) + .05 * noise(n, n, .4))
    return mix(c, (150, 146, 132), np.clip(noise(n, n, 1.5, 1, 4) - 1.5, 0, 1) * .5)


def water(n=256):
    return mix((58, 84, 78), (84, 112, 100), .5 + .25 * noise(n, n, 1.5, 1, 2))


def porcelain(n=1024):
    s = 3; k = 512 * s; im = Image.new('L', (k, k), 0); d = ImageDraw.Draw(im)
    # teapot band: peony scroll (v 0 .. .5), cup band (.5 .. .75), plain white above
    for i in range(6):
        cx, cy = (i + .5) / 6 * k, .73 * k
        for a in np.linspace(0, 2 * np.pi, 8)[:-1]:
            d.ellipse([cx + 42 * np.cos(a) - 24, cy + 42 * np.sin(a) - 24, cx + 42 * np.cos(a) + 24, cy + 42 * np.sin(a) + 24], outline=225, width=7)
        d.ellipse([cx - 20, cy - 20, cx + 20, cy + 20], fill=150)
        for sg in (-1, 1):
            pts = [(cx + sg * (70 + t * 50), cy + np.sin(t * 5) * 60 * sg) for t in np.linspace(0, 1.2, 24)]
            d.line(pts, fill=190, width=8)
            for t in (4, 11, 18):
                x, y = pts[t]; d.ellipse([x - 15, y - 26, x + 15, y + 2], fill=140)
    for y, w in ((.515, 9), (.53, 4), (.97, 9), (.985, 4), (.27, 7), (.48, 7)):
        d.line([(0, y * k), (k, y * k)], fill=215, width=w)
    for i in range(10):
        cx = (i + .5) / 10 * k; cy = .375 * k
        for a in (-.9, 0, .9):
            d.line([(cx, cy + 60), (cx + 60 * np.sin(a), cy + 20 - 70 * np.cos(a))], fill=190, width=9)
            d.ellipse([cx + 60 * np.sin(a) - 18, cy - 70 * np.cos(a), cx + 60 * np.sin(a) + 18, cy + 36 - 70 * np.cos(a)], fill=165)
    m = np.asarray(im.resize((n, n), Image.LANCZOS), float) / 255
    m *= .86 + .12 * noise(n, n, .9)
    c = mix(mix((226, 229, 226), (240, 241, 236), .5 + .2 * noise(n, n, 1.5)), mix((30, 50, 118), (62, 86, 150), .5 + .3 * noise(n, n, 1.2)), m)
    # smoky glass of the lamp's chimney: a strip without a picture, sooted towards the burner (v up)
    y, x = np.mgrid[:n, :n] / n
    g = mix((196, 202, 196), (150, 158, 154), .5 + .5 * np.cos(x * 2 * np.pi * 6)); g = mix(g, (96, 80, 60), np.clip((y - .10) / .11, 0, 1) * .55)
    region = (x > .5) & (y < .23)
    return np.where(region[..., None], g, c)


# ---- gilt carving: a height field, then gold on the heights, dark red in the ground ----------
def _pillow(mask, r):
    h = np.zeros(mask.size[::-1])
    for k in (1, 2, 4, 7, 11):
        h += np.asarray(mask.filter(ImageFilter.GaussianBlur(r * k / 5)), float) / 255
    return h / 5


def spiral(d, cx, cy, r, turns, a0, w, sg=1):
    t = np.linspace(0, 1, 60); a = a0 + sg * turns * 2 * np.pi * t; rr = r * (1 - .86 * t)
    p = [(cx + q * np.cos(b), cy + q * np.sin(b)) for q, b in zip(rr, a)]
    d.line(p, fill=255, width=int(w), joint='curve'); x, y = p[-1]; d.ellipse([x - w * .8, y - w * .8, x + w * .8, y + w * .8], fill=255)


def petal(d, cx, cy, ang, L, W, fill=255):
    t = np.linspace(0, 1, 16); w = W * np.sin(np.pi * t ** .8) ** .9
    ax, ay = np.cos(ang), np.sin(ang)
    a = [(cx + L * q * ax - v * ay, cy + L * q * ay + v * ax) for q, v in zip(t, w)]
    b = [(cx + L * q * ax + v * ay, cy + L * q * ay - v * ax) for q, v in zip(t, w)]
    d.polygon(a + b[::-1], fill=fill)


def gilt(n=1024):
    H = np.zeros((n, n))

    def paste(im, x, y, r):
        h = _pillow(im, r); H[y:y + h.shape[0], x:x + h.shape[1]] = h
    # strip 0 (v .75-1): running vine with lotus flowers, tiles in u
    w, h = n, n // 4; im = Image.new('L', (w * 3, h), 0); d = ImageDraw.Draw(im)
    x = np.arange(0, 3 * w, 4); d.line(list(zip(x, h / 2 + h * .2 * np.sin(x / w * 2 * np.pi * 4))), fill=255, width=13)
    for i in range(24):
        cx = (i + .5) / 8 * w; up = 1 if i % 2 else -1; cy = h / 2 - up * h * .04
        if i % 2:
            for a, L in ((-1.57, 92), (-1.0, 84), (-2.14, 84), (-.45, 74), (-2.7, 74)):
                petal(d, cx, cy + 46, a, L, 19, 255)
        else:
            spiral(d, cx, cy, h * .31, 1.25, 1.57, 14, 1); petal(d, cx + 50, cy - 50, -.8, 46, 13); petal(d, cx - 52, cy + 60, 2.6, 40, 12)
    for y0 in (8, h - 16):
        d.rectangle([0, y0, 3 * w, y0 + 8], fill=200)
    paste(im.crop((w, 0, 2 * w, h)), 0, 0, 6)
    # strip 1 (v .625-.75): meander fret; strip 2 (.5-.625): beads and plain gold leaf
    h = n // 8; im = Image.new('L', (w, h), 0); d = ImageDraw.Draw(im)
    for i in range(8):
        x0 = i * w // 8
        d.line([(x0 + 4, 100), (x0 + 4, 24), (x0 + 100, 24), (x0 + 100, 84), (x0 + 44, 84), (x0 + 44, 56), (x0 + 68, 56)], fill=255, width=13)
        d.line([(x0 + 4, 104), (x0 + 128, 104)], fill=255, width=13)
    paste(im, 0, n // 4, 5)
    im = Image.new('L', (w, h), 255); paste(im, 0, n // 4 + h, 3)
    # panel A: lotus in a medallion
    s = n // 2
    im = Image.new('L', (s, s), 0); d = ImageDraw.Draw(im)
    d.rectangle([6, 6, s - 7, s - 7], outline=255, width=16); d.ellipse([46, 46, s - 46, s - 46], outline=255, width=12)
    for x, y, a in ((46, 46, .78), (s - 46, 46, 2.35), (46, s - 46, -.78), (s - 46, s - 46, -2.35)):
        petal(d, x, y, a, 74, 17); petal(d, x, y, a + .55, 62, 12); petal(d, x, y, a - .55, 62, 12)
    c = s / 2
    for k in range(5):
        spiral(d, c + (k - 2) * 62, c + 120 - abs(k - 2) * 12, 30, 1.1, 3.1, 9, 1 if k % 2 else -1)
    for a, L, W in ((-2.85, 138, 26), (-.29, 138, 26), (-2.4, 150, 28), (-.74, 150, 28), (-1.98, 158, 29), (-1.16, 158, 29), (-1.57, 164, 30)):
        petal(d, c, c + 78, a, L * 1.04, W + 5, 0); petal(d, c, c + 78, a, L, W, 255)
    d.ellipse([c - 30, c + 56, c + 30, c + 88], fill=230)
    paste(im, 0, s, 7)
    # panel B: a pair of fish among waves and vine (abundance), framed
    im = Image.new('L', (s, s), 0); d = ImageDraw.Draw(im)
    d.rectangle([6, 6, s - 7, s - 7], outline=255, width=16); d.rectangle([34, 34, s - 35, s - 35], outline=220, width=6)
    for k in range(6):
        for j in range(3):
            cx, cy = 62 + k * 78 + (j % 2) * 38, s - 66 - j * 34
            for r in (34, 22, 10):
                d.arc([cx - r, cy - r, cx + r, cy + r], 180, 360, fill=255, width=7)
    for sg, cy in ((1, 170), (-1, 268)):
        petal(d, c - sg * 120, cy, 0 if sg > 0 else np.pi, 210, 42)
        petal(d, c - sg * 110, cy, np.pi - .5 if sg > 0 else -.5, 60, 16); petal(d, c - sg * 110, cy, np.pi + .5 if sg > 0 else .5, 60, 16)
        petal(d, c, cy - 34, (-2.5 if sg > 0 else -.64), 60, 15)
    for x, y, sg in ((96, 96, 1), (s - 96, 96, -1), (c, 90, 1)):
        spiral(d, x, y, 42, 1.3, 0, 10, sg)
    for k in range(9):
        petal(d, 70 + k * 46, 330 - (k % 2) * 14, -1.2 + .3 * (k % 3), 34, 9)
    paste(im, s, s, 7)
    gy, gx = np.gradient(H * 16)
    sh = .62 + .5 * (-gx * .55 + -gy * .8) / np.sqrt(1 + gx ** 2 + gy ** 2)
    blur = np.asarray(Image.fromarray((H * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(16)), float) / 255
    occ = np.clip(.85 + (H - blur) * .9, .3, 1.15)
    wear = noise(n, n, 1.1) + .8 * noise(n, n, .4)
    bole = np.clip(wear - 1.75, 0, 1) * .8 + np.clip((H - .82) * 4, 0, 1) * np.clip(wear - .9, 0, 1) * .5      # rubbed through on the heights
    t = np.clip((H - .16) * 5.5, 0, 1)
    sheet = .05 * np.sign(np.sin(np.arange(n) / n * 2 * np.pi * 10))[None] * np.sign(np.sin(np.arange(n) / n * 2 * np.pi * 10))[:, None]      # leaves laid edge to edge
    gold = mix((170, 112, 36), (250, 208, 118), .45 + .8 * (sh - .55) + .07 * noise(n, n, 1.2) + sheet)
    out = mix(np.array((66, 26, 18)) * np.ones((n, n, 3)), mix(gold, (128, 52, 30), bole), t) * (occ * (.72 + .45 * sh))[..., None]
    # plain leaf for round carving: the left half runs along a petal (veins along v, dark at its root), the right half is even
    y0, y1 = int(n * (1 - .62)), int(n * (1 - .508)); h = y1 - y0
    y, x = np.mgrid[:h, :n] / [[[h]], [[n]]]
    vein = np.abs(np.sin((x - .05) / .4 * np.pi * 7)) ** .35
    petal_ = np.where(x < .5, .62 + .26 * vein + .22 * (1 - y) - .26 * np.clip((y - .72) / .28, 0, 1), .95)
    a = mix((176, 118, 40), (250, 208, 120), .5 + .16 * noise(h, n, 1.1)) * petal_[..., None]
    out[y0:y1] = mix(a, (122, 48, 28), np.clip(noise(h, n, 1.2) + .35 * noise(h, n, .3) - 1.5, 0, 1) * .55)
    return out


# ---- leaves cut out: willow, reeds, lotus, the far bank's trees -----------------------
LEAF_ATLAS = dict(strand0=(0, 0, 128, 512), strand1=(128, 0, 256, 512), strand2=(256, 0, 384, 512), reed=(388, 2, 638, 512),
                  pad=(642, 2, 894, 254), lotus=(898, 2, 1022, 252), stalk=(640, 256, 648, 330), trees=(660, 300, 1022, 510))


def leaf_rect(name):
    x0, y0, x1, y1 = LEAF_ATLAS[name]
    return ((x0 + 1) / 1024, 1 - y1 / 512, (x1 - 1) / 1024, 1 - y0 / 512)


def _blade(d, x, y, ang, L, W, fill):
    """A slender leaf, widest in its first third, with a lighter midrib."""
    petal(d, x, y, ang, L, W, fill)
    d.line([(x, y), (x + L * .9 * np.cos(ang), y + L * .9 * np.sin(ang))], fill=tuple(min(255, int(v * 1.16)) for v in fill[:3]) + (255,), width=max(1, int(W * .28)))


def foliage():
    s = 3; W, H = 1024 * s, 512 * s
    im = Image.new('RGBA', (W, H), (0, 0, 0, 0)); d = ImageDraw.Draw(im)
    # willow: five whips to a card, narrow leaves that hang almost along them, thinning towards the tip
    for col in range(3):
        for whip in range(5):
            x0 = (col * 128 + 20 + whip * 22 + R.normal(0, 4)) * s; end = H * (1 if whip in (1, 3) else .62 + .36 * R.random()); ph, am = R.random() * 6, (4 + 5 * R.random()) * s
            xx = lambda y: x0 + am * np.sin(y / H * 4.5 + ph)
            tone = .80 + .34 * R.random()
            d.line([(xx(y), y) for y in np.arange(0, end, 8)], fill=(104, 98, 46, 255), width=int(1.3 * s))
            y = R.random() * 10 * s
            while y < end - 14 * s:
                t = y / end; sg = 1 if R.random() < .5 else -1
                b = tone * (.80 + .42 * R.random()); g = np.clip(.35 + .5 * t + .25 * R.standard_normal(), 0, 1)
                f = tuple(int(np.clip(v * b, 0, 255)) for v in (74 + 52 * g, 96 + 42 * g, 40 + 16 * g)) + (255,)
                a = np.pi / 2 - sg * (.16 + .38 * R.random()) * (1.15 - .5 * t)
                _blade(d, xx(y), y, a, (21 + 13 * R.random()) * s * (1.1 - .35 * t), (1.75 + .6 * R.random()) * s, f)
                y += (3.6 + 3.4 * R.random()) * s
    # reeds: stems, long bending leaves, a few seed heads
    for i in range(44):
        x0 = (392 + 242 * R.random()) * s; h = (.40 + .55 * R.random()) * H; b = R.normal(0, .055) * W * .25; g = .62 + .5 * R.random(); w = (1.6 + 1.6 * R.random()) * s
        t = np.linspace(0, 1, 14); px = np.clip(x0 + b * t ** 2.2, 390 * s, 636 * s); py = H - h * t * (1 - .06 * t * t * (R.random() > .5))
        q = w * (1 - t ** 1.5); f = tuple(int(v * g) for v in (92, 112, 56)) + (255,)
        d.polygon([*zip(px - q, py), *zip((px + q)[::-1], py[::-1])], fill=f)
        if i % 7 == 0:
            for k in range(14):
                petal(d, px[-1], py[-1] + k * 2.4 * s, -np.pi / 2 + R.normal(0, .5), (12 + 8 * R.random()) * s, 1.8 * s, (128, 104, 72, 255))
    # lotus leaf from above: scalloped disc, radial veins, notch of light at the middle
    cx, cy, r0 = 768 * s, 128 * s, 122 * s; a = np.linspace(0, 2 * np.pi, 160)
    rr = r0 * (.95 + .025 * np.sin(a * 5 + 1) + .02 * np.sin(a * 11))
    d.polygon(list(zip(cx + rr * np.cos(a), cy + rr * np.sin(a))), fill=(70, 108, 66, 255))
    for k in range(21):
        b = k * 2 * np.pi / 21 + R.normal(0, .05); L = r0 * (.80 + .12 * R.random())
        d.line([(cx, cy), (cx + L * np.cos(b), cy + L * np.sin(b))], fill=(108, 142, 92, 255), width=2 * s)
        d.polygon([(cx + 6 * s * np.cos(b), cy + 6 * s * np.sin(b)), (cx + r0 * .93 * np.cos(b + .06), cy + r0 * .93 * np.sin(b + .06)), (cx + r0 * .93 * np.cos(b + .20), cy + r0 * .93 * np.sin(b + .20))], fill=(80, 118, 72, 255))
    d.ellipse([cx - 9 * s, cy - 9 * s, cx + 9 * s, cy + 9 * s], fill=(140, 164, 112, 255))
    # lotus flower on its stalk
    cx, cy = 960 * s, 74 * s
    d.line([(cx + 4 * s, 254 * s), (cx, cy + 20 * s)], fill=(86, 114, 62, 255), width=4 * s)
    for a_, L, w in ((-2.75, 52, 13), (-.39, 52, 13), (-2.35, 60, 15), (-.79, 60, 15), (-1.95, 66, 16), (-1.19, 66, 16), (-1.57, 68, 17)):
        k = R.random() * 14; petal(d, cx, cy + 24 * s, a_, L * s, w * s, (int(232 + k), int(186 + k), int(190 + k), 255))
        petal(d, cx, cy + 24 * s, a_, L * .62 * s, w * .6 * s, (243, 218, 214, 255))
    d.rectangle([640 * s, 256 * s, 648 * s, 332 * s], fill=(84, 108, 60, 255))
    # far bank: crowns along a line, pale with distance, paler at the water
    x0, y0, x1, y1 = (v * s for v in LEAF_ATLAS['trees'])
    for layer, (lo, hi, col) in enumerate(((.30, .95, (141, 158, 143)), (.22, .74, (121, 142, 122)), (.10, .46, (107, 130, 106)))):
        x = x0
        while x < x1:
            q = (x - x0) / (x1 - x0); r = (10 + 13 * R.random()) * s; h = lo + (hi - lo) * (.35 + .65 * R.random()) * np.sin(np.pi * np.clip(q, .04, .96)) ** .25
            for _ in range(26):
                ox, oy, rr = R.normal(0, r * .5), R.random(), r * (.20 + .25 * R.random()); k = .93 + .13 * R.random()
                X, Y = np.clip(x + ox, x0 + rr, x1 - rr), y1 - max((y1 - y0) * h * (.25 + .75 * oy ** .6) - rr, rr)
                c = tuple(int(v * (1 - .10 * (1 - oy)) * k + 18 * (1 - oy)) for v in col) + (255,)
                d.ellipse([X - rr, Y - rr * .8, X + rr, Y + rr * .8], fill=c)
            x += r * .62
        d.rectangle([x0, y1 - (18 - 3 * layer) * s, x1, y1], fill=tuple(int(v * .96 + 14) for v in col) + (255,))
    d.rectangle([x0, y1 - 4 * s, x1, y1], fill=(188, 192, 178, 255))
    a = np.asarray(im.resize((1024, 512), Image.LANCZOS)).astype(float)
    A = a[..., 3] / 255
    # transparent texels carry their neighbours' colour, so that no dark rim shows when they are filtered
    rgb = a[..., :3] * A[..., None]; wsum = A.copy(); acc = rgb.copy()
    for r in (1, 2, 4, 8, 16):
        for dy, dx in ((0, r), (0, -r), (r, 0), (-r, 0)):
            acc += np.roll(rgb, (dy, dx), (0, 1)) * .02 / r; wsum += np.roll(A, (dy, dx), (0, 1)) * .02 / r
    fill = acc / np.maximum(wsum, 1e-6)[..., None]; fill[wsum < 1e-3] = (88, 104, 52)
    rgb = np.where((A > .5)[..., None], a[..., :3], fill)
    alpha = np.where(A > .22, np.clip(A * 1.35, 0, 1), 0) * 255
    solid = np.where(alpha > 150, 255, np.where(alpha > 20, 96, 0))      # the engine cuts at one half: three steps of alpha and few colours keep the PNG small
    q = np.asarray(Image.fromarray(np.clip(rgb, 0, 255).astype(np.uint8)).quantize(96, dither=Image.Dither.NONE).convert('RGB'))
    return Image.fromarray(np.dstack([q, solid]).astype(np.uint8), 'RGBA').quantize(220, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)


# ---- sky dome: four rows of 90 degrees near the horizon, one row for the upper sky -----
ROW, UP, E0, E1 = 220, 144, -3.0, 17.0
SUN_AZ, SUN_EL = -110.0, 27.0        # degrees, Blender axes: where the sun stands
SHORE_AZ = -60.0                      # the near shore lies in this direction


def _circ(n, beta, lo, amp):
    f = np.fft.rfftfreq(n) * n; f[0] = 1
    v = np.fft.irfft(np.fft.rfft(R.standard_normal(n)) * np.where(f >= lo, f ** -beta, 0), n)
    return v / v.std() * amp


def sky_row(az, el, cloud):
    """Colour for azimuth and elevation arrays (degrees)."""
    t = np.clip(el / 40, 0, 1) ** .62
    c = mix((250, 236, 214), (112, 168, 222), t)
    c = mix(c, (250, 240, 222), np.clip(cloud, 0, 1) * .75)
    dz = np.abs((az - SUN_AZ + 180) % 360 - 180)
    glow = np.exp(-(dz / 48) ** 2) * np.exp(-((el - SUN_EL) / 30) ** 2)
    return mix(c, (255, 238, 200), glow * .65)


def sky(n=1024):
    W = 4 * n; az = (np.arange(W) + .5) / W * 360 - 180
    el = E1 - (np.arange(ROW) + .5) / ROW * (E1 - E0)
    A, E = np.meshgrid(az, el)
    cl = noise(ROW * 2, W, 1.9, .6, 5)[:ROW] * .35 + .05
    img = sky_row(A, np.maximum(E, 0),
                  # the upper sky begins without clouds: they must be gone where the rows meet
                  cl * np.clip((E - 3) / 10, 0, 1) * np.clip((E1 - .5 - E) / 5, 0, 1))
    near = np.clip(1.25 - np.abs((az - SHORE_AZ + 180) % 360 - 180) / 62, 0, 1)      # the landing's own bank
    base = -1.15
    ty = noise(ROW * 2, W, .9)[:ROW]
    fine = noise(ROW * 2, W, .35)[:ROW]
    layers = [  # height (deg) over azimuth, colour, texture strength
        (1.9 + _circ(W, 1.6, 2, .75), (203, 210, 209), .0),
        (1.15 + _circ(W, 1.5, 3, .55), (176, 190, 186), .01),
        (.15 + _circ(W, 1.1, 5, .26) + np.abs(_circ(W, .35, 60, .13)), (142, 160, 144), .05),
        (-.25 + _circ(W, 1.0, 9, .28) + np.abs(_circ(W, .3, 90, .16)), (112, 134, 108), .09),
    ]
    for h, col, tx in layers:
        a = np.clip((h[None] - E) * 9 + .5, 0, 1) * (E > base)
        fade = np.clip((E - base) / np.maximum(h[None] - base, .3), 0, 1)
        cc = mix(np.array(col, float) * np.ones(3), (222, 222, 210), (1 - fade) * .35) * (1 + tx * (ty + fine))[..., None]
        img = mix(img, cc, a)
    # the Hall of Mist and Rain (烟雨楼) stands on the lake's island: only a distant roof line among trees
    c0, dx = 152.0, (A - 152.0 + 180) % 360 - 180
    trees = np.clip((1.05 - (dx / 5.2) ** 2 * 1.1 + .16 * np.interp(az, az, _circ(W, .3, 80, 1.0))[None] - .3 - E) * 9, 0, 1) * (np.abs(dx) < 7) * (E > base)
    img = mix(img, np.array((98, 122, 96)) * (1 + .08 * fine[..., None]), trees)
    for z0, hw, rise in ((.55, 1.75, .42), (1.25, 1.2, .5)):
        roof = (E > z0 + .16 * (np.abs(dx) / hw) ** 3) & (E < z0 + rise - (rise * .8) * (np.abs(dx) / hw) ** 1.4 + .14 * (np.abs(dx) / hw) ** 4) & (np.abs(dx) < hw)
        body = (E <= z0 + .05) & (E > z0 - .45) & (np.abs(dx) < hw * .78)
        img = mix(img, (196, 190, 174), body * .85); img = mix(img, (92, 98, 98), roof * .9)
    # trees behind the landing: nearer, greener, higher
    for amp, lo, col, tx in ((6.0, 8, (128, 148, 112), .10), (4.2, 12, (100, 126, 78), .16)):
        h = base + near * (amp + _circ(W, 1.0, lo, 1.1) + np.abs(_circ(W, .45, 40, .55)))
        a = np.clip((h[None] - E) * 5 + .5 + .5 * fine, 0, 1) * (near > 0)[None] * (E > base - 2)
        img = mix(img, np.array(col, float) * np.ones(3) * (1 + tx * (ty * .8 + fine))[..., None], a)
    # below the water line: a soft mirror (mostly hidden by the water plane)
    wl = E <= base
    img = np.where((wl & (near < .05)[None])[..., None], mix((150, 166, 158), (128, 148, 142), (base - E)), img)
    out = np.zeros((n, n, 3))
    for r in range(4):
        out[r * ROW:(r + 1) * ROW] = img[:, r * n:(r + 1) * n]
    el2 = 90 - (np.arange(UP) + .5) / UP * (90 - E1); a2 = (np.arange(n) + .5) / n * 360 - 180
    A2, E2 = np.meshgrid(a2, el2)
    up = sky_row(A2, E2, np.zeros_like(A2))
    c2 = noise(UP * 2, n, 1.8, 1, 2.0)[:UP] * .4
    out[4 * ROW:] = mix(up, (250, 244, 232), np.clip(c2, 0, 1) * np.clip((E2 - E1 - 6) / 20, 0, 1) * np.clip((85 - E2) / 20, 0, 1) * .6)
    return out


# ---- prints ------------------------------------------------------------------------------
def _page(im, box, heading, fnt, size):
    x0, y0, x1, y1 = box; w, h = x1 - x0, y1 - y0; S = 2
    p = Image.new('RGB', (w * S, h * S), (226, 214, 184)); d = ImageDraw.Draw(p)
    y = 44 * S
    for line in heading:
        f = font(fnt, size * S); tw = d.textlength(line, font=f); d.text(((w * S - tw) / 2, y), line, font=f, fill=INK); y += int(size * 1.4 * S)
    d.line([(w * S * .36, y + 6 * S), (w * S * .64, y + 6 * S)], fill=INK, width=S)
    y += 24 * S; nums = [*range(1, 11), *range(12, 16)]      # in both versions the numbering skips article 11
    step = (h * S - y - 34 * S) / len(nums)
    f = font(MONO, 15 * S)
    for k, i in enumerate(nums):
        yy = y + k * step
        d.text((34 * S, yy), f'{i}.', font=f, fill=INK)
        for j in range(2):
            L = w * S - (76 + 40) * S if j == 0 else (w * S - 116 * S) * (.35 + .5 * R.random())
            xx = 76 * S; yl = yy + (8 + j * 14) * S
            while xx < 76 * S + L:      # grey strokes for words: no text is invented
                ww = (14 + R.random() * 44) * S
                d.line([(xx, yl), (min(xx + ww, 76 * S + L), yl)], fill=(150, 142, 124), width=3 * S); xx += ww + 7 * S
    a = np.asarray(p.resize((w, h), Image.LANCZOS), float)
    a *= (1 + .022 * noise(h, w, 1.5) + .012 * noise(h, w, .3))[..., None]
    ey = np.minimum(np.minimum(np.arange(h), np.arange(h)[::-1])[:, None], np.minimum(np.arange(w), np.arange(w)[::-1])[None])
    a = mix(a, a * (.86, .78, .62), np.exp(-ey / 16) * .6)
    im.paste(Image.fromarray(np.clip(a, 0, 255).astype(np.uint8)), (x0, y0))


def prints(n=1024):
    im = Image.new('RGB', (n, n), (210, 198, 170)); d = ImageDraw.Draw(im)
    _page(im, ATLAS['page_ru'], ['Программа'], MONO, 30)
    _page(im, ATLAS['page_en'], ['The First Program of the', 'Communist Party of China'], SERIF, 23)
    # ticket: place names of the time and a plain border, nothing that claims a real original
    x0, y0, x1, y1 = ATLAS['ticket']; S = 3; w, h = (x1 - x0) * S, (y1 - y0) * S
    t = Image.new('RGB', (w, h), (214, 196, 150)); e = ImageDraw.Draw(t)
    e.rectangle([14 * S, 14 * S, w - 14 * S, h - 14 * S], outline=(110, 52, 40), width=3 * S)
    e.rectangle([20 * S, 20 * S, w - 20 * S, h - 20 * S], outline=(110, 52, 40), width=S)
    f = font(CJK, 62 * S); yy = h / 2 - 48 * S
    e.text((44 * S, yy), '上海', font=f, fill=INK); e.text((w - 44 * S - 124 * S, yy), '嘉興', font=f, fill=INK)
    e.line([(w / 2 - 18 * S, h / 2 + 1 * S), (w / 2 + 18 * S, h / 2 + 1 * S)], fill=INK, width=5 * S)
    a = np.asarray(t.resize((x1 - x0, y1 - y0), Image.LANCZOS), float)
    a *= (1 + .03 * noise(y1 - y0, x1 - x0, 1.2) + .02 * noise(y1 - y0, x1 - x0, .3))[..., None]
    im.paste(Image.fromarray(np.clip(a, 0, 255).astype(np.uint8)), (x0, y0))
    # label of the ticket on its table
    x0, y0, x1, y1 = ATLAS['label']; g = Image.new('RGB', ((x1 - x0) * 3, (y1 - y0) * 3), (238, 232, 216)); e = ImageDraw.Draw(g); x = 24
    for words, size, colour in (('火车票', 54, INK), ('仿制', 40, (158, 44, 34)), ('Rail ticket · replica', 40, (92, 80, 68))):
        f = font(CJK, size); e.text((x, 41), words, font=f, fill=colour, anchor='lm'); x += e.textlength(words, font=f) + 30
    im.paste(g.resize((x1 - x0, y1 - y0), Image.LANCZOS), (x0, y0))
    # sign board: dark lacquer, gilt characters, read from right to left as boards of the time were
    x0, y0, x1, y1 = ATLAS['sign']; g = Image.new('RGB', ((x1 - x0) * 2, (y1 - y0) * 2), (46, 24, 20)); e = ImageDraw.Draw(g)
    e.rectangle([8, 8, g.width - 9, g.height - 9], outline=(196, 150, 70), width=6)
    f = font(CJK, 150)
    for i, chx in enumerate(SIGN_TEXT[::-1]):
        e.text((g.width * (i + .5) / 4, g.height / 2 - 10), chx, font=f, fill=(222, 178, 92), anchor='mm')
    im.paste(g.resize((x1 - x0, y1 - y0), Image.LANCZOS), (x0, y0))
    # parasol paper: v is the radius (0 centre), u runs over four of the ribs' gaps and back again
    x0, y0, x1, y1 = ATLAS['parasol']; m = x1 - x0; v = (np.arange(m)[::-1] / m)[:, None] * np.ones((1, m)); u = (np.arange(m) / m)[None] * np.ones((m, 1))
    gap = np.abs((u * 4 + .5) % 1 - .5) * 2                  # 0 on a rib, 1 between two
    c = mix((200, 148, 80), (168, 100, 46), v * .7 + .12 * noise(m, m, 1.5, 1, 3) - .14 * gap)
    c = mix(c, (118, 66, 32), np.exp(-(gap * np.maximum(v, .1) / .05) ** 2) * .75)      # glue and shadow along the rib
    c = mix(c, (142, 84, 40), np.exp(-(np.abs(gap - .5) * np.maximum(v, .1) / .018) ** 2) * .25)      # folds
    for lo, hi in ((.80, .835), (.955, 1.0), (0, .10)):
        c = mix(c, (72, 32, 24), ((v > lo) & (v < hi)) * .86)
    c = mix(c, (72, 32, 24), ((np.abs(v - .775) < .004) | (np.abs(v - .86) < .004)) * .7)
    c = mix(c, (120, 70, 34), np.clip(noise(m, m, 1.7) - 1.2, 0, 1) * .5)               # oil stains
    fibre = np.clip(noise(m, m, .5, 6, 1) - 1.6, 0, 1) + np.clip(noise(m, m, .5, 1, 6) - 1.6, 0, 1)
    c *= (1 + .03 * noise(m, m, .8) + .10 * fibre)[..., None]
    im.paste(Image.fromarray(np.clip(c, 0, 255).astype(np.uint8)), (x0, y0))
    # mahjong faces
    x0, y0, x1, y1 = ATLAS['tiles']; S = 4; t = Image.new('RGB', ((x1 - x0) * S, (y1 - y0) * S), (232, 222, 196)); e = ImageDraw.Draw(t)
    red, grn, blu = (168, 34, 30), (34, 104, 58), (36, 52, 112); f1, f2 = font(CJK, 17 * S), font(CJK, 25 * S)
    grid = {1: [(0, 0)], 2: [(0, -1), (0, 1)], 3: [(-1, -1), (0, 0), (1, 1)], 4: [(-1, -1), (1, -1), (-1, 1), (1, 1)],
            5: [(-1, -1), (1, -1), (-1, 1), (1, 1), (0, 0)], 6: [(-1, -1), (1, -1), (-1, 0), (1, 0), (-1, 1), (1, 1)],
            7: [(-1, -1.1), (0, -.8), (1, -.5), (-1, .3), (1, .3), (-1, 1.1), (1, 1.1)],
            8: [(a, b) for a in (-1, 1) for b in (-1.2, -.4, .4, 1.2)], 9: [(a, b) for a in (-1, 0, 1) for b in (-1, 0, 1)]}
    for k in range(40):
        cx, cy = ((k % 10) + .5) * 33 * S, (k // 10 + .5) * 44 * S; r, i = k // 10, k % 10 + 1
        if r == 0 and i < 10:
            e.text((cx, cy - 9 * S), '一二三四五六七八九'[i - 1], font=f1, fill=blu, anchor='mm'); e.text((cx, cy + 10 * S), '萬', font=f1, fill=red, anchor='mm')
        elif r == 1 and i < 10:
            for q, (a, b) in enumerate(grid[i]):
                R_ = (11 if i == 1 else 5 if i < 6 else 4.2) * S; X, Y = cx + a * 9 * S, cy + b * 12 * S; col = (red, grn, blu)[(q + i) % 3]
                e.ellipse([X - R_, Y - R_, X + R_, Y + R_], outline=col, width=int(1.6 * S)); e.ellipse([X - R_ * .4, Y - R_ * .4, X + R_ * .4, Y + R_ * .4], fill=col)
        elif r == 2 and i < 10:
            for q, (a, b) in enumerate(grid[i]):
                X, Y = cx + a * 9 * S, cy + b * 12 * S; col = red if (q == 0 and i in (5, 7, 9)) else grn
                e.rounded_rectangle([X - 1.8 * S, Y - 5 * S, X + 1.8 * S, Y + 5 * S], 2 * S, fill=col); e.line([X - 3 * S, Y, X + 3 * S, Y], fill=col, width=S)
        elif r == 3 and i <= 7:
            chx = '東南西北中發白'[i - 1]
            if chx == '白':
                e.rectangle([cx - 10 * S, cy - 14 * S, cx + 10 * S, cy + 14 * S], outline=blu, width=2 * S)
            else:
                e.text((cx, cy), chx, font=f2, fill=red if chx == '中' else grn if chx == '發' else blu, anchor='mm')
    im.paste(t.resize((x1 - x0, y1 - y0), Image.LANCZOS), (x0, y0))
    # willow bark: grey-brown, furrows upright
    x0, y0, x1, y1 = ATLAS['bark']; w, h = x1 - x0, y1 - y0
    f = noise(h, w, 1.0, 1, .22)[:h, :w]; c = mix((70, 60, 48), (150, 136, 112), .5 + .26 * f + .08 * noise(h, w, .4))
    c = mix(c, (96, 106, 66), np.clip(noise(h, w, 1.6) - 1.1, 0, 1) * .5)
    im.paste(Image.fromarray(np.clip(c, 0, 255).astype(np.uint8)), (x0, y0))
    cols = dict(brass=(186, 142, 66), brass_dark=(112, 82, 40), milk=(232, 226, 208), iron=(42, 40, 40), bone=(232, 222, 196), bamboo=(176, 134, 72),
                rope=(150, 122, 82), glass=(206, 210, 196), white=(240, 238, 230), amber=(166, 104, 38))
    for k, name in enumerate(PATCH):
        even = .25 if name in ('milk', 'white', 'glass') else 1
        a = np.array(cols[name], float) * (1 + even * (.035 * noise(64, 64, 1.2) + .02 * noise(64, 64, .4)))[..., None]
        im.paste(Image.fromarray(np.clip(a, 0, 255).astype(np.uint8)), (960, 64 * k))
    return np.asarray(im)


def make(d, only=None):
    os.makedirs(d, exist_ok=True)
    jobs = dict(hull=(planks, 74), wood=(wood, 74), lacquer=(lacquer, 80), gilt=(gilt, 80), brass=(brass, 82), tile=(tile, 76), thatch=(thatch, 76), stone=(stone, 70), ground=(ground, 70),
                cloth=(cloth, 80), plaster=(plaster, 78), porcelain=(porcelain, 84), print=(prints, 85), foliage=(foliage, 0), sky=(sky, 88), water=(water, 75))
    global R
    for k, (f, q) in jobs.items():
        if only and k not in only:
            continue
        R = np.random.default_rng([1959, sum(map(ord, k))])
        save(d, k, f(), q)


if __name__ == '__main__':
    import sys
    make(sys.argv[1], sys.argv[2:])
