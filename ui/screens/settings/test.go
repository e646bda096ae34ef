package settings

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"frontdesk/app/setup"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// testColumn is Test connection: a row per step, filled in one after another.
type testColumn struct {
	page    *Page
	title   *widgets.Text
	caption *widgets.Paragraph
	rows    map[string]*widgets.TestRow
	list    *fyne.Container
	button  *widgets.Button
	scroll  *widgets.Scroll
	root    *fyne.Container // the card
	inner   *fyne.Container // the same below the form

	index   string             // of the key that is tested
	run     int                // counts tests, so that late rows of an older one are dropped
	stop    context.CancelFunc // of the running one
	held    bool               // the connection is being saved
	started time.Time
	ended   time.Time
}

func newTestColumn(p *Page) *testColumn {
	t := p.cfg.Text
	c := &testColumn{page: p, rows: map[string]*widgets.TestRow{}, list: widgets.Col(0)}
	c.title = widgets.NewText(t.T("test.title"), theme.Heading(), theme.Ink).Shrink()
	c.caption = widgets.NewParagraph("", theme.Caption(), theme.Ink2)
	steps := setup.Steps()
	for i, s := range steps {
		row := widgets.NewTestRow(t.T("test.step."+s), c.grown)
		row.Set(widgets.Mark{Family: theme.Grey, Icon: "clock"}, "", t.T("test.what."+s), "", nil)
		row.SetLast(i == len(steps)-1)
		c.rows[s] = row
		c.list.Add(row)
	}
	c.button = widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Tonal, Icon: "refresh", Label: t.T("test.run"), OnTap: c.Run})
	c.scroll = widgets.NewScroll(widgets.Pad(widgets.Insets{Right: 14}, c.list))
	card := widgets.NewSurface(widgets.CardSkin())
	c.root = widgets.Place(func() fyne.Size { return fyne.NewSize(240, 300) }, func(s fyne.Size) {
		if p.form.test != nil {
			return // the form has the parts
		}
		const side = 24
		widgets.Put(card, 0, 0, s.Width, s.Height)
		inner := s.Width - 2*side
		lh := theme.Heading().LineHeight()
		widgets.Put(c.title, side, 24, inner, lh)
		ch := c.caption.HeightFor(inner)
		widgets.Put(c.caption, side, 24+lh+2, inner, ch)
		bh := c.button.MinSize().Height
		widgets.Put(c.button, side, s.Height-24-bh, inner, bh)
		top := 24 + lh + 2 + ch + 16
		widgets.Put(c.scroll, side, top, inner+14, max(s.Height-24-bh-12-top, 40))
	}, card, c.title, c.caption, c.scroll, c.button)
	c.inner = widgets.Col(12, widgets.NewHairline(), c.title, c.caption, c.list, c.button)
	c.tick()
	return c
}

// grown lays the column out again.
func (c *testColumn) grown() {
	if c.root == nil {
		return
	}
	c.scroll.Refresh()
	c.renew()
}

// tick renews how long ago the last test was.
func (c *testColumn) tick() {
	t := c.page.cfg.Text
	words := t.T("test.caption")
	switch {
	case c.stop != nil:
		words += " " + t.T("test.running")
	case !c.ended.IsZero():
		took := strconv.FormatFloat(c.ended.Sub(c.started).Seconds(), 'f', 1, 64)
		if age := c.page.cfg.Now().Sub(c.ended); age < time.Minute {
			words += " " + t.T("test.last.now", took)
		} else {
			words += " " + t.T("test.last", t.Duration(age))
		}
	}
	if words != c.caption.Text() {
		c.caption.SetText(words)
		c.renew()
	}
}

// renew lays the column out again where it stands: card and form share its
// parts, and only the one that is shown may place them.
func (c *testColumn) renew() {
	if c.page.form.test == nil {
		c.root.Refresh()
		return
	}
	c.page.form.renew()
}

// hold keeps a test from being started while the connection is saved; empty
// words end that.
func (c *testColumn) hold(words string) {
	c.held = words != ""
	switch {
	case c.held:
		c.button.SetBusy(words)
	case c.stop == nil:
		c.button.SetBusy("")
	default:
		c.button.SetBusy(c.page.cfg.Text.T("test.busy"))
	}
	c.renew()
}

// Run tests what stands in the fields of all sections; a test that runs already
// is ended. While the connection is saved nothing is tested.
func (c *testColumn) Run() {
	p := c.page
	if c.held {
		return
	}
	if c.stop != nil {
		c.stop()
	}
	c.run++
	run, draft := c.run, p.account.shown()
	c.started, c.ended, c.index = p.cfg.Now(), time.Time{}, draft.KeyIndex
	for _, s := range setup.Steps() {
		c.show(setup.Row{Step: s, Result: setup.Waiting})
	}
	c.button.SetBusy(p.cfg.Text.T("test.busy"))
	p.cfg.Async.Go(func(ctx context.Context) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		p.cfg.Async.Do(func() {
			if c.run == run && c.ended.IsZero() {
				c.stop = cancel
				c.tick()
			}
		})
		rows := p.cfg.Desk.TestConnection(ctx, draft, func(r setup.Row) {
			p.cfg.Async.Do(func() {
				if c.run == run {
					c.show(r)
				}
			})
		})
		p.cfg.Async.Do(func() {
			if c.run == run {
				c.finish(rows)
			}
		})
	})
}

