package operators

import (
	"context"
	"errors"
	"strings"

	"fyne.io/fyne/v2"

	"frontdesk/app/operators"
	"frontdesk/payments"
	"frontdesk/payments/money"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// editor is the sheet of one operator, a new one while ID is empty.
type editor struct {
	s      *Section
	o      operators.Operator
	name   *widgets.Field
	limit  *widgets.Field
	owner  *widgets.Switch
	rights map[operators.Right]*widgets.Switch
	note   *widgets.Paragraph
	save   *widgets.Button
	box    *fyne.Container // of the limit
	body   *fyne.Container
	scroll *widgets.Scroll
	sheet  *widgets.Sheet
}

func (s *Section) edit(o operators.Operator) {
	t := s.cfg.Text
	e := &editor{s: s, o: o, rights: map[operators.Right]*widgets.Switch{}, note: widgets.NewParagraph("", theme.Caption(), theme.Red.Text())}
	if o.In == "" {
		e.o.In = s.cfg.Currency
	}
	title := t.T("operators.add")
	if o.ID != "" {
		title = Name(t, o)
	}
	e.name = widgets.NewField(widgets.FieldConfig{Label: t.T("operators.name"), OnSubmit: func(string) { e.press() }})
	if o.ID != "" {
		e.name.SetText(Name(t, o))
	}
	e.body = widgets.Col(8, e.name, space(4))
	e.switches()
	e.scroll = widgets.NewScroll(widgets.Pad(widgets.Insets{Right: 14, Left: 4, Bottom: 4}, e.body))
	e.save = widgets.NewButton(widgets.ButtonConfig{Label: t.T("operators.save"), OnTap: e.press})
	foot := widgets.Row(12)
	if o.ID != "" {
		foot.Add(widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Severe, Icon: "trash", Label: t.T("operators.remove"), OnTap: e.remove}))
	}
	foot.Add(widgets.Space())
	if o.ID != "" {
		foot.Add(widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Secondary, Icon: "lock", Label: e.pinLabel(), OnTap: e.pin}))
	}
	foot.Add(e.save)
	heading := widgets.Title(title).Shrink()
	line := widgets.NewHairline()
	content := widgets.Place(func() fyne.Size {
		return fyne.NewSize(400, 28+heading.MinSize().Height+24+e.body.MinSize().Height+24+e.note.MinSize().Height+foot.MinSize().Height+44)
	}, func(size fyne.Size) {
		widgets.Put(heading, 36, 28, size.Width-120, heading.MinSize().Height)
		fh := foot.MinSize().Height
		e.note.Resize(fyne.NewSize(size.Width-72, 1))
		nh := e.note.MinSize().Height
		y := size.Height - 28 - fh
		widgets.Put(foot, 36, y, size.Width-72, fh)
		widgets.Put(e.note, 36, y-nh-6, size.Width-72, nh)
		widgets.Put(line, 36, y-nh-16, size.Width-72, 1)
		top := 28 + heading.MinSize().Height + 24
		widgets.Put(e.scroll, 32, top, size.Width-50, max(y-nh-16-top, 40))
	}, heading, e.scroll, line, e.note, foot)
	e.sheet = widgets.NewSheet(widgets.SheetConfig{
		Name: title, Width: 620, Height: 700, Content: content, CloseName: t.T("close"), First: e.name.Entry(),
	})
	s.cfg.Host.Show(e.sheet)
}

func (e *editor) pinLabel() string {
	if e.o.HasPIN {
		return e.s.cfg.Text.T("operators.pin.change")
	}
	return e.s.cfg.Text.T("operators.pin.choose")
}

// switches lists what the operator may do.
func (e *editor) switches() {
	t := e.s.cfg.Text
	on, off := t.T("switch.on"), t.T("switch.off")
	e.owner = widgets.NewSwitch(widgets.SwitchConfig{
		Label: t.T("operators.owner"), Sentence: t.T("operators.owner.sentence"), On: on, Off: off, Value: e.o.Owner,
		OnChange: func(v bool) { e.o.Owner = v; e.lock() },
	})
	e.body.Add(e.owner)
	e.body.Add(widgets.NewHairline())
	for _, r := range rights() {
		sw := widgets.NewSwitch(widgets.SwitchConfig{
			Label: t.T("operators.right." + string(r)), Sentence: t.T("operators.right." + string(r) + ".sentence"), On: on, Off: off,
			Value: e.o.May(r), OnChange: func(v bool) { e.o.Rights = with(e.o.Rights, r, v); e.lock() },
		})
		e.rights[r] = sw
		e.body.Add(sw)
		if r == operators.RefundUpTo {
			e.limit = widgets.NewField(widgets.FieldConfig{Label: t.T("operators.limit", e.o.In), OnSubmit: func(string) { e.press() }})
			if e.o.Limit > 0 {
				e.limit.SetText(t.Plain(money.Amount{Minor: e.o.Limit, Currency: e.o.In}))
			}
			e.box = widgets.Pad(widgets.Insets{Left: 24, Bottom: 8}, narrow(e.limit, 220))
			e.body.Add(e.box)
		}
	}
	e.lock()
}

