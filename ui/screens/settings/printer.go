package settings

import (
	"context"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"frontdesk/app/receipt"
	"frontdesk/app/settings"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// printerPart chooses what receipts come out of and tries it.
type printerPart struct {
	of      *receipts
	kinds   []string
	kind    *widgets.Choice
	address *widgets.Field
	port    *widgets.Field
	both    fyne.CanvasObject // address and port
	alone   *fyne.Container   // the address, where there is no port
	found   *fyne.Container   // what was found, a button each
	search  *widgets.Button
	width   fyne.CanvasObject
	paper   *widgets.Segments
	cut     *widgets.Switch
	try     *widgets.Button
	result  *factLine
	root    *fyne.Container
	asked   int // counts searches; answers to older ones are dropped
}

// widths are the papers by their place in the choice.
func widths() []int { return []int{settings.PaperWide, settings.PaperNarrow} }

func newPrinterPart(r *receipts) *printerPart {
	t := r.page.cfg.Text
	p := &printerPart{
		of: r, result: newFactLine(), found: widgets.Col(8),
		kinds: []string{settings.PrinterNone, settings.PrinterSystem, settings.PrinterNetwork, settings.PrinterUSB, settings.PrinterSerial},
	}
	var words []string
	for _, k := range p.kinds {
		words = append(words, t.T("settings.printer."+k))
	}
	p.kind = widgets.NewChoice(t.T("settings.printer"), words, 0, 0, func(int) {
		p.found.Objects = nil
		p.result.set(widgets.Fact{})
		p.show()
		r.changed()
	})
	changed := func(string) {
		p.result.set(widgets.Fact{})
		r.changed()
	}
	p.address = widgets.NewField(widgets.FieldConfig{Label: t.T("settings.printer.address"), OnChanged: changed, OnSubmit: func(string) { r.keep() }})
	p.port = widgets.NewField(widgets.FieldConfig{Label: t.T("settings.printer.port"), OnChanged: changed, OnSubmit: func(string) { r.keep() }})
	p.port.SetPlaceholder(strconv.Itoa(settings.DefaultPrinterPort))
	p.paper = widgets.NewSegments([]widgets.Segment{{Label: t.T("settings.printer.80")}, {Label: t.T("settings.printer.58")}}, 0, func(int) { r.changed() })
	p.width = widgets.Col(6, widgets.Strong(t.T("settings.printer.width")), p.paper)
	p.cut = widgets.NewSwitch(widgets.SwitchConfig{
		Label: t.T("settings.printer.cut"), Sentence: t.T("settings.printer.cut.sentence"), On: t.T("switch.on"), Off: t.T("switch.off"),
		OnChange: func(bool) { r.changed() },
	})
	p.search = widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Secondary, Icon: "search", Label: t.T("settings.printer.search"), OnTap: p.find})
	p.try = widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Tonal, Icon: "printer", Label: t.T("settings.printer.try"), OnTap: p.test})
	p.both, p.alone = newPair(p.address, p.port), widgets.Stack(p.address)
	p.root = widgets.Col(14)
	return p
}

// show lays out what the chosen kind needs.
func (p *printerPart) show() {
	t := p.of.page.cfg.Text
	kind := p.kinds[p.kind.Chosen()]
	p.root.Objects = []fyne.CanvasObject{p.kind}
	if kind != settings.PrinterNone {
		p.address.SetWords(t.T("settings.printer.address."+kind), t.T("settings.printer.address."+kind+".hint"), "")
		switch kind {
		case settings.PrinterNetwork:
			p.root.Add(p.both)
		default:
			p.root.Add(p.alone)
			p.root.Add(p.found)
		}
		if kind != settings.PrinterSystem {
			p.root.Add(p.width)
			p.root.Add(p.cut)
		}
		if p.of.page.cfg.Printers != nil {
			row := []fyne.CanvasObject{p.try}
			if kind != settings.PrinterNetwork {
				row = append(row, p.search)
			}
			p.root.Add(widgets.Row(12, append(row, widgets.Space())...))
			p.root.Add(p.result.root)
		}
	}
	p.of.page.form.renew()
}

// fill shows a stored printer.
func (p *printerPart) fill(stored settings.Printer) {
	at := 0
	for i, k := range p.kinds {
		if k == stored.Kind {
			at = i
		}
	}
	p.kind.SetChosen(at)
	p.address.SetText(stored.Address)
	p.port.SetText(itoa(stored.Port))
	for i, w := range widths() {
		if w == stored.Columns() {
			p.paper.SetChosen(i)
		}
	}
	p.cut.SetOn(stored.Cut)
	p.found.Objects = nil
	p.result.set(widgets.Fact{})
	p.show()
}

