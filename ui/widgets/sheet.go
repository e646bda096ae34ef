package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"frontdesk/ui/theme"
)

// sheetMargin is the least room around a sheet that fills a small window.
const sheetMargin = 24

// Host shows sheets over one window. A sheet stays inside the frame of the
// mode and keeps the focus; keys of the window go to the topmost sheet.
type Host struct {
	canvas fyne.Canvas
	insets Insets
	sheets []*Sheet
	before fyne.Focusable
}

// NewHost makes the host of a window's canvas.
func NewHost(c fyne.Canvas) *Host { return &Host{canvas: c} }

// SetInsets keeps sheets and scrim inside the frame of the mode.
func (h *Host) SetInsets(in Insets) {
	h.insets = in
	for _, s := range h.sheets {
		s.Refresh()
	}
}

// Canvas returns the window's canvas.
func (h *Host) Canvas() fyne.Canvas { return h.canvas }

// Top returns the topmost sheet or nil.
func (h *Host) Top() *Sheet {
	if len(h.sheets) == 0 {
		return nil
	}
	return h.sheets[len(h.sheets)-1]
}

// Show puts a sheet on top and gives it the focus.
func (h *Host) Show(s *Sheet) {
	if s.host != nil {
		return
	}
	if len(h.sheets) == 0 {
		h.before = h.canvas.Focused()
	}
	s.host = h
	h.sheets = append(h.sheets, s)
	h.canvas.Overlays().Add(s)
	s.Resize(h.canvas.Size())
	if s.cfg.First != nil {
		h.canvas.Focus(s.cfg.First)
	}
}

// Close removes a sheet and those above it, without asking.
func (h *Host) Close(s *Sheet) {
	at := -1
	for i, o := range h.sheets {
		if o == s {
			at = i
		}
	}
	if at < 0 {
		return
	}
	gone := h.sheets[at:]
	h.sheets = h.sheets[:at:at]
	h.canvas.Overlays().Remove(s)
	for i := len(gone) - 1; i >= 0; i-- {
		gone[i].host = nil
		if gone[i].cfg.OnClosed != nil {
			gone[i].cfg.OnClosed()
		}
	}
	if len(h.sheets) == 0 && h.before != nil {
		h.canvas.Focus(h.before)
		h.before = nil
	}
}

// CloseAll removes every sheet, without asking.
func (h *Host) CloseAll() {
	if len(h.sheets) > 0 {
		h.Close(h.sheets[0])
	}
}

// Key gives a key to the topmost sheet; false means that there is none.
func (h *Host) Key(e *fyne.KeyEvent) bool {
	s := h.Top()
	if s == nil {
		return false
	}
	switch {
	case s.cfg.OnKey != nil && s.cfg.OnKey(e):
	case e.Name == fyne.KeyEscape:
		s.AskClose()
	}
	return true
}

// SheetConfig describes a sheet. Content is laid over its whole area.
type SheetConfig struct {
	Name          string
	Width, Height float32 // wanted size; 0 height fits the content; both grow with the text factor up to the window
	Content       fyne.CanvasObject
	CloseName     string // words for the close button at the top right; none when empty
	First         fyne.Focusable
	MayClose      func() bool // asked on Esc and the close button; nil allows
	OnKey         func(*fyne.KeyEvent) bool
	OnClosed      func()
	Full          bool // covers the whole window, opaque
}

// Sheet is a dialog: scrim, paper with radius 28 and its shadow, content.
type Sheet struct {
	widget.BaseWidget
	cfg  SheetConfig
	host *Host
}

// NewSheet makes a sheet; Host.Show opens it.
func NewSheet(cfg SheetConfig) *Sheet {
	s := &Sheet{cfg: cfg}
	s.ExtendBaseWidget(s)
	return s
}

// AskClose closes the sheet if it may.
func (s *Sheet) AskClose() {
	if s.host != nil && (s.cfg.MayClose == nil || s.cfg.MayClose()) {
		s.host.Close(s)
	}
}

// Open reports whether the sheet is shown.
func (s *Sheet) Open() bool { return s.host != nil }

// SetContent replaces what the sheet shows.
func (s *Sheet) SetContent(o fyne.CanvasObject) {
	s.cfg.Content = o
	s.Refresh()
}

// AccessibilityLabel is the name of the sheet.
func (s *Sheet) AccessibilityLabel() string { return s.cfg.Name }

// AccessibilityRole says that the sheet holds others.
func (s *Sheet) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleContainer }

// CreateRenderer draws scrim, paper, content and the close button.
func (s *Sheet) CreateRenderer() fyne.WidgetRenderer {
	s.ExtendBaseWidget(s)
	scrim, paper := newRect(), newRect()
	r := &renderer{}
	var closer *IconButton
	if s.cfg.CloseName != "" {
		closer = NewIconButton("close", 20, s.cfg.CloseName, s.AskClose)
	}
	build := func() {
		r.objects = []fyne.CanvasObject{scrim, paper, s.cfg.Content}
		if closer != nil {
			r.objects = append(r.objects, closer)
		}
	}
	r.paint = func() {
		build()
		paintRect(scrim, Skin{Fill: theme.Scrim})
		paintRect(paper, Skin{Fill: theme.Paper, Radius: 28, Shadow: DialogShadow})
		if s.cfg.Full {
			paintRect(paper, Skin{Fill: theme.Canvas})
		}
	}
	r.place = func(size fyne.Size) {
		in := s.insets()
		scrim.CornerRadius = 0
		if in.Left > 0 {
			scrim.CornerRadius = 10
		}
		if s.cfg.Full {
			paper.CornerRadius = scrim.CornerRadius
		}
		iw, ih := size.Width-in.Left-in.Right, size.Height-in.Top-in.Bottom
		put(scrim, in.Left, in.Top, iw, ih)
		w, h := s.wanted(iw, ih)
		x, y := in.Left+(iw-w)/2, in.Top+(ih-h)/2
		put(paper, x, y, w, h)
		put(s.cfg.Content, x, y, w, h)
		if closer != nil {
			put(closer, x+w-20-48, y+20, 48, 48)
		}
	}
	r.paint()
	return r
}

func (s *Sheet) insets() Insets {
	if s.host == nil {
		return Insets{}
	}
	return s.host.insets
}

// wanted is the size of the paper in a room of iw x ih.
func (s *Sheet) wanted(iw, ih float32) (w, h float32) {
	if s.cfg.Full {
		return iw, ih
	}
	w = min(s.cfg.Width*theme.Factor(), iw-2*sheetMargin)
	h = s.cfg.Height * theme.Factor()
	if s.cfg.Height == 0 {
		s.cfg.Content.Resize(fyne.NewSize(w, s.cfg.Content.Size().Height))
		h = s.cfg.Content.MinSize().Height
	}
	return w, min(h, ih-2*sheetMargin)
}
