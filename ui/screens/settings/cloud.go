package settings

import (
	"strings"

	"fyne.io/fyne/v2"

	"frontdesk/app/setup"
	"frontdesk/payments"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// cloudPart holds the six credentials of the gateway for cloud terminals, folded
// away until somebody asks for them.
type cloudPart struct {
	account *account
	open    bool
	fields  fyne.CanvasObject
	toggle  *widgets.Button
	more    *fyne.Container
	root    *fyne.Container
}

// cloudFields are the fields in their order.
func cloudFields() []struct {
	name, key string
	secret    bool
} {
	return []struct {
		name, key string
		secret    bool
	}{
		{setup.FieldCloudPartner, "partner", false},
		{setup.FieldCloudApplication, "application", false},
		{setup.FieldCloudClient, "client", false},
		{setup.FieldCloudClientSecret, "clientsecret", true},
		{setup.FieldCloudMerchant, "merchant", false},
		{setup.FieldCloudMerchantSecret, "merchantsecret", true},
	}
}

// newCloudPart makes the part, nil in a mode in which no terminal takes real
// money.
func newCloudPart(a *account) *cloudPart {
	if a.page.cfg.Mode != payments.Live {
		return nil
	}
	t := a.page.cfg.Text
	c := &cloudPart{account: a, more: widgets.Col(18)}
	column := widgets.Col(18, sentence(t.T("settings.cloud.what")))
	for _, f := range cloudFields() {
		name := f.name
		field := widgets.NewField(widgets.FieldConfig{
			Label: t.T("settings.cloud." + f.key), Secret: f.secret,
			OnChanged: func(string) {
				a.clear(name)
				a.dirty()
			},
			OnBlur: func() { a.left(name) }, OnSubmit: func(string) { a.save(a.page.at) },
		})
		a.fields[name] = field
		column.Add(field)
	}
	c.fields = column
	c.toggle = widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Tonal, Label: t.T("settings.cloud.show"), OnTap: c.flip})
	head := widgets.Row(14, widgets.Grow(middle(widgets.NewParagraph(t.T("settings.cloud"), theme.BodyStrong(), theme.Ink))), c.toggle)
	c.root = widgets.Col(18, widgets.NewHairline(), head, c.more)
	return c
}

// set folds the fields away or shows them.
func (c *cloudPart) set(open bool) {
	t := c.account.page.cfg.Text
	c.open, c.more.Objects = open, nil
	label := t.T("settings.cloud.show")
	if open {
		c.more.Objects, label = []fyne.CanvasObject{c.fields}, t.T("settings.cloud.hide")
	}
	c.toggle.SetLabel(label)
	c.more.Refresh()
	c.account.page.form.renew()
}

// flip folds or unfolds, and scrolls to what has appeared.
func (c *cloudPart) flip() {
	c.set(!c.open)
	if scroll := c.account.page.form.scroll; c.open {
		top := c.root.Position().Y
		scroll.Reveal(top, top+scroll.Size().Height)
	}
}

// unfold shows the fields when one of them is the one that is meant.
func (c *cloudPart) unfold(name string) {
	if c != nil && !c.open && strings.HasPrefix(name, "Cloud.") {
		c.set(true)
	}
}

// draft is what stands in the fields.
func (c *cloudPart) draft(stored setup.CloudDraft) setup.CloudDraft {
	if c == nil {
		return stored
	}
	text := func(name string) string { return c.account.value(name, "") }
	return setup.CloudDraft{
		PartnerID: text(setup.FieldCloudPartner), ApplicationID: text(setup.FieldCloudApplication),
		ClientID: text(setup.FieldCloudClient), ClientSecret: text(setup.FieldCloudClientSecret),
		MerchantID: text(setup.FieldCloudMerchant), MerchantSecret: text(setup.FieldCloudMerchantSecret),
	}
}

// fill shows what is stored; secrets are told by their date only.
func (c *cloudPart) fill() {
	if c == nil {
		return
	}
	a, t, have := c.account, c.account.page.cfg.Text, c.account.have.Cloud
	for name, text := range map[string]string{
		setup.FieldCloudPartner: have.PartnerID, setup.FieldCloudApplication: have.ApplicationID, setup.FieldCloudClient: have.ClientID,
		setup.FieldCloudMerchant: have.MerchantID, setup.FieldCloudClientSecret: "", setup.FieldCloudMerchantSecret: "",
	} {
		a.fields[name].SetText(text)
		a.fields[name].SetError("")
	}
	a.fields[setup.FieldCloudMerchant].SetHint(t.T("settings.cloud.merchant.hint"))
	since := func(name string, stored string) {
		a.fields[name].SetPlaceholder("")
		a.fields[name].SetHint(t.T("settings.secret.hint"))
		if stored != "" {
			a.fields[name].SetPlaceholder("•••••••••••••••")
			a.fields[name].SetHint(stored)
		}
	}
	client, merchant := "", ""
	if !have.ClientSince.IsZero() {
		client = t.T("settings.stored.short", a.page.date(have.ClientSince))
	}
	if !have.MerchantSince.IsZero() {
		merchant = t.T("settings.stored.short", a.page.date(have.MerchantSince))
	}
	since(setup.FieldCloudClientSecret, client)
	since(setup.FieldCloudMerchantSecret, merchant)
}
