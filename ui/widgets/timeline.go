package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"frontdesk/ui/theme"
)

// TimelineRow is one thing that happened: dot, title, detail, time at the
// right.
type TimelineRow struct {
	Icon          string
	Family        theme.Family
	Title, Detail string
	When          string
}

// Timeline shows rows below each other, their dots joined by a line. Titles
// and details wrap.
type Timeline struct {
	widget.BaseWidget
	rows  []TimelineRow
	width float32
}

// NewTimeline makes a timeline.
func NewTimeline(rows ...TimelineRow) *Timeline {
	t := &Timeline{rows: rows}
	t.ExtendBaseWidget(t)
	return t
}

// SetRows changes what happened.
func (t *Timeline) SetRows(rows []TimelineRow) {
	t.rows = rows
	t.Refresh()
}

// CreateRenderer draws the rows.
func (t *Timeline) CreateRenderer() fyne.WidgetRenderer {
	t.ExtendBaseWidget(t)
	r := &renderer{}
	r.minSize = func() fyne.Size { return fyne.NewSize(0, t.layout(nil)) }
	r.place = func(s fyne.Size) {
		t.width = s.Width
		var d timelineDrawing
		t.layout(&d)
		r.objects = append(d.lines, d.rest...)
	}
	return r
}

// timelineDrawing collects objects; the lines lie under the dots.
type timelineDrawing struct{ lines, rest []fyne.CanvasObject }

const (
	timelineDot  = 36
	timelineText = 50 // from the left edge to the words
	timelineGap  = 16 // below a row
)

// layout returns the height, and draws into d when there is one.
func (t *Timeline) layout(d *timelineDrawing) float32 {
	dot, y, lastDot := scaled(timelineDot), float32(0), float32(0)
	x := dot + timelineText - timelineDot
	for i, row := range t.rows {
		when := theme.Caption().Measure(row.When).Width
		room := max(t.width-x-when-16, 40)
		if t.width == 0 {
			room = 400
		}
		titles := wrap(row.Title, theme.BodyStrong(), room)
		details := wrap(row.Detail, theme.Caption(), room)
		line, small := theme.BodyStrong().LineHeight(), theme.Caption().LineHeight()
		top := y + (dot-line)/2
		bottom := top + line*float32(len(titles))
		if d != nil {
			if i > 0 {
				d.join(dot/2, lastDot+dot, y)
			}
			d.dot(row, y, dot)
			d.text(row.When, theme.Caption(), theme.Ink2, t.width-when, top, when, line)
			for n, s := range titles {
				d.text(s, theme.BodyStrong(), theme.Ink, x, top+float32(n)*line, room, line)
			}
			for n, s := range details {
				d.text(s, theme.Caption(), theme.Ink2, x, bottom+1+float32(n)*small, room, small)
			}
		}
		if len(details) > 0 {
			bottom += 1 + small*float32(len(details))
		}
		lastDot = y
		y = max(y+dot, bottom) + timelineGap
	}
	return max(y-timelineGap, 0)
}

func (d *timelineDrawing) join(x, from, to float32) {
	l := newRect()
	paintRect(l, Skin{Fill: theme.Hairline})
	put(l, x-1, from, 2, to-from)
	d.lines = append(d.lines, l)
}

func (d *timelineDrawing) dot(row TimelineRow, y, size float32) {
	disc, icon := newRect(), newIcon()
	paintRect(disc, Skin{Fill: row.Family.Tint(), Radius: size / 2})
	put(disc, 0, y, size, size)
	paintIcon(icon, row.Icon, row.Family.Text())
	side := scaled(19)
	put(icon, (size-side)/2, y+(size-side)/2, side, side)
	d.rest = append(d.rest, disc, icon)
}

func (d *timelineDrawing) text(s string, style theme.Style, c fyne.ThemeColorName, x, y, w, h float32) {
	t := canvas.NewText(s, theme.Color(c))
	paintText(t, style, c)
	placeText(t, x, y, w, h)
	d.rest = append(d.rest, t)
}
