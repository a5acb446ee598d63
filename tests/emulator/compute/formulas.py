"""The documented formulas of the synthetic landscape once more, in plain Python, one pixel at a time."""

SOIL = {"B2": 700, "B3": 1000, "B4": 1400, "B8": 1900}
PLANTS = {"B2": -450, "B3": -400, "B4": -1100, "B8": 2600}
WATER = {"B2": 620, "B3": 560, "B4": 420, "B8": 210}
CLOUD = {"B2": 7600, "B3": 7500, "B4": 7400, "B8": 7800}


def wave(t: int, period: int, height: int) -> int:
    half = period // 2
    u = t % half
    up = 4 * height * u * (half - u) // (half * half)
    return up if t % period < half else -up


def is_river(c: int, r: int) -> bool:
    middle = 2000 + wave(r, 3400, 520) + wave(r + 300, 1260, 150) + wave(r, 410, 24)
    return abs(c % 4000 - middle) < 20 + wave(r, 2300, 8)


def green(c: int, r: int) -> int:
    hills = (
        wave(c + 2 * r, 4100, 300) + wave(2 * c - r, 2900, 260) + wave(3 * c + r, 1100, 130) + wave(c - 4 * r, 870, 110)
    )
    if hills > 180:
        return 640 + hills // 3
    a, d = c // 48, r // 36
    return 130 + (31 * a * a + 57 * d * d + 23 * a * d) % 19 * 38 + wave(c, 8, 20)


def scene(band: str, c: int, r: int, day: int = 0) -> int:
    if is_river(c, r):
        return WATER[band] + wave(r, 90, 30)
    plants = green(c, r) * (850 + wave(day + 91, 366, 150)) // 1000
    return SOIL[band] + PLANTS[band] * plants // 1000 + wave(c - r, 640, 60)


def is_cloudy(c: int, r: int, day: int) -> bool:
    t = c + 2 * r + wave(c - r, 1700, 260) + wave(c, 530, 90) + 977 * day
    step = 200 * (t % 2600) // 2600
    return min(step, 199 - step) < 37 * day % 101


def day_scene(band: str, c: int, r: int, day: int) -> int:
    return CLOUD[band] if is_cloudy(c, r, day) else scene(band, c, r, day)


def elevation(c: int, r: int) -> float:
    quarters = wave(c + r, 14300, 2900) + wave(2 * c - 3 * r, 31700, 3300) + wave(r, 9700, 1700)
    return (quarters + wave(3 * c + r, 7900, 900) + wave(c, 1900, 300) - 900) / 4
