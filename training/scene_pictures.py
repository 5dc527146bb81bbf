"""Flat, film-like pictures drawn with numpy: gradients, shapes, silhouettes, layers that drift."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

WIDTH = 640
HEIGHT = 360
MARGIN = 40
"""Pixels that a layer is wider than the picture on the left and on the right, to drift in."""

Colour = tuple[int, int, int]
Point = tuple[float, float]


class Picture:
    """A layer: colour and opacity for each pixel; x runs from ``-MARGIN`` to ``WIDTH + MARGIN``.

    Attributes:
        colour: shape (360, 720, 3), 0 to 255.
        alpha: shape (360, 720), 0 (clear) to 1.
    """

    def __init__(self) -> None:
        width = WIDTH + 2 * MARGIN
        self.colour = np.zeros((HEIGHT, width, 3), np.float32)
        self.alpha = np.zeros((HEIGHT, width), np.float32)
        rows, columns = np.mgrid[0:HEIGHT, 0:width].astype(np.float32)
        self._x = columns - MARGIN
        self._y = rows

    def _lay(self, mask: np.ndarray, colour: Colour) -> Picture:
        self.colour += (np.float32(colour) - self.colour) * mask[..., None]
        self.alpha += (1 - self.alpha) * mask
        return self

    def gradient(self, stops: Sequence[tuple[float, Colour]]) -> Picture:
        """Fills the layer from top to bottom; stops are (0 to 1, colour)."""
        places = [place * HEIGHT for place, _ in stops]
        rows = np.arange(HEIGHT)
        for channel in range(3):
            values = np.interp(rows, places, [colour[channel] for _, colour in stops])
            self.colour[..., channel] = values[:, None]
        self.alpha[:] = 1
        return self

    def ellipse(self, centre: Point, radii: Point, colour: Colour, opacity: float = 1.0) -> Picture:
        """Paints an ellipse with a soft edge of one pixel."""
        distance = np.hypot((self._x - centre[0]) / radii[0], (self._y - centre[1]) / radii[1])
        edge = min(radii)
        return self._lay(np.clip((1 - distance) * edge + 0.5, 0, 1) * opacity, colour)

    def glow(self, centre: Point, radius: float, colour: Colour, strength: float = 1.0) -> Picture:
        """Adds light that falls off like a bell."""
        squared = (self._x - centre[0]) ** 2 + (self._y - centre[1]) ** 2
        return self._lay(np.exp(-squared / (2 * radius**2)) * strength, colour)

    def polygon(self, points: Sequence[Point], colour: Colour, opacity: float = 1.0) -> Picture:
        """Paints any polygon (even-odd rule), four samples a pixel."""
        mask = np.zeros_like(self._x)
        for shift_x, shift_y in ((0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)):
            mask += self._inside(points, self._x + shift_x - 0.5, self._y + shift_y - 0.5)
        return self._lay(mask / 4 * opacity, colour)

    @staticmethod
    def _inside(points: Sequence[Point], x: np.ndarray, y: np.ndarray) -> np.ndarray:
        inside = np.zeros(x.shape, bool)
        for (first_x, first_y), (second_x, second_y) in zip(
            points, [*points[1:], points[0]], strict=True
        ):
            if first_y == second_y:
                continue
            crosses = (y < first_y) != (y < second_y)
            at = first_x + (y - first_y) * (second_x - first_x) / (second_y - first_y)
            inside ^= crosses & (x < at)
        return inside

    def box(self, corner: Point, size: Point, colour: Colour, opacity: float = 1.0) -> Picture:
        """Paints a rectangle given by its upper left corner and its width and height."""
        left, top = corner
        mask_x = np.clip(self._x - left + 0.5, 0, 1) * np.clip(left + size[0] - self._x + 0.5, 0, 1)
        mask_y = np.clip(self._y - top + 0.5, 0, 1) * np.clip(top + size[1] - self._y + 0.5, 0, 1)
        return self._lay(mask_x * mask_y * opacity, colour)


@dataclass
class Layer:
    """A picture in a shot.

    Attributes:
        picture: what is seen.
        drift: pixels a second to the right and down.
        sway: pixels it moves up at full loudness of the voice (a speaker's silhouette).
    """

    picture: Picture
    drift: Point = (0.0, 0.0)
    sway: float = 0.0


@dataclass
class Sparkle:
    """Short moving strokes: glittering water or rain.

    Attributes:
        area: left, top, width and height in pixels.
        colour: their colour.
        count: number of strokes.
        size: width and height of a stroke.
        speed: pixels a second to the right and down; they come back on the other side.
        blink: strokes that come and go per second (0: always seen).
        seed: seed of their places.
    """

    area: tuple[int, int, int, int]
    colour: Colour
    count: int
    size: tuple[int, int]
    speed: Point
    blink: float = 0.0
    seed: int = 0

    def draw(self, frame: np.ndarray, time: float) -> None:
        """Draws into a frame of shape (360, 640, 3), float32, at a time in seconds."""
        draw = np.random.default_rng(self.seed)
        left, top, width, height = self.area
        x = (draw.uniform(0, width, self.count) + self.speed[0] * time) % width
        y = (draw.uniform(0, height, self.count) + self.speed[1] * time) % height
        phase = draw.uniform(0, 2 * np.pi, self.count)
        light = np.ones(self.count)
        if self.blink:
            light = np.clip(np.sin(phase + 2 * np.pi * self.blink * time), 0, 1)
        for column, row, opacity in zip(x, y, light * 0.7, strict=True):
            first_x, first_y = int(left + column), int(top + row)
            part = frame[
                max(0, first_y) : first_y + self.size[1], max(0, first_x) : first_x + self.size[0]
            ]
            part += (np.float32(self.colour) - part) * np.float32(opacity)


@dataclass
class Shot:
    """What one shot shows.

    Attributes:
        layers: from the back to the front; the first covers everything.
        sparkles: drawn over the layers.
    """

    layers: list[Layer]
    sparkles: tuple[Sparkle, ...] = ()

    def frame(self, time: float, loudness: float) -> np.ndarray:
        """Draws one frame.

        Args:
            time: seconds since the shot began.
            loudness: of the voice, 0 to 1.

        Returns:
            Picture of shape (360, 640, 3), float32, 0 to 255.
        """
        result = np.zeros((HEIGHT, WIDTH, 3), np.float32)
        for layer in self.layers:
            x = float(np.clip(layer.drift[0] * time, -MARGIN + 1, MARGIN - 1))
            rise = layer.drift[1] * time - layer.sway * loudness
            colour, alpha = _shifted(layer.picture, x, rise)
            result += (colour - result) * alpha[..., None]
        for sparkle in self.sparkles:
            sparkle.draw(result, time)
        return result


def _shifted(picture: Picture, x: float, y: float) -> tuple[np.ndarray, np.ndarray]:
    """The visible part of a layer moved by parts of pixels to the right (x) and down (y)."""
    start = MARGIN - x
    column = int(np.floor(start))
    share = np.float32(start - column)
    row = round(y)

    def cut(values: np.ndarray) -> np.ndarray:
        first = values[:, column : column + WIDTH]
        second = values[:, column + 1 : column + 1 + WIDTH]
        mixed = first + (second - first) * share
        if row == 0:
            return mixed
        rows = np.clip(np.arange(HEIGHT) - row, 0, HEIGHT - 1)
        return mixed[rows]

    return cut(picture.colour), cut(picture.alpha)
