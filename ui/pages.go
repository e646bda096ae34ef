package ui

import (
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// show goes to a page.
func (w *Window) show(p pageName) {
	w.at = p
	w.cfg.Canvas.Unfocus()
	switch p {
	case pageSettings:
		w.shell.setPage(p, w.settingsPage())
	case pagePayments:
		w.shell.setPage(p, w.payments.Content())
		w.payments.Show()
	case pageDevices:
		w.devices.Tick()
		w.shell.setPage(p, w.devices.Content())
	case pageDay:
		w.shell.setPage(p, w.day.Content())
		w.day.Show()
	default:
		w.shell.setPage(p, w.charge.Content())
	}
}

// search goes to the search field of the sales that were made.
func (w *Window) search() {
	w.show(pagePayments)
	w.payments.Find()
}

// help shows the keys.
func (w *Window) help() {
	t := w.text
	if top := w.host.Top(); top != nil {
		return
	}
	keys := []string{"digits", "enter", "plus", "backspace", "minus", "escape", "undo", "f1", "f2", "f3", "f4", "f6", "f8", "f9", "f10", "p"}
	rows := widgets.Col(10)
	for _, k := range keys {
		rows.Add(widgets.Row(16, widgets.Sized(150*theme.Factor(), 1, widgets.Strong(t.T("help."+k+".key"))),
			widgets.Grow(widgets.NewParagraph(t.T("help."+k), theme.Body(), theme.Ink2))))
	}
	body := widgets.NewSheetBody(t.T("help.title"), widgets.Pad(widgets.Insets{Top: 10}, widgets.Col(20, rows,
		widgets.NewParagraph(t.T("help.focus"), theme.Caption(), theme.Ink2))), widgets.Sized(1, 1, widgets.Space()))
	w.host.Show(widgets.NewSheet(widgets.SheetConfig{Name: t.T("help.title"), Width: 640, Content: body, CloseName: t.T("close")}))
}

// relaySheet explains the entry of the strip.
func (w *Window) relaySheet() {
	t := w.text
	if w.host.Top() != nil {
		return
	}
	words, _, _ := w.relayWords(w.cfg.Now(), false)
	body := widgets.Pad(widgets.Insets{Top: 32, Right: 40, Bottom: 36, Left: 40}, widgets.Col(12,
		widgets.Title(t.T("shell.relay")), widgets.NewParagraph(words, theme.LeadStrong(), theme.Ink),
		widgets.NewParagraph(t.T("shell.relay.explain"), theme.Body(), theme.Ink2)))
	w.host.Show(widgets.NewSheet(widgets.SheetConfig{Name: t.T("shell.relay"), Width: 560, Content: body, CloseName: t.T("close")}))
}
