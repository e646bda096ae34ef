package devices_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"frontdesk/app"
	"frontdesk/app/devices"
	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/payments/money"
	page "frontdesk/ui/screens/devices"
	"frontdesk/ui/theme"
)

func at() time.Time { return time.Date(2026, 11, 21, 14, 33, 10, 0, time.UTC) }

// ready is a terminal that answered four seconds ago.
func ready(change func(*devices.Status)) devices.Status {
	s := devices.Status{Health: devices.Ready, Device: devices.Device{
		ID: "FRONT001", Label: "Front counter", Model: "Ultra", Driver: devices.TCP, Host: "192.168.1.40", Port: 7900, TerminalID: "80012345",
		Enabled: true, Added: at().AddDate(0, -2, 0), Tested: at().AddDate(0, -1, 0), LastSeen: at().Add(-4 * time.Second), LastUsed: at().Add(-time.Hour),
	}}
	if change != nil {
		change(&s)
	}
	return s
}

func card(s devices.Status, change func(*page.Input)) page.Card {
	in := page.Input{Status: s, Now: at(), Zone: time.UTC}
	if change != nil {
		change(&in)
	}
	return page.View(in, text.New("en"))
}

func TestEveryStateHasWordColourAndLine(t *testing.T) {
	health := func(h devices.Health) devices.Status { return ready(func(s *devices.Status) { s.Health = h }) }
	use := func(state app.State, stage app.StageName) func(*page.Input) {
		return func(in *page.Input) {
			in.Use = &app.DeviceUse{ID: "FRONT001", Sale: "S1", State: state, Stage: app.Stage{Name: stage, Since: at().Add(-18 * time.Second)}}
			in.Amount = money.Amount{Minor: 2800, Currency: "EUR"}
		}
	}
	for name, c := range map[string]struct {
		status devices.Status
		in     func(*page.Input)
		word   string
		family theme.Family
		line   string
		ask    page.Ask
		fix    bool
	}{
		"ready":       {ready(nil), nil, "READY", theme.Green, "Answered 4 s ago", page.AskNone, false},
		"busy":        {ready(nil), use(app.Offered, app.StagePresentCard), "BUSY, 28.00 EUR", theme.Blue, "Waiting for the card, 18 s", page.AskNone, false},
		"starting":    {ready(nil), use(app.Preparing, ""), "BUSY, 28.00 EUR", theme.Blue, "A payment begins, 18 s", page.AskNone, false},
		"unknown":     {health(devices.Unreachable), use(app.Unknown, ""), "NOT KNOWN YET, 28.00 EUR", theme.Amber, "Last seen 14:33", page.AskSale, true},
		"unreachable": {health(devices.Unreachable), nil, "NOT REACHED", theme.Amber, "Last seen 14:33", page.AskNone, true},
		"changed":     {ready(func(s *devices.Status) { s.Other = devices.Told{TerminalID: "80099999"} }), nil, "ANOTHER TERMINAL", theme.Amber, "Last seen 14:33", page.AskOther, true},
		"needs help":  {ready(func(s *devices.Status) { s.Health, s.Code = devices.NeedsHelp, "terminal.needs_update" }), nil, "NEEDS HELP", theme.Amber, "Last seen 14:33", page.AskNone, true},
		"idle":        {ready(func(s *devices.Status) { s.Idle = true }), nil, "READY", theme.Green, "Answered 4 s ago", page.AskKeep, true},
		"off":         {ready(func(s *devices.Status) { s.Enabled, s.Health = false, devices.Disabled }), nil, "SWITCHED OFF", theme.Grey, "Last used 13:33", page.AskNone, false},
		"untested": {ready(func(s *devices.Status) {
			s.Enabled, s.Health, s.Tested, s.LastSeen = false, devices.Untested, time.Time{}, time.Time{}
		}), nil, "NOT TESTED", theme.Grey, "Has not answered yet", page.AskNone, true},
		"testing":  {health(devices.Unreachable), func(in *page.Input) { in.Testing = at().Add(-3 * time.Second) }, "TESTING", theme.Amber, "Asking for 3 s", page.AskNone, false},
		"practice": {ready(func(s *devices.Status) { s.Driver = devices.Practice }), nil, "READY", theme.Green, "Answered 4 s ago", page.AskShow, false},
	} {
		got := card(c.status, c.in)
		if got.Word != c.word || got.Mark.Family != c.family || got.Mark.Icon == "" || got.Lines[1].Text != c.line || got.Ask != c.ask || (got.Fix != "") != c.fix {
			t.Errorf("%s: %+v", name, got)
		}
		if (got.AskLabel != "") != (got.Ask != page.AskNone) {
			t.Errorf("%s: asks %q as %q", name, got.Ask, got.AskLabel)
		}
		if got.InUse != (c.in != nil && (name == "busy" || name == "starting" || name == "unknown")) {
			t.Errorf("%s: in use %v", name, got.InUse)
		}
	}
}

