package operators

import (
	"context"
	"strings"

	"frontdesk/payments"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// forgot asks for the Live key, which only the owner can have, and takes the
// owners' PINs away.
func (w *Who) forgot() {
	t := w.cfg.Text
	var sheet *widgets.Sheet
	var field *widgets.Field
	var send *widgets.Button
	press := func() {
		key := strings.TrimSpace(field.Text())
		if key == "" {
			field.SetError(t.T("operators.reset.empty"))
			return
		}
		send.SetBusy(t.T("operators.checking"))
		w.cfg.Run.Go(func(ctx context.Context) {
			err := w.cfg.Rescue.ResetOwner(ctx, key)
			w.cfg.Run.Do(func() {
				send.SetBusy("")
				if err != nil {
					p := t.Problem(payments.CodeOf(err))
					field.SetError(p.What + " " + p.Do)
					return
				}
				field.SetText("")
				w.cfg.Host.Close(sheet)
				w.list = w.cfg.Book.List()
				w.chosen = min(w.chosen, len(w.list)-1)
				w.said = ""
				w.show()
				w.focus()
			})
		})
	}
	field = widgets.NewField(widgets.FieldConfig{Label: t.T("operators.reset.key"), Hint: t.T("operators.reset.hint"), Secret: true, OnSubmit: func(string) { press() }})
	send = widgets.NewButton(widgets.ButtonConfig{Label: t.T("operators.reset.do"), OnTap: press})
	back := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Ghost, Label: t.T("operators.reset.back"), OnTap: func() { w.cfg.Host.Close(sheet) }})
	body := widgets.Col(16, widgets.Title(t.T("operators.reset.title")).Shrink(),
		widgets.NewParagraph(t.T("operators.reset.sentence"), theme.Body(), theme.Ink2), field,
		widgets.Row(12, back, widgets.Space(), send))
	sheet = widgets.NewSheet(widgets.SheetConfig{
		Name: t.T("operators.reset.title"), Width: 600, CloseName: t.T("close"), First: field.Entry(),
		Content: widgets.Pad(widgets.Insets{Top: 32, Right: 36, Bottom: 32, Left: 36}, body),
	})
	w.cfg.Host.Show(sheet)
}