func (c *testColumn) finish(rows []setup.Row) {
	for _, r := range rows {
		c.show(r)
	}
	c.stop, c.ended = nil, c.page.cfg.Now()
	if !c.held {
		c.button.SetBusy("")
	}
	c.button.SetLabel(c.page.cfg.Text.T("test.again"))
	c.tick()
	c.renew()
}

// show draws a row.
func (c *testColumn) show(r setup.Row) {
	row := c.rows[r.Step]
	if row == nil {
		return
	}
	label, act := "", func() {}
	if r.Result == setup.Fix || r.Result == setup.Unsure {
		label, act = c.fix(r)
	}
	row.Set(resultMark(r.Result), c.page.cfg.Text.T("test.result."+string(r.Result)), c.sentence(r), label, act)
}

func resultMark(r setup.Result) widgets.Mark {
	switch r {
	case setup.Running:
		return widgets.Mark{Family: theme.Blue, Icon: "hourglass"}
	case setup.Works:
		return widgets.Mark{Family: theme.Green, Icon: "check"}
	case setup.Fix:
		return widgets.Mark{Family: theme.Amber, Icon: "alert"}
	case setup.Unsure:
		return widgets.Mark{Family: theme.Grey, Icon: "question"}
	case setup.NotUsed:
		return widgets.Mark{Family: theme.Grey, Icon: "minus"}
	}
	return widgets.Mark{Family: theme.Grey, Icon: "clock"}
}

// sentence is what a row means, and the one thing to do.
func (c *testColumn) sentence(r setup.Row) string {
	t := c.page.cfg.Text
	switch {
	case r.Code != "":
		return c.page.problem(r.Code, r.Args...)
	case r.Result == setup.Works:
		key, args := "test.works."+r.Step, c.args(r)
		if n := len(args); n > 0 && t.Has(fmt.Sprint(key, ".", n)) {
			return fill(t.T(fmt.Sprint(key, ".", n)), args)
		}
		return t.T(key)
	case r.Result == setup.NotUsed:
		return t.T("test.unused." + r.Step)
	}
	return t.T("test.what." + r.Step)
}

// args are the args of a row that works, as people read them.
func (c *testColumn) args(r setup.Row) []string {
	switch {
	case r.Step == setup.StepCertificate && len(r.Args) == 1:
		if day, err := time.Parse(time.DateOnly, r.Args[0]); err == nil {
			return []string{c.page.date(day)}
		}
	case r.Step == setup.StepAccount && len(r.Args) == 0 && c.index != "":
		return []string{c.index}
	}
	return r.Args
}

// fix is the button of a row: where the thing to do is done.
func (c *testColumn) fix(r setup.Row) (label string, act func()) {
	t, p := c.page.cfg.Text, c.page
	field := func(s Section, name string) (string, func()) {
		return t.T("test.fix.field"), func() { p.reveal(s, name) }
	}
	family, _, _ := strings.Cut(r.Code, ".")
	switch {
	case r.Code == "status.25" || r.Code == "status.6":
		return t.T("test.fix.guide"), func() { p.guide("domain") }
	case r.Code == "status.3":
		return field(Checkout, setup.FieldKeyIndex)
	case r.Code == "status.4" || family == "sid":
		return field(Checkout, setup.FieldSID)
	case family == "wallet":
		return field(Checkout, setup.FieldWallet)
	case family == "index":
		return field(Checkout, setup.FieldKeyIndex)
	case r.Step == setup.StepKey, r.Code == "status.2", family == "key":
		return field(Checkout, setup.FieldPrivateKey)
	case r.Step == setup.StepCertificate, family == "certificate":
		return field(Checkout, setup.FieldCertificate)
	case family == "pair" || family == "relay" || r.Step == setup.StepNotify:
		return field(Relay, setup.FieldRelay)
	case r.Step == setup.StepCloud && (family == "cloud" || family == "epos"):
		return field(REST, cloudField(r.Code))
	case r.Step == setup.StepToken && (family == "api" || family == "rest"):
		return field(REST, setup.FieldClientID)
	}
	return t.T("test.again"), c.Run
}

// cloudField is the field of the gateway that a code is about.
func cloudField(code string) string {
	switch code {
	case "epos.merchant":
		return setup.FieldCloudMerchant
	case "epos.credentials":
		return setup.FieldCloudClient
	}
	return setup.FieldCloudPartner
}

// reveal goes to a field; in Test the checkout fields are not there.
func (p *Page) reveal(s Section, name string) {
	p.Show(s)
	if f := p.account.fields[name]; f != nil && p.at == s {
		p.account.cloud.unfold(name)
		f.Focus()
	}
}

// sandboxPart shows the store that is built in for Test.
func (p *Page) sandboxPart() *part {
	t, c := p.cfg.Text, p.account.have
	facts := widgets.Col(14)
	for _, row := range [][2]string{
		{t.T("settings.sid"), c.SID}, {t.T("settings.wallet"), c.Wallet}, {t.T("settings.index"), itoa(c.KeyIndex)},
	} {
		if row[1] == "" {
			continue
		}
		facts.Add(widgets.Row(16, widgets.Sized(170*theme.Factor(), 1, widgets.NewText(row[0], theme.Body(), theme.Ink2)), widgets.Strong(row[1]), widgets.Space()))
	}
	return &part{
		title: t.T("settings.menu.checkout"), caption: t.T("settings.sandbox.caption"), test: true,
		body: widgets.Col(20, sentence(t.T("settings.sandbox")), facts, widgets.NewParagraph(t.T("settings.sandbox.note"), theme.Caption(), theme.Ink2)),
	}
}
