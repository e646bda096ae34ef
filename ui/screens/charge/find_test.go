package charge_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
)

// walk visits everything visible below an object.
func walk(o fyne.CanvasObject, visit func(fyne.CanvasObject)) {
	if !o.Visible() {
		return
	}
	visit(o)
	switch o := o.(type) {
	case fyne.Widget:
		for _, c := range test.WidgetRenderer(o).Objects() {
			walk(c, visit)
		}
	case *fyne.Container:
		for _, c := range o.Objects {
			walk(c, visit)
		}
	}
}

func roots(w fyne.Window) []fyne.CanvasObject {
	out := []fyne.CanvasObject{w.Content()}
	return append(out, w.Canvas().Overlays().List()...)
}

// shows reports whether words can be read in the window.
func shows(w fyne.Window, words string) bool {
	var all strings.Builder
	for _, r := range roots(w) {
		walk(r, func(o fyne.CanvasObject) {
			if t, ok := o.(*canvas.Text); ok {
				all.WriteString(t.Text + " ")
			}
		})
	}
	return strings.Contains(all.String(), words)
}

// tap presses the part with a name.
func tap(t *testing.T, s *stand, name string) {
	t.Helper()
	var found fyne.Tappable
	for _, r := range roots(s.window) {
		walk(r, func(o fyne.CanvasObject) {
			if a, ok := o.(fyne.Accessible); ok && a.AccessibilityLabel() == name {
				if b, ok := o.(fyne.Tappable); ok {
					found = b
				}
			}
		})
	}
	if found == nil {
		t.Fatalf("nothing named %q can be pressed", name)
	}
	test.Tap(found)
}
