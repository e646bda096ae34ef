package devices

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"

	"frontdesk/app/devices"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// form is the sheet in which a device is added or changed.
type form struct {
	p     *Page
	id    string // of the device being changed, empty for a new one
	draft devices.Draft
	sheet *widgets.Sheet

	label, host, port *widgets.Field
	model             *widgets.Choice
	path              *widgets.Choice
	paths             []string
	pathNote          *widgets.Paragraph
	trouble           *widgets.Paragraph
	first             *widgets.Switch // make it the default; nil when it cannot be, or is
	save              *widgets.Button
	sending           bool
}

// AddBy opens the fields of a new device that is reached in a way.
func (p *Page) AddBy(d devices.Driver) { p.form(devices.Draft{Driver: d}, "") }

// form opens the fields of a draft.
func (p *Page) form(draft devices.Draft, id string) {
	if p.cfg.Host.Top() != nil {
		return
	}
	f := &form{p: p, id: id, draft: draft, trouble: widgets.NewParagraph("", theme.BodyStrong(), theme.Red.Text())}
	t := p.cfg.Text
	title, label := t.T("devices.form."+string(draft.Driver)), t.T("devices.form.add")
	if id != "" {
		title, label = t.T("devices.form.change", draft.Label), t.T("devices.form.save")
	}
	f.trouble.Hide()
	f.save = widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Primary, Height: 56, Label: label, Key: t.T("key.enter"), OnTap: f.submit})
	cancel := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Ghost, Height: 56, Label: t.T("devices.form.leave"), OnTap: func() { f.sheet.AskClose() }})
	foot := widgets.Row(12, widgets.Pad(widgets.Insets{Left: -sideRoom}, cancel), widgets.Space(), f.save)
	f.sheet = widgets.NewSheet(widgets.SheetConfig{
		Name: title, Width: 600, Content: frame(title, f.body(), foot), CloseName: t.T("close"), First: f.label.Entry(), OnKey: f.key,
		MayClose: func() bool { return !f.sending },
	})
	p.cfg.Host.Show(f.sheet)
	if draft.Driver == devices.Serial {
		f.lookForPorts()
	}
}

// Edit opens the fields of a device.
func (p *Page) Edit(id string) {
	if s, ok := p.find(id); ok {
		p.form(devices.DraftOf(s.Device), id)
	}
}

// key gives Enter to the main button.
func (f *form) key(e *fyne.KeyEvent) bool {
	if e.Name != fyne.KeyReturn && e.Name != fyne.KeyEnter {
		return false
	}
	f.submit()
	return true
}

func (f *form) body() fyne.CanvasObject {
	t := f.p.cfg.Text
	parts := []fyne.CanvasObject{}
	if key := "devices.form." + string(f.draft.Driver) + ".how"; t.Has(key) {
		parts = append(parts, widgets.NewParagraph(t.T(key), theme.Body(), theme.Ink2))
	}
	f.label = f.field("devices.form.label", "devices.form.label.hint", devices.FieldLabel, f.draft.Label)
	switch f.draft.Driver {
	case devices.TCP:
		f.host = f.field("devices.form.host", "", devices.FieldHost, f.draft.Host)
		f.port = f.field("devices.form.port", "", devices.FieldPort, f.draft.Port)
		if f.draft.Port == "" {
			f.port.SetText("7900")
		}
		parts = append(parts, f.label, sideBySide(f.host, f.port), f.models())
	case devices.Serial:
		parts = append(parts, f.ports(), f.label, f.models())
	default:
		parts = append(parts, f.label)
	}
	if f.draft.TerminalID != "" {
		parts = append(parts, fact(t.T("devices.fact.terminal"), f.draft.TerminalID))
	}
	parts = append(parts, f.preference()...)
	return widgets.Col(16, append(parts, f.trouble)...)
}

func (f *form) field(label, hint, name, value string) *widgets.Field {
	t := f.p.cfg.Text
	words := ""
	if hint != "" {
		words = t.T(hint)
	}
	field := widgets.NewField(widgets.FieldConfig{
		Label: t.T(label), Hint: words, OnSubmit: func(string) { f.submit() }, OnBlur: func() { f.check(name) },
	})
	field.SetText(value)
	return field
}

