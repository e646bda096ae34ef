package receipt_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
)

// paper is what a strict printer has made of the bytes it got: it knows the
// commands that receipts use, takes nothing else, and obeys real-time commands
// wherever they stand, as real ones do.
type paper struct {
	img    *image.Gray
	cuts   int
	fed    int
	resets int
}

// obey reads whole commands and returns what is left of a cut one.
func (p *paper) obey(in []byte) (rest []byte, err error) {
	for len(in) > 0 {
		n, err := p.command(in)
		if err != nil || n == 0 {
			return in, err
		}
		in = in[n:]
	}
	return nil, nil
}

// command obeys one command; 0 means that more bytes are needed.
func (p *paper) command(in []byte) (int, error) {
	enough := func(n int) bool { return len(in) >= n }
	switch {
	case in[0] == 0x1b && enough(2) && in[1] == '@':
		p.resets++
		return 2, nil
	case in[0] == 0x1b && enough(3) && in[1] == 'd':
		p.fed += int(in[2])
		return 3, nil
	case in[0] == 0x1d && enough(4) && in[1] == 'V' && in[2] == 'B':
		p.cuts++
		return 4, nil
	case in[0] == 0x1d && enough(8) && in[1] == 'v' && in[2] == '0' && in[3] == 0:
		wide, high := int(in[4])|int(in[5])<<8, int(in[6])|int(in[7])<<8
		if wide == 0 || high == 0 || wide > 72 {
			return 0, fmt.Errorf("a raster of %d by %d", wide, high)
		}
		if !enough(8 + wide*high) {
			return 0, nil
		}
		return 8 + wide*high, p.raster(in[8:8+wide*high], wide, high)
	case len(in) < 8 && (in[0] == 0x1b || in[0] == 0x1d):
		return 0, nil
	}
	return 0, fmt.Errorf("no command: % x", in[:min(len(in), 8)])
}

func (p *paper) raster(dots []byte, wide, high int) error {
	for _, live := range []string{"\x10\x04", "\x10\x05", "\x10\x14"} {
		if bytes.Contains(dots, []byte(live)) {
			return fmt.Errorf("a picture holds the real-time command % x", live)
		}
	}
	top := 0
	if p.img != nil {
		if p.img.Rect.Dx() != wide*8 {
			return fmt.Errorf("bands of several widths")
		}
		top = p.img.Rect.Dy()
	}
	grown := image.NewGray(image.Rect(0, 0, wide*8, top+high))
	if p.img != nil {
		copy(grown.Pix, p.img.Pix)
	}
	for i := range dots {
		for bit := range 8 {
			shade := color.Gray{Y: 255}
			if dots[i]&(0x80>>bit) != 0 {
				shade.Y = 0
			}
			grown.SetGray(i%wide*8+bit, top+i/wide, shade)
		}
	}
	p.img = grown
	return nil
}

// failing takes nothing.
type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, fmt.Errorf("full") }
