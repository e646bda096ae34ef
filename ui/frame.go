package ui

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// frame is what stands around everything in Practice and Test, and where Live
// is simulated.
type frame struct {
	mode   payments.Mode
	fake   bool              // Live is simulated
	strips [4]*canvas.Raster // top, bottom, left, right
	solid  *widgets.Surface
	label  *widgets.Surface
	word   *widgets.Text
}

const (
	stripePeriod = 20 // dp, across the stripes' diagonal direction along x
	frameCorner  = 10
)

func newFrame() *frame {
	f := &frame{
		solid: widgets.NewSurface(widgets.Skin{}),
		label: widgets.NewSurface(widgets.Skin{}),
		word:  widgets.NewText("", theme.LeadStrong(), theme.PracticeText).Center(),
	}
	for i := range f.strips {
		s := &canvas.Raster{}
		s.Generator = func(w, h int) image.Image { return stripes(s, w, h) }
		f.strips[i] = s
	}
	return f
}

func (f *frame) objects() []fyne.CanvasObject {
	out := []fyne.CanvasObject{f.solid}
	for _, s := range f.strips {
		out = append(out, s)
	}
	return append(out, f.label, f.word)
}

// insets is the room the frame takes from the content.
func (f *frame) insets() widgets.Insets {
	switch {
	case f.mode == payments.Practice, f.simulated():
		return widgets.Insets{Top: 12 + 24*theme.BigFactor(), Right: 10, Bottom: 10, Left: 10}
	case f.mode == payments.Test:
		return widgets.Insets{Top: 8 + 24*theme.BigFactor(), Right: 6, Bottom: 6, Left: 6}
	}
	return widgets.Insets{}
}

func (f *frame) simulated() bool { return f.fake && f.mode == payments.Live }

func (f *frame) setMode(m payments.Mode, t *text.Catalog) {
	f.mode = m
	f.solid.SetSkin(widgets.Skin{})
	switch m {
	case payments.Practice:
		f.word.SetText(t.T("frame.practice"))
		f.word.SetLook(theme.LeadStrong(), theme.PracticeText)
		f.label.SetSkin(widgets.Skin{Fill: theme.PracticeFill})
	case payments.Test:
		f.word.SetText(t.T("frame.test"))
		f.word.SetLook(theme.LeadStrong(), theme.TestText)
		f.label.SetSkin(widgets.Skin{Fill: theme.TestLabel})
		f.solid.SetSkin(widgets.Skin{Fill: theme.TestFill})
	case payments.Live:
		f.word.SetText(t.T("frame.simulated"))
		f.word.SetLook(theme.LeadStrong(), theme.PracticeText)
		f.label.SetSkin(widgets.Skin{Fill: theme.PracticeFill})
	}
	for _, o := range f.objects() {
		if m == payments.Live && !f.fake {
			o.Hide()
		} else {
			o.Show()
		}
	}
	for _, s := range f.strips {
		if m != payments.Practice && !f.simulated() {
			s.Hide()
		}
	}
}

func (f *frame) layout(size fyne.Size) {
	in := f.insets()
	widgets.Put(f.solid, 0, 0, size.Width, size.Height)
	c := float32(frameCorner)
	widgets.Put(f.strips[0], 0, 0, size.Width, in.Top+c)
	widgets.Put(f.strips[1], 0, size.Height-in.Bottom-c, size.Width, in.Bottom+c)
	widgets.Put(f.strips[2], 0, in.Top+c, in.Left, size.Height-in.Top-in.Bottom-2*c)
	widgets.Put(f.strips[3], size.Width-in.Right, in.Top+c, in.Right, size.Height-in.Top-in.Bottom-2*c)
	w := min(f.word.MinSize().Width+44, size.Width)
	widgets.Put(f.label, (size.Width-w)/2, 0, w, in.Top)
	widgets.Put(f.word, (size.Width-w)/2, 0, w, in.Top)
}

// stripes draws one strip of the frame; the pattern runs through all four
// because it is counted from the window's corner.
func stripes(r *canvas.Raster, w, h int) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	size := r.Size()
	if size.Width <= 0 {
		return img
	}
	scale := float64(w) / float64(size.Width)
	left, top := float64(r.Position().X)*scale, float64(r.Position().Y)*scale
	fill, stripe := nrgba(theme.PracticeFill), nrgba(theme.PracticeStripe)
	period := stripePeriod * 1.4142 * scale
	for y := range h {
		for x := range w {
			at := left + top + float64(x+y) + 1
			at -= period * float64(int(at/period))
			img.SetNRGBA(x, y, mix(fill, stripe, cover(at, period)))
		}
	}
	return img
}

// cover is how much of a pixel at a place in the period is stripe: 1 in the
// first half, with an edge two pixels soft.
func cover(at, period float64) float64 {
	edge := min(at, period/2-at)
	if at > period/2 {
		edge = -min(at-period/2, period-at)
	}
	return min(max(0.5+edge/2, 0), 1)
}

func nrgba(name fyne.ThemeColorName) color.NRGBA {
	return color.NRGBAModel.Convert(theme.Color(name)).(color.NRGBA)
}

func mix(a, b color.NRGBA, t float64) color.NRGBA {
	part := func(x, y uint8) uint8 { return uint8(float64(x)*(1-t) + float64(y)*t + 0.5) }
	return color.NRGBA{R: part(a.R, b.R), G: part(a.G, b.G), B: part(a.B, b.B), A: 0xFF}
}
