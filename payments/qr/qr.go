package qr

import (
	"errors"
	"fmt"

	"github.com/skip2/go-qrcode"
)

// QuietZone is the white border, in modules, that belongs around a matrix.
const QuietZone = 4

// MaxText is the longest text in bytes; level M holds a little more.
const MaxText = 2000

// ErrText is returned for a text that is empty or too long for one code.
var ErrText = errors.New("text does not fit a QR code")

// Matrix returns the rows of modules of a QR code for text, level M, without
// quiet zone; true is black. The matrix is square, 21 to 177 modules wide, and
// belongs to the caller. Errors wrap ErrText.
func Matrix(text string) ([][]bool, error) {
	if text == "" || len(text) > MaxText {
		return nil, ErrText
	}
	code, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrText, err)
	}
	code.DisableBorder = true
	return code.Bitmap(), nil
}
