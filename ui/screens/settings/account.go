package settings

import (
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"frontdesk/app/setup"
	"frontdesk/payments"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// account holds what is typed about the connection, and what is stored.
type account struct {
	page *Page
	have setup.Connection

	pack     string // pasted; it fills the checkout fields
	packFact *factLine
	fields   map[string]*widgets.Field // by their name in setup.Draft
	enable   *widgets.Switch
	cloud    *cloudPart // nil until REST was shown, and where there is none
	notes    map[Section]*factLine
	saves    map[Section]*widgets.Button
	discards map[Section]*widgets.Button
	heads    map[Section]*fyne.Container // changes with what is stored
	feet     map[Section]*fyne.Container
}

func newAccount(p *Page) *account {
	return &account{
		page: p, have: p.cfg.Desk.Connection(), packFact: newFactLine(), fields: map[string]*widgets.Field{}, notes: map[Section]*factLine{},
		saves: map[Section]*widgets.Button{}, discards: map[Section]*widgets.Button{},
		heads: map[Section]*fyne.Container{}, feet: map[Section]*fyne.Container{},
	}
}

// factLine is an icon and a sentence; nothing at all while there is none.
type factLine struct {
	icon  *widgets.Icon
	words *widgets.Paragraph
	root  *fyne.Container
}

func newFactLine() *factLine {
	l := &factLine{icon: widgets.NewIcon("check", 16, theme.Green.Text()), words: widgets.NewParagraph("", theme.Caption(), theme.Ink2)}
	lead := func() float32 { return 16*theme.Factor() + 8 }
	var width float32
	l.root = widgets.Place(func() fyne.Size {
		if l.words.Text() == "" {
			return fyne.Size{}
		}
		h := theme.Caption().LineHeight()
		if width > 0 {
			h = l.words.HeightFor(width - lead())
		}
		return fyne.NewSize(100, h)
	}, func(s fyne.Size) {
		width = s.Width
		widgets.Put(l.icon, 0, 0, 16*theme.Factor(), theme.Caption().LineHeight())
		widgets.Put(l.words, lead(), 0, s.Width-lead(), s.Height)
	}, l.icon, l.words)
	l.set(widgets.Fact{})
	return l
}

func (l *factLine) set(f widgets.Fact) {
	l.words.SetText(f.Words)
	if f.Words == "" {
		l.root.Hide()
		return
	}
	l.icon.SetIcon(f.Icon, f.Family.Text())
	l.words.SetLook(theme.Caption(), f.Family.Text())
	l.root.Show()
}

// field makes a field of the draft, with the walk-through behind its question
// mark.
func (a *account) field(name, guide string, secret bool, changed func(string)) *widgets.Field {
	t := a.page.cfg.Text
	key := "settings." + guide
	f := widgets.NewField(widgets.FieldConfig{
		Label: t.T(key), Secret: secret, HelpName: t.T("guide.where", t.T(key)), OnHelp: func() { a.page.guide(guide) },
		OnChanged: func(typed string) {
			a.clear(name)
			if changed != nil {
				changed(typed)
			}
			a.dirty()
		},
		OnBlur:   func() { a.left(name) },
		OnSubmit: func(string) { a.save(a.page.at) },
	})
	a.fields[name] = f
	return f
}

// value is what stands in a field that may not have been made yet.
func (a *account) value(name, stored string) string {
	if f := a.fields[name]; f != nil {
		return strings.TrimSpace(f.Text())
	}
	return stored
}

// stored is the draft that changes nothing.
func (a *account) stored() setup.Draft { return a.have.Draft() }

// draft is what is stored with what is typed in one section.
func (a *account) draft(s Section) setup.Draft { return a.typed(a.stored(), s) }

// shown is what is stored with what is typed in any section: what the test
// tries.
func (a *account) shown() setup.Draft {
	d := a.stored()
	for _, s := range []Section{Checkout, REST, Relay} {
		d = a.typed(d, s)
	}
	return d
}

// typed puts what is typed in a section into a draft.
func (a *account) typed(d setup.Draft, s Section) setup.Draft {
	switch s {
	case Checkout:
		if a.page.cfg.Mode == payments.Test {
			break
		}
		d.Pack = a.pack
		d.SID, d.Wallet = a.value(setup.FieldSID, d.SID), a.value(setup.FieldWallet, d.Wallet)
		d.KeyIndex = a.value(setup.FieldKeyIndex, d.KeyIndex)
		if a.pack == "" {
			d.PrivateKey, d.Certificate = a.value(setup.FieldPrivateKey, ""), a.value(setup.FieldCertificate, "")
		}
	case REST:
		d.ClientID, d.ClientSecret = a.value(setup.FieldClientID, d.ClientID), a.value(setup.FieldClientSecret, "")
		if a.enable != nil {
			d.EnableAPI = a.enable.On()
		}
		d.Cloud = a.cloud.draft(d.Cloud)
	case Relay:
		d.Relay, d.Pair = a.value(setup.FieldRelay, d.Relay), a.value(setup.FieldPair, "")
	}
	return d
}

// clear takes the sentence below a field away, because the field changes.
func (a *account) clear(name string) {
	if f := a.fields[name]; f != nil {
		f.SetError("")
		f.SetFact(widgets.Fact{})
	}
}

// dirty shows whether there is something to discard.
func (a *account) dirty() {
	for s, b := range a.discards {
		if a.draft(s) == a.stored() {
			b.Disable()
		} else {
			b.Enable()
		}
	}
	if n := a.notes[a.page.at]; n != nil && n.words.Text() != "" {
		n.set(widgets.Fact{})
		a.page.form.renew()
	}
}

// left checks a field when the cursor leaves it.
func (a *account) left(name string) {
	f := a.fields[name]
	if f == nil || strings.TrimSpace(f.Text()) == "" {
		return
	}
	for _, p := range a.page.cfg.Desk.Check(a.draft(a.page.at)) {
		if p.Field == name {
			f.SetError(a.page.problem(p.Code))
		}
	}
	a.page.form.renew()
}

// check shows every problem next to its field and reports whether there is
// one; the cursor goes to the first.
func (a *account) check(s Section) bool {
	first := true
	for _, p := range a.page.cfg.Desk.Check(a.draft(s)) {
		f := a.fields[p.Field]
		if f == nil || a.pack != "" && p.Field == setup.FieldPack {
			a.notes[s].set(widgets.Fact{Family: theme.Red, Icon: "alert", Words: a.page.problem(p.Code)})
		} else {
			a.cloud.unfold(p.Field)
			f.SetError(a.page.problem(p.Code))
			if first {
				f.Focus()
			}
		}
		first = false
	}
	a.page.form.renew()
	return !first
}

// reset shows what is stored now and forgets what was typed in a section.
func (a *account) reset(s Section) {
	a.have = a.page.cfg.Desk.Connection()
	switch s {
	case Checkout:
		a.pack = ""
		a.packFact.set(widgets.Fact{})
		a.fillCheckout()
	case REST:
		a.fillREST()
	case Relay:
		a.fillRelay()
	}
	a.dirty()
	a.page.form.renew()
}

// renew shows what is stored now where nothing was typed.
func (a *account) renew() {
	before := a.have
	var untouched []Section
	for _, s := range []Section{Checkout, REST, Relay} {
		if a.draft(s) == a.stored() {
			untouched = append(untouched, s)
		}
	}
	if a.have = a.page.cfg.Desk.Connection(); a.have == before {
		return
	}
	for _, s := range untouched {
		a.reset(s)
	}
}

// foot is the row below a section: what destroys at one end, saving at the
// other.
func (a *account) foot(s Section, left fyne.CanvasObject) fyne.CanvasObject {
	t := a.page.cfg.Text
	a.saves[s] = widgets.NewButton(widgets.ButtonConfig{Label: t.T("settings.save"), OnTap: func() { a.save(s) }})
	a.discards[s] = widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Secondary, Label: t.T("settings.discard"), OnTap: func() { a.reset(s) }})
	a.discards[s].Disable()
	if left == nil {
		left = widgets.NewSurface(widgets.Skin{})
	}
	a.notes[s] = newFactLine()
	return widgets.Col(10, a.notes[s].root, feet(left, a.discards[s], a.saves[s]))
}

// problem is a code in words that stand next to a field.
func (p *Page) problem(code string, args ...string) string {
	said := p.cfg.Text.Problem(code)
	return fill(said.What+" "+said.Do, args)
}

// failure is an error in words.
func (p *Page) failure(err error) string { return p.problem(payments.CodeOf(err)) }

// fill puts args into {0}, {1}, … of words.
func fill(words string, args []string) string {
	for i, a := range args {
		words = strings.ReplaceAll(words, "{"+strconv.Itoa(i)+"}", a)
	}
	return words
}

// date is a day in words, with its year when that is not this one.
func (p *Page) date(at time.Time) string {
	zone := p.cfg.Zone
	if zone == nil {
		zone = time.UTC
	}
	at = at.In(zone)
	words := p.cfg.Text.DayMonth(at)
	if at.Year() != p.cfg.Now().In(zone).Year() {
		words += " " + strconv.Itoa(at.Year())
	}
	return words
}
