package settings

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"frontdesk/app/receipt"
	"frontdesk/app/settings"
	"frontdesk/app/text"
	pagereceipt "frontdesk/ui/screens/receipt"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// receipts is the section in which receipts are set up, with one of them beside
// it as it would come out now.
type receipts struct {
	page                                            *Page
	salon, street, city, vatID, phone, footer, rate *widgets.Field
	language                                        *widgets.Choice
	auto                                            *widgets.Switch
	printer                                         *printerPart
	codes                                           []string // languages by their place in the choice; the first is the customer's
	paper                                           *pagereceipt.Paper
	note                                            *factLine
	save, discard                                   *widgets.Button
}

// maxLine is the most letters in a line about the salon.
const maxLine = 60

func (p *Page) receiptPart() *part {
	t := p.cfg.Text
	r := &receipts{page: p, note: newFactLine(), paper: pagereceipt.NewPaper(settings.PaperWide, nil)}
	field := func(key, hint string) *widgets.Field {
		if hint != "" {
			hint = t.T(hint)
		}
		return widgets.NewField(widgets.FieldConfig{Label: t.T(key), Hint: hint, OnChanged: func(string) { r.changed() }, OnSubmit: func(string) { r.keep() }})
	}
	r.salon, r.street, r.city = field("settings.salon", "settings.salon.hint"), field("settings.receipt.street", ""), field("settings.receipt.city", "")
	r.vatID, r.phone = field("settings.receipt.vatid", ""), field("settings.receipt.phone", "")
	r.footer, r.rate = field("settings.receipt.footer", "settings.receipt.footer.hint"), field("settings.receipt.vat", "settings.receipt.vat.hint")
	r.rate.SetBadge(widgets.Fact{Family: theme.Grey, Words: "%"})
	r.codes = append([]string{""}, text.Languages()...)
	words := []string{t.T("settings.receipt.language.customer")}
	for _, c := range text.Languages() {
		words = append(words, t.T("settings.language."+c))
	}
	r.language = widgets.NewChoice(t.T("settings.receipt.language"), words, 0, 0, func(int) { r.changed() })
	r.auto = widgets.NewSwitch(widgets.SwitchConfig{
		Label: t.T("settings.receipt.auto"), Sentence: t.T("settings.receipt.auto.sentence"), On: t.T("switch.on"), Off: t.T("switch.off"),
		OnChange: func(bool) { r.changed() },
	})
	r.printer = newPrinterPart(r)
	body := widgets.Col(18, r.salon, newPair(r.street, r.city), newPair(r.vatID, r.phone), newPair(r.rate, r.footer), r.language,
		widgets.NewHairline(), r.printer.root, r.auto)
	r.discard = widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Secondary, Label: t.T("settings.discard"), OnTap: r.fill})
	r.save = widgets.NewButton(widgets.ButtonConfig{Label: t.T("settings.save"), OnTap: r.keep})
	foot := widgets.Col(10, r.note.root, feet(widgets.NewSurface(widgets.Skin{}), r.discard, r.save))
	r.fill()
	return &part{
		title: t.T("settings.menu.receipt"), caption: t.T("settings.receipt.caption"), body: body, foot: foot, focus: r.salon.Focus,
		side: r.preview(),
	}
}

// preview is the card with the paper.
func (r *receipts) preview() fyne.CanvasObject {
	t := r.page.cfg.Text
	scroll := widgets.NewScroll(widgets.Pad(widgets.Insets{Right: 8, Bottom: 8}, widgets.Col(0, r.paper)))
	title, caption := widgets.NewText(t.T("settings.receipt.preview"), theme.Heading(), theme.Ink).Shrink(), widgets.NewParagraph(t.T("settings.receipt.preview.caption"), theme.Caption(), theme.Ink2)
	card := widgets.NewSurface(widgets.CardSkin())
	return widgets.Place(func() fyne.Size { return fyne.NewSize(240, r.paper.MinSize().Height+100*theme.Factor()) }, func(s fyne.Size) {
		const side = 24
		inner := s.Width - 2*side
		widgets.Put(card, 0, 0, s.Width, s.Height)
		y := float32(24)
		widgets.Put(title, side, y, inner, theme.Heading().LineHeight())
		y += theme.Heading().LineHeight() + 2
		h := caption.HeightFor(inner)
		widgets.Put(caption, side, y, inner, h)
		y += h + 14
		widgets.Put(scroll, side, y, inner+8, max(s.Height-y-16, 40))
	}, card, title, caption, scroll)
}

// fill shows what is stored.
func (r *receipts) fill() {
	v := r.page.cfg.Values
	for f, words := range map[*widgets.Field]string{
		r.salon: v.Salon, r.street: v.Shop.Street, r.city: v.Shop.City, r.vatID: v.Shop.VATID, r.phone: v.Shop.Phone, r.footer: v.Shop.Footer,
		r.rate: percent(v.Receipt.VAT),
	} {
		f.SetText(words)
		f.SetError("")
	}
	at := 0
	for i, c := range r.codes {
		if c == v.Receipt.Language {
			at = i
		}
	}
	r.language.SetChosen(at)
	r.auto.SetOn(v.Receipt.Auto)
	r.printer.fill(v.Receipt.Printer)
	r.changed()
}