// typed is the printer that stands in the fields, false when it cannot be one.
// What was stored keeps its shape as long as it means the same.
func (p *printerPart) typed() (settings.Printer, bool) {
	kind := p.kinds[p.kind.Chosen()]
	stored := p.of.page.cfg.Values.Receipt.Printer
	if kind == settings.PrinterNone {
		if stored.None() {
			return stored, true
		}
		return settings.Printer{}, true
	}
	out := settings.Printer{Kind: kind, Address: strings.TrimSpace(p.address.Text()), Cut: p.cut.On()}
	if w := widths()[p.paper.Chosen()]; w != settings.PaperWide || stored.Width != 0 {
		out.Width = w
	}
	ok := out.Address != "" || kind == settings.PrinterSystem
	if typed := strings.TrimSpace(p.port.Text()); kind == settings.PrinterNetwork && typed != "" {
		port, err := strconv.Atoi(typed)
		ok = ok && err == nil && port > 0 && port < 1<<16
		out.Port = port
	}
	return out, ok
}

// check tells what is wrong and reports whether anything is.
func (p *printerPart) check() bool {
	t := p.of.page.cfg.Text
	out, ok := p.typed()
	if ok {
		return false
	}
	if out.Address == "" {
		p.address.SetError(t.T("settings.printer.address.missing"))
		return true
	}
	p.port.SetError(t.T("settings.printer.port.wrong"))
	return true
}

// test prints a specimen with what stands in the fields; nothing is stored.
func (p *printerPart) test() {
	page, t := p.of.page, p.of.page.cfg.Text
	to, _ := p.typed()
	if p.try.Disabled() || p.check() {
		page.form.renew()
		return
	}
	p.try.SetBusy(t.T("settings.printer.trying"))
	p.result.set(widgets.Fact{})
	page.cfg.Async.Go(func(ctx context.Context) {
		err := page.cfg.Printers.TestPrinter(ctx, to)
		page.cfg.Async.Do(func() {
			p.try.SetBusy("")
			if err != nil {
				said := t.Failure(err)
				p.result.set(widgets.Fact{Family: theme.Red, Icon: "alert", Words: said.What + " " + said.Do})
			} else {
				p.result.set(widgets.Fact{Family: theme.Green, Icon: "check", Words: t.T("settings.printer.works")})
			}
			page.form.renew()
			page.form.scroll.Follow(p.result.root)
		})
	})
}

// find lists printers and ports of the chosen kind.
func (p *printerPart) find() {
	page, t := p.of.page, p.of.page.cfg.Text
	kind := p.kinds[p.kind.Chosen()]
	p.asked++
	asked := p.asked
	p.search.SetBusy(t.T("settings.printer.searching"))
	page.cfg.Async.Go(func(ctx context.Context) {
		list, err := page.cfg.Printers.Printers(ctx)
		page.cfg.Async.Do(func() {
			p.search.SetBusy("")
			if asked == p.asked && kind == p.kinds[p.kind.Chosen()] {
				p.offer(kind, list, err)
			}
		})
	})
}

// offer shows what was found, a button each.
func (p *printerPart) offer(kind string, list []receipt.Found, err error) {
	t := p.of.page.cfg.Text
	p.found.Objects = nil
	p.result.set(widgets.Fact{})
	for _, f := range list {
		if f.Kind != kind {
			continue
		}
		label := f.Name
		if f.Default {
			label = t.T("settings.printer.default", f.Name)
		}
		p.found.Add(widgets.Row(0, widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Secondary, Icon: "printer", Label: label, OnTap: func() {
			p.address.SetText(f.Address)
			p.found.Objects = nil
			p.of.changed()
		}}), widgets.Space()))
	}
	switch {
	case err != nil:
		said := t.Failure(err)
		p.result.set(widgets.Fact{Family: theme.Red, Icon: "alert", Words: said.What + " " + said.Do})
	case len(p.found.Objects) == 0:
		p.result.set(widgets.Fact{Family: theme.Grey, Icon: "info", Words: t.T("settings.printer.nothing")})
	}
	p.of.page.form.renew()
	if p.result.root.Visible() {
		p.of.page.form.scroll.Follow(p.result.root)
	} else {
		p.of.page.form.scroll.Follow(p.search) // it stands below what was found
	}
}
