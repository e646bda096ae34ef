package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"frontdesk/ui/theme"
)

// Progress says how far a step has come.
type Progress int

// Progress of a step.
const (
	Next Progress = iota // an empty circle and quiet words
	Now                  // solid, with the step's own icon
	Done                 // tinted, with a tick
)

// Step is one line of Steps.
type Step struct {
	Progress Progress
	Icon     string // while Now
	Title    string
}

// Steps shows what was done, what happens now and what comes next, 44 a line.
// Titles wrap.
type Steps struct {
	widget.BaseWidget
	rows   []Step
	family theme.Family
	width  float32
}

// NewSteps makes the list; family is the colour of the step that happens now.
func NewSteps(family theme.Family, rows ...Step) *Steps {
	s := &Steps{rows: rows, family: family}
	s.ExtendBaseWidget(s)
	return s
}

// AccessibilityLabel is the step that happens now.
func (s *Steps) AccessibilityLabel() string {
	for _, r := range s.rows {
		if r.Progress == Now {
			return r.Title
		}
	}
	return ""
}

// AccessibilityRole says that this is text.
func (s *Steps) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

const (
	stepDisc = 32
	stepText = 46 // from the left edge to the words
	stepRow  = 44
)

// style is that of a title: what was done and what happens now stands out.
func (r Step) style() (theme.Style, fyne.ThemeColorName) {
	if r.Progress == Next {
		return theme.Body(), theme.Ink2
	}
	return theme.BodyStrong(), theme.Ink
}

func (s *Steps) lead() float32 { return scaled(stepDisc) + stepText - stepDisc }

func (s *Steps) rowHeight(r Step, width float32) float32 {
	style, _ := r.style()
	n := 1
	if width > 0 {
		n = len(wrap(r.Title, style, width-s.lead()))
	}
	return max(scaled(stepRow), float32(n)*style.LineHeight()+8)
}

// CreateRenderer draws the lines.
func (s *Steps) CreateRenderer() fyne.WidgetRenderer {
	s.ExtendBaseWidget(s)
	r := &renderer{}
	r.minSize = func() fyne.Size {
		h := float32(0)
		for _, row := range s.rows {
			h += s.rowHeight(row, s.width)
		}
		return fyne.NewSize(0, h)
	}
	r.place = func(size fyne.Size) {
		s.width = size.Width
		r.objects = nil
		y := float32(0)
		for _, row := range s.rows {
			h := s.rowHeight(row, size.Width)
			r.objects = append(r.objects, s.draw(row, y, size.Width, h)...)
			y += h
		}
	}
	return r
}

func (s *Steps) draw(row Step, y, width, h float32) []fyne.CanvasObject {
	disc, icon := newRect(), newIcon()
	d := scaled(stepDisc)
	skin := Skin{Radius: d / 2, Stroke: theme.Hairline, Width: 2}
	switch row.Progress {
	case Done:
		skin = Skin{Radius: d / 2, Fill: theme.Green.Tint()}
		paintIcon(icon, "check", theme.Green.Text())
	case Now:
		skin = Skin{Radius: d / 2, Fill: s.family.Solid()}
		paintIcon(icon, row.Icon, s.family.On())
	}
	paintRect(disc, skin)
	placeRect(disc, 0, y+(h-d)/2, d, d)
	side := scaled(18)
	put(icon, (d-side)/2, y+(h-side)/2, side, side)
	objects := []fyne.CanvasObject{disc}
	if row.Progress != Next {
		objects = append(objects, icon)
	}
	style, color := row.style()
	lines := wrap(row.Title, style, width-s.lead())
	line := style.LineHeight()
	top := y + (h-line*float32(len(lines)))/2
	for i, words := range lines {
		t := newText()
		paintText(t, style, color)
		t.Text = words
		placeText(t, s.lead(), top+float32(i)*line, width-s.lead(), line)
		objects = append(objects, t)
	}
	return objects
}
