# Makes the TrueType twins of the two text fonts: PDF writers embed TrueType outlines only.
# usage: make-ttf.py   (beside FrontdeskText-*.otf; needs fonttools)
# Glyphs, widths and names stay; curves become quadratic to half a unit in 1000. Letters that
# nobody needs on a receipt, and layout tables that no PDF or raster reads, are left out.
import os
from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

HERE = os.path.dirname(os.path.abspath(__file__))
RANGES = [(0x20, 0x7E), (0xA0, 0x17F), (0x18F, 0x192), (0x1A0, 0x1B0), (0x1CD, 0x1DC), (0x1E6, 0x1F9), (0x218, 0x21B),
          (0x2C6, 0x2DD), (0x370, 0x3FF), (0x400, 0x52F), (0x1E02, 0x1EF9), (0x2010, 0x2027), (0x2030, 0x203A),
          (0x20A0, 0x20BF), (0x2116, 0x2116), (0x2122, 0x2122), (0x2190, 0x2193), (0x2212, 0x2212), (0x2248, 0x2248),
          (0x2260, 0x2265), (0x25A0, 0x25CF)]


def wanted():
    return [c for a, b in RANGES for c in range(a, b + 1)]


def convert(name):
    font = TTFont(os.path.join(HERE, name + ".otf"))
    options = subset.Options()
    options.layout_features, options.notdef_outline, options.hinting = [], True, False
    options.name_IDs = ["*"]
    options.drop_tables += ["GSUB", "GPOS", "GDEF"]
    pick = subset.Subsetter(options)
    pick.populate(unicodes=wanted())
    pick.subset(font)
    order = font.getGlyphOrder()
    glyphs = font.getGlyphSet()
    quadratic = {}
    for g in order:
        pen = TTGlyphPen(glyphs)
        glyphs[g].draw(Cu2QuPen(pen, font["head"].unitsPerEm / 2000, reverse_direction=True))
        quadratic[g] = pen.glyph()
    font["loca"] = newTable("loca")
    font["glyf"] = glyf = newTable("glyf")
    glyf.glyphOrder, glyf.glyphs = order, quadratic
    del font["CFF "]
    if "VORG" in font:
        del font["VORG"]
    glyf.compile(font)
    for g in order:
        width, _ = font["hmtx"][g]
        outline = quadratic[g]
        font["hmtx"][g] = (width, getattr(outline, "xMin", 0))
    maxp = font["maxp"]
    maxp.tableVersion = 0x00010000
    for field in ("maxZones maxTwilightPoints maxStorage maxFunctionDefs maxInstructionDefs maxStackElements "
                  "maxSizeOfInstructions maxComponentElements maxComponentDepth maxPoints maxContours "
                  "maxCompositePoints maxCompositeContours").split():
        setattr(maxp, field, 1 if field == "maxZones" else 0)
    maxp.recalc(font)
    font["post"].formatType = 3.0
    font["head"].glyphDataFormat = 0
    font.sfntVersion = "\x00\x01\x00\x00"
    out = os.path.join(HERE, name + ".ttf")
    font.recalcTimestamp = False
    font.save(out)
    print(out, os.path.getsize(out), len(order))


for name in ("FrontdeskText-Regular", "FrontdeskText-SemiBold"):
    convert(name)
