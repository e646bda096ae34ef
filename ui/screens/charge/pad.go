package charge

import (
	"errors"
	"slices"
	"strings"

	"frontdesk/app"
	"frontdesk/payments/money"
)

// Item is a line being typed. A fresh favourite is replaced by the first digit.
type Item struct {
	Label     string
	Icon      string
	Color     string
	Favourite bool
	Fresh     bool
	Negative  bool
	Refused   string // code of why a key was not taken; until that is looked at, no other is
	Entry     money.Entry
}

// Amount is what the line is worth, negative for a discount.
func (i Item) Amount() money.Amount {
	a := i.Entry.Amount()
	if i.Negative {
		a.Minor = -a.Minor
	}
	return a
}

// blank reports whether nothing was put into the line yet.
func (i Item) blank() bool { return i.Entry.Empty() && i.Label == "" }

// Pad is what was typed. Values are immutable: methods return the next one.
type Pad struct {
	Currency     money.Currency
	Items        []Item
	Active       int
	Client, Note string
	Trouble      string // code of the sentence at the number, empty when all is well
}

// NewPad is an empty pad.
func NewPad(c money.Currency) Pad { return Pad{Currency: c} }

// Empty reports whether there is nothing to lose.
func (p Pad) Empty() bool {
	for _, i := range p.Items {
		if !i.blank() {
			return false
		}
	}
	return p.Client == "" && p.Note == ""
}

// Total is the sum of all lines.
func (p Pad) Total() (money.Amount, error) {
	sum := money.Amount{Currency: p.Currency}
	for _, i := range p.Items {
		next, err := sum.Add(i.Amount())
		if err != nil {
			return sum, err
		}
		sum = next
	}
	return sum, nil
}

// copy returns a pad whose items may be changed, without the old trouble.
func (p Pad) copy() Pad {
	p.Items = slices.Clone(p.Items)
	p.Trouble = ""
	return p
}

// ready returns a copy with an active line to type into.
func (p Pad) ready() Pad {
	p = p.copy()
	if len(p.Items) == 0 {
		p.Items = []Item{{Entry: money.NewEntry(p.Currency)}}
		p.Active = 0
	}
	return p
}

// Type takes a digit, a decimal mark or a minus sign from the keyboard; the
// minus makes the line a discount and back. Other runes give a sentence.
func (p Pad) Type(r rune) Pad {
	switch {
	case r == '-' || r == '−':
		p = p.ready()
		item := &p.Items[p.Active]
		item.Negative, p.Trouble = !item.Negative, item.Refused
		return p
	case r == '.' || r == ',' || (r >= '0' && r <= '9') || p.typing():
		return p.edit(func(e *money.Entry) bool { return e.Type(r) }, r)
	}
	p.Trouble = "amount.text"
	return p
}

// typing reports whether a part of a number stands in the active line.
func (p Pad) typing() bool {
	return len(p.Items) > 0 && !p.Items[p.Active].Fresh && !p.Items[p.Active].Entry.Empty()
}

// DoubleZero types two zeros.
func (p Pad) DoubleZero() Pad {
	return p.edit(func(e *money.Entry) bool { return e.DoubleZero() }, '0')
}

func (p Pad) edit(change func(*money.Entry) bool, r rune) Pad {
	next := p.ready()
	item := &next.Items[next.Active]
	if item.Refused != "" {
		next.Trouble = item.Refused
		return next
	}
	if item.Fresh {
		item.Entry.Clear()
		item.Fresh = false
	}
	before := item.Entry
	if !change(&item.Entry) {
		item.Refused = refusal(before, r)
		next.Trouble = item.Refused
	}
	return next
}

// refusal is the code of why an entry did not take a rune.
func refusal(e money.Entry, r rune) string {
	switch err := e.Refuses(r); {
	case err == nil && e.Empty():
		return "" // a leading zero
	case err == nil:
		return "amount.limit" // of two zeros the second
	case errors.Is(err, money.ErrSyntax):
		return "amount.text"
	default:
		return err.Error()
	}
}

// refused reports whether a key did not fit, so that what stands in some line is
// not what was typed.
func (p Pad) refused() bool {
	return slices.ContainsFunc(p.Items, func(i Item) bool { return i.Refused != "" })
}

