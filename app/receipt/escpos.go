package receipt

import (
	"image"
	"io"

	"frontdesk/app/settings"
	"frontdesk/app/text"
)

// Commands of ESC/POS.
const (
	escInit    = "\x1b@"      // forget what another program has set
	gsRaster   = "\x1dv0\x00" // raster of dots; width in bytes and height in rows follow, low byte first
	gsCut      = "\x1dVB\x00" // feed to the knife and cut, leaving a bridge
	escFeed    = "\x1bd\x05"  // feed five lines, so that the end can be torn off
	bandHeight = 192          // rows sent at a time: small printers keep little
)

// WriteESCPOS writes the receipt as the bytes of a receipt printer: pictures of
// its lines, so that any language prints on any printer.
func WriteESCPOS(w io.Writer, r Receipt, p settings.Printer) error {
	t := text.New(r.Language)
	return writeSlip(w, r.rows(t), wordOf(t, r.Mark), p)
}

// wordOf is what stands across a paper of money that is not real.
func wordOf(t *text.Catalog, m Mark) string {
	if m == NoMark {
		return ""
	}
	return t.T("receipt.word." + string(m))
}

func writeSlip(w io.Writer, rows []row, word string, p settings.Printer) error {
	width := dotsWide
	if p.Columns() == settings.PaperNarrow {
		width = dotsNarrow
	}
	img, err := raster(rows, word, width)
	if err != nil {
		return err
	}
	out := []byte(escInit)
	for top := 0; top < img.Rect.Dy(); top += bandHeight {
		out = appendBand(out, img, top, min(top+bandHeight, img.Rect.Dy()))
	}
	if p.Cut {
		out = append(out, gsCut...)
	} else {
		out = append(out, escFeed...)
	}
	_, err = w.Write(out)
	return err
}

func appendBand(out []byte, img *image.Alpha, top, bottom int) []byte {
	wide, high := img.Rect.Dx()/8, bottom-top
	out = append(out, gsRaster...)
	out = append(out, byte(wide), byte(wide>>8), byte(high), byte(high>>8))
	start := len(out)
	for y := top; y < bottom; y++ {
		line := img.Pix[y*img.Stride : y*img.Stride+img.Rect.Dx()]
		for x := 0; x < len(line); x += 8 {
			var b byte
			for i, dot := range line[x : x+8] {
				if dot != 0 {
					b |= 0x80 >> i
				}
			}
			out = append(out, b)
		}
	}
	calm(out[start:])
	return out
}

// calm keeps dots from being taken for a command: printers look for DLE EOT, DLE
// ENQ and DLE DC4 in everything they get, pictures too, and the last one opens
// the drawer. One dot more, an eighth of a millimetre, makes them harmless.
func calm(dots []byte) {
	const (
		dle, eot, enq, dc4 = 0x10, 0x04, 0x05, 0x14
		oneMore            = 0x08
	)
	for i := range dots {
		if dots[i] != dle || i+1 == len(dots) {
			continue
		}
		switch dots[i+1] {
		case eot, enq, dc4:
			dots[i] |= oneMore
		}
	}
}
