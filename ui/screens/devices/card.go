package devices

import (
	"fyne.io/fyne/v2"

	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// Sizes of a card (look.md 3).
const (
	cardHeight = 311
	cardPad    = 22
	iconSide   = 52
	cardLines  = 3
	sideRoom   = 16 // inside a ghost button, beside its words
)

// deeds are what the buttons of a card do, by the id of its device.
type deeds struct {
	test, edit, remove func(id string)
	flip               func(id string, on bool)
	ask                func(Card)
}

// cardView draws a Card. Its parts stay, so that focus and presses survive
// what the clock changes.
type cardView struct {
	shown  Card
	root   *fyne.Container
	square *widgets.Disc
	name   *widgets.Text
	model  *widgets.Text
	flip   *widgets.Switch
	chip   *widgets.Chip
	icons  [cardLines]*widgets.Icon
	lines  [cardLines]*widgets.Text
	fix    *widgets.Paragraph
	ask    *widgets.Button
	rule   fyne.CanvasObject
	test   *widgets.Button
	edit   *widgets.Button
	remove *widgets.Button
	width  float32
}

func newCardView(card Card, words func(string, ...any) string, do deeds) *cardView {
	v := &cardView{
		shown:  Card{ID: card.ID},
		square: widgets.NewDisc(widgets.DiscConfig{}),
		name:   widgets.NewText("", theme.Heading(), theme.Ink).Shrink(),
		model:  widgets.Caption("").Shrink(),
		chip:   widgets.NewChip(widgets.Mark{}, ""),
		fix:    widgets.NewParagraph("", theme.Body(), theme.Ink),
		rule:   widgets.NewHairline(),
	}
	id := card.ID
	v.flip = widgets.NewSwitch(widgets.SwitchConfig{
		Label: card.SwitchName, On: words("devices.on"), Off: words("devices.off"), Value: card.On, Bare: true,
		OnChange: func(on bool) { do.flip(id, on) },
	})
	v.test = widgets.NewButton(widgets.ButtonConfig{Kind: widgets.GhostPlum, Label: words("devices.test"), OnTap: func() { do.test(id) }})
	v.edit = widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Ghost, Label: words("devices.edit"), OnTap: func() { do.edit(id) }})
	v.remove = widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Ghost, Label: words("devices.remove"), OnTap: func() { do.remove(id) }})
	v.ask = widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Tonal, OnTap: func() { do.ask(v.shown) }})
	objects := []fyne.CanvasObject{v.square, v.name, v.model, v.flip, v.chip}
	for i := range v.lines {
		v.icons[i] = widgets.NewIcon("", 18, theme.Ink2)
		v.lines[i] = widgets.NewText("", theme.Body(), theme.Ink2).Shrink()
		objects = append(objects, v.icons[i], v.lines[i])
	}
	objects = append(objects, v.fix, v.ask, v.rule, v.test, v.edit, v.remove)
	v.root = widgets.Stack(widgets.NewSurface(widgets.CardSkin()), widgets.Place(v.minSize, v.layout, objects...))
	v.set(card)
	return v
}

// set shows another state of the same device.
func (v *cardView) set(card Card) {
	v.shown = card
	square := widgets.DiscConfig{Size: iconSide, Radius: 16, Icon: card.Icon, IconSize: 26, Fill: theme.Shell, Color: theme.Ink2}
	if card.Tile != "" {
		square.Fill, square.Color = card.Tile.Fill(), card.Tile.Icon()
	}
	v.square.SetConfig(square)
	v.name.SetText(card.Name)
	v.model.SetText(card.Model)
	v.flip.SetOn(card.On)
	v.chip.Set(card.Mark, card.Word)
	for i := range v.lines {
		line := Line{}
		if i < len(card.Lines) {
			line = card.Lines[i]
		}
		v.icons[i].SetIcon(line.Icon, theme.Ink2)
		v.lines[i].SetText(line.Text)
	}
	v.fix.SetText(card.Fix)
	v.ask.SetLabel(card.AskLabel)
	if card.Ask == AskNone {
		v.ask.Hide()
	} else {
		v.ask.Show()
	}
	if size := v.root.Size(); size.Width > 0 {
		v.layout(size)
	}
}