// typed are the settings with what stands in the fields; false when a field is
// wrong.
func (r *receipts) typed() (settings.Settings, bool) {
	v, ok := r.page.cfg.Values, true
	line := func(f *widgets.Field) string {
		words := strings.TrimSpace(f.Text())
		ok = ok && len([]rune(words)) <= maxLine
		return words
	}
	v.Salon = strings.TrimSpace(r.salon.Text())
	v.Shop = settings.Shop{Street: line(r.street), City: line(r.city), VATID: line(r.vatID), Phone: line(r.phone), Footer: line(r.footer)}
	rate, good := parsePercent(r.rate.Text())
	v.Receipt.VAT, v.Receipt.Language, v.Receipt.Auto = rate, r.codes[r.language.Chosen()], r.auto.On()
	printer, fits := r.printer.typed()
	v.Receipt.Printer = printer
	return v, ok && good && fits && v.Salon != "" && len([]rune(v.Salon)) <= maxName
}

// changed draws the paper anew.
func (r *receipts) changed() {
	v, _ := r.typed()
	lang := v.Receipt.Language
	if lang == "" {
		lang = r.page.cfg.Values.Language
	}
	cfg := receipt.Config{Salon: v.Heading(), Mode: r.page.cfg.Mode, Simulated: r.page.cfg.Simulated, Zone: r.page.cfg.Zone, Language: lang, VAT: v.Receipt.VAT, Paid: r.page.cfg.Now()}
	columns := v.Receipt.Printer.Columns()
	r.paper.Set(columns, receipt.Specimen(cfg).Text(columns))
	r.auto.SetReason("")
	if v.Receipt.Printer.None() && !v.Receipt.Auto {
		r.auto.SetReason(r.page.cfg.Text.T("settings.receipt.auto.none"))
	}
	for _, f := range r.fields() {
		f.SetError("")
	}
	if have := r.page.cfg.Values; v.Salon == have.Salon && v.Shop == have.Shop && v.Receipt == have.Receipt {
		r.discard.Disable()
	} else {
		r.discard.Enable()
	}
	r.note.set(widgets.Fact{})
	r.page.form.renew()
}

func (r *receipts) fields() []*widgets.Field {
	return []*widgets.Field{r.salon, r.street, r.city, r.vatID, r.phone, r.footer, r.rate, r.printer.address, r.printer.port}
}

// check tells what is wrong with the fields and puts the cursor into the first
// of them.
func (r *receipts) check() bool {
	t := r.page.cfg.Text
	bad := r.page.checkName(r.salon, strings.TrimSpace(r.salon.Text()))
	for _, f := range []*widgets.Field{r.street, r.city, r.vatID, r.phone, r.footer} {
		if len([]rune(strings.TrimSpace(f.Text()))) > maxLine {
			f.SetError(t.T("settings.name.long", maxLine))
			bad = true
		}
	}
	if _, ok := parsePercent(r.rate.Text()); !ok {
		r.rate.SetError(t.T("settings.receipt.vat.wrong"))
		bad = true
	}
	bad = r.printer.check() || bad
	if bad {
		r.page.form.renew()
	}
	return !bad
}

// keep stores what stands in the fields.
func (r *receipts) keep() {
	v, _ := r.typed()
	if !r.check() {
		return
	}
	note := widgets.Fact{Family: theme.Green, Icon: "check", Words: r.page.cfg.Text.T("settings.receipt.saved")}
	r.page.cfg.Values = v
	if err := r.page.cfg.Choose(v); err != nil {
		note = widgets.Fact{Family: theme.Red, Icon: "alert", Words: r.page.cfg.Text.T("settings.failed")}
	}
	r.changed()
	r.note.set(note)
	r.page.form.renew()
}

// parsePercent reads a rate as people write it, in basis points: "20", "7,5",
// "7.5 %". Nothing means none.
func parsePercent(typed string) (int, bool) {
	typed = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(typed), "%"))
	if typed == "" {
		return 0, true
	}
	whole, part, _ := strings.Cut(strings.Replace(typed, ",", ".", 1), ".")
	if len(part) > 2 || len(whole) == 0 || len(whole) > 2 {
		return 0, false
	}
	for _, r := range whole + part {
		if r < '0' || r > '9' {
			return 0, false
		}
	}
	part += strings.Repeat("0", 2-len(part))
	n, err := strconv.Atoi(whole + part)
	return n, err == nil && n <= settings.MaxVAT
}

// percent writes a rate for its field: "20", "7.5"; none is empty.
func percent(points int) string {
	if points == 0 {
		return ""
	}
	s := strconv.Itoa(points / 100)
	if rest := points % 100; rest != 0 {
		s += "." + strings.TrimRight(strconv.Itoa(100 + rest)[1:], "0")
	}
	return s
}

// newPair puts two fields side by side where there is room.
func newPair(a, b *widgets.Field) fyne.CanvasObject {
	var width float32
	side := func() bool { return width == 0 || width/theme.Factor() >= 420 }
	measure := func() (w, ha, hb float32) {
		w = width
		if side() {
			w = (width - 16) / 2
		}
		for _, f := range []*widgets.Field{a, b} {
			if width > 0 && f.Size().Width != w {
				f.Resize(fyne.NewSize(w, f.Size().Height))
			}
		}
		return w, a.MinSize().Height, b.MinSize().Height
	}
	return widgets.Place(func() fyne.Size {
		_, ha, hb := measure()
		if side() {
			return fyne.NewSize(200, max(ha, hb))
		}
		return fyne.NewSize(200, ha+18+hb)
	}, func(s fyne.Size) {
		width = s.Width
		w, ha, hb := measure()
		widgets.Put(a, 0, 0, w, ha)
		if side() {
			widgets.Put(b, w+16, 0, w, hb)
			return
		}
		widgets.Put(b, 0, ha+18, w, hb)
	}, a, b)
}
