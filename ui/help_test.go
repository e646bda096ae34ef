package ui_test

import (
	"testing"

	"fyne.io/fyne/v2"
)

// The help tells every key in a low window too, where it scrolls.
func TestHelpFitsALowWindow(t *testing.T) {
	s := open(t, &memory{})
	s.window.Resize(fyne.NewSize(1024, 640))
	s.key(fyne.KeyF1)
	for _, words := range []string{"Add another line.", "Refund of the sale that is shown.", "Receipt of a sale that was paid."} {
		s.shows(t, words)
	}
	s.key(fyne.KeyEscape)
	if s.window.Canvas().Overlays().Top() != nil {
		t.Error("Esc leaves the help open")
	}
}
