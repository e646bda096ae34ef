package payments

import (
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"frontdesk/payments"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// choices are the chips above the list; each opens a sheet.
type choices struct {
	day, state, rail, device, who *widgets.FilterChip
}

// option is a line of such a sheet.
type option struct {
	label  string
	chosen bool
	set    func(*Filter)
}

// rails are the ways to pay that can be chosen.
func rails() []payments.Rail {
	return []payments.Rail{payments.RailLink, payments.RailTerminal, payments.RailCloud, payments.RailRequest, payments.RailCash}
}

// chips makes the chips; those with nothing to choose from are left out.
func (v *listView) chips() []fyne.CanvasObject {
	chip := func(icon string, open func()) *widgets.FilterChip { return widgets.NewFilterChip("", icon, true, open) }
	c := v.s.cfg.Text
	v.choice.day = chip("calendar", v.chooseDay)
	v.choice.state = chip("", func() { v.choose(c.T("payments.choose.state"), v.states()) })
	v.choice.rail = chip("", func() { v.choose(c.T("payments.choose.rail"), v.rails()) })
	list := []fyne.CanvasObject{v.choice.day, v.choice.state, v.choice.rail}
	if v.s.cfg.Devices != nil {
		v.choice.device = chip("", func() { v.choose(c.T("payments.choose.device"), v.devices()) })
		list = append(list, v.choice.device)
	}
	if v.s.cfg.People != nil {
		v.choice.who = chip("", func() { v.choose(c.T("payments.choose.operator"), v.people()) })
		list = append(list, v.choice.who)
	}
	return list
}

// showFilter writes on the chips what is chosen.
func (v *listView) showFilter() {
	c, f := v.s.cfg.Text, v.s.filter
	v.choice.day.Set(v.dayWords(), !f.AllDays)
	set := func(chip *widgets.FilterChip, options []option) {
		if chip == nil {
			return
		}
		for i, o := range options {
			if o.chosen {
				chip.Set(o.label, i > 0)
				return
			}
		}
		chip.Set(c.T("payments.chosen"), true)
	}
	set(v.choice.state, v.states())
	set(v.choice.rail, v.rails())
	if v.choice.device != nil {
		set(v.choice.device, v.devices())
	}
	if v.choice.who != nil {
		set(v.choice.who, v.people())
	}
}

func (v *listView) dayWords() string {
	c, f, now := v.s.cfg.Text, v.s.filter, v.s.cfg.Now().In(v.s.cfg.Zone)
	day, err := time.ParseInLocation(time.DateOnly, f.Day, v.s.cfg.Zone)
	switch {
	case f.AllDays:
		return c.T("payments.filter.alldays")
	case err != nil || f.Day == now.Format(time.DateOnly):
		return c.T("payments.filter.today", c.DayMonth(now))
	case day.Year() != now.Year():
		return fmt.Sprint(c.DayMonth(day), " ", day.Year())
	}
	return c.Day(day)
}

func (v *listView) states() []option {
	var list []option
	for _, g := range Groups() {
		list = append(list, option{v.s.cfg.Text.T("payments.filter." + string(g)), v.s.filter.Group == g, func(f *Filter) { f.Group = g }})
	}
	return list
}

func (v *listView) rails() []option {
	c, f := v.s.cfg.Text, v.s.filter
	list := []option{{c.T("payments.any.rail"), f.Rail == "", func(f *Filter) { f.Rail = "" }}}
	for _, r := range rails() {
		list = append(list, option{c.T("rail." + string(r)), f.Rail == r, func(f *Filter) { f.Rail = r }})
	}
	return list
}

func (v *listView) devices() []option {
	f := v.s.filter
	list := []option{{v.s.cfg.Text.T("payments.any.device"), f.Device == "", func(f *Filter) { f.Device = "" }}}
	for _, d := range v.s.cfg.Devices() {
		list = append(list, option{d.Name, f.Device == d.ID, func(f *Filter) { f.Device = d.ID }})
	}
	return list
}

func (v *listView) people() []option {
	f := v.s.filter
	list := []option{{v.s.cfg.Text.T("payments.any.operator"), f.Operator == "", func(f *Filter) { f.Operator = "" }}}
	for _, p := range v.s.cfg.People() {
		list = append(list, option{p.Name, f.Operator == p.ID, func(f *Filter) { f.Operator = p.ID }})
	}
	return list
}

// choose opens a sheet with options; Up and Down go from one to the next.
func (v *listView) choose(title string, options []option, extra ...fyne.CanvasObject) *widgets.Sheet {
	host := v.s.cfg.Host
	if host == nil || host.Top() != nil {
		return nil
	}
	var sheet *widgets.Sheet
	var items []*widgets.MenuItem
	column := widgets.Col(4, widgets.Pad(widgets.Insets{Right: 56, Bottom: 10}, widgets.NewParagraph(title, theme.Heading(), theme.Ink)))
	at := 0
	for i, o := range options {
		item := widgets.NewMenuItem(o.label, "", func() {
			host.Close(sheet)
			f := v.s.filter
			o.set(&f)
			v.s.SetFilter(f)
		})
		item.SetChosen(o.chosen)
		if o.chosen {
			at = i
		}
		items = append(items, item)
		column.Add(item)
	}
	for _, o := range extra {
		column.Add(o)
	}
	inner := widgets.Pad(widgets.Insets{Top: 28, Right: 24, Bottom: 24, Left: 24}, column)
	scroll := widgets.NewScroll(inner)
	move := func(by int) {
		for i, item := range items {
			if host.Canvas().Focused() == fyne.Focusable(item) {
				at = i
			}
		}
		at = min(max(at+by, 0), len(items)-1)
		host.Canvas().Focus(items[at])
		top := items[at].Position().Y + 28
		scroll.Reveal(top, top+items[at].Size().Height)
	}
	sheet = widgets.NewSheet(widgets.SheetConfig{
		Name: title, Width: 420, CloseName: v.s.cfg.Text.T("close"), First: items[at],
		Content: widgets.Place(func() fyne.Size { return fyne.NewSize(0, inner.MinSize().Height) },
			func(s fyne.Size) { widgets.Put(scroll, 0, 0, s.Width, s.Height) }, scroll),
		OnKey: func(e *fyne.KeyEvent) bool {
			switch e.Name {
			case fyne.KeyUp:
				move(-1)
			case fyne.KeyDown:
				move(1)
			default:
				return false
			}
			return true
		},
	})
	host.Show(sheet)
	return sheet
}

// chooseDay offers today, the days before, all of them, and any other by its
// date.
func (v *listView) chooseDay() {
	c, f := v.s.cfg.Text, v.s.filter
	now := v.s.cfg.Now().In(v.s.cfg.Zone)
	var options []option
	for n := range recentDays {
		day := now.AddDate(0, 0, -n)
		name := day.Format(time.DateOnly)
		label := c.Day(day)
		if n == 0 {
			name, label = "", c.T("payments.filter.today", c.DayMonth(now))
		}
		options = append(options, option{label, !f.AllDays && f.Day == name, func(f *Filter) { f.AllDays, f.Day = false, name }})
	}
	options = append(options, option{c.T("payments.filter.alldays"), f.AllDays, func(f *Filter) { f.AllDays, f.Day = true, "" }})
	var sheet *widgets.Sheet
	var field *widgets.Field
	field = widgets.NewField(widgets.FieldConfig{
		Label: c.T("payments.another"), Hint: c.T("day.choose.hint"), Icon: "calendar",
		OnChanged: func(string) { field.SetError("") },
		OnSubmit: func(typed string) {
			day, ok := parseDate(typed)
			if !ok {
				field.SetError(c.T("day.choose.wrong"))
				sheet.Refresh()
				return
			}
			v.s.cfg.Host.Close(sheet)
			f := v.s.filter
			f.AllDays, f.Day = false, day
			v.s.SetFilter(f)
		},
	})
	sheet = v.choose(c.T("payments.choose.day"), options, widgets.Pad(widgets.Insets{Top: 8, Left: 4, Right: 4}, field))
}

// recentDays is how many days can be chosen without typing.
const recentDays = 4

func parseDate(typed string) (string, bool) {
	for _, layout := range []string{time.DateOnly, "2.1.2006", "2/1/2006"} {
		if t, err := time.Parse(layout, strings.TrimRight(strings.TrimSpace(typed), ".")); err == nil {
			return t.Format(time.DateOnly), true
		}
	}
	return "", false
}
