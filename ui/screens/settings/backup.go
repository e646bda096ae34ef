package settings

import (
	"context"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"frontdesk/app/settings"
	"frontdesk/payments"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// copies is the section that tells of the copies of the journal and makes one,
// and how long the words of customers are kept.
type copies struct {
	page   *Page
	head   *fyne.Container
	list   *fyne.Container
	note   *factLine
	make   *widgets.Button
	secret *widgets.Button // nil in Practice, which has no credentials
}

// shownCopies is how many copies are listed.
const shownCopies = 6

func (p *Page) backupPart() *part {
	t := p.cfg.Text
	c := &copies{page: p, head: widgets.Stack(), list: widgets.Col(4), note: newFactLine()}
	c.make = widgets.NewButton(widgets.ButtonConfig{Icon: "download", Label: t.T("settings.backup.now"), OnTap: func() { c.copy("", c.make, nil) }})
	buttons := []fyne.CanvasObject{c.make}
	if p.cfg.Mode != payments.Practice {
		c.secret = widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Secondary, Icon: "lock", Label: t.T("settings.backup.secrets"), OnTap: c.askPassphrase})
		buttons = append(buttons, c.secret)
	}
	months := []int{0, 3, 6, 12, 24, 36, 60, 120}
	at, words := 0, make([]string, len(months))
	for i, m := range months {
		words[i] = t.T("settings.words.never")
		if m > 0 {
			words[i] = t.N("settings.words.after", m)
		}
		if m == p.cfg.Values.Receipt.KeepWords {
			at = i
		}
	}
	keep := widgets.NewChoice(t.T("settings.words"), words, at, 0, func(i int) {
		p.choose(func(s *settings.Settings) { s.Receipt.KeepWords = months[i] })
	})
	body := widgets.Col(16, c.head, c.list, widgets.Flow(12, buttons...), c.note.root,
		widgets.NewHairline(), widgets.Strong(t.T("settings.restore")), sentence(t.T("settings.restore.sentence")),
		widgets.NewHairline(), keep, widgets.NewParagraph(t.T("settings.words.hint"), theme.Caption(), theme.Ink2), p.note)
	c.show(nil)
	c.load()
	return &part{title: t.T("settings.menu.backup"), caption: t.T("settings.backup.caption"), body: body}
}

// load asks which copies there are.
func (c *copies) load() {
	cfg := c.page.cfg
	cfg.Async.Go(func(ctx context.Context) {
		list, err := cfg.Copies.Copies(ctx)
		cfg.Async.Do(func() {
			if err != nil {
				c.note.set(widgets.Fact{Family: theme.Red, Icon: "alert", Words: c.page.failure(err)})
				c.page.form.renew()
				return
			}
			c.show(list)
		})
	})
}

// show tells of the newest copy and lists the newest ones.
func (c *copies) show(list []Copy) {
	t := c.page.cfg.Text
	mark, title, words := widgets.Mark{Family: theme.Amber, Icon: "alert"}, t.T("settings.backup.none"), t.T("settings.backup.none.sentence")
	c.list.Objects = nil
	if len(list) > 0 {
		mark, title = widgets.Mark{Family: theme.Green, Icon: "check"}, t.T("settings.backup.last", c.day(list[0]))
		words = t.N("settings.backup.kept", len(list), folderOf(list[0].Path))
	}
	line := widgets.Row(14, widgets.StateDot(mark), widgets.Grow(middle(widgets.Col(0, widgets.Strong(title).Shrink(), widgets.NewParagraph(words, theme.Caption(), theme.Ink2)))))
	c.head.Objects = []fyne.CanvasObject{
		widgets.NewSurface(widgets.Skin{Fill: theme.Shell, Radius: 16}), widgets.Pad(widgets.Insets{Top: 12, Right: 16, Bottom: 12, Left: 14}, line),
	}
	for i, b := range list {
		if i == shownCopies {
			c.list.Add(widgets.Caption(t.N("settings.backup.more", len(list)-shownCopies)))
			break
		}
		c.list.Add(widgets.Row(12, widgets.NewText(c.day(b), theme.Body(), theme.Ink2), widgets.Space(), widgets.NewText(size(b.Bytes), theme.Body(), theme.Ink2).Right()))
	}
	c.page.form.renew()
}