// Keep leaves the lines as they stand, without the keys that did not fit.
func (p Pad) Keep() Pad {
	next := p.copy()
	for i := range next.Items {
		next.Items[i].Refused = ""
	}
	return next
}

// Backspace takes away what was typed last, be it a key that did not fit.
func (p Pad) Backspace() Pad {
	if len(p.Items) == 0 {
		return p
	}
	if p.refused() {
		return p.Keep()
	}
	next := p.copy()
	item := &next.Items[next.Active]
	item.Fresh = false
	if !item.Entry.Backspace() && item.Label == "" {
		return next.Remove(next.Active)
	}
	return next
}

// ClearLine empties the line being typed; an empty one is removed.
func (p Pad) ClearLine() Pad {
	if len(p.Items) == 0 {
		return p.copy()
	}
	next := p.copy()
	item := &next.Items[next.Active]
	if item.Entry.Empty() {
		return next.Remove(next.Active)
	}
	item.Entry.Clear()
	item.Fresh, item.Negative, item.Refused = false, false, ""
	return next
}

// AddLine begins another line, unless the one being typed is still empty, or a
// key did not fit into it.
func (p Pad) AddLine() Pad {
	next := p.copy()
	if len(next.Items) == 0 || next.Items[next.Active].blank() {
		return next
	}
	if next.Trouble = next.Items[next.Active].Refused; next.Trouble != "" {
		return next
	}
	next.Items = append(next.Items, Item{Entry: money.NewEntry(p.Currency)})
	next.Active = len(next.Items) - 1
	return next
}

// AddFavourite puts a favourite in: into the line being typed when that is
// empty, else below.
func (p Pad) AddFavourite(f Favourite) Pad {
	item := Item{Label: f.Label, Icon: f.Icon, Color: f.Color, Favourite: true, Fresh: true, Entry: money.NewEntry(p.Currency)}
	next := p.copy()
	if !item.Entry.Set(f.Amount) {
		next.Trouble = "amount.currency"
		return next
	}
	if len(next.Items) > 0 && next.Items[next.Active].blank() {
		next.Items[next.Active] = item
		return next
	}
	next.Items = append(next.Items, item)
	next.Active = len(next.Items) - 1
	return next
}

// Remove takes a line out.
func (p Pad) Remove(i int) Pad {
	if i < 0 || i >= len(p.Items) {
		return p
	}
	next := p.copy()
	next.Items = slices.Delete(next.Items, i, i+1)
	if next.Active > i || next.Active >= len(next.Items) {
		next.Active = max(next.Active-1, 0)
	}
	return next
}

// Choose makes a line the one being typed.
func (p Pad) Choose(i int) Pad {
	if i < 0 || i >= len(p.Items) {
		return p
	}
	next := p.copy()
	next.Active = i
	return next
}

// Label names a line.
func (p Pad) Label(i int, label string) Pad {
	if i < 0 || i >= len(p.Items) {
		return p
	}
	next := p.copy()
	next.Items[i].Label = strings.TrimSpace(label)
	return next
}

// Check says why the pad cannot be charged, as the code of a sentence; empty
// when it can.
func (p Pad) Check() string {
	if p.refused() {
		return "amount.look"
	}
	total, err := p.Total()
	if err != nil {
		return "amount.limit"
	}
	var fault money.Fault
	switch err := total.Chargeable(); {
	case err == nil:
		return ""
	case errors.As(err, &fault):
		return fault.Code()
	}
	return "amount.text"
}

// Lines are the lines to charge: empty ones are left out.
func (p Pad) Lines() []app.Line {
	var lines []app.Line
	for _, i := range p.Items {
		if a := i.Amount(); !a.IsZero() {
			lines = append(lines, app.Line{Label: i.Label, Amount: a})
		}
	}
	return lines
}

// Limit is the most one sale can be.
func (p Pad) Limit() money.Amount {
	return money.Amount{Minor: p.Currency.Limit(), Currency: p.Currency}
}

func (p Pad) withClient(name string) Pad {
	next := p.copy()
	next.Client = strings.TrimSpace(name)
	return next
}

func (p Pad) withNote(note string) Pad {
	next := p.copy()
	next.Note = strings.TrimSpace(note)
	return next
}
