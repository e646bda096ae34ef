package settings

import (
	"cmp"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"frontdesk/app/settings"
	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/payments/money"
	"frontdesk/ui/screens/operators"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// choice is a label over segments.
func choice(label string, words []string, chosen int, pick func(int)) fyne.CanvasObject {
	items := make([]widgets.Segment, len(words))
	for i, w := range words {
		items[i].Label = w
	}
	return widgets.Col(6, widgets.Strong(label), widgets.NewSegments(items, chosen, pick))
}

// sentence is a paragraph in the second ink.
func sentence(words string) *widgets.Paragraph {
	return widgets.NewParagraph(words, theme.Body(), theme.Ink2)
}

func (p *Page) lookPart() *part {
	t := p.cfg.Text
	themes := []theme.Choice{theme.System, theme.Light, theme.Dark}
	at, words := 0, make([]string, len(themes))
	for i, c := range themes {
		words[i] = t.T("settings.theme." + string(c))
		if string(c) == p.cfg.Values.Theme {
			at = i
		}
	}
	look := choice(t.T("settings.theme"), words, at, func(i int) {
		p.choose(func(s *settings.Settings) { s.Theme = string(themes[i]) })
	})
	factors := theme.Factors()
	size, sizes := 0, make([]string, len(factors))
	for i, f := range factors {
		sizes[i] = strconv.Itoa(int(f*100)) + " %"
		if f == p.cfg.Values.TextSize {
			size = i
		}
	}
	letters := choice(t.T("settings.text"), sizes, size, func(i int) {
		p.choose(func(s *settings.Settings) { s.TextSize = factors[i] })
	})
	codes := text.Languages()
	lang, names := 0, make([]string, len(codes))
	for i, c := range codes {
		names[i] = t.T("settings.language." + c)
		if c == p.cfg.Values.Language {
			lang = i
		}
	}
	tongue := choice(t.T("settings.language"), names, lang, func(i int) {
		p.choose(func(s *settings.Settings) { s.Language = codes[i] })
	})
	sound := widgets.NewSwitch(widgets.SwitchConfig{
		Label: t.T("settings.sound"), Sentence: t.T("settings.sound.sentence"), On: t.T("switch.on"), Off: t.T("switch.off"), Value: !p.cfg.Values.Mute,
		OnChange: func(on bool) { p.choose(func(s *settings.Settings) { s.Mute = !on }) },
	})
	return &part{
		title: t.T("settings.look"), caption: t.T("settings.look.caption"),
		body: widgets.Col(24, tongue, look, letters, sound, p.note),
	}
}

// Hours at which a business day may begin, and does where nobody chose.
const (
	lastBegin  = 12
	usualBegin = 4
)

func (p *Page) salonPart() *part {
	t := p.cfg.Text
	salon := widgets.NewField(widgets.FieldConfig{Label: t.T("settings.salon"), Hint: t.T("settings.salon.hint")})
	salon.SetText(p.cfg.Values.Salon)
	fields := []*widgets.Field{salon}
	body := widgets.Col(20, salon)
	var person *widgets.Field
	if p.cfg.Operators == nil {
		person = widgets.NewField(widgets.FieldConfig{Label: t.T("settings.operator"), Hint: t.T("settings.operator.hint")})
		person.SetText(p.cfg.Values.Operator)
		fields = append(fields, person)
		body.Add(person)
	}
	list := money.Currencies()
	at, words := 0, make([]string, len(list))
	for i, c := range list {
		words[i] = t.T("currency.entry", c, t.T("currency."+string(c)))
		if c == p.cfg.Values.Currency {
			at = i
		}
	}
	currency := widgets.NewChoice(t.T("firststart.currency"), words, at, 0, nil)
	body.Add(currency)
	body.Add(widgets.NewParagraph(t.T("settings.currency.hint"), theme.Caption(), theme.Ink2))
	hours := make([]string, lastBegin)
	for i := range hours {
		hours[i] = t.T("settings.daybegins.at", i+1)
	}
	begins := widgets.NewChoice(t.T("settings.daybegins"), hours, cmp.Or(p.cfg.Values.DayBegins, usualBegin)-1, 0, nil)
	body.Add(begins)
	body.Add(widgets.NewParagraph(t.T("settings.daybegins.hint"), theme.Caption(), theme.Ink2))
	body.Add(p.note)
	save := widgets.NewButton(widgets.ButtonConfig{Label: t.T("settings.save"), OnTap: func() {
		bad := false
		for _, f := range fields {
			bad = p.checkName(f, strings.TrimSpace(f.Text())) || bad
		}
		p.form.renew()
		if bad {
			return
		}
		p.choose(func(s *settings.Settings) {
			s.Salon, s.Currency = strings.TrimSpace(salon.Text()), list[currency.Chosen()]
			if hour := begins.Chosen() + 1; hour != usualBegin || s.DayBegins != 0 {
				s.DayBegins = hour
			}
			if person != nil {
				s.Operator = strings.TrimSpace(person.Text())
			}
		})
	}})
	return &part{
		title: t.T("settings.menu.salon"), caption: t.T("settings.salon.caption"), body: body,
		foot: widgets.Row(12, widgets.Space(), save), focus: salon.Focus,
	}
}

// checkName shows what is wrong with a name and reports whether anything is.
func (p *Page) checkName(f *widgets.Field, name string) bool {
	switch {
	case name == "":
		f.SetError(p.cfg.Text.T("settings.name.missing"))
	case len([]rune(name)) > maxName:
		f.SetError(p.cfg.Text.T("settings.name.long", maxName))
	default:
		f.SetError("")
		return false
	}
	return true
}

func (p *Page) aboutPart() *part {
	t := p.cfg.Text
	body := widgets.Col(20, sentence(t.T("settings.about.sentence", p.cfg.Version)))
	if p.cfg.DataDir != "" {
		body.Add(widgets.Col(2, widgets.Strong(t.T("settings.about.data")), widgets.NewParagraph(p.cfg.DataDir, theme.Caption(), theme.Ink2)))
	}
	return &part{title: t.T("settings.about"), body: body}
}

func (p *Page) phonePart() *part {
	t := p.cfg.Text
	return &part{title: t.T("settings.phone"), body: newPhoneCard(p.cfg, p.form.renew).root}
}

func (p *Page) operatorsPart() *part {
	t := p.cfg.Text
	p.people = operators.NewSection(operators.SectionConfig{
		Text: t, Host: p.cfg.Host, Run: p.cfg.Async, Desk: p.cfg.Operators, By: p.by(), Currency: p.cfg.Values.Currency,
		AutoLock: p.cfg.Values.AutoLock, Now: p.cfg.Now, Date: p.date, Changed: p.changed, Resized: p.form.renew,
		Lock: func(minutes int) { p.choose(func(s *settings.Settings) { s.AutoLock = minutes }) },
	})
	return &part{
		title: t.T("settings.menu.operators"), caption: t.T("operators.caption"),
		body: widgets.Col(12, p.people.Content(), p.note),
	}
}

// practicePart says that Practice needs nothing, and where to go for more.
func (p *Page) practicePart(s Section) *part {
	t := p.cfg.Text
	body := widgets.Col(20, sentence(t.T("settings.practice."+string(s))))
	if p.cfg.Switch != nil {
		live := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Primary, Label: t.T("settings.practice.live"), OnTap: func() { p.ask(payments.Live, Checkout) }})
		test := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Secondary, Label: t.T("settings.practice.test"), OnTap: func() { p.ask(payments.Test, Checkout) }})
		body.Add(widgets.Row(12, live, test, widgets.Space()))
	}
	return &part{title: t.T("settings.menu." + string(s)), caption: t.T("settings.practice.caption"), body: body}
}
