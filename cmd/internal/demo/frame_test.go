package main

import (
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"math/rand/v2"
	"testing"

	"frontdesk/payments"
	"frontdesk/payments/qr"
)

// dump writes a picture as the display does.
func dump(picture *image.RGBA) []byte {
	const header, colours = 108, 3
	size := picture.Rect.Size()
	stride := size.X*4 + 8 // lines may be longer than the picture is wide
	raw := make([]byte, header+colours*12+stride*size.Y)
	for i, v := range map[int]int{0: header, 1: 7, 2: 2, 3: 24, 4: size.X, 5: size.Y, 7: 0, 11: 32, 12: stride, 19: colours} {
		binary.BigEndian.PutUint32(raw[i*4:], uint32(v))
	}
	for y := range size.Y {
		for x := range size.X {
			c := picture.RGBAAt(x, y)
			copy(raw[header+colours*12+y*stride+x*4:], []byte{c.B, c.G, c.R, 0})
		}
	}
	return raw
}

func TestFramesAreReadAsTheyWereWritten(t *testing.T) {
	picture := image.NewRGBA(image.Rect(0, 0, 5, 3))
	for i := range 15 {
		picture.SetRGBA(i%5, i/5, color.RGBA{R: uint8(i), G: uint8(100 + i), B: uint8(200 + i), A: 0xff})
	}
	raw := dump(picture)
	got, err := parseFrame(raw)
	if err != nil || string(got.Pix) != string(picture.Pix) {
		t.Errorf("got %v, %v", got, err)
	}
	for _, bad := range [][]byte{nil, raw[:50], raw[:len(raw)-1]} {
		if _, err := parseFrame(bad); !errors.Is(err, errFrame) {
			t.Errorf("%d bytes: %v, want errFrame", len(bad), err)
		}
	}
}

func TestTheLargestAreaOfAColourIsFound(t *testing.T) {
	plum := color.RGBA{R: 0x5a, G: 0x1f, B: 0x47, A: 0xff}
	picture := image.NewRGBA(image.Rect(0, 0, 100, 50))
	button := image.Rect(40, 20, 95, 40)
	for y := button.Min.Y; y < button.Max.Y; y++ {
		for x := button.Min.X; x < button.Max.X; x++ {
			picture.SetRGBA(x, y, plum)
		}
	}
	picture.SetRGBA(70, 30, color.RGBA{A: 0xff}) // a letter on it
	picture.SetRGBA(3, 3, plum)                  // an icon elsewhere
	if box, pixels := area(picture, plum, 50); box != button || pixels != 19*55 {
		t.Errorf("got %v, %d pixels", box, pixels)
	}
	if box, pixels := area(picture, plum, 56); !box.Empty() || pixels != 0 {
		t.Errorf("got %v, %d pixels of runs that are not there", box, pixels)
	}
}

// showing is a screen with the code of a text, in modules of so many pixels.
func showing(t *testing.T, text string, module int) *image.RGBA {
	t.Helper()
	matrix, err := qr.Matrix(text)
	if err != nil {
		t.Fatal(err)
	}
	picture := image.NewRGBA(image.Rect(0, 0, screenWidth, screenHeight))
	fill := func(r image.Rectangle, c color.Color) {
		draw.Draw(picture, r, image.NewUniform(c), image.Point{}, draw.Src)
	}
	fill(picture.Rect, color.RGBA{R: 0xee, G: 0xee, B: 0xee, A: 0xff})
	at, side := image.Pt(189, 215), len(matrix)*module
	fill(image.Rectangle{at, at.Add(image.Pt(side, side))}.Inset(-4*module), color.White)
	for y, row := range matrix {
		for x, black := range row {
			if black {
				corner := at.Add(image.Pt(x*module, y*module))
				fill(image.Rectangle{corner, corner.Add(image.Pt(module, module))}, color.Black)
			}
		}
	}
	return picture
}

func TestCodesAreReadFromTheScreen(t *testing.T) {
	texts := []string{"https://127.0.0.1:41349/p/E2A2SZPRJ7APXSER09K30XJA4A"} // not found once in a whole screen
	random := rand.New(rand.NewPCG(1, 2))
	for range 40 {
		link := []byte("http://127.0.0.1:8080/p/")
		for range 26 {
			link = append(link, payments.Crockford[random.IntN(len(payments.Crockford))])
		}
		texts = append(texts, string(link))
	}
	for _, want := range texts {
		for _, module := range []int{4, 9} {
			if got := readCode(showing(t, want, module)); got != want {
				t.Errorf("%q in modules of %d: read %q", want, module, got)
			}
		}
	}
	if got := readCode(image.NewRGBA(image.Rect(0, 0, 400, 400))); got != "" {
		t.Errorf("read %q from an empty screen", got)
	}
}

func TestTheLookNamesTheColours(t *testing.T) {
	c, err := readColours()
	if err != nil || c.primary == c.canvas || c.paid == c.practice {
		t.Errorf("got %+v, %v", c, err)
	}
}
