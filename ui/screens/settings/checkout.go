package settings

import (
	"strings"

	"fyne.io/fyne/v2"

	"frontdesk/app/setup"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// checkoutPart is where myPOS is connected: a pack, or its fields.
func (a *account) checkoutPart() *part {
	t := a.page.cfg.Text
	sid := a.field(setup.FieldSID, "sid", false, nil)
	wallet := a.field(setup.FieldWallet, "wallet", false, nil)
	index := a.field(setup.FieldKeyIndex, "index", false, nil)
	key := a.field(setup.FieldPrivateKey, "key", true, a.keyPasted)
	cert := a.field(setup.FieldCertificate, "certificate", false, a.certPasted)
	a.heads[Checkout], a.feet[Checkout] = widgets.Stack(), widgets.Stack()
	body := widgets.Col(18, a.heads[Checkout], a.packBanner(), newTrio(sid, wallet, index), key, cert, a.domainBox())
	foot := a.foot(Checkout, a.feet[Checkout])
	a.fillCheckout()
	return &part{
		title: t.T("settings.menu.checkout"), caption: t.T("settings.checkout.caption", a.page.modeName()),
		body: body, foot: foot, test: true, focus: sid.Focus,
	}
}

// modeName is the mode in words.
func (p *Page) modeName() string { return p.cfg.Text.T("mode." + string(p.cfg.Mode)) }

// fillCheckout puts what is stored into the fields.
func (a *account) fillCheckout() {
	if a.fields[setup.FieldSID] == nil {
		return
	}
	t, d := a.page.cfg.Text, a.stored()
	for name, value := range map[string]string{
		setup.FieldSID: d.SID, setup.FieldWallet: d.Wallet, setup.FieldKeyIndex: d.KeyIndex, setup.FieldPrivateKey: "", setup.FieldCertificate: "",
	} {
		f := a.fields[name]
		f.Enable()
		f.SetText(value)
		f.SetError("")
		f.SetFact(widgets.Fact{})
	}
	key, cert, c := a.fields[setup.FieldPrivateKey], a.fields[setup.FieldCertificate], a.have
	key.SetBadge(widgets.Fact{})
	key.SetPlaceholder("")
	key.SetHint(t.T("settings.key.hint"))
	if !c.KeySince.IsZero() {
		key.SetBadge(widgets.Fact{Family: theme.Green, Icon: "lock", Words: t.T("settings.key.badge", c.KeyBits)})
		key.SetPlaceholder("•••••••••••••••")
		key.SetHint(t.T("settings.stored", a.page.date(c.KeySince)))
	}
	cert.SetBadge(widgets.Fact{})
	cert.SetPlaceholder("")
	cert.SetHint(t.T("settings.certificate.hint"))
	if c.Certificate != "" {
		cert.SetBadge(a.until())
		cert.SetPlaceholder(t.T("settings.certificate.stored", ending(c.Certificate)))
	}
	a.fillFeet(Checkout)
	a.dirty()
}

// until tells how long the stored certificate is good.
func (a *account) until() widgets.Fact {
	t, at, now := a.page.cfg.Text, a.have.CertUntil, a.page.cfg.Now()
	switch {
	case at.IsZero():
		return widgets.Fact{}
	case now.After(at):
		return widgets.Fact{Family: theme.Red, Icon: "alert", Words: t.T("settings.certificate.over", a.page.date(at))}
	case now.AddDate(0, 2, 0).After(at):
		return widgets.Fact{Family: theme.Amber, Icon: "calendar", Words: t.T("settings.certificate.until", a.page.date(at))}
	}
	return widgets.Fact{Family: theme.Green, Icon: "calendar", Words: t.T("settings.certificate.until", a.page.date(at))}
}

// ending is the end of a fingerprint as people compare it: "7F:22:C9".
func ending(fingerprint string) string {
	hex := strings.ToUpper(strings.ReplaceAll(fingerprint, ":", ""))
	hex = hex[max(len(hex)-6, 0):]
	var parts []string
	for i := 0; i+2 <= len(hex); i += 2 {
		parts = append(parts, hex[i:i+2])
	}
	return strings.Join(parts, ":")
}

// packBanner offers to paste everything at once.
func (a *account) packBanner() fyne.CanvasObject {
	t := a.page.cfg.Text
	back := widgets.NewSurface(widgets.Skin{Fill: theme.PrimaryTint, Radius: 18})
	title := widgets.NewText(t.T("settings.pack.title"), theme.BodyStrong(), theme.OnPrimaryTint).Shrink()
	note := widgets.NewParagraph(t.T("settings.pack.sentence"), theme.Caption(), theme.OnPrimaryTint)
	help := widgets.NewIconButton("help", 18, t.T("guide.where", t.T("settings.pack")), func() { a.page.guide("pack") })
	paste := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Secondary, Icon: "copy", Label: t.T("settings.pack.paste"), OnTap: a.paste})
	var width float32
	beside := func() bool { return width == 0 || width/theme.Factor() > 430 }
	room := func() float32 {
		if beside() {
			return max(width-18-paste.MinSize().Width-18-8, 80)
		}
		return max(width-36, 80)
	}
	height := func() float32 {
		h := 22 + theme.BodyStrong().LineHeight() + note.HeightFor(room())
		if !beside() {
			h += 10 + paste.MinSize().Height
		}
		return max(h, paste.MinSize().Height+16)
	}
	box := widgets.Place(func() fyne.Size { return fyne.NewSize(240, height()) }, func(s fyne.Size) {
		width = s.Width
		widgets.Put(back, 0, 0, s.Width, s.Height)
		lh, nh, pm := theme.BodyStrong().LineHeight(), note.HeightFor(room()), paste.MinSize()
		top := (s.Height - lh - nh) / 2
		if !beside() {
			top = 11
			widgets.Put(paste, 18, s.Height-pm.Height-11, min(pm.Width, s.Width-36), pm.Height)
		} else {
			widgets.Put(paste, s.Width-8-pm.Width, (s.Height-pm.Height)/2, pm.Width, pm.Height)
		}
		tw := min(theme.BodyStrong().Measure(title.Text()).Width+1, room()-40)
		widgets.Put(title, 18, top, tw, lh)
		hm := help.MinSize()
		widgets.Put(help, 18+tw-6, top+(lh-hm.Height)/2, hm.Width, hm.Height)
		widgets.Put(note, 18, top+lh, room(), nh)
	}, back, title, note, help, paste)
	return widgets.Col(8, box, a.packFact.root)
}

