package app

import (
	"fmt"
	"io"

	"frontdesk/payments"
)

// Lengths of the names we draw (product.md 4 rule 13).
const (
	idLength    = 16
	orderDrawn  = 19 // behind the letter of the mode
	linkLength  = 26
	wordColours = 8
)

// drawOrder draws an OrderID of the mode.
func drawOrder(entropy io.Reader, mode payments.Mode) (string, error) {
	rest, err := payments.Draw(entropy, orderDrawn)
	return string(mode.OrderLetter()) + rest, err
}

// drawSID draws the name of a payment at a terminal: a version 4 UUID.
func drawSID(entropy io.Reader) (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(entropy, b[:]); err != nil {
		return "", fmt.Errorf("draw a name: %w", err)
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:]), nil
}

// drawWords draws match words, e.g. "BLUE TULIP": a colour of eight and a noun
// of 256.
func drawWords(entropy io.Reader) (string, error) {
	var b [2]byte
	if _, err := io.ReadFull(entropy, b[:]); err != nil {
		return "", fmt.Errorf("draw match words: %w", err)
	}
	colour := [wordColours]string{"BLUE", "GREEN", "RED", "ORANGE", "PURPLE", "PINK", "YELLOW", "BROWN"}[b[0]%wordColours]
	return colour + " " + nouns()[b[1]], nil
}
