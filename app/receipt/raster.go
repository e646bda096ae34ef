package receipt

import (
	"image"
	"image/color"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"frontdesk/assets"
)

// Dots of a line on the two usual papers, at 8 dots to the millimetre.
const (
	dotsWide   = 576
	dotsNarrow = 384
)

// Fonts of paper.
const (
	fontRegular = "FrontdeskText-Regular.ttf"
	fontStrong  = "FrontdeskText-SemiBold.ttf"
)

// letters are the faces of a raster, one for each style. They belong to one
// goroutine.
type letters struct {
	faces  [banner + 1]font.Face
	strong *opentype.Font
}

// sizeOf is the height of letters in dots.
func sizeOf(s style) int {
	switch s {
	case title:
		return 32
	case small:
		return 20
	}
	return 23
}

func cut() (*letters, error) {
	l := &letters{}
	files := map[string]*opentype.Font{}
	for _, name := range []string{fontRegular, fontStrong} {
		raw, err := assets.Font(name)
		if err != nil {
			return nil, err
		}
		if files[name], err = opentype.Parse(raw); err != nil {
			return nil, err
		}
	}
	l.strong = files[fontStrong]
	for s := range l.faces {
		name := fontStrong
		if style(s) == body || style(s) == small {
			name = fontRegular
		}
		face, err := face(files[name], sizeOf(style(s)))
		if err != nil {
			return nil, err
		}
		l.faces[s] = face
	}
	return l, nil
}

func face(f *opentype.Font, size int) (font.Face, error) {
	return opentype.NewFace(f, &opentype.FaceOptions{Size: float64(size), DPI: 72, Hinting: font.HintingFull})
}

// raster draws rows on paper of a width in dots: black is 255.
func raster(rows []row, word string, width int) (*image.Alpha, error) {
	l, err := cut()
	if err != nil {
		return nil, err
	}
	d := &drawing{letters: l, width: width}
	for _, w := range rows {
		d.place(w)
	}
	img := image.NewAlpha(image.Rect(0, 0, width, d.y))
	if word != "" {
		if err := d.across(img, word); err != nil {
			return nil, err
		}
	}
	for _, p := range d.pieces {
		p(img)
	}
	return img, nil
}

// drawing places rows from top to bottom; pieces draw them once the height is
// known.
type drawing struct {
	*letters
	width, y int
	pieces   []func(*image.Alpha)
}

// Distances in dots.
const (
	dotsRule  = 18
	dotsGap   = 12
	dotsAside = 14 // between the two ends of a line
	dotsCode  = 6  // a module of a code
)

func (d *drawing) place(w row) {
	switch {
	case w.rule:
		y := d.y + dotsRule/2
		d.pieces = append(d.pieces, func(img *image.Alpha) { fill(img, image.Rect(0, y, d.width, y+2)) })
		d.y += dotsRule
		return
	case w.gap:
		d.y += dotsGap
		return
	case w.code != nil:
		d.code(w.code)
		return
	}
	face := d.faces[w.style]
	size := sizeOf(w.style)
	line := size + size/4
	m := ruler{width: d.width, gap: dotsAside, of: func(s string) int { return font.MeasureString(face, s).Ceil() }}
	if w.style == banner {
		m.width -= 2 * dotsAside
	}
	for _, f := range w.fit(m) {
		base := d.y + size
		left := 0
		if w.centre {
			left = (d.width - m.of(f.left)) / 2
		}
		right := d.width - m.of(f.right)
		box := image.Rect(0, d.y, d.width, d.y+line)
		d.pieces = append(d.pieces, func(img *image.Alpha) {
			ink := color.Alpha{A: 255}
			if w.style == banner {
				fill(img, box)
				ink.A = 0
			}
			write(img, face, ink, left, base, f.left)
			write(img, face, ink, right, base, f.right)
		})
		d.y += line
	}
}

// code draws a QR code in the middle, with its quiet zone.
func (d *drawing) code(modules [][]bool) {
	const quiet = 4
	side := (len(modules) + 2*quiet) * dotsCode
	x0, y0 := (d.width-side)/2+quiet*dotsCode, d.y+quiet*dotsCode
	d.pieces = append(d.pieces, func(img *image.Alpha) {
		top := y0 - quiet*dotsCode
		clear(img.Pix[top*img.Stride : (top+side)*img.Stride])
		for i, line := range modules {
			for j, black := range line {
				if black {
					fill(img, image.Rect(x0+j*dotsCode, y0+i*dotsCode, x0+(j+1)*dotsCode, y0+(i+1)*dotsCode))
				}
			}
		}
	})
	d.y += side
}

func fill(img *image.Alpha, r image.Rectangle) {
	r = r.Intersect(img.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		line := img.Pix[img.PixOffset(r.Min.X, y):img.PixOffset(r.Max.X, y)]
		for i := range line {
			line[i] = 255
		}
	}
}

// write draws letters in hard black, or in white on what is black: a thermal
// head knows no grey.
func write(img *image.Alpha, face font.Face, ink color.Alpha, x, y int, s string) {
	dot := fixed.P(x, y)
	for _, c := range s {
		r, mask, at, advance, ok := face.Glyph(dot, c)
		if !ok {
			continue // a letter no font here has is a box; this one is broken
		}
		stamp(img, r, mask, at, ink)
		dot.X += advance
	}
}

// stamp draws the dots of one letter.
func stamp(img *image.Alpha, r image.Rectangle, mask image.Image, at image.Point, ink color.Alpha) {
	at = at.Sub(r.Min)
	r = r.Intersect(img.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			if _, _, _, a := mask.At(at.X+x, at.Y+y).RGBA(); a >= threshold {
				img.SetAlpha(x, y, ink)
			}
		}
	}
}

// threshold is how much of a dot must be covered to be black; a little less than
// half keeps thin strokes whole.
const threshold = 0x6800

// The word across a paper that is no receipt of real money.
const (
	acrossSize  = 92
	acrossEvery = 420          // dots from one to the next
	acrossTilt  = -math.Pi / 7 // upwards to the right
	acrossPart  = 0.9          // of the width, at most
)

// across draws a word again and again, tilted, in a sparse pattern that leaves
// what is written readable.
func (d *drawing) across(img *image.Alpha, word string) error {
	big, err := face(d.strong, acrossSize)
	if err != nil {
		return err
	}
	long := font.MeasureString(big, word).Ceil()
	if most := int(float64(d.width) * acrossPart); long > most {
		if big, err = face(d.strong, acrossSize*most/long); err != nil {
			return err
		}
		long = font.MeasureString(big, word).Ceil()
	}
	flat := image.NewAlpha(image.Rect(0, 0, long, acrossSize*3/2))
	write(flat, big, color.Alpha{A: 255}, 0, acrossSize, word)
	sin, cos := math.Sincos(acrossTilt)
	centre := image.Pt(d.width/2, min(acrossEvery, d.y)/2)
	for y := range img.Rect.Dy() {
		for x := range d.width {
			if x%4 != 0 || y%2 != 0 {
				continue
			}
			dx, dy := float64(x-centre.X), float64(y%acrossEvery-centre.Y)
			fx, fy := int(dx*cos+dy*sin)+long/2, int(dy*cos-dx*sin)+flat.Rect.Dy()/2
			if (image.Point{X: fx, Y: fy}).In(flat.Rect) && flat.AlphaAt(fx, fy).A != 0 {
				img.SetAlpha(x, y, color.Alpha{A: 255})
			}
		}
	}
	return nil
}