// paste takes a pack from the clipboard.
func (a *account) paste() {
	typed := ""
	if a.page.cfg.Paste != nil {
		typed = a.page.cfg.Paste()
	}
	if strings.TrimSpace(typed) == "" {
		a.packFact.set(widgets.Fact{Family: theme.Red, Icon: "alert", Words: a.page.cfg.Text.T("settings.pack.nothing")})
		a.page.form.renew()
		return
	}
	a.take(typed)
}

// take reads a pack and fills the fields with what it says, locked: they
// change with the pack only.
func (a *account) take(typed string) {
	t := a.page.cfg.Text
	d := a.page.cfg.Desk.Diagnose(typed, a.page.cfg.Mode)
	if d.Kind != setup.KindPack || d.Code != "" {
		words := t.T("doctor.notpack", a.kindWords(d))
		if d.Code != "" {
			words = a.page.problem(d.Code)
		}
		a.packFact.set(widgets.Fact{Family: theme.Red, Icon: "alert", Words: words})
		a.page.form.renew()
		return
	}
	for name, value := range map[string]string{
		setup.FieldSID: d.SID, setup.FieldWallet: d.Wallet, setup.FieldKeyIndex: itoa(d.KeyIndex), setup.FieldPrivateKey: "", setup.FieldCertificate: "",
	} {
		f := a.fields[name]
		f.SetText(value)
		f.SetError("")
		f.Disable()
	}
	a.pack = typed
	from := t.T("settings.pack.from")
	key, cert := a.fields[setup.FieldPrivateKey], a.fields[setup.FieldCertificate]
	key.SetPlaceholder("•••••••••••••••")
	key.SetHint(from)
	key.SetBadge(widgets.Fact{Family: theme.Green, Icon: "lock", Words: t.T("settings.key.badge", d.Bits)})
	cert.SetPlaceholder(from)
	cert.SetBadge(widgets.Fact{})
	if !d.Until.IsZero() {
		cert.SetBadge(widgets.Fact{Family: theme.Green, Icon: "calendar", Words: t.T("settings.certificate.until", a.page.date(d.Until))})
	}
	a.packFact.set(a.good(d))
	a.dirty()
	a.page.form.renew()
}

// longPaste is what nobody types by hand: from there the doctor speaks while
// the field changes.
const longPaste = 24

// keyPasted tells what was pasted as the private key; a pack is taken as one.
func (a *account) keyPasted(typed string) { a.pasted(setup.FieldPrivateKey, typed) }

func (a *account) certPasted(typed string) { a.pasted(setup.FieldCertificate, typed) }

func (a *account) pasted(name, typed string) {
	if len(strings.TrimSpace(typed)) < longPaste || a.pack != "" {
		return
	}
	f, d := a.fields[name], a.page.cfg.Desk.Diagnose(typed, a.page.cfg.Mode)
	if d.Kind == setup.KindPack && d.Code == "" {
		a.take(typed)
		return
	}
	code := d.Code
	for _, p := range a.page.cfg.Desk.Check(a.draft(Checkout)) {
		if p.Field == name {
			code = p.Code
		}
	}
	if code != "" {
		f.SetError(a.page.problem(code))
	} else {
		f.SetFact(a.good(d))
	}
	a.page.form.renew()
}

