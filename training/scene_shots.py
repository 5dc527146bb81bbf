"""The shots of the demo scene: a harbour at night, a station, an office, a boat at dawn."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from training.scene_pictures import HEIGHT, WIDTH, Colour, Layer, Picture, Shot, Sparkle

_INK: Colour = (12, 14, 26)


def _skyline(colour: Colour, base: float, seed: int, lit: Colour | None = None) -> Picture:
    """A row of houses standing on a line ``base`` pixels from the top, some windows lit."""
    draw = np.random.default_rng(seed)
    picture = Picture()
    x = -40.0
    while x < WIDTH + 40:
        width, height = float(draw.integers(26, 64)), float(draw.integers(30, 110))
        picture.box((x, base - height), (width, height), colour)
        if lit is not None:
            for row in np.arange(base - height + 8, base - 8, 12):
                for column in np.arange(x + 5, x + width - 6, 10):
                    if draw.random() < 0.3:
                        picture.box((column, row), (4, 5), lit)
        x += width
    return picture


def _person(x: float, size: float, colour: Colour, head: str, rim: Colour) -> Picture:
    """A silhouette from the chest up; ``head`` is "hat", "bob" or "cap", ``rim`` its edge light."""
    picture = Picture()
    for grow, tone in ((3.0, rim), (0.0, colour)):
        top = HEIGHT - 2.1 * size
        shoulder = HEIGHT - 0.95 * size
        picture.polygon(
            [
                (x - 1.15 * size - grow, HEIGHT + 20),
                (x - 0.95 * size - grow, shoulder - grow),
                (x - 0.28 * size - grow, shoulder - 0.28 * size - grow),
                (x + 0.28 * size + grow, shoulder - 0.28 * size - grow),
                (x + 0.95 * size + grow, shoulder - grow),
                (x + 1.15 * size + grow, HEIGHT + 20),
            ],
            tone,
        )
        picture.box((x - 0.2 * size, top + 0.5 * size), (0.4 * size, 0.5 * size), tone)
        radii = (0.4 * size + grow, 0.5 * size + grow)
        picture.ellipse((x, top + 0.45 * size), radii, tone)
        _headwear(picture, (x, top), size, grow, (head, tone))
    return picture


def _headwear(
    picture: Picture,
    place: tuple[float, float],
    size: float,
    grow: float,
    worn: tuple[str, Colour],
) -> None:
    (x, top), (head, tone) = place, worn
    if head == "hat":
        brim = (0.78 * size + grow, 0.09 * size + grow)
        picture.ellipse((x, top + 0.16 * size), brim, tone)
        picture.box(
            (x - 0.42 * size - grow, top - 0.24 * size - grow),
            (0.84 * size + 2 * grow, 0.42 * size + grow),
            tone,
        )
    elif head == "bob":
        picture.ellipse((x, top + 0.4 * size), (0.55 * size + grow, 0.52 * size + grow), tone)
        picture.box(
            (x - 0.55 * size - grow, top + 0.4 * size),
            (1.1 * size + 2 * grow, 0.5 * size + grow),
            tone,
        )
    else:
        picture.ellipse((x, top + 0.02 * size), (0.56 * size + grow, 0.2 * size + grow), tone)
        visor = (0.34 * size + grow, 0.07 * size + grow)
        picture.ellipse((x + 0.26 * size, top + 0.2 * size), visor, tone)


def _bokeh(stops: list[tuple[float, Colour]], lights: list[Colour], seed: int) -> Picture:
    """A soft background with blurred lights."""
    draw = np.random.default_rng(seed)
    picture = Picture().gradient(stops)
    for _ in range(26):
        centre = (draw.uniform(-30, WIDTH + 30), draw.uniform(0, HEIGHT * 0.8))
        radius = draw.uniform(8, 30)
        colour = lights[int(draw.integers(len(lights)))]
        picture.ellipse(centre, (radius, radius), colour, float(draw.uniform(0.1, 0.35)))
    return picture


def harbour() -> Shot:
    """Moon over the harbour, a crane, glittering water."""
    sky = Picture().gradient(
        [(0, (14, 22, 52)), (0.45, (44, 58, 104)), (0.62, (120, 92, 116)), (0.64, (20, 32, 62))]
    )
    sky.glow((470, 84), 70, (150, 160, 190), 0.7).ellipse((470, 84), (30, 30), (244, 240, 220))
    far = _skyline((24, 30, 58), 228, 3, (250, 204, 120))
    crane = Picture().polygon([(70, 340), (84, 340), (84, 96), (78, 80), (70, 96)], _INK)
    crane.polygon([(20, 112), (250, 92), (250, 98), (20, 122)], _INK)
    crane.polygon([(78, 80), (248, 94), (248, 96), (76, 84)], _INK)
    crane.box((236, 96), (1.5, 74), _INK).box((226, 170), (22, 16), _INK)
    crane.box((-40, 318), (330, 42), _INK).box((150, 284), (84, 34), (26, 24, 40))
    water = Sparkle((0, 236, WIDTH, 110), (214, 206, 190), 90, (14, 1), (9, 0), 0.5, 4)
    layers = [Layer(sky, (-1, 0)), Layer(far, (-3, 0)), Layer(crane, (-7, 0))]
    return Shot(layers, (water,))


def hugo_street() -> Shot:
    """Hugo under street lamps."""
    stops: list[tuple[float, Colour]] = [
        (0, (150, 84, 40)),
        (0.7, (226, 150, 70)),
        (1, (150, 92, 52)),
    ]
    back = _bokeh(stops, [(255, 226, 160), (255, 196, 110)], 5)
    person = _person(250, 130, (34, 20, 26), "hat", (255, 214, 140))
    return Shot([Layer(back, (4, 0)), Layer(person, (-2, 0), 4)])


def emma_window() -> Shot:
    """Emma before a rainy window."""
    stops: list[tuple[float, Colour]] = [
        (0, (120, 190, 200)),
        (0.6, (186, 226, 222)),
        (1, (110, 170, 180)),
    ]
    back = _bokeh(stops, [(240, 255, 250), (160, 216, 220)], 6)
    back.box((318, 0), (10, HEIGHT), (70, 110, 120)).box((-40, 150), (720, 8), (70, 110, 120))
    person = _person(390, 128, (24, 44, 58), "bob", (236, 250, 246))
    rain = Sparkle((0, 0, WIDTH, HEIGHT), (240, 252, 252), 46, (1, 12), (-30, 260), 0, 8)
    return Shot([Layer(back, (-3, 0)), Layer(person, (2, 0), 4)], (rain,))


def hotel() -> Shot:
    """The hotel: nine lit windows."""
    back = Picture().gradient([(0, (10, 12, 30)), (1, (34, 28, 58))])
    house = Picture().box((130, 40), (380, 330), (28, 28, 52))
    lit = {2, 5, 7, 11, 12, 16, 20, 21, 26}
    for index in range(28):
        row, column = divmod(index, 7)
        colour = (252, 206, 116) if index in lit else (18, 20, 40)
        house.box((156 + column * 49, 92 + row * 58), (28, 36), colour)
    house.box((230, 54), (180, 24), (150, 40, 60))
    for index in range(5):
        house.box((246 + index * 32, 59), (18, 14), (255, 190, 190))
    return Shot([Layer(back), Layer(house, (0, -2))])


def road() -> Shot:
    """A car in the morning mist."""
    back = Picture().gradient([(0, (206, 206, 196)), (0.6, (236, 226, 204)), (1, (150, 146, 138))])
    back.glow((330, 170), 90, (255, 250, 236), 0.9)
    road_picture = Picture().polygon(
        [(300, 210), (344, 210), (560, 362), (60, 362)], (104, 102, 104)
    )
    car = (
        Picture()
        .box((286, 196), (80, 34), (44, 46, 58))
        .polygon([(296, 198), (308, 172), (344, 172), (356, 198)], (44, 46, 58))
    )
    car.ellipse((298, 214), (9, 9), (255, 252, 226)).ellipse((354, 214), (9, 9), (255, 252, 226))
    car.glow((298, 214), 16, (255, 252, 226), 0.8).glow((354, 214), 16, (255, 252, 226), 0.8)
    return Shot([Layer(back), Layer(road_picture), Layer(car, (-6, 3))])


def lighthouse() -> Shot:
    """The lighthouse where a boat is missing."""
    back = Picture().gradient([(0, (16, 26, 44)), (0.66, (38, 62, 84)), (0.67, (10, 18, 32))])
    back.glow((452, 92), 46, (255, 236, 170), 0.9)
    beam = Picture().polygon([(452, 92), (-60, 30), (-60, 170)], (255, 240, 190), 0.25)
    tower = Picture().polygon([(430, 250), (438, 104), (466, 104), (474, 250)], (196, 190, 186))
    tower.polygon([(433, 200), (436, 160), (468, 160), (471, 200)], (170, 50, 50))
    tower.box((436, 82), (32, 22), (255, 240, 190)).polygon([(432, 82), (452, 62), (472, 82)], _INK)
    tower.polygon([(330, 262), (400, 240), (520, 240), (600, 262)], _INK)
    water = Sparkle((0, 262, WIDTH, 90), (150, 170, 180), 60, (18, 1), (-10, 0), 0.4, 9)
    return Shot([Layer(back), Layer(beam, (-5, 2)), Layer(tower, (-2, 0))], (water,))


def station() -> Shot:
    """The great clock of the station."""
    back = Picture().gradient([(0, (236, 222, 190)), (0.75, (206, 178, 134)), (1, (120, 92, 70))])
    for index in range(7):
        left = -20 + index * 106
        back.polygon(
            [(left, 300), (left, 130), (left + 38, 90), (left + 76, 130), (left + 76, 300)],
            (250, 244, 226),
        )
    clock = Picture().ellipse((320, 132), (88, 88), (70, 46, 36))
    clock.ellipse((320, 132), (78, 78), (252, 248, 236))
    for index in range(12):
        angle = index * np.pi / 6
        centre = (320 + 66 * np.sin(angle), 132 - 66 * np.cos(angle))
        clock.ellipse(centre, (4, 4), (70, 46, 36))
    clock.polygon([(317, 136), (320, 76), (323, 136)], (40, 28, 26))
    clock.polygon([(318, 129), (366, 150), (317, 136)], (40, 28, 26))
    floor = Picture().box((-40, 300), (720, 60), (92, 66, 54))
    return Shot([Layer(back, (3, 0)), Layer(clock), Layer(floor)])


def captain_blinds() -> Shot:
    """The captain before blinds."""
    back = Picture().gradient([(0, (34, 28, 40)), (1, (52, 34, 44))])
    for index in range(17):
        back.box((60, 12 + index * 20), (520, 8), (214, 120, 84), 0.75)
    person = _person(330, 132, (16, 12, 22), "cap", (255, 170, 120))
    return Shot([Layer(back, (0, 1)), Layer(person, (1, 0), 4)])


def two_at_station() -> Shot:
    """Emma and Hugo on the platform, a train behind them."""
    back = Picture().gradient([(0, (206, 222, 226)), (1, (150, 170, 180))])
    train = (
        Picture()
        .box((-40, 110), (720, 140), (196, 70, 64))
        .box((-40, 176), (720, 10), (240, 226, 200))
    )
    for index in range(9):
        train.box((-30 + index * 80, 126), (56, 40), (236, 244, 244))
    emma = _person(200, 92, (38, 46, 66), "bob", (250, 250, 250))
    hugo = _person(440, 96, (38, 34, 48), "hat", (250, 250, 250))
    return Shot([Layer(back), Layer(train, (9, 0)), Layer(emma, sway=2), Layer(hugo, sway=2)])


def diary() -> Shot:
    """The diary on a dark table, in the light of a lamp."""
    back = Picture().gradient([(0, (18, 12, 14)), (1, (44, 26, 20))])
    back.glow((320, 190), 130, (150, 92, 44), 0.8)
    book = Picture().polygon([(196, 226), (330, 116), (470, 176), (336, 300)], (96, 22, 30))
    book.polygon([(336, 300), (470, 176), (472, 190), (338, 316)], (228, 214, 184))
    book.polygon([(196, 226), (336, 300), (338, 316), (198, 240)], (60, 12, 18))
    book.polygon([(290, 206), (336, 168), (386, 190), (340, 230)], (206, 164, 84))
    return Shot([Layer(back), Layer(book, (-3, -1))])


def office() -> Shot:
    """The office at first light: three people at a desk."""
    back = Picture().gradient([(0, (190, 176, 150)), (1, (226, 210, 176))])
    for index in range(3):
        back.box((60 + index * 190, 40), (140, 150), (250, 246, 228))
        back.box((127 + index * 190, 40), (6, 150), (150, 132, 106))
    captain = _person(130, 84, (60, 44, 40), "cap", (255, 252, 240))
    emma = _person(330, 80, (66, 52, 58), "bob", (255, 252, 240))
    hugo = _person(520, 86, (52, 42, 40), "hat", (255, 252, 240))
    desk = Picture().box((-40, 318), (720, 50), (86, 56, 40))
    people = [Layer(captain, sway=2), Layer(emma, sway=2), Layer(hugo, sway=2)]
    return Shot([Layer(back, (2, 0)), *people, Layer(desk)])


def phone() -> Shot:
    """A telephone that must not be touched."""
    back = Picture().gradient([(0, (30, 44, 40)), (1, (14, 22, 22))])
    back.glow((320, 200), 120, (50, 110, 90), 0.6)
    body = Picture().polygon([(226, 290), (258, 190), (382, 190), (414, 290)], (18, 18, 20))
    body.polygon(
        [(206, 186), (222, 152), (418, 152), (434, 186), (398, 192), (242, 192)], (30, 30, 34)
    )
    body.ellipse((320, 240), (38, 34), (196, 190, 176)).ellipse((320, 240), (16, 14), (30, 30, 34))
    lamp = Sparkle((316, 128, 8, 2), (255, 60, 50), 3, (9, 9), (0, 0), 1.2, 2)
    return Shot([Layer(back), Layer(body, (2, 0))], (lamp,))


def storm() -> Shot:
    """Rain and high waves at the harbour mouth."""
    back = Picture().gradient([(0, (120, 134, 146)), (0.6, (176, 186, 190)), (1, (96, 116, 128))])
    layers = [Layer(back)]
    for index, tone in enumerate(((126, 146, 156), (98, 120, 134), (66, 88, 104))):
        wave = Picture()
        crest = [
            (x, 240 + index * 36 + 14 * np.sin(x / (36 + 9 * index) + index))
            for x in np.arange(-40, WIDTH + 44, 4.0)
        ]
        wave.polygon([*crest, (WIDTH + 44, HEIGHT + 4), (-40, HEIGHT + 4)], tone)
        layers.append(Layer(wave, (6 + 4 * index if index % 2 else -8, 0)))
    rain = Sparkle((0, 0, WIDTH, HEIGHT), (226, 232, 236), 130, (1, 16), (-90, 420), 0, 3)
    return Shot(layers, (rain,))


def boat() -> Shot:
    """A small boat before sunrise."""
    back = Picture().gradient(
        [(0, (60, 40, 92)), (0.4, (150, 70, 110)), (0.62, (240, 150, 110)), (0.63, (92, 50, 92))]
    )
    ship = Picture().polygon([(210, 246), (430, 246), (398, 284), (246, 284)], (40, 20, 44))
    ship.box((290, 206), (70, 40), (40, 20, 44)).box((318, 130), (4, 80), (40, 20, 44))
    ship.polygon([(322, 134), (322, 200), (386, 200)], (70, 36, 66))
    ship.box((302, 216), (14, 14), (255, 210, 130)).box((334, 216), (14, 14), (255, 210, 130))
    water = Sparkle((0, 236, WIDTH, 116), (255, 190, 150), 90, (20, 1), (12, 0), 0.4, 7)
    return Shot([Layer(back), Layer(ship, (5, 0))], (water,))


def emma_dawn() -> Shot:
    """Emma in the light of the morning."""
    stops: list[tuple[float, Colour]] = [
        (0, (250, 190, 150)),
        (0.6, (255, 226, 186)),
        (1, (230, 170, 140)),
    ]
    back = _bokeh(stops, [(255, 246, 226), (255, 214, 176)], 12)
    person = _person(260, 130, (92, 44, 62), "bob", (255, 250, 236))
    return Shot([Layer(back, (3, 0)), Layer(person, (-2, 0), 4)])


def hugo_dark() -> Shot:
    """Hugo still in the shade of the cabin."""
    stops: list[tuple[float, Colour]] = [(0, (22, 18, 44)), (1, (54, 32, 62))]
    back = _bokeh(stops, [(150, 90, 120), (90, 70, 130)], 13)
    person = _person(400, 130, (12, 8, 22), "hat", (214, 130, 130))
    return Shot([Layer(back, (-3, 0)), Layer(person, (2, 0), 4)])


def sunrise() -> Shot:
    """The sun comes up over the sea."""
    back = Picture().gradient(
        [
            (0, (120, 170, 206)),
            (0.5, (250, 220, 180)),
            (0.68, (255, 200, 140)),
            (0.69, (196, 150, 140)),
        ]
    )
    sun = Picture().glow((320, 240), 90, (255, 240, 200), 0.8)
    sun.ellipse((320, 236), (44, 44), (255, 246, 216))
    sea = Picture().box((-40, 246), (720, 120), (170, 130, 136))
    ship = Picture().polygon([(150, 252), (206, 252), (198, 262), (160, 262)], (80, 50, 70))
    ship.box((176, 226), (2, 28), (80, 50, 70))
    water = Sparkle((0, 252, WIDTH, 106), (255, 232, 196), 110, (18, 1), (9, 0), 0.4, 11)
    layers = [Layer(back), Layer(sun, (0, -4)), Layer(sea), Layer(ship, (6, 0))]
    return Shot(layers, (water,))


SHOTS: dict[str, Callable[[], Shot]] = {
    maker.__name__: maker
    for maker in (
        harbour,
        hugo_street,
        emma_window,
        hotel,
        road,
        lighthouse,
        station,
        captain_blinds,
        two_at_station,
        diary,
        office,
        phone,
        storm,
        boat,
        emma_dawn,
        hugo_dark,
        sunrise,
    )
}
"""Name of each shot to the function that draws it."""