// day is that of a copy in words.
func (c *copies) day(b Copy) string {
	zone := c.page.cfg.Zone
	if zone == nil {
		zone = time.UTC
	}
	const noon = 12
	return c.page.date(time.Date(b.Day.Year(), b.Day.Month(), b.Day.Day(), noon, 0, 0, 0, zone))
}

// folderOf is the folder in which a copy lies.
func folderOf(path string) string {
	if i := strings.LastIndexAny(path, `/\`); i > 0 {
		return path[:i]
	}
	return path
}

// size writes bytes as people read them.
func size(bytes int64) string {
	const kilo, mega = 1 << 10, 1 << 20
	if bytes < mega {
		return strconv.FormatInt((bytes+kilo-1)/kilo, 10) + " KB"
	}
	return strconv.FormatFloat(float64(bytes)/mega, 'f', 1, 64) + " MB"
}

// copy makes a copy; done hears how it ended and may be nil.
func (c *copies) copy(passphrase string, button *widgets.Button, done func(error)) {
	t, cfg, by := c.page.cfg.Text, c.page.cfg, c.page.by()
	if button.Disabled() {
		return
	}
	button.SetBusy(t.T("settings.backup.busy"))
	c.note.set(widgets.Fact{})
	cfg.Async.Go(func(ctx context.Context) {
		made, err := cfg.Copies.MakeCopy(ctx, passphrase, by)
		cfg.Async.Do(func() {
			button.SetBusy("")
			switch {
			case done != nil:
				done(err)
			case err != nil:
				c.note.set(widgets.Fact{Family: theme.Red, Icon: "alert", Words: c.page.failure(err)})
			}
			if err == nil {
				c.note.set(widgets.Fact{Family: theme.Green, Icon: "check", Words: t.T("settings.backup.made", made.Path)})
				c.load()
			}
			c.page.form.renew()
		})
	})
}

// askPassphrase asks for what the credentials in the copy are sealed under.
func (c *copies) askPassphrase() {
	t, cfg := c.page.cfg.Text, c.page.cfg
	var sheet *widgets.Sheet
	var field, again *widgets.Field
	var save *widgets.Button
	do := func() {
		switch {
		case field.Text() == "":
			return
		case field.Text() != again.Text():
			again.SetError(t.T("unlock.differ"))
			again.Focus()
			sheet.Refresh()
			return
		}
		c.copy(field.Text(), save, func(err error) {
			if err == nil {
				cfg.Host.Close(sheet)
				return
			}
			field.SetError(c.page.failure(err))
			sheet.Refresh()
		})
	}
	clear := func(string) {
		field.SetError("")
		again.SetError("")
	}
	field = widgets.NewField(widgets.FieldConfig{Label: t.T("unlock.passphrase"), Hint: t.T("settings.backup.secrets.hint"), Secret: true, OnChanged: clear, OnSubmit: func(string) { again.Focus() }})
	again = widgets.NewField(widgets.FieldConfig{Label: t.T("unlock.again"), Secret: true, OnChanged: clear, OnSubmit: func(string) { do() }})
	save = widgets.NewButton(widgets.ButtonConfig{Icon: "lock", Label: t.T("settings.backup.now"), OnTap: do})
	keep := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Ghost, Label: t.T("unlock.later"), OnTap: func() { cfg.Host.Close(sheet) }})
	title := t.T("settings.backup.secrets.title")
	sheet = widgets.NewSheet(widgets.SheetConfig{
		Name: title, Width: 580, First: field.Entry(), CloseName: t.T("close"),
		Content: widgets.Pad(widgets.Insets{Top: 32, Right: 36, Bottom: 32, Left: 36}, widgets.Col(16,
			widgets.Pad(widgets.Insets{Right: 40}, widgets.NewParagraph(title, theme.Title(), theme.Ink)),
			sentence(t.T("settings.backup.secrets.sentence")), field, again, feet(keep, save))),
	})
	cfg.Host.Show(sheet)
}
