package qr_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"pgregory.net/rapid"

	"frontdesk/payments/qr"
)

// fataler is what tests and property tests share.
type fataler interface{ Fatal(args ...any) }

// draw paints a matrix with its quiet zone, scale points per module.
func draw(t fataler, m [][]bool, scale int) *gozxing.BinaryBitmap {
	side := (len(m) + 2*qr.QuietZone) * scale
	luminance := make([]byte, side*side)
	for y := range side {
		for x := range side {
			row, col := y/scale-qr.QuietZone, x/scale-qr.QuietZone
			black := row >= 0 && col >= 0 && row < len(m) && col < len(m) && m[row][col]
			if !black {
				luminance[y*side+x] = 0xff
			}
		}
	}
	source := gozxing.NewRGBLuminanceSource(side, side, rgb(luminance))
	bitmap, err := gozxing.NewBinaryBitmap(gozxing.NewHybridBinarizer(source))
	if err != nil {
		t.Fatal(err)
	}
	return bitmap
}

func rgb(luminance []byte) []int {
	out := make([]int, len(luminance))
	for i, l := range luminance {
		out[i] = int(l)<<16 | int(l)<<8 | int(l)
	}
	return out
}

// pure tells the reader that the picture holds nothing but the code: its search
// for the corners in a photograph loses some codes.
func pure() map[gozxing.DecodeHintType]any {
	return map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_PURE_BARCODE: true}
}

func scan(t *testing.T, m [][]bool) string {
	t.Helper()
	result, err := qrcode.NewQRCodeReader().Decode(draw(t, m, 4), pure())
	if err != nil {
		t.Fatalf("a reader cannot decode it: %v", err)
	}
	return result.GetText()
}

func TestAnotherReaderDecodesTheMatrix(t *testing.T) {
	for _, text := range []string{
		"https://pay.salon.example/p/01HZX3W4N9Q8R7T6V5Y2K1J0AB",
		"http://127.0.0.1:41234/p/7ZZZZZZZZZZZZZZZZZZZZZZZZZ",
		"1",
		"grüße, София",
		strings.Repeat("https://salon.example/", 60),
	} {
		m, err := qr.Matrix(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := scan(t, m); got != text {
			t.Errorf("read %q, want %q", got, text)
		}
	}
}

func TestMatrixIsSquareWithoutQuietZone(t *testing.T) {
	m, err := qr.Matrix("https://pay.salon.example/p/01HZX3W4N9Q8R7T6V5Y2K1J0AB")
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range m {
		if len(row) != len(m) {
			t.Fatalf("row %d has %d modules of %d", i, len(row), len(m))
		}
	}
	last := len(m) - 1
	if !m[0][0] || !m[0][last] || !m[last][0] {
		t.Error("a finder pattern does not begin at its corner: there is a border")
	}
	if (len(m)-21)%4 != 0 {
		t.Errorf("%d modules is no size of a QR code", len(m))
	}
}

func TestMatrixRefusesWhatDoesNotFit(t *testing.T) {
	for _, text := range []string{"", strings.Repeat("a", qr.MaxText+1)} {
		if _, err := qr.Matrix(text); !errors.Is(err, qr.ErrText) {
			t.Errorf("%d bytes: error %v, want ErrText", len(text), err)
		}
	}
	if _, err := qr.Matrix(strings.Repeat("ä", qr.MaxText/2)); err != nil {
		t.Errorf("the longest text is refused: %v", err)
	}
}

func TestMatrixOfLinksIsReadAndRepeatable(t *testing.T) {
	const lost = "https://pay.salon.example/p/218FYJ6B5N5VR30XX36WK5QX2B" // by the reader, once
	m, err := qr.Matrix(lost)
	if err != nil {
		t.Fatal(err)
	}
	if got := scan(t, m); got != lost {
		t.Errorf("read %q", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		text := "https://pay.salon.example/p/" + rapid.StringMatching(`[0-9A-HJKMNP-TV-Z]{26}`).Draw(t, "link")
		first, err := qr.Matrix(text)
		if err != nil {
			t.Fatal(err)
		}
		second, err := qr.Matrix(text)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(first, second); diff != "" {
			t.Fatal(diff)
		}
		result, err := qrcode.NewQRCodeReader().Decode(draw(t, first, 4), pure())
		if err != nil || result.GetText() != text {
			t.Fatalf("read %v, %v", result, err)
		}
	})
}

func ExampleMatrix() {
	m, err := qr.Matrix("https://pay.salon.example/p/7")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, row := range m[:3] {
		for _, black := range row[:8] {
			if black {
				fmt.Print("#")
			} else {
				fmt.Print(".")
			}
		}
		fmt.Println()
	}
	// Output:
	// #######.
	// #.....#.
	// #.###.#.
}
