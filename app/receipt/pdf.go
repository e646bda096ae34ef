package receipt

import (
	"bytes"
	"io"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"frontdesk/assets"
)

// family is the name of the fonts inside a PDF.
const family = "text"

// Points of letters on paper, and what 1 pt is in millimetres.
const (
	ptBody  = 9.0
	ptSmall = 7.5
	ptTitle = 13.0
	mmPerPt = 25.4 / 72
)

// document begins a PDF whose bytes depend on nothing but what is written into
// it and the time it tells.
func document(title string, made time.Time, page fpdf.SizeType) (*fpdf.Fpdf, error) {
	pdf := fpdf.NewCustom(&fpdf.InitType{OrientationStr: "P", UnitStr: "mm", Size: page})
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(made.UTC().Truncate(time.Second))
	pdf.SetModificationDate(made.UTC().Truncate(time.Second))
	pdf.SetProducer("Frontdesk", true)
	pdf.SetTitle(title, true)
	pdf.SetMargins(0, 0, 0)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetCellMargin(0)
	for kind, name := range map[string]string{"": fontRegular, "B": fontStrong} {
		raw, err := assets.Font(name)
		if err != nil {
			return nil, err
		}
		pdf.AddUTF8FontFromBytes(family, kind, raw)
	}
	return pdf, pdf.Error()
}

// finish writes the PDF out, whole or not at all.
func finish(w io.Writer, pdf *fpdf.Fpdf) error {
	var out bytes.Buffer
	if err := pdf.Output(&out); err != nil {
		return err
	}
	_, err := w.Write(out.Bytes())
	return err
}

// pen chooses the letters of a style.
func pen(pdf *fpdf.Fpdf, s style) (pt float64) {
	kind := "B"
	pt = ptBody
	switch s {
	case body:
		kind = ""
	case small:
		kind, pt = "", ptSmall
	case title:
		pt = ptTitle
	}
	pdf.SetFont(family, kind, pt)
	return pt
}

// micrometres measures text in the letters that are chosen.
func micrometres(pdf *fpdf.Fpdf, width, gap float64) ruler {
	return ruler{width: int(width * 1000), gap: int(gap * 1000), of: func(s string) int { return int(pdf.GetStringWidth(s) * 1000) }}
}

// across writes the word over the page, tilted and pale, so that what is
// written stays readable.
func acrossPage(pdf *fpdf.Fpdf, word string, x, y, width float64) {
	if word == "" {
		return
	}
	const tilt, pale = 30.0, 0.13
	pdf.SetFont(family, "B", 10)
	pt := 10 * width / max(pdf.GetStringWidth(word), 1)
	pdf.SetFont(family, "B", min(pt, width))
	pdf.SetTextColor(180, 83, 9)
	pdf.SetAlpha(pale, "Normal")
	pdf.TransformBegin()
	pdf.TransformRotate(tilt, x, y)
	pdf.Text(x-pdf.GetStringWidth(word)/2, y, word)
	pdf.TransformEnd()
	pdf.SetAlpha(1, "Normal")
	pdf.SetTextColor(0, 0, 0)
}

// modules draws a QR code with its upper left corner at x, y.
func modules(pdf *fpdf.Fpdf, code [][]bool, x, y, side float64) {
	if len(code) == 0 {
		return
	}
	one := side / float64(len(code))
	pdf.SetFillColor(0, 0, 0)
	for i, line := range code {
		for j := 0; j < len(line); j++ {
			from := j
			for j < len(line) && line[j] {
				j++
			}
			if j > from {
				pdf.Rect(x+float64(from)*one, y+float64(i)*one, float64(j-from)*one, one, "F")
			}
		}
	}
}
