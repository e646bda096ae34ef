package widgets

import "fyne.io/fyne/v2"

// Insets are distances from the four edges in dp.
type Insets struct{ Top, Right, Bottom, Left float32 }

// All gives the same inset on every side.
func All(v float32) Insets { return Insets{v, v, v, v} }

// free lays objects out by two functions.
type free struct {
	min func() fyne.Size
	lay func(fyne.Size)
}

func (f free) MinSize([]fyne.CanvasObject) fyne.Size {
	if f.min == nil {
		return fyne.Size{}
	}
	return f.min()
}

func (f free) Layout(_ []fyne.CanvasObject, s fyne.Size) { f.lay(s) }

// Place makes a container whose objects are put by lay; minSize may be nil.
func Place(minSize func() fyne.Size, lay func(fyne.Size), objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: free{min: minSize, lay: lay}, Objects: objects}
}

// Put moves and resizes an object; for use in Place.
func Put(o fyne.CanvasObject, x, y, w, h float32) { put(o, x, y, w, h) }

// Stack puts objects on top of each other, each at full size.
func Stack(objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: stack{}, Objects: objects}
}

type stack struct{}

func (stack) MinSize(objs []fyne.CanvasObject) fyne.Size {
	var m fyne.Size
	for _, o := range objs {
		if o.Visible() {
			m = m.Max(o.MinSize())
		}
	}
	return m
}

func (stack) Layout(objs []fyne.CanvasObject, s fyne.Size) {
	for _, o := range objs {
		put(o, 0, 0, s.Width, s.Height)
	}
}

// Pad keeps insets around an object.
func Pad(in Insets, o fyne.CanvasObject) *fyne.Container {
	c := Place(func() fyne.Size {
		return o.MinSize().Add(fyne.NewSize(in.Left+in.Right, in.Top+in.Bottom))
	}, func(s fyne.Size) {
		put(o, in.Left, in.Top, s.Width-in.Left-in.Right, s.Height-in.Top-in.Bottom)
	}, o)
	return c
}

// Sized gives an object a least size.
func Sized(w, h float32, o fyne.CanvasObject) *fyne.Container {
	return Place(func() fyne.Size { return o.MinSize().Max(fyne.NewSize(w, h)) },
		func(s fyne.Size) { put(o, 0, 0, s.Width, s.Height) }, o)
}

// Center keeps an object at its least size in the middle.
func Center(o fyne.CanvasObject) *fyne.Container {
	return Place(o.MinSize, func(s fyne.Size) {
		m := o.MinSize()
		put(o, (s.Width-m.Width)/2, (s.Height-m.Height)/2, m.Width, m.Height)
	}, o)
}

type grow struct{ stack }

// Grow marks an object that takes the room left in a Row or Col.
func Grow(o fyne.CanvasObject) fyne.CanvasObject {
	return &fyne.Container{Layout: grow{}, Objects: []fyne.CanvasObject{o}}
}

// Space is room that grows between the parts of a Row or Col.
func Space() fyne.CanvasObject { return Grow(NewSurface(Skin{})) }

func grows(o fyne.CanvasObject) bool {
	c, ok := o.(*fyne.Container)
	if !ok {
		return false
	}
	_, ok = c.Layout.(grow)
	return ok
}

// Row puts objects side by side, centred in height, gap dp apart.
func Row(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: row{gap}, Objects: objects}
}

type row struct{ gap float32 }

func (l row) MinSize(objs []fyne.CanvasObject) fyne.Size {
	var m fyne.Size
	n := 0
	for _, o := range objs {
		if !o.Visible() {
			continue
		}
		s := o.MinSize()
		m.Width += s.Width
		m.Height = max(m.Height, s.Height)
		n++
	}
	m.Width += l.gap * float32(max(n-1, 0))
	return m
}

func (l row) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	free, n := size.Width-l.MinSize(objs).Width, 0
	for _, o := range objs {
		if o.Visible() && grows(o) {
			n++
		}
	}
	x := float32(0)
	for _, o := range objs {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		h := m.Height
		if grows(o) {
			m.Width = max(m.Width+free/float32(n), 0)
			h = size.Height
		}
		put(o, x, (size.Height-h)/2, m.Width, h)
		x += m.Width + l.gap
	}
}

// Col puts objects below each other at full width, gap dp apart. Wrapping
// texts get the width first and then the height they need.
func Col(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &col{gap: gap}, Objects: objects}
}

type col struct{ gap, width float32 }

func (l *col) MinSize(objs []fyne.CanvasObject) fyne.Size {
	var m fyne.Size
	n := 0
	for _, o := range objs {
		if !o.Visible() {
			continue
		}
		if l.width > 0 && o.Size().Width != l.width {
			o.Resize(fyne.NewSize(l.width, o.Size().Height))
		}
		s := o.MinSize()
		m.Height += s.Height
		m.Width = max(m.Width, s.Width)
		n++
	}
	m.Height += l.gap * float32(max(n-1, 0))
	return m
}

func (l *col) Layout(objs []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	free, n := size.Height-l.MinSize(objs).Height, 0
	for _, o := range objs {
		if o.Visible() && grows(o) {
			n++
		}
	}
	y := float32(0)
	for _, o := range objs {
		if !o.Visible() {
			continue
		}
		h := o.MinSize().Height
		if grows(o) {
			h = max(h+free/float32(n), 0)
		}
		put(o, 0, y, size.Width, h)
		y += h + l.gap
	}
}
