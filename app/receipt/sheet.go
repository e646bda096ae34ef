package receipt

import (
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"frontdesk/app/settings"
	"frontdesk/app/text"
	"frontdesk/payments"
)

// Sheet is what stands on every A4 page of a report besides its subject.
type Sheet struct {
	Salon     settings.Salon
	Mode      payments.Mode
	Simulated bool
	Zone      *time.Location // nil means UTC
	Language  string         // of who reads it
	Made      time.Time
	Desk      string // name of the desk it was made at
}

// local is a moment in the zone of the salon.
func (s Sheet) local(t time.Time) time.Time {
	if s.Zone == nil {
		return t.UTC()
	}
	return t.In(s.Zone)
}

// Millimetres of an A4 page.
const (
	a4Width, a4Height = 210.0, 297.0
	a4Margin          = 16.0
	a4Top, a4Bottom   = 30.0, 18.0 // what header and footer take
	a4Line            = 4.6
	a4Inside          = a4Width - 2*a4Margin
)

// book is a report on A4 pages: what does not fit goes on on the next page.
type book struct {
	Sheet
	t    *text.Catalog
	pdf  *fpdf.Fpdf
	y    float64
	name string
	word string
	mark Mark
}

// newBook begins a report with its first page.
func newBook(t *text.Catalog, s Sheet, name string) (*book, error) {
	pdf, err := document(name, s.Made, fpdf.SizeType{Wd: a4Width, Ht: a4Height})
	if err != nil {
		return nil, err
	}
	s.Salon = cleanSalon(s.Salon)
	b := &book{Sheet: s, t: t, pdf: pdf, name: name, mark: markOf(s.Mode, s.Simulated)}
	b.word = wordOf(t, b.mark)
	pdf.AliasNbPages(allPages)
	pdf.SetHeaderFunc(b.header)
	pdf.SetFooterFunc(b.footer)
	pdf.AddPage()
	return b, pdf.Error()
}

// allPages stands for the number of pages until it is known.
const allPages = "{all}"

func (b *book) header() {
	acrossPage(b.pdf, b.word, a4Width/2, a4Height/2, a4Inside*3/4)
	y := a4Margin
	if b.mark != NoMark {
		pen(b.pdf, strong)
		b.pdf.SetFillColor(0, 0, 0)
		b.pdf.Rect(a4Margin, 6, a4Inside, 6, "F")
		b.pdf.SetTextColor(255, 255, 255)
		b.put(b.t.T("receipt.mark."+string(b.mark)), a4Margin, 10.2, a4Inside, middle)
		b.pdf.SetTextColor(0, 0, 0)
	}
	pen(b.pdf, strong)
	b.put(b.Salon.Name, a4Margin, y+4, a4Inside/2, atLeft)
	b.put(b.name, a4Margin+a4Inside/2, y+4, a4Inside/2, atRight)
	pen(b.pdf, small)
	var under []string
	for _, s := range []string{b.Salon.Street, b.Salon.City, b.Salon.VATID} {
		if s != "" {
			under = append(under, s)
		}
	}
	b.put(strings.Join(under, ", "), a4Margin, y+8, a4Inside, atLeft)
	b.line(y + 10)
	b.y = a4Top
}

func (b *book) footer() {
	b.line(a4Height - a4Bottom + 4)
	pen(b.pdf, small)
	y := a4Height - a4Bottom + 8
	made := b.t.T("paper.made", b.stamp(b.Made))
	if b.Desk != "" {
		made = b.t.T("paper.made.at", b.stamp(b.Made), plain(b.Desk))
	}
	b.put(made, a4Margin, y, a4Inside, atLeft)
	// How many pages there are is not known yet: it is measured as if few.
	wide := b.pdf.GetStringWidth(b.t.T("paper.page", b.pdf.PageNo(), "00"))
	b.pdf.Text(a4Margin+a4Inside-wide, y, b.t.T("paper.page", b.pdf.PageNo(), allPages))
}

func (b *book) stamp(t time.Time) string { return b.local(t).Format(b.t.T("paper.layout")) }

func (b *book) line(y float64) {
	b.pdf.SetDrawColor(150, 150, 150)
	b.pdf.SetLineWidth(0.15)
	b.pdf.Line(a4Margin, y, a4Margin+a4Inside, y)
}

// side is where a text stands in its column.
type side uint8

const (
	atLeft side = iota
	middle
	atRight
)

