package operators

import (
	"strconv"
	"time"

	"fyne.io/fyne/v2"

	"frontdesk/app/operators"
	"frontdesk/app/text"
	"frontdesk/payments/money"
	"frontdesk/ui/async"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// SectionConfig is what the part of Settings about operators is made of.
type SectionConfig struct {
	Text     *text.Catalog
	Host     *widgets.Host
	Run      async.Dispatcher
	Desk     Desk
	By       string // who is at the desk
	Currency money.Currency
	AutoLock int               // minutes, 0 never
	Lock     func(minutes int) // keeps another auto-lock
	Changed  func()            // the list is not what it was
	Resized  func()            // the section needs another height
	Now      func() time.Time  // for the notice of a reset
	Date     func(time.Time) string
}

// Section is the list of operators with what can be done about them.
type Section struct {
	cfg  SectionConfig
	list *fyne.Container
	note *widgets.Paragraph
	root *fyne.Container
}

// lockMinutes are the times after which the desk may lock itself.
func lockMinutes() []int { return []int{0, 1, 2, 5, 10, 15, 30} }

// NewSection makes the section.
func NewSection(cfg SectionConfig) *Section {
	t := cfg.Text
	s := &Section{cfg: cfg, list: widgets.Col(0), note: widgets.NewParagraph("", theme.Body(), theme.Amber.Text())}
	add := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Tonal, Icon: "plus", Label: t.T("operators.add"), OnTap: func() {
		s.edit(operators.Operator{Rights: operators.Receptionist(), In: cfg.Currency})
	}})
	var words []string
	at := 0
	for i, m := range lockMinutes() {
		label := t.T("operators.autolock.never")
		if m > 0 {
			label = t.T("operators.autolock.after", strconv.Itoa(m))
		}
		words = append(words, label)
		if m == cfg.AutoLock {
			at = i
		}
	}
	lock := widgets.NewChoice(t.T("operators.autolock"), words, at, 0, func(i int) { cfg.Lock(lockMinutes()[i]) })
	s.root = widgets.Col(0, s.note, s.list, space(12), widgets.Row(0, add, widgets.Space()), space(24),
		widgets.NewHairline(), space(20), widgets.Row(0, narrow(lock, 320), widgets.Space()), space(6),
		widgets.NewParagraph(t.T("operators.autolock.hint"), theme.Caption(), theme.Ink2))
	s.Refresh()
	return s
}

// narrow keeps a part from growing over the whole width.
func narrow(o fyne.CanvasObject, w float32) fyne.CanvasObject {
	return widgets.Place(func() fyne.Size {
		m := o.MinSize()
		return fyne.NewSize(max(m.Width, w), m.Height)
	}, func(s fyne.Size) { widgets.Put(o, 0, 0, min(s.Width, max(o.MinSize().Width, w)), s.Height) }, o)
}

// Content is the section's content.
func (s *Section) Content() fyne.CanvasObject { return s.root }

// Refresh shows the list as it is now.
func (s *Section) Refresh() {
	t := s.cfg.Text
	s.list.Objects = nil
	bare := false
	list := s.cfg.Desk.List()
	for i, o := range list {
		bare = bare || o.Owner && !o.HasPIN
		if i > 0 {
			s.list.Add(widgets.Pad(widgets.Insets{Left: 56}, widgets.NewHairline()))
		}
		s.list.Add(s.row(o, i))
	}
	switch at := s.cfg.Desk.OwnerReset(); {
	case ResetShown(s.cfg.Desk, s.cfg.Now()):
		s.say(t.T("operators.reset.was", s.cfg.Date(at)))
	case bare:
		s.say(t.T("operators.ownerpin.missing"))
	default:
		s.say("")
	}
	s.root.Refresh()
}

func (s *Section) say(words string) {
	s.note.SetText(words)
	if words == "" {
		s.note.Hide()
	} else {
		s.note.Show()
	}
}

func (s *Section) row(o operators.Operator, at int) fyne.CanvasObject {
	t := s.cfg.Text
	pin, mark := t.T("operators.pin.set"), widgets.Mark{Family: theme.Green, Icon: "lock"}
	if !o.HasPIN {
		pin, mark = t.T("operators.pin.unset"), widgets.Mark{Family: theme.Grey, Icon: "minus"}
		if o.Owner {
			mark = widgets.Mark{Family: theme.Amber, Icon: "alert"}
		}
	}
	name := Name(t, o)
	words := widgets.Col(0, widgets.Strong(name).Shrink(), widgets.NewText(role(t, o), theme.Caption(), theme.Ink2).Shrink())
	return widgets.NewListRow(t.T("operators.change", name), 64, 0, 12, widgets.Row(14, avatar(t, o, at, 40), widgets.Grow(middle(words)),
		widgets.NewChip(mark, pin), widgets.NewIcon("right", 20, theme.Ink3)), func() { s.edit(o) })
}

// changed tells that the list is not what it was.
func (s *Section) changed() {
	s.Refresh()
	if s.cfg.Resized != nil {
		s.cfg.Resized()
	}
	if s.cfg.Changed != nil {
		s.cfg.Changed()
	}
}
