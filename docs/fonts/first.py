"""Cuts the letters of the first screen out of the typeface, into `public/fonts/first/`.

Run it in the project's folder after a change of `locales/first.*.toml` or of a team's name, with
`pip install fonttools brotli`, and put the range that it prints into `style/base.css`. The licence keeps the
typeface's name for the unchanged files, so these are called Booth First.
"""

import pathlib
import tomllib

from fontTools import subset
from fontTools.ttLib import TTFont

NAME = "Booth First"
WEIGHTS = ["Regular", "Bold"]
# What texts are shaped with by themselves, and the figures of one width that the style asks for.
FEATURES = ["ccmp", "locl", "calt", "liga", "kern", "mark", "mkmk", "tnum"]
COPYRIGHT_AND_LICENCE = [0, 13, 14]
ALWAYS = [chr(code) for code in range(0x20, 0x7F)] + list("·–—‘’“”…한국어")


def letters():
    found = set(ALWAYS)
    for path in pathlib.Path("locales").glob("first.*.toml"):
        found.update(*tomllib.loads(path.read_text("utf-8")).values())
    for path in pathlib.Path("content/teams").glob("*.toml"):
        team = tomllib.loads(path.read_text("utf-8"))
        found.update(team["model"], *team["name"].values())
    return sorted(ord(letter) for letter in found if letter.isprintable())


def cut(weight, codes):
    options = subset.Options(flavor="woff2", layout_features=FEATURES, hinting=False)
    options.name_IDs = COPYRIGHT_AND_LICENCE
    font = TTFont(f"public/fonts/PretendardGOV-{weight}.subset.woff2")
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=codes)
    cutter.subset(font)
    for name_id, text in {1: NAME, 2: weight, 4: f"{NAME} {weight}", 6: f"BoothFirst-{weight}"}.items():
        font["name"].setName(text, name_id, 3, 1, 0x409)
    font.save(f"public/fonts/first/{weight.lower()}.woff2")


def ranges(codes):
    spans = []
    for code in codes:
        if spans and spans[-1][1] == code - 1:
            spans[-1][1] = code
        else:
            spans.append([code, code])
    return ",".join(f"U+{a:x}" if a == b else f"U+{a:x}-{b:x}" for a, b in spans)


for weight in WEIGHTS:
    cut(weight, letters())
print(ranges(letters()))