// put writes one line in a column, cut off where it does not fit.
func (b *book) put(s string, x, y, width float64, at side) {
	m := micrometres(b.pdf, width, 0)
	if m.of(s) > m.width {
		m.width -= m.of("…")
		s = s[:head(s, m)] + "…"
	}
	switch at {
	case middle:
		x += (width - b.pdf.GetStringWidth(s)) / 2
	case atRight:
		x += width - b.pdf.GetStringWidth(s)
	}
	if s != "" {
		b.pdf.Text(x, y, s)
	}
}

// room begins a new page when less than mm is left of this one.
func (b *book) room(mm float64) {
	if b.y+mm > a4Height-a4Bottom {
		b.pdf.AddPage()
	}
}

// heading begins a part, never as the last thing on a page.
func (b *book) heading(s string) {
	b.room(20)
	b.y += 7
	pen(b.pdf, title)
	b.put(s, a4Margin, b.y, a4Inside, atLeft)
	b.y += 3
}

// para writes a text in as many lines as it needs.
func (b *book) para(how style, s string) {
	pt := pen(b.pdf, how)
	for _, line := range wrap(s, micrometres(b.pdf, a4Inside, 0)) {
		b.room(a4Line)
		pen(b.pdf, how)
		b.y += max(pt*mmPerPt*1.3, 3.4)
		b.put(line, a4Margin, b.y, a4Inside, atLeft)
	}
}

// pairs writes names and what they are, one below the other.
func (b *book) pairs(list [][2]string) {
	for _, p := range list {
		if p[1] == "" {
			continue
		}
		pen(b.pdf, body)
		const name = 58.0
		for i, line := range wrap(p[1], micrometres(b.pdf, a4Inside-name, 0)) {
			b.room(a4Line)
			b.y += a4Line
			pen(b.pdf, body)
			if i == 0 {
				b.pdf.SetTextColor(90, 90, 90)
				b.put(p[0], a4Margin, b.y, name-2, atLeft)
				b.pdf.SetTextColor(0, 0, 0)
			}
			b.put(line, a4Margin+name, b.y, a4Inside-name, atLeft)
		}
	}
}

// column is one of a table. Widths are shares of the page.
type column struct {
	name  string
	share float64
	at    side
}

// table writes rows under the names of their columns, which are repeated on
// every page. A cell that does not fit is wrapped.
func (b *book) table(columns []column, rows [][]string) {
	var sum float64
	for _, c := range columns {
		sum += c.share
	}
	widths := make([]float64, len(columns))
	names := make([]string, len(columns))
	for i, c := range columns {
		widths[i], names[i] = c.share/sum*a4Inside, c.name
	}
	b.room(3 * a4Line)
	b.cells(columns, widths, names, strong)
	for _, row := range rows {
		if b.y+a4Line*float64(b.height(widths, row)) > a4Height-a4Bottom {
			b.pdf.AddPage()
			b.cells(columns, widths, names, strong)
		}
		b.cells(columns, widths, row, body)
	}
	b.y += 2
}

// cellGap is left free on the right of a cell.
const cellGap = 2.0

func (b *book) height(widths []float64, row []string) (lines int) {
	pen(b.pdf, body)
	for i, s := range row {
		lines = max(lines, len(wrap(s, micrometres(b.pdf, widths[i]-cellGap, 0))))
	}
	return lines
}

func (b *book) cells(columns []column, widths []float64, row []string, how style) {
	pen(b.pdf, how)
	top, lowest, x := b.y, b.y, a4Margin
	for i, s := range row {
		y := top
		for _, line := range wrap(s, micrometres(b.pdf, widths[i]-cellGap, 0)) {
			y += a4Line
			b.put(line, x, y, widths[i]-cellGap, columns[i].at)
		}
		lowest, x = max(lowest, y), x+widths[i]
	}
	b.y = lowest
	b.line(b.y + 1.2)
	b.y += 0.6
}

// code draws a QR code with a text beside it.
func (b *book) code(matrix [][]bool, caption []string) {
	const side, quiet = 34.0, 4.0
	b.room(side + 2*quiet)
	modules(b.pdf, matrix, a4Margin+quiet, b.y+quiet, side)
	y := b.y + quiet
	b.pdf.SetTextColor(0, 0, 0)
	const left = side + 3*quiet
	for _, s := range caption {
		pen(b.pdf, small)
		for _, line := range wrap(s, micrometres(b.pdf, a4Inside-left, 0)) {
			y += 3.8
			b.put(line, a4Margin+left, y, a4Inside-left, atLeft)
		}
		y += 1
	}
	b.y += side + 2*quiet
}
