package devices

import (
	"time"

	"frontdesk/app/devices"
	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// TestAct is what a button of the test does.
type TestAct string

// What can be done after a test.
const (
	TestAgain  TestAct = "again"
	TestDone   TestAct = "done"
	TestEdit   TestAct = "edit"
	TestAccept TestAct = "accept" // register the other terminal
)

// TestButton is one button.
type TestButton struct {
	Act   TestAct
	Label string
}

// Fact is something the terminal told.
// Other is what another terminal told instead.
type Fact struct{ Label, Value, Other string }

// TestModel is everything the sheet of a test shows.
type TestModel struct {
	Mark    widgets.Mark
	Title   string
	Lead    string
	Facts   []Fact
	Details string // code for support
	Main    TestButton
	Side    []TestButton
}

// TestInput is what TestView looks at. Done tells whether an answer has come.
type TestInput struct {
	Device devices.Device
	Adding bool // the device was just added: it is enabled when all is well
	Done   bool
	Report devices.Report
	Err    error
	Began  time.Time
	Now    time.Time
}

// TestView says what a test shows. It is a pure function.
func TestView(in TestInput, c *text.Catalog) TestModel {
	done := TestButton{TestDone, c.T("devices.test.done")}
	again := TestButton{TestAgain, c.T("devices.test.again")}
	edit := TestButton{TestEdit, c.T("devices.test.edit")}
	name := in.Device.Label
	m := TestModel{Facts: Facts(in.Report, c), Main: done, Side: []TestButton{again}}
	switch {
	case !in.Done:
		m = TestModel{Mark: widgets.Mark{Family: theme.Blue, Icon: "hourglass"}, Title: c.T("devices.test.asking", name)}
		m.Lead = c.T("devices.test.asking.text")
		if d := in.Now.Sub(in.Began); d >= 2*time.Second {
			m.Lead = c.T("devices.test.asking.for", c.Duration(d))
		}
	case in.Err != nil:
		p := c.Failure(in.Err)
		m.Mark, m.Title = Mark(devices.Unreachable), c.T("devices.test.silent", name)
		m.Lead, m.Details, m.Facts = p.What+" "+p.Do, payments.CodeOf(in.Err), nil
		m.Main, m.Side = again, []TestButton{edit, done}
		if in.Adding {
			m.Lead += " " + c.T("devices.test.stored")
		}
	case in.Report.Other:
		m.Mark, m.Title = Mark(devices.Changed), c.T("devices.test.other")
		m.Lead = c.T("devices.test.other.text", name)
		m.Facts = compared(in, c)
		m.Main, m.Side = TestButton{TestAccept, c.T("devices.test.accept")}, []TestButton{again, {TestDone, c.T("devices.test.leave")}}
	case in.Report.Code != "":
		p := c.Problem(in.Report.Code)
		m.Mark, m.Title, m.Lead = Mark(devices.NeedsHelp), c.T("devices.test.help", name), p.What+" "+p.Do
		m.Details = in.Report.Code
		m.Main, m.Side = again, []TestButton{done}
		if in.Adding {
			m.Lead += " " + c.T("devices.test.stored")
		}
	default:
		m.Mark, m.Title, m.Lead = Mark(devices.Ready), c.T("devices.test.works", name), c.T("devices.test.works.text")
		if in.Adding {
			m.Title, m.Lead = c.T("devices.test.added", name), c.T("devices.test.added.text")
		}
	}
	return m
}

// Facts are what a terminal told of itself, without what it left out.
func Facts(r devices.Report, c *text.Catalog) []Fact {
	printer := c.T("devices.fact.printer.no")
	if r.Printer {
		printer = c.T("devices.fact.printer.yes")
	}
	list := []Fact{
		{Label: c.T("devices.fact.terminal"), Value: r.TerminalID},
		{Label: c.T("devices.fact.merchant"), Value: r.Merchant},
		{Label: c.T("devices.fact.serial"), Value: r.SerialNo},
		{Label: c.T("devices.fact.software"), Value: r.Software},
		{Label: c.T("devices.fact.currency"), Value: string(r.Currency)},
		{Label: c.T("devices.fact.printer"), Value: printer},
		{Label: c.T("devices.fact.last"), Value: last(r.Last, c)},
	}
	kept := list[:0]
	for _, f := range list {
		if f.Value != "" {
			kept = append(kept, f)
		}
	}
	return kept
}

// last is the last transaction in one line.
func last(l devices.Last, c *text.Catalog) string {
	if l == (devices.Last{}) {
		return c.T("devices.last.none")
	}
	key := "devices.last.not"
	if l.Paid {
		key = "devices.last.paid"
	}
	words := c.T(key, l.Amount)
	if l.CardLast4 != "" {
		words += ", " + c.T("devices.last.card", l.CardLast4)
	}
	if l.When != "" {
		words += ", " + l.When
	}
	return words
}

// compared sets the registered terminal beside the one that answers.
func compared(in TestInput, c *text.Catalog) []Fact {
	d, r := in.Device, in.Report
	return []Fact{
		{"", c.T("devices.fact.was"), c.T("devices.fact.is")},
		{c.T("devices.fact.terminal"), name(d.TerminalID, c), name(r.TerminalID, c)},
		{c.T("devices.fact.serial"), name(d.SerialNo, c), name(r.SerialNo, c)},
		{c.T("devices.fact.merchant"), name(d.Merchant, c), name(r.Merchant, c)},
	}
}
