package settings

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"frontdesk/app/setup"
	"frontdesk/payments"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

func itoa(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// hostOf is the host of an address, for people: the domain to approve.
func hostOf(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// restPart holds the credentials of the REST API.
func (a *account) restPart() *part {
	t := a.page.cfg.Text
	a.enable = widgets.NewSwitch(widgets.SwitchConfig{
		Label: t.T("settings.api"), Sentence: t.T("settings.api.sentence"), On: t.T("switch.on"), Off: t.T("switch.off"),
		OnChange: func(bool) { a.dirty() },
	})
	id := a.field(setup.FieldClientID, "clientid", false, func(string) { a.lockAPI() })
	secret := a.field(setup.FieldClientSecret, "secret", true, func(string) { a.lockAPI() })
	id.SetPlaceholder("XX-0000-0000")
	body := widgets.Col(18, sentence(t.T("settings.rest.what")), a.enable, id, secret)
	if a.cloud = newCloudPart(a); a.cloud != nil {
		body.Add(a.cloud.root)
	}
	foot := a.foot(REST, nil)
	a.fillREST()
	return &part{
		title: t.T("settings.menu.rest"), caption: t.T("settings.checkout.caption", a.page.modeName()),
		body: body, foot: foot, test: true, focus: id.Focus,
	}
}

// lockAPI keeps the API from being switched on without both values.
func (a *account) lockAPI() {
	t := a.page.cfg.Text
	id, secret := a.value(setup.FieldClientID, ""), a.value(setup.FieldClientSecret, "")
	kept := !a.have.SecretSince.IsZero() && a.have.ClientID == id
	reason := ""
	switch {
	case a.enable.On(): // switching off is always allowed
	case id == "" && secret == "" && !kept:
		reason = t.T("settings.api.both")
	case id == "":
		reason = t.T("settings.api.noid")
	case secret == "" && !kept:
		reason = t.T("settings.api.nosecret")
	}
	a.enable.SetReason(reason)
	a.page.form.renew()
}

func (a *account) fillREST() {
	id, secret := a.fields[setup.FieldClientID], a.fields[setup.FieldClientSecret]
	if id == nil {
		return
	}
	t := a.page.cfg.Text
	id.SetText(a.have.ClientID)
	secret.SetText("")
	for _, f := range []*widgets.Field{id, secret} {
		f.SetError("")
	}
	secret.SetPlaceholder("")
	secret.SetHint(t.T("settings.secret.hint"))
	if !a.have.SecretSince.IsZero() {
		secret.SetPlaceholder("•••••••••••••••")
		secret.SetHint(t.T("settings.stored.short", a.page.date(a.have.SecretSince)))
	}
	a.enable.SetOn(a.have.EnableAPI)
	a.cloud.fill()
	a.lockAPI()
	a.dirty()
}

// relayPart holds address and pairing of the relay.
func (a *account) relayPart() *part {
	t := a.page.cfg.Text
	address := a.field(setup.FieldRelay, "address", false, nil)
	code := a.field(setup.FieldPair, "pair", false, nil)
	address.SetPlaceholder("https://pay.example.com")
	a.heads[Relay] = widgets.Stack()
	body := widgets.Col(18, sentence(t.T("settings.relay.what")), a.heads[Relay], address, code)
	show := func() {}
	if a.page.cfg.Fleet != nil && !a.have.PairedSince.IsZero() {
		f := newFleetPart(a.page)
		body.Add(f.root)
		show = f.load
	}
	foot := a.foot(Relay, nil)
	a.fillRelay()
	show()
	return &part{
		title: t.T("settings.menu.relay"), caption: t.T("settings.relay.caption"), body: body, foot: foot, test: true, focus: address.Focus,
		tick: func() { a.relayState() },
	}
}

func (a *account) fillRelay() {
	address, code := a.fields[setup.FieldRelay], a.fields[setup.FieldPair]
	if address == nil {
		return
	}
	t := a.page.cfg.Text
	address.SetText(a.have.Relay)
	code.SetText("")
	for _, f := range []*widgets.Field{address, code} {
		f.SetError("")
	}
	address.SetHint(t.T("settings.address.hint"))
	code.SetHint(t.T("settings.pair.hint"))
	if !a.have.PairedSince.IsZero() {
		code.SetHint(t.T("settings.pair.again"))
	}
	a.relayState()
	a.dirty()
}

// relayState shows whether this desk is paired, and when the way was last
// shown to work.
func (a *account) relayState() {
	t, c := a.page.cfg.Text, a.have
	mark, title, words := widgets.Mark{Family: theme.Grey, Icon: "relay"}, t.T("settings.paired.no"), t.T("settings.paired.no.sentence")
	if !c.PairedSince.IsZero() {
		mark, title = widgets.Mark{Family: theme.Green, Icon: "check"}, t.T("settings.paired", a.page.date(c.PairedSince))
		words = a.proofWords()
		if proof := a.proof(); proof.Err != "" {
			mark = widgets.Mark{Family: theme.Amber, Icon: "alert"}
		}
	}
	line := widgets.Row(14, widgets.StateDot(mark), widgets.Grow(middle(widgets.Col(0, widgets.Strong(title).Shrink(), widgets.NewParagraph(words, theme.Caption(), theme.Ink2)))))
	a.heads[Relay].Objects = []fyne.CanvasObject{
		widgets.NewSurface(widgets.Skin{Fill: theme.Shell, Radius: 16}), widgets.Pad(widgets.Insets{Top: 12, Right: 16, Bottom: 12, Left: 14}, line),
	}
	a.heads[Relay].Refresh()
}

func (a *account) proof() payments.Proof {
	if a.page.cfg.Proof == nil {
		return payments.Proof{}
	}
	return a.page.cfg.Proof()
}

func (a *account) proofWords() string {
	t, p := a.page.cfg.Text, a.proof()
	age := t.Duration(max(a.page.cfg.Now().Sub(p.At), time.Second))
	switch {
	case p.At.IsZero() && p.Err != "":
		return t.T("settings.proof.never")
	case p.At.IsZero():
		return t.T("settings.proof.soon")
	case p.Err != "":
		return t.T("settings.proof.silent", age)
	}
	return t.T("settings.proof", age)
}

// middle keeps an object at full width and its own height.
func middle(o fyne.CanvasObject) fyne.CanvasObject {
	var width float32
	return widgets.Place(func() fyne.Size {
		if width > 0 {
			o.Resize(fyne.NewSize(width, o.Size().Height))
		}
		return o.MinSize()
	}, func(s fyne.Size) {
		width = s.Width
		o.Resize(fyne.NewSize(width, o.Size().Height))
		h := o.MinSize().Height
		widgets.Put(o, 0, (s.Height-h)/2, s.Width, h)
	}, o)
}
