package stories

import (
	"context"
	"io"
	"time"

	"fyne.io/fyne/v2"

	"frontdesk/app"
	days "frontdesk/app/day"
	"frontdesk/payments"
	"frontdesk/payments/money"
	screen "frontdesk/ui/screens/day"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// diary is a book of days with one page.
type diary struct {
	report days.Report
	err    error
	refuse error // what closing says
}

func (d diary) Report(context.Context, string) (days.Report, error) { return d.report, d.err }

func (d diary) Close(context.Context, app.Actor, string, bool) (days.Report, error) {
	return d.report, d.refuse
}

func (d diary) Reopen(context.Context, app.Actor, string) error { return d.refuse }

func (d diary) Export(context.Context, app.Actor, io.Writer, string, days.Format, bool) error {
	return d.refuse
}

// dayScreen puts the page of a day where the shell has it.
func dayScreen(st *Stage, d diary, who screen.Person) (*screen.Screen, error) {
	s, err := screen.New(screen.Config{
		Book: d, Till: frozen{}, Run: brief{}, Host: st.Host, Text: st.Text, Now: now, Zone: time.UTC,
		Person: func() screen.Person { return who }, OnShow: func(app.Sale) {}, OnOpen: func(app.SaleID) {},
		QR:   func(string) ([][]bool, error) { return modules(), nil },
		Save: func(name string, write func(io.Writer) error) (string, error) { return name, write(io.Discard) },
	})
	if err != nil {
		return nil, err
	}
	ground := widgets.NewSurface(widgets.Skin{Fill: theme.Canvas})
	st.Window.SetContent(widgets.Place(nil, func(size fyne.Size) {
		widgets.Put(ground, 0, 0, size.Width, size.Height)
		widgets.Put(s.Content(), 88, 56, size.Width-88, size.Height-56)
	}, ground, s.Content()))
	s.Show()
	return s, nil
}

func taken(rail payments.Rail, name string, minor int64) days.Share {
	return days.Share{Rail: rail, Name: name, Count: 1, Taken: eur(minor), Amount: eur(minor)}
}

// saturday is the day of the pictures.
func saturday() days.Report {
	r := days.Report{
		Mode: payments.Live, Day: "2026-11-21", Zone: "UTC", Agrees: true,
		From: time.Date(2026, 11, 21, 4, 0, 0, 0, time.UTC), Until: time.Date(2026, 11, 22, 4, 0, 0, 0, time.UTC),
		Totals: []app.DayTotal{{Currency: "EUR", Payments: 139240, Refunds: -2000, Tips: 6150, Count: 24}},
		Ways: []days.Share{
			taken(payments.RailLink, "", 100300), taken(payments.RailTerminal, "Front counter", 28340),
			taken(payments.RailTerminal, "Colour bar", 5600), taken(payments.RailRequest, "", 5000),
		},
		Operators: []days.Share{taken("", "Nora", 83700), taken("", "Mia", 38150), taken("", "Elena", 17390)},
		Differences: []days.Difference{
			{Code: days.NotKnown, Money: true, Sale: sample{client: "Hanna Schmid", note: "Root colour", minor: 4800, state: app.Unknown, ago: 9 * time.Minute}.sale()},
			{Code: days.TakenBack, Money: true, Sale: sample{client: "Nina Bauer", note: "Updo", minor: 7500, state: app.Reversed, ago: 35 * time.Minute}.sale()},
			{Code: days.StillOpen, Sale: sample{note: "Shampoo", minor: 1850, state: app.Offered, ago: 2 * time.Minute}.sale()},
		},
	}
	for i, minor := range []int64{12200, 10000, 19300, 19000, 10900, 14500, 13100, 27500, 6790, 5950} {
		r.Hours = append(r.Hours, days.Hour{Hour: 9 + i, Amount: eur(minor)})
	}
	return r
}

func sealedDay() days.Report {
	r := saturday()
	r.Differences = nil
	head := make([]byte, 32)
	for i := range head {
		head[i] = byte(i*37 + 63)
	}
	r.Closed = &app.ClosedDay{
		DayData: app.DayData{Day: r.Day, Zone: "UTC", Until: now(), Totals: r.Totals}, Seq: 1042, At: now(), Operator: "Nora", Head: head,
	}
	return r
}

func emptyDay() days.Report {
	r := saturday()
	r.Totals, r.Ways, r.Operators, r.Hours, r.Differences = nil, nil, nil, nil, nil
	return r
}

func dayStory(name string, report func() days.Report, then func(*screen.Screen)) Story {
	return Story{Name: "day-" + name, Golden: true, Build: func(st *Stage) error {
		s, err := dayScreen(st, diary{report: report()}, screen.Person{ID: "nora", Name: "Nora", HasPIN: true, MayClose: true})
		if err == nil && then != nil {
			then(s)
		}
		return err
	}}
}

func twoCurrencies() days.Report {
	r := saturday()
	gbp := func(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: "GBP"} }
	r.Mode = payments.Practice
	r.Totals = append(r.Totals, app.DayTotal{Currency: "GBP", Payments: 4500, Back: -1000, Unsure: -500, Count: 2})
	r.Ways = append(r.Ways, days.Share{Rail: payments.RailLink, Count: 2, Taken: gbp(4500), Amount: gbp(3000)})
	r.Operators = append(r.Operators, days.Share{Name: "Mia", Count: 2, Taken: gbp(4500), Amount: gbp(3000)})
	r.Hours = append(r.Hours, days.Hour{Hour: 11, Amount: gbp(2500)}, days.Hour{Hour: 13, Amount: gbp(2000)})
	r.Differences = nil
	return r
}

func dayStories() []Story {
	key := func(name fyne.KeyName) func(*screen.Screen) {
		return func(s *screen.Screen) { s.Key(&fyne.KeyEvent{Name: name}) }
	}
	change := func(make func() days.Report, f func(*days.Report)) func() days.Report {
		return func() days.Report {
			r := make()
			f(&r)
			return r
		}
	}
	return []Story{
		dayStory("open", saturday, nil),
		dayStory("agrees", change(saturday, func(r *days.Report) { r.Differences = nil }), nil),
		dayStory("empty", emptyDay, nil),
		dayStory("sealed", sealedDay, nil),
		dayStory("currencies", twoCurrencies, nil),
		dayStory("earlier", change(saturday, func(r *days.Report) { r.Earlier = "2026-11-20" }), nil),
		dayStory("differs", change(saturday, func(r *days.Report) { r.Agrees = false }), nil),
		dayStory("close", change(saturday, func(r *days.Report) { r.Differences = nil }), key(fyne.KeyF8)),
		dayStory("close-knowingly", saturday, key(fyne.KeyF8)),
		dayStory("close-earlier", change(saturday, func(r *days.Report) { r.Earlier = "2026-11-20" }), key(fyne.KeyF8)),
		dayStory("reopen", sealedDay, (*screen.Screen).Reopen),
		dayStory("choose", saturday, (*screen.Screen).Choose),
		dayStory("export", saturday, (*screen.Screen).Export),
		{Name: "day-error", Golden: true, Build: func(st *Stage) error {
			_, err := dayScreen(st, diary{err: &payments.Error{Op: "journal.takings", Code: "journal.corrupt"}}, screen.Person{Name: "Nora", MayClose: true})
			return err
		}},
		{Name: "day-close-denied", Golden: false, Build: func(st *Stage) error {
			s, err := dayScreen(st, diary{report: saturday()}, screen.Person{Name: "Elena"})
			if err == nil {
				s.Close()
			}
			return err
		}},
	}
}