// Every health and stage of the till has its words in every language.
func TestNothingIsWithoutWords(t *testing.T) {
	stages := []app.StageName{"", app.StageSent, app.StagePresentCard, app.StageCardRead, app.StageCurrency, app.StagePIN, app.StagePINWrong, app.StageAuthorising}
	healths := []devices.Health{devices.Untested, devices.Ready, devices.Busy, devices.Unreachable, devices.Blocked, devices.Changed, devices.Disabled, devices.NeedsHelp}
	drivers := []devices.Driver{devices.TCP, devices.Serial, devices.Cloud, devices.Practice}
	for _, lang := range text.Languages() {
		c := text.New(lang)
		for _, h := range healths {
			for _, driver := range drivers {
				for _, stage := range stages {
					in := page.Input{Status: ready(func(s *devices.Status) { s.Health, s.Driver, s.Default = h, driver, true }), Several: true, Now: at(), Zone: time.UTC}
					if stage != "" {
						in.Use = &app.DeviceUse{Stage: app.Stage{Name: stage}}
					}
					m := page.View(in, c)
					words := []string{m.Word, m.Model, m.Fix, m.AskLabel, m.SwitchName}
					for _, l := range m.Lines {
						words = append(words, l.Text)
					}
					if all := strings.Join(words, " "); strings.ContainsAny(all, "[]{}") {
						t.Fatalf("%s %s %s %s: %s", lang, h, driver, stage, all)
					}
				}
			}
		}
	}
}

func TestDefaultIsToldOnlyWhereThereIsAChoice(t *testing.T) {
	s := ready(func(s *devices.Status) { s.Default = true })
	if n := len(card(s, nil).Lines); n != 2 {
		t.Errorf("alone: %d lines", n)
	}
	if got := card(s, func(in *page.Input) { in.Several = true }); len(got.Lines) != 3 || got.Lines[2].Icon != "star" {
		t.Errorf("among several: %+v", got.Lines)
	}
}

func TestTestTellsWhatWasFound(t *testing.T) {
	told := devices.Told{TerminalID: "80012345", Merchant: "Salon", SerialNo: "N96-1", Currency: "EUR"}
	eur := money.Amount{Minor: 2800, Currency: "EUR"}
	d := ready(nil).Device
	view := func(in page.TestInput) page.TestModel {
		in.Device, in.Now = d, at()
		return page.TestView(in, text.New("en"))
	}
	m := view(page.TestInput{Began: at().Add(-3 * time.Second)})
	if m.Main.Act != "" || !strings.Contains(m.Lead, "3 s") {
		t.Errorf("while it runs: %+v", m)
	}
	m = view(page.TestInput{Done: true, Report: devices.Report{Told: told, Last: devices.Last{Paid: true, Amount: eur, CardLast4: "4417", When: "14:02"}}})
	last := m.Facts[len(m.Facts)-1].Value
	if m.Main.Act != page.TestDone || m.Mark.Family != theme.Green || last != "28.00 EUR paid, card 4417, 14:02" {
		t.Errorf("works: %+v", m)
	}
	silent := &payments.Error{Op: "t", Code: "terminal.unreachable", Err: payments.ErrUnreachable}
	m = view(page.TestInput{Done: true, Err: silent, Adding: true})
	if m.Main.Act != page.TestAgain || m.Details != "terminal.unreachable" || len(m.Facts) != 0 || !strings.Contains(m.Lead, "It is stored") {
		t.Errorf("silent: %+v", m)
	}
	m = view(page.TestInput{Done: true, Err: errors.New("odd")})
	if strings.ContainsAny(m.Lead, "[{") || m.Lead == "" {
		t.Errorf("an error without a code: %+v", m)
	}
	told.Code = "terminal.needs_update"
	m = view(page.TestInput{Done: true, Report: devices.Report{Told: told}})
	if m.Mark.Family != theme.Amber || m.Details != "terminal.needs_update" || len(m.Facts) == 0 {
		t.Errorf("needs help: %+v", m)
	}
	m = view(page.TestInput{Done: true, Report: devices.Report{Told: devices.Told{TerminalID: "80055555"}, Other: true}})
	if m.Main.Act != page.TestAccept || m.Facts[1].Value != "80012345" || m.Facts[1].Other != "80055555" {
		t.Errorf("another one: %+v", m)
	}
}