// lock keeps what an owner has anyway, and what a larger right includes, from
// being switched.
func (e *editor) lock() {
	t := e.s.cfg.Text
	for r, sw := range e.rights {
		switch {
		case e.o.Owner:
			sw.SetOn(true)
			sw.SetReason(t.T("operators.owner.has"))
		case r == operators.RefundUpTo && e.o.May(operators.RefundAny):
			sw.SetOn(true)
			sw.SetReason(t.T("operators.refundany.has"))
		default:
			sw.SetReason("")
			sw.SetOn(e.o.May(r))
		}
	}
	if !e.o.Owner && !e.o.May(operators.RefundAny) && e.o.May(operators.RefundUpTo) {
		e.box.Show()
	} else {
		e.box.Hide()
	}
	e.body.Refresh()
	if e.scroll != nil {
		e.scroll.Refresh()
	}
}

// amount reads the limit as people type it: "20", "20,50", "20.50". There is no
// pad here whose digits push in: 20 means 20.00.
func (e *editor) amount() bool {
	if !e.box.Visible() {
		return true
	}
	a, err := money.Parse(strings.TrimSpace(e.limit.Text()), e.o.In)
	switch {
	case errors.Is(err, money.ErrEmpty), errors.Is(err, money.ErrZero):
		e.limit.SetError(e.s.cfg.Text.T("operators.limit.missing"))
		return false
	case err != nil:
		e.limit.SetError(e.s.cfg.Text.T("operators.limit.wrong"))
		return false
	}
	e.limit.SetError("")
	e.o.Limit = a.Minor
	return true
}

func (e *editor) press() {
	t, cfg := e.s.cfg.Text, e.s.cfg
	name := strings.TrimSpace(e.name.Text())
	e.name.SetError("")
	if name == "" {
		e.name.SetError(t.T("settings.name.missing"))
		e.name.Focus()
		return
	}
	if !e.amount() {
		return
	}
	if name != Name(t, e.o) || e.o.Name == "" {
		e.o.Name = name
	}
	e.save.SetBusy(t.T("operators.saving"))
	o, fresh := e.o, e.o.ID == ""
	cfg.Run.Go(func(ctx context.Context) {
		var err error
		if fresh {
			o, err = cfg.Desk.Add(ctx, cfg.By, o)
		} else {
			err = cfg.Desk.Change(ctx, cfg.By, o)
		}
		cfg.Run.Do(func() { e.saved(o, fresh, err) })
	})
}

// saved closes the sheet; a new operator is asked for a PIN next.
func (e *editor) saved(o operators.Operator, fresh bool, err error) {
	e.save.SetBusy("")
	if err != nil {
		e.refused(err)
		return
	}
	e.s.cfg.Host.Close(e.sheet)
	e.s.changed()
	if fresh {
		e.s.setPIN(o)
	}
}

func (e *editor) refused(err error) {
	p := e.s.cfg.Text.Problem(payments.CodeOf(err))
	e.note.SetText(p.What + " " + p.Do)
	e.sheet.Refresh()
}

func (e *editor) pin() { e.s.cfg.Host.Close(e.sheet); e.s.setPIN(e.o) }

// remove asks, then takes the operator off the list.
func (e *editor) remove() {
	t, cfg := e.s.cfg.Text, e.s.cfg
	name := Name(t, e.o)
	var ask *widgets.Sheet
	var yes *widgets.Button
	yes = widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Severe, Icon: "trash", Label: t.T("operators.remove.do", name), OnTap: func() {
		yes.SetBusy(t.T("operators.saving"))
		cfg.Run.Go(func(ctx context.Context) {
			err := cfg.Desk.Remove(ctx, cfg.By, e.o.ID)
			cfg.Run.Do(func() {
				cfg.Host.Close(ask)
				if err != nil {
					e.refused(err)
					return
				}
				cfg.Host.Close(e.sheet)
				e.s.changed()
			})
		})
	}})
	keep := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Secondary, Label: t.T("operators.remove.keep"), OnTap: func() { cfg.Host.Close(ask) }})
	body := widgets.Col(16, widgets.Title(t.T("operators.remove.title", name)).Shrink(),
		widgets.NewParagraph(t.T("operators.remove.sentence"), theme.Body(), theme.Ink2), widgets.Row(12, yes, widgets.Space(), keep))
	ask = widgets.NewSheet(widgets.SheetConfig{
		Name: t.T("operators.remove.title", name), Width: 560, First: keep,
		Content: widgets.Pad(widgets.Insets{Top: 32, Right: 36, Bottom: 32, Left: 36}, body),
	})
	cfg.Host.Show(ask)
}
