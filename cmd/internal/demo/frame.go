package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"os"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// errFrame means that the display writes frames in a form this program does not read.
var errFrame = errors.New("not a frame of 32 bits per pixel")

// frame reads what the screen shows now.
func (d *display) frame() (*image.RGBA, error) {
	raw, err := os.ReadFile(d.frames)
	if err != nil {
		return nil, err
	}
	return parseFrame(raw)
}

// parseFrame reads an X window dump (format 7 of the X protocol's XWDFile.h) with 32 bits per
// pixel in blue, green, red order, which is what a display of depth 24 writes on this machine.
func parseFrame(raw []byte) (*image.RGBA, error) {
	const fields, colourSize = 25, 12
	if len(raw) < fields*4 {
		return nil, fmt.Errorf("%w: %d bytes", errFrame, len(raw))
	}
	at := func(i int) int { return int(binary.BigEndian.Uint32(raw[i*4:])) }
	headerSize, version, width, height, order, bits, stride, colours := at(0), at(1), at(4), at(5), at(7), at(11), at(12), at(19)
	start := headerSize + colours*colourSize
	if version != 7 || order != 0 || bits != 32 || stride < width*4 || len(raw) < start+stride*height {
		return nil, fmt.Errorf("%w: version %d, byte order %d, %d bits, %dx%d", errFrame, version, order, bits, width, height)
	}
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		line := raw[start+y*stride:][:width*4]
		into := img.Pix[y*img.Stride:][:width*4]
		for x := 0; x < len(line); x += 4 {
			bgr := binary.LittleEndian.Uint32(line[x:])
			binary.LittleEndian.PutUint32(into[x:], bgr&0xff00|bgr<<16&0xff0000|bgr>>16&0xff|0xff000000)
		}
	}
	return img, nil
}

// readCode returns the text of the QR code that the picture shows, or "". A code on the
// screen is straight and clean: it is cut out by the bars of its three corners and read as it
// stands. The reader's search in a whole picture, made for photographs, misses one in many
// codes, so it comes second.
func readCode(picture *image.RGBA) string {
	const bar, margin = 24, 4 // less than the shortest bar of a corner on any screen; white around
	if box, _ := area(picture, color.RGBA{A: 0xff}, bar); !box.Empty() {
		code := picture.SubImage(box.Inset(-margin).Intersect(picture.Rect))
		if text := decode(code, gozxing.DecodeHintType_PURE_BARCODE); text != "" {
			return text
		}
	}
	return decode(picture, gozxing.DecodeHintType_TRY_HARDER)
}

func decode(picture image.Image, hint gozxing.DecodeHintType) string {
	bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		return ""
	}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{hint: true})
	if err != nil {
		return ""
	}
	return result.GetText()
}

// area returns the rectangle around all unbroken horizontal runs of one colour that are at least
// run pixels long, and how many pixels lie in them.
func area(picture *image.RGBA, c color.RGBA, run int) (image.Rectangle, int) {
	var box image.Rectangle
	pixels := 0
	size := picture.Rect
	for y := size.Min.Y; y < size.Max.Y; y++ {
		from := size.Min.X
		for x := size.Min.X; x <= size.Max.X; x++ {
			if x < size.Max.X && picture.RGBAAt(x, y) == c {
				continue
			}
			if x-from >= run {
				box = box.Union(image.Rect(from, y, x, y+1))
				pixels += x - from
			}
			from = x + 1
		}
	}
	return box, pixels
}

// differing counts the pixels within an area in which two frames differ.
func differing(a, b *image.RGBA, in image.Rectangle) int {
	n := 0
	for y := in.Min.Y; y < in.Max.Y; y++ {
		from, to := a.PixOffset(in.Min.X, y), a.PixOffset(in.Max.X, y)
		if bytes.Equal(a.Pix[from:to], b.Pix[b.PixOffset(in.Min.X, y):b.PixOffset(in.Max.X, y)]) {
			continue
		}
		for x := in.Min.X; x < in.Max.X; x++ {
			if a.RGBAAt(x, y) != b.RGBAAt(x, y) {
				n++
			}
		}
	}
	return n
}
