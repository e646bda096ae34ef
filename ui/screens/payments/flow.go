package payments

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"frontdesk/ui/widgets"
)

// flow puts parts side by side and begins a new line where the width ends. The
// last tail parts stand at the right edge while everything fits one line.
type flow struct {
	widget.BaseWidget
	parts []fyne.CanvasObject
	gap   float32
	tail  int
}

const tailGap = 8

func newFlow(gap float32, parts ...fyne.CanvasObject) *flow {
	f := &flow{gap: gap, parts: parts}
	f.ExtendBaseWidget(f)
	return f
}

func (f *flow) CreateRenderer() fyne.WidgetRenderer {
	f.ExtendBaseWidget(f)
	return widget.NewSimpleRenderer(&fyne.Container{Layout: flowLayout{f}, Objects: f.parts})
}

// MinSize is the height at the width the flow last had.
func (f *flow) MinSize() fyne.Size { return fyne.NewSize(0, f.arrange(f.Size().Width, nil)) }

type flowLayout struct{ f *flow }

func (l flowLayout) MinSize([]fyne.CanvasObject) fyne.Size { return l.f.MinSize() }

func (l flowLayout) Layout(_ []fyne.CanvasObject, s fyne.Size) { l.f.arrange(s.Width, widgets.Put) }

// arrange returns the height and calls put for each part when there is one.
func (f *flow) arrange(width float32, put func(o fyne.CanvasObject, x, y, w, h float32)) float32 {
	head := len(f.parts) - f.tail
	all := float32(0)
	for i, o := range f.parts {
		all += o.MinSize().Width + f.between(i, head)
	}
	var x, y, line float32
	for i, o := range f.parts {
		m := o.MinSize()
		step := f.between(i, head)
		if i == head && head > 0 && all <= width {
			x = width - f.tailWidth(head)
			step = 0
		}
		if x > 0 && (x+step+m.Width > width+0.5 || i == head && all > width) {
			x, y, line, step = 0, y+line+10, 0, 0
		}
		if put != nil {
			h := m.Height
			top := y
			if i >= head && all <= width {
				top += (f.tallest() - h) / 2
			}
			put(o, x+step, top, min(m.Width, width), h)
		}
		x += step + m.Width
		line = max(line, m.Height)
	}
	return y + line
}

func (f *flow) between(i, head int) float32 {
	switch {
	case i == 0:
		return 0
	case i > head:
		return tailGap
	}
	return f.gap
}

func (f *flow) tailWidth(head int) float32 {
	w := float32(0)
	for i := head; i < len(f.parts); i++ {
		w += f.parts[i].MinSize().Width
		if i > head {
			w += tailGap
		}
	}
	return w
}

func (f *flow) tallest() float32 {
	h := float32(0)
	for _, o := range f.parts {
		h = max(h, o.MinSize().Height)
	}
	return h
}
