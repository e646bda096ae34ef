package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"frontdesk/ui/theme"
)

// TestRow is one step of a test: circle, name, one word at the right, a
// sentence, and a button when there is something to do about it.
type TestRow struct {
	widget.BaseWidget
	name, word, sentence string
	mark                 Mark
	fix                  *Button
	last                 bool
	width                float32
	grown                func()
	followed             func(fyne.CanvasObject)
}

// NewTestRow makes a row. grown is called when its height may have changed.
func NewTestRow(name string, grown func()) *TestRow {
	t := &TestRow{name: name, mark: Mark{theme.Grey, "clock"}, grown: grown}
	t.ExtendBaseWidget(t)
	return t
}

// Set shows a result; label empty means that there is nothing to press.
func (t *TestRow) Set(m Mark, word, sentence, label string, onFix func()) {
	t.mark, t.word, t.sentence, t.fix = m, word, sentence, nil
	if label != "" {
		t.fix = NewButton(ButtonConfig{Kind: Secondary, Label: label, OnTap: onFix})
		t.fix.followed = t.followed
	}
	t.Refresh()
	if t.grown != nil {
		t.grown()
	}
}

// SetLast leaves the line below the row away.
func (t *TestRow) SetLast(v bool) { t.last = v; t.Refresh() }

// AccessibilityLabel is the whole row.
func (t *TestRow) AccessibilityLabel() string {
	return t.name + ", " + t.word + ". " + t.sentence
}

// AccessibilityRole says that this is text.
func (t *TestRow) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

func (t *TestRow) left() float32 { return scaled(34) + 14 }

// stacked reports whether the word stands below the name: both do not fit one
// line.
func (t *TestRow) stacked(width float32) bool {
	if t.word == "" || width <= 0 {
		return false
	}
	return theme.BodyStrong().Measure(t.name).Width+12+theme.CaptionStrong().Measure(t.word).Width > width-t.left()
}

func (t *TestRow) height(width float32) float32 {
	h := theme.BodyStrong().LineHeight()
	if t.stacked(width) {
		h += theme.CaptionStrong().LineHeight()
	}
	if t.sentence != "" {
		h += float32(len(wrap(t.sentence, theme.Caption(), width-t.left()))) * theme.Caption().LineHeight()
	}
	if t.fix != nil {
		h += 8 + t.fix.MinSize().Height
	}
	return max(h, scaled(34)) + 21
}

// CreateRenderer draws the row.
func (t *TestRow) CreateRenderer() fyne.WidgetRenderer {
	t.ExtendBaseWidget(t)
	disc, icon, name, word := newRect(), newIcon(), newText(), newText()
	line := newRect()
	note := NewParagraph("", theme.Caption(), theme.Ink2)
	parts := []fyne.CanvasObject{disc, icon, name, word, note, line}
	r := &renderer{objects: parts}
	r.paint = func() {
		r.objects = parts
		if t.fix != nil {
			r.objects = append(parts[:len(parts):len(parts)], t.fix)
		}
		paintRect(disc, Skin{Fill: t.mark.Family.Tint(), Radius: scaled(34) / 2})
		paintIcon(icon, t.mark.Icon, t.mark.Family.Text())
		paintText(name, theme.BodyStrong(), theme.Ink)
		paintText(word, theme.CaptionStrong(), t.mark.Family.Text())
		word.Text = t.word
		note.SetText(t.sentence)
		paintRect(line, Skin{Fill: theme.Hairline})
		if t.last {
			paintRect(line, Skin{})
		}
	}
	r.minSize = func() fyne.Size { return fyne.NewSize(160, t.height(t.width)) }
	r.place = func(s fyne.Size) {
		t.width = s.Width
		d, x, y := scaled(34), t.left(), float32(0)
		put(disc, 0, 0, d, d)
		put(icon, (d-scaled(18))/2, (d-scaled(18))/2, scaled(18), scaled(18))
		h, ww := theme.BodyStrong().LineHeight(), theme.CaptionStrong().Measure(t.word).Width
		name.Text = ellipsis(t.name, theme.BodyStrong(), s.Width-x)
		placeText(name, x, 0, s.Width-x, h)
		y += h
		if t.stacked(s.Width) {
			word.Text = ellipsis(t.word, theme.CaptionStrong(), s.Width-x)
			placeText(word, x, y, s.Width-x, theme.CaptionStrong().LineHeight())
			y += theme.CaptionStrong().LineHeight()
		} else {
			name.Text = ellipsis(t.name, theme.BodyStrong(), s.Width-x-ww)
			placeText(name, x, 0, s.Width-x-ww, h)
			placeText(word, s.Width-ww, 0, ww, h)
		}
		n := float32(len(wrap(t.sentence, theme.Caption(), s.Width-x))) * theme.Caption().LineHeight()
		put(note, x, y, s.Width-x, n)
		y += n
		if t.fix != nil {
			m := t.fix.MinSize()
			put(t.fix, x, y+8, min(m.Width, s.Width-x), m.Height)
		}
		put(line, x, s.Height-11, s.Width-x, 1)
	}
	r.paint()
	return r
}