// busy locks what must not be pressed twice.
func (v *cardView) busy(on bool) {
	for _, part := range []fyne.Disableable{v.test, v.edit, v.remove, v.flip, v.ask} {
		if on {
			part.Disable()
		} else {
			part.Enable()
		}
	}
}

// minSize is the least size of the card at the width it last had.
func (v *cardView) minSize() fyne.Size {
	f := theme.Factor()
	return fyne.NewSize(280, max(cardHeight*min(f, 1.25), v.body(v.width, false)+v.footHeight()))
}

func (v *cardView) footHeight() float32 { return 8 + 1 + 5 + v.test.MinSize().Height + 12 }

// body places what stands above the foot and returns where that ends.
func (v *cardView) body(width float32, place bool) float32 {
	put := widgets.Put
	if !place {
		put = func(fyne.CanvasObject, float32, float32, float32, float32) {}
	}
	x, w, f := float32(cardPad), width-2*cardPad, theme.Factor()
	icon := iconSide * f
	put(v.square, x, cardPad, icon, icon)
	track := v.flip.MinSize()
	put(v.flip, x+w-track.Width+4, cardPad+(icon-track.Height)/2, track.Width, track.Height)
	left := x + icon + 14
	room := x + w - track.Width - left
	name, model := theme.Heading().LineHeight(), theme.Caption().LineHeight()
	top := cardPad + (icon-name-model)/2
	put(v.name, left, top, room, name)
	put(v.model, left, top+name, room, model)
	y := cardPad + icon + 16
	chip := v.chip.MinSize().Height
	put(v.chip, x, y, w, chip)
	y += chip + 12
	line := theme.Body().LineHeight()
	for i := range v.lines {
		if v.lines[i].Text() == "" {
			put(v.icons[i], x, y, 0, 0)
			put(v.lines[i], x, y, 0, 0)
			continue
		}
		side := 18 * f
		put(v.icons[i], x+1, y, side, line)
		put(v.lines[i], x+side+12, y, w-side-12, line)
		y += line + 7
	}
	y -= 7
	if text := v.fix.Text(); text != "" {
		h := v.fix.HeightFor(w)
		put(v.fix, x, y+12, w, h)
		y += 12 + h
	} else {
		put(v.fix, x, y, w, 0)
	}
	if v.shown.Ask != AskNone {
		m := v.ask.MinSize()
		put(v.ask, x, y+12, min(m.Width, w), m.Height)
		y += 12 + m.Height
	}
	return y
}

func (v *cardView) layout(s fyne.Size) {
	v.width = s.Width
	v.body(s.Width, true)
	x, w := float32(cardPad), s.Width-2*cardPad
	h := v.test.MinSize().Height
	y := s.Height - 12 - h
	widgets.Put(v.rule, x, y-6, w, 1)
	v.icon("refresh", "pencil")
	if v.needs() > w+2*sideRoom {
		v.icon("", "") // longer words in other languages take the room of the icons
	}
	test, edit, remove := v.test.MinSize().Width, v.edit.MinSize().Width, v.remove.MinSize().Width
	if over := v.needs() - (w + 2*sideRoom); over > 0 {
		third := (w + 2*sideRoom) / 3
		test, edit, remove = third, third, third
	}
	widgets.Put(v.test, x-sideRoom, y, test, h)
	widgets.Put(v.edit, x-sideRoom+test, y, edit, h)
	widgets.Put(v.remove, x+w+sideRoom-remove, y, remove, h)
}

func (v *cardView) icon(test, edit string) {
	v.test.SetIcon(test)
	v.edit.SetIcon(edit)
}

func (v *cardView) needs() float32 {
	return v.test.MinSize().Width + v.edit.MinSize().Width + v.remove.MinSize().Width
}
