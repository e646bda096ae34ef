package receipt

import (
	"io"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"frontdesk/app/text"
)

// Millimetres of the paper of receipts.
const (
	paperWidth  = 80.0
	paperMargin = 5.0
	paperGap    = 2.0 // an empty line
	paperEnds   = 3.0 // between the two ends of a line
	paperCode   = 32.0
	wordEvery   = 60.0
)

// WritePDF writes the receipt as a PDF of one page: 80 mm wide, as long as the
// receipt.
func WritePDF(w io.Writer, r Receipt) error {
	name := "receipt.title.sale"
	if r.Kind.Refund != "" {
		name = "receipt.title.refund"
	}
	t := text.New(r.Language)
	return writePaper(w, r.rows(t), wordOf(t, r.Mark), t.T(name)+" "+r.Number, r.At)
}

func writePaper(w io.Writer, rows []row, word, name string, made time.Time) error {
	pdf, err := document(name, made, fpdf.SizeType{Wd: paperWidth, Ht: paperWidth})
	if err != nil {
		return err
	}
	strip := &strip{pdf: pdf}
	for _, r := range rows {
		strip.place(r)
	}
	height := strip.y + 2*paperMargin
	pdf.AddPageFormat("P", fpdf.SizeType{Wd: paperWidth, Ht: height})
	for y := wordEvery / 2; word != "" && y < height; y += wordEvery {
		acrossPage(pdf, word, paperWidth/2, y, paperWidth*3/4)
	}
	for _, draw := range strip.pieces {
		draw()
	}
	return finish(w, pdf)
}

// strip places rows from top to bottom, before the page with the right length
// is there.
type strip struct {
	pdf    *fpdf.Fpdf
	y      float64
	pieces []func()
}

func (s *strip) place(r row) {
	const width = paperWidth - 2*paperMargin
	y := paperMargin + s.y
	switch {
	case r.rule:
		s.pieces = append(s.pieces, func() {
			s.pdf.SetLineWidth(0.2)
			s.pdf.Line(paperMargin, y+paperGap/2, paperWidth-paperMargin, y+paperGap/2)
		})
		s.y += paperGap
		return
	case r.gap:
		s.y += paperGap
		return
	case r.code != nil:
		s.pieces = append(s.pieces, func() { modules(s.pdf, r.code, (paperWidth-paperCode)/2, y+paperGap, paperCode) })
		s.y += paperCode + 2*paperGap
		return
	}
	pt := pen(s.pdf, r.style)
	line := pt * mmPerPt * 1.35
	m := micrometres(s.pdf, width, paperEnds)
	for _, f := range r.fit(m) {
		top := paperMargin + s.y
		s.pieces = append(s.pieces, func() { s.write(r, f, top, line) })
		s.y += line
	}
}

func (s *strip) write(r row, f fitted, top, line float64) {
	pen(s.pdf, r.style)
	base := top + line*0.74
	if r.style == banner {
		s.pdf.SetFillColor(0, 0, 0)
		s.pdf.Rect(paperMargin, top, paperWidth-2*paperMargin, line, "F")
		s.pdf.SetTextColor(255, 255, 255)
	}
	left := paperMargin
	if r.centre {
		left = (paperWidth - s.pdf.GetStringWidth(f.left)) / 2
	}
	if f.left != "" {
		s.pdf.Text(left, base, f.left)
	}
	if f.right != "" {
		s.pdf.Text(paperWidth-paperMargin-s.pdf.GetStringWidth(f.right), base, f.right)
	}
	s.pdf.SetTextColor(0, 0, 0)
}
