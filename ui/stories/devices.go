package stories

import (
	"time"

	"fyne.io/fyne/v2"

	"frontdesk/app"
	"frontdesk/app/devices"
	"frontdesk/payments"
	"frontdesk/ui"
	"frontdesk/ui/async"
	pagedevices "frontdesk/ui/screens/devices"
)

// fleetStory shows the page in the whole window.
func fleetStory(name string, f fleet, snap app.Snapshot) Story {
	return Story{Name: "devices" + name, Golden: name == "" || name == "-trouble", Build: func(st *Stage) error {
		w, err := fleetWindow(st, snap, day(), f)
		if err == nil {
			showDevices(st, w)
		}
		return err
	}}
}

func showDevices(st *Stage, w *ui.Window) {
	w.TypedKey(&fyne.KeyEvent{Name: fyne.KeyF6})
	st.Window.Canvas().Unfocus()
}

// sheetStory opens a dialog over the page.
func sheetStory(name string, f fleet, run async.Dispatcher, open func(*Stage, *pagedevices.Page)) Story {
	return Story{Name: "devices-" + name, Golden: name == "network-wrong" || name == "test-other", Build: func(st *Stage) error {
		if !st.Look.Plain {
			w, err := fleetWindow(st, snapshot(payments.Live), day(), salonFleet())
			if err != nil {
				return err
			}
			showDevices(st, w)
		} else if err := backdrop(st); err != nil {
			return err
		}
		page, err := pagedevices.New(pagedevices.Config{
			Desk: f, Run: run, Host: st.Host, Text: st.Text, Now: now, Zone: time.UTC, Operator: func() string { return "Nora" },
			Connect: func() {},
		})
		if err != nil {
			return err
		}
		page.SetSnapshot(snapshot(payments.Live))
		open(st, page)
		return nil
	}}
}

func deviceStories() []Story {
	busy := snapshot(payments.Live)
	waiting := sample{client: "Ivana Petrova", note: "Manicure", minor: 2800, state: app.Offered, ago: 20 * time.Second, rail: payments.RailCloud}.sale()
	busy.Recent = append([]app.Sale{waiting}, busy.Recent...)
	busy.Devices = []app.DeviceUse{{
		ID: "CHAIR004", Sale: waiting.ID, State: app.Offered,
		Stage: app.Stage{Name: app.StagePresentCard, Cancellable: true, Since: now().Add(-18 * time.Second)},
	}}
	trouble := snapshot(payments.Live)
	lost := sample{client: "Hanna Schmid", note: "Root colour", minor: 4800, state: app.Unknown, ago: 9 * time.Minute}.sale()
	trouble.Recent = append([]app.Sale{lost}, trouble.Recent...)
	trouble.Devices = []app.DeviceUse{{ID: "BLOCKED1", Sale: lost.ID, State: app.Unknown}}
	practice := terminal("PRACTICE", "Practice terminal", "", devices.Practice, 12*time.Second)
	practice.Default = true
	all := []Story{
		fleetStory("", salonFleet(), busy),
		fleetStory("-trouble", troubledFleet(), trouble),
		fleetStory("-empty", fleet{}, snapshot(payments.Live)),
		fleetStory("-practice", fleet{list: []devices.Status{practice}}, snapshot(payments.Practice)),
	}
	return append(all, append(formStories(), testStories()...)...)
}

func formStories() []Story {
	enter := func(st *Stage) { st.Host.Key(&fyne.KeyEvent{Name: fyne.KeyReturn}) }
	f := salonFleet()
	plugged, account := f, f
	plugged.ports = []string{"COM3", "COM7"}
	account.found = []devices.Found{
		{Name: "Front counter", Model: "Ultra", TerminalID: "80012345", SerialNo: "N96-2214-0071", Known: "Front counter"},
		{Name: "Salon Mirabelle 2", Model: "Carbon", TerminalID: "80012398", SerialNo: "C11-0412-1190", Cloud: true},
		{Model: "Go 2", TerminalID: "80012412", SerialNo: "G20-7719-3321"},
	}
	unconnected := f
	unconnected.err = &payments.Error{Op: "story", Code: "rest.missing", Err: payments.ErrRefused}
	return []Story{
		sheetStory("add", f, brief{}, func(_ *Stage, p *pagedevices.Page) { p.Add() }),
		sheetStory("network", f, brief{}, func(_ *Stage, p *pagedevices.Page) { p.AddBy(devices.TCP) }),
		sheetStory("network-wrong", f, brief{}, func(st *Stage, p *pagedevices.Page) { p.AddBy(devices.TCP); enter(st) }),
		sheetStory("usb", plugged, brief{}, func(_ *Stage, p *pagedevices.Page) { p.AddBy(devices.Serial) }),
		sheetStory("usb-none", f, brief{}, func(_ *Stage, p *pagedevices.Page) { p.AddBy(devices.Serial) }),
		sheetStory("edit", f, brief{}, func(_ *Stage, p *pagedevices.Page) { p.Edit("COLOUR02") }),
		sheetStory("import", account, brief{}, func(_ *Stage, p *pagedevices.Page) { p.Import() }),
		sheetStory("import-unconnected", unconnected, brief{}, func(_ *Stage, p *pagedevices.Page) { p.Import() }),
		sheetStory("release", f, brief{}, func(_ *Stage, p *pagedevices.Page) { p.Release("FRONT001") }),
		sheetStory("remove", f, brief{}, func(_ *Stage, p *pagedevices.Page) { p.Remove("COLOUR02") }),
	}
}

func testStories() []Story {
	test := func(_ *Stage, p *pagedevices.Page) { p.Test("FRONT001") }
	story := func(name string, r devices.Report, err error) Story {
		f := salonFleet()
		f.report, f.err = r, err
		return sheetStory("test-"+name, f, brief{}, test)
	}
	other, update := usualReport(), usualReport()
	other.Other, other.TerminalID, other.SerialNo, other.Merchant = true, "80055555", "N96-9901-0002", "Nail bar Elena"
	update.Code = "terminal.needs_update"
	silent := &payments.Error{Op: "story", Code: "terminal.unreachable", Err: payments.ErrUnreachable}
	return []Story{
		sheetStory("test-asking", salonFleet(), still{}, test),
		story("works", usualReport(), nil),
		story("silent", devices.Report{}, silent),
		story("other", other, nil),
		story("help", update, nil),
	}
}
