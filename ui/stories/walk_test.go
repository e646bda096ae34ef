package stories_test

import (
	"fmt"
	"image"
	"math"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
)

// seen is one primitive with where it stands in the window and what of it can
// be seen.
type seen struct {
	object fyne.CanvasObject
	box    image.Rectangle
	clip   image.Rectangle
}

// walk calls visit for every visible primitive below o.
func walk(o fyne.CanvasObject, at fyne.Position, clip image.Rectangle, visit func(seen)) {
	if o == nil || !o.Visible() {
		return
	}
	at = at.Add(o.Position())
	box := rect(at, o.Size())
	if _, ok := o.(*container.Scroll); ok {
		clip = clip.Intersect(box)
	}
	switch part := o.(type) {
	case *fyne.Container:
		for _, child := range part.Objects {
			walk(child, at, clip, visit)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(part).Objects() {
			walk(child, at, clip, visit)
		}
	default:
		visit(seen{o, box, clip})
	}
}

func rect(at fyne.Position, s fyne.Size) image.Rectangle {
	return image.Rect(int(math.Round(float64(at.X))), int(math.Round(float64(at.Y))),
		int(math.Round(float64(at.X+s.Width))), int(math.Round(float64(at.Y+s.Height))))
}

// top is the layer that people read: the topmost overlay, else the content.
func top(c fyne.Canvas) fyne.CanvasObject {
	if o := c.Overlays().Top(); o != nil {
		return o
	}
	return c.Content()
}

// ink is where the glyphs of a text stand, capitals only.
func ink(s seen, t *canvas.Text) image.Rectangle {
	w := int(t.MinSize().Width + 0.5)
	x := s.box.Min.X
	switch t.Alignment {
	case fyne.TextAlignTrailing:
		x = s.box.Max.X - w
	case fyne.TextAlignCenter:
		x += (s.box.Dx() - w) / 2
	}
	mid, half := (s.box.Min.Y+s.box.Max.Y)/2, int(t.TextSize*0.36)
	return image.Rect(x, mid-half, x+w, mid+half)
}

// readable reports texts that are cut, stand outside the window, lie over each
// other, or have no words in the language.
func readable(t *testing.T, name string, c fyne.Canvas) {
	t.Helper()
	window := rect(fyne.Position{}, c.Size())
	type word struct {
		text string
		ink  image.Rectangle
	}
	var words []word
	walk(top(c), fyne.Position{}, window, func(s seen) {
		txt, ok := s.object.(*canvas.Text)
		if !ok || strings.TrimSpace(txt.Text) == "" {
			return
		}
		if strings.HasPrefix(txt.Text, "[") {
			t.Errorf("%s: no words for %s", name, txt.Text)
		}
		at := ink(s, txt)
		if at.Intersect(s.clip).Empty() {
			return // scrolled out of sight
		}
		if over := txt.MinSize().Width - float32(s.box.Dx()); over > 1.5 {
			t.Errorf("%s: %q is %.0f too wide for its box", name, txt.Text, over)
		}
		if at.Min.X < s.clip.Min.X-1 || at.Max.X > s.clip.Max.X+1 {
			t.Errorf("%s: %q is cut at a side: %v in %v", name, txt.Text, at, s.clip)
		}
		// What a scroll hides in part is reached by scrolling.
		if at.Min.Y < window.Min.Y && s.clip.Min.Y <= window.Min.Y || at.Max.Y > window.Max.Y && s.clip.Max.Y >= window.Max.Y {
			t.Errorf("%s: %q is outside the window: %v", name, txt.Text, at)
		}
		for _, w := range words {
			if both := w.ink.Intersect(at.Intersect(s.clip)); both.Dx() > 1 && both.Dy() > 1 {
				t.Errorf("%s: %q lies over %q: %v", name, txt.Text, w.text, both)
			}
		}
		words = append(words, word{fmt.Sprint(txt.Text), at.Intersect(s.clip)})
	})
	if len(words) == 0 {
		t.Errorf("%s: nothing to read", name)
	}
}