// sideBySide gives the wide field the room the narrow one leaves.
func sideBySide(wide, narrow fyne.CanvasObject) fyne.CanvasObject {
	w := func() float32 { return 150 * theme.Factor() }
	return widgets.Place(func() fyne.Size {
		return fyne.NewSize(300, max(wide.MinSize().Height, narrow.MinSize().Height))
	}, func(s fyne.Size) {
		widgets.Put(wide, 0, 0, s.Width-w()-14, wide.MinSize().Height)
		widgets.Put(narrow, s.Width-w(), 0, w(), narrow.MinSize().Height)
		widgets.Put(wide, 0, 0, s.Width-w()-14, wide.MinSize().Height)
	}, wide, narrow)
}

func (f *form) models() fyne.CanvasObject {
	t, all := f.p.cfg.Text, devices.Models()
	words := make([]string, len(all))
	for i, m := range all {
		words[i] = "myPOS " + m
	}
	words[len(words)-1] = t.T("devices.model.other")
	at := slices.Index(all, f.draft.Model)
	if at < 0 {
		at = len(all) - 1
		if f.id == "" {
			at = 0
		}
	}
	f.model = widgets.NewChoice(t.T("devices.form.model"), words, at, 0, nil)
	return f.model
}

// ports is the list of USB ports, read anew on request.
func (f *form) ports() fyne.CanvasObject {
	t := f.p.cfg.Text
	f.path = widgets.NewChoice(t.T("devices.form.path"), []string{t.T("devices.form.path.looking")}, 0, 0, nil)
	f.path.Disable()
	f.pathNote = widgets.NewParagraph("", theme.Caption(), theme.Ink2)
	again := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Secondary, Height: 52, Icon: "refresh", Label: t.T("devices.form.path.again"), OnTap: f.lookForPorts})
	row := widgets.Place(func() fyne.Size { return fyne.NewSize(300, f.path.MinSize().Height) }, func(s fyne.Size) {
		m := again.MinSize()
		widgets.Put(f.path, 0, 0, s.Width-m.Width-10, s.Height)
		widgets.Put(again, s.Width-m.Width, s.Height-m.Height, m.Width, m.Height)
	}, f.path, again)
	return widgets.Col(6, row, f.pathNote)
}

func (f *form) lookForPorts() {
	f.p.cfg.Run.Go(func(ctx context.Context) {
		found, err := f.p.cfg.Desk.SerialPorts(ctx)
		f.p.cfg.Run.Do(func() { f.showPorts(found, err) })
	})
}

func (f *form) showPorts(found []string, err error) {
	t := f.p.cfg.Text
	if f.draft.Path != "" && !slices.Contains(found, f.draft.Path) {
		found = append(found, f.draft.Path) // it is stored, plugged in or not
	}
	f.paths = found
	note, look := "", theme.Ink2
	if len(found) == 0 {
		note = t.T("devices.form.path.none")
		f.path.SetWords(t.T("devices.form.path"), []string{"–"})
		f.path.Disable()
	} else {
		f.path.SetWords(t.T("devices.form.path"), found)
		f.path.Enable()
		f.path.SetChosen(max(slices.Index(found, f.draft.Path), 0))
	}
	if err != nil {
		note, look = t.Failure(err).Text(), theme.Red.Text()
	}
	f.pathNote.SetText(note)
	f.pathNote.SetLook(theme.Caption(), look)
	grown(f.sheet)
}

// preference offers to make an enabled device the default, where there is a
// choice.
func (f *form) preference() []fyne.CanvasObject {
	s, ok := f.p.find(f.id)
	on := 0
	for _, o := range f.p.list() {
		if o.Enabled {
			on++
		}
	}
	if !ok || !s.Enabled || on < 2 {
		return nil
	}
	t := f.p.cfg.Text
	flip := widgets.NewSwitch(widgets.SwitchConfig{
		Label: t.T("devices.form.default"), Sentence: t.T("devices.form.default.text"), On: t.T("devices.on"), Off: t.T("devices.off"), Value: s.Default,
	})
	if s.Default {
		flip.SetReason(t.T("devices.form.default.is"))
		return []fyne.CanvasObject{flip}
	}
	f.first = flip
	return []fyne.CanvasObject{flip}
}