// good says what a usable text is.
func (a *account) good(d setup.Diagnosis) widgets.Fact {
	t := a.page.cfg.Text
	words, family, icon := a.kindWords(d), theme.Green, "check"
	if !d.Until.IsZero() {
		words += " " + t.T("doctor.until", a.page.date(d.Until))
	}
	if d.Fixed {
		words += " " + t.T("doctor.fixed")
	}
	if d.Bits > 0 && d.Bits < 2048 {
		words += " " + t.T("doctor.short")
		family, icon = theme.Amber, "alert"
	}
	return widgets.Fact{Family: family, Icon: icon, Words: words}
}

// kindWords names a pasted text.
func (a *account) kindWords(d setup.Diagnosis) string {
	t := a.page.cfg.Text
	switch {
	case d.Kind == setup.KindPack:
		return t.T("doctor.pack", d.SID, d.Bits)
	case d.Kind == setup.KindPrivateKey && d.Format != "":
		return t.T("doctor.private_key", d.Bits, d.Format)
	}
	return t.T("doctor." + string(d.Kind))
}

// domainBox says which domain must be approved for the store.
func (a *account) domainBox() fyne.CanvasObject {
	t := a.page.cfg.Text
	words := t.T("settings.domain.none")
	if host := hostOf(a.have.Relay); host != "" {
		words = t.T("settings.domain", host)
	}
	more := widgets.NewTextButton(t.T("settings.domain.how"), "right", true, func() { a.page.guide("domain") })
	return widgets.Stack(widgets.NewSurface(widgets.Skin{Fill: theme.Shell, Radius: 14}),
		widgets.Pad(widgets.Insets{Top: 4, Right: 12, Bottom: 4, Left: 16}, beside(widgets.NewParagraph(words, theme.Caption(), theme.Ink2), more, 20)))
}

// beside puts a part of fixed width at the right of words that wrap.
func beside(words, tail fyne.CanvasObject, between float32) fyne.CanvasObject {
	var width float32
	room := func() float32 { return max(width-tail.MinSize().Width-between, 80) }
	return widgets.Place(func() fyne.Size {
		if width > 0 {
			words.Resize(fyne.NewSize(room(), words.Size().Height))
		}
		return fyne.NewSize(tail.MinSize().Width+120, max(words.MinSize().Height, tail.MinSize().Height))
	}, func(s fyne.Size) {
		width = s.Width
		words.Resize(fyne.NewSize(room(), words.Size().Height))
		h, m := words.MinSize().Height, tail.MinSize()
		widgets.Put(words, 0, (s.Height-h)/2, room(), h)
		widgets.Put(tail, s.Width-m.Width, (s.Height-m.Height)/2, m.Width, m.Height)
	}, words, tail)
}

// entryInset is what a field keeps free around the words in its box.
const entryInset = 44

// newTrio puts SID, wallet and index side by side where there is room for all
// the digits each of them may have.
func newTrio(sid, wallet, index *widgets.Field) fyne.CanvasObject {
	var width float32
	fields := []*widgets.Field{sid, wallet, index}
	need := func(f *widgets.Field, longest string) float32 {
		return max(theme.BodyStrong().Measure(f.AccessibilityLabel()).Width, theme.Body().Measure(longest).Width) + entryInset
	}
	needs := func() [3]float32 {
		return [3]float32{need(sid, "000000000000000"), need(wallet, "00000000000"), max(104*theme.Factor(), need(index, "99"))}
	}
	rest := func() float32 {
		n := needs()
		return width - n[0] - n[1] - n[2] - 32
	}
	side := func() bool { return width == 0 || rest() >= 0 }
	widths := func() [3]float32 {
		if !side() {
			return [3]float32{width, width, width}
		}
		n := needs()
		return [3]float32{n[0] + rest()/2, n[1] + rest()/2, n[2]}
	}
	measure := func() (heights [3]float32) {
		for i, w := range widths() {
			if width > 0 && fields[i].Size().Width != w {
				fields[i].Resize(fyne.NewSize(w, fields[i].Size().Height))
			}
			heights[i] = fields[i].MinSize().Height
		}
		return heights
	}
	return widgets.Place(func() fyne.Size {
		h := measure()
		if side() {
			return fyne.NewSize(200, max(h[0], h[1], h[2]))
		}
		return fyne.NewSize(200, h[0]+h[1]+h[2]+36)
	}, func(s fyne.Size) {
		width = s.Width
		h, x, y := measure(), float32(0), float32(0)
		for i, w := range widths() {
			widgets.Put(fields[i], x, y, w, h[i])
			if side() {
				x += w + 16
			} else {
				y += h[i] + 18
			}
		}
	}, sid, wallet, index)
}
