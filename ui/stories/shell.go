package stories

import (
	"context"
	"iter"
	"net/url"
	"time"

	"fyne.io/fyne/v2"

	"frontdesk/app"
	"frontdesk/app/settings"
	"frontdesk/payments"
	"frontdesk/ui"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// whole is a till for the whole window: a shelf in which nothing happens.
type whole struct {
	frozen
	shelf shelf
}

func (w whole) Sales(ctx context.Context, q app.Query) ([]app.Sale, error) {
	return w.shelf.Sales(ctx, q)
}

func (w whole) Sale(ctx context.Context, id app.SaleID) (app.Sale, []app.Event, error) {
	return w.shelf.Sale(ctx, id)
}

func (w whole) Charge(context.Context, app.ChargeRequest) (app.Sale, error) {
	return app.Sale{}, errFrozen
}

func (w whole) Watch(context.Context) iter.Seq[app.Snapshot] { return func(func(app.Snapshot) bool) {} }

// wishes are settings that nobody saves.
type wishes settings.Settings

func (w wishes) Load() (settings.Settings, error) { return settings.Settings(w), nil }
func (wishes) Save(settings.Settings) error       { return nil }

// brief runs work at once, with a context that has ended: what follows the
// till leaves, what asks it once is answered.
type brief struct{}

func (brief) Go(work func(context.Context)) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	work(ctx)
}
func (brief) Do(f func()) { f() }

// endless is randomness for the keys of requests that are never sent.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// shellWindow puts the whole window on the stage, with two terminals.
func shellWindow(st *Stage, snap app.Snapshot, sales []app.Sale) (*ui.Window, error) {
	return fleetWindow(st, snap, sales, calmFleet())
}

// fleetWindow puts the whole window on the stage, with terminals.
func fleetWindow(st *Stage, snap app.Snapshot, sales []app.Sale, f fleet) (*ui.Window, error) {
	return changedWindow(st, snap, sales, f, func(*ui.Config) {})
}

// changedWindow is such a window made of something else here and there.
func changedWindow(st *Stage, snap app.Snapshot, sales []app.Sale, f fleet, change func(*ui.Config)) (*ui.Window, error) {
	look := "light"
	if st.Look.Dark {
		look = "dark"
	}
	cfg := ui.Config{
		Till: whole{shelf: shelf{sales: sales}}, Devices: f, Days: diary{report: saturday()}, Canvas: st.Window.Canvas(), App: st.app,
		Settings: wishes{
			Theme: look, TextSize: st.Look.Factor, Language: st.Look.Lang, Salon: "Salon Mirabelle", Desk: "Main desk",
			Operator: "Nora", Currency: "EUR", Begun: true,
		},
		Open: func(*url.URL) error { return nil }, Copy: func(string) {}, Entropy: endless{}, Now: now,
		Zone: time.UTC, Language: st.Look.Lang, Async: brief{},
	}
	change(&cfg)
	w, err := ui.New(cfg)
	if err != nil {
		return nil, err
	}
	w.SetSnapshot(snap)
	st.Window.SetContent(w.Content())
	return w, nil
}

// snapshot is a calm moment of a till.
func snapshot(mode payments.Mode) app.Snapshot {
	return app.Snapshot{
		Revision: 1, Mode: mode, Desk: "Main desk", Recent: day(), Relay: payments.Proof{At: now().Add(-12 * time.Second)},
	}
}

func shellStory(name string, minor int64, snap func() app.Snapshot, then func(*Stage, *ui.Window)) Story {
	return Story{Name: name, Golden: true, Build: func(st *Stage) error {
		w, err := shellWindow(st, snap(), day())
		if err != nil {
			return err
		}
		if minor > 0 {
			w.Fill(eur(minor), "")
		}
		if then != nil {
			then(st, w)
		}
		return nil
	}}
}

func shellStories() []Story {
	live := func() app.Snapshot { return snapshot(payments.Live) }
	list := func(st *Stage, w *ui.Window) {
		w.TypedKey(&fyne.KeyEvent{Name: fyne.KeyF3})
		st.Window.Canvas().Unfocus()
	}
	misfit := shellStory("charge-misfit", 0, live, func(_ *Stage, w *ui.Window) {
		for _, r := range "1.234" { // a thousand, as it is written in German
			w.TypedRune(r)
		}
		w.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	})
	misfit.Golden = false
	return []Story{
		shellStory("charge", 4500, live, nil),
		misfit,
		shellStory("charge-empty", 0, func() app.Snapshot {
			s := live()
			s.Recent = nil
			return s
		}, nil),
		shellStory("charge-practice", 4500, func() app.Snapshot { return snapshot(payments.Practice) }, nil),
		shellStory("charge-large", 99999999, func() app.Snapshot { return snapshot(payments.Test) }, nil),
		shellStory("charge-alarm", 0, func() app.Snapshot {
			s := live()
			s.Alarms = []app.Sale{sample{client: "Nina Bauer", note: "Updo", minor: 7500, state: app.Reversed, ago: 35 * time.Minute}.sale()}
			return s
		}, nil),
		shellStory("charge-silent", 2000, func() app.Snapshot {
			s := live()
			s.Relay = payments.Proof{At: now().Add(-48 * time.Second), Err: "silent"}
			s.Trouble = []app.Trouble{{Code: "relay.silent", Since: now().Add(-48 * time.Second)}}
			return s
		}, nil),
		shellStory("payments", 0, live, list),
		shellStory("payments-practice", 0, func() app.Snapshot { return snapshot(payments.Practice) }, list),
	}
}

// backdrop is the till that lies under a dialog.
func backdrop(st *Stage) error {
	if st.Look.Plain {
		st.Window.SetContent(widgets.NewSurface(widgets.Skin{Fill: theme.Canvas}))
		return nil
	}
	w, err := shellWindow(st, snapshot(payments.Live), day())
	if err == nil {
		w.Fill(eur(4500), "")
	}
	return err
}
