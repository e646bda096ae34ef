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
	asking bool  // comparing takes its time
	silent bool  // the first report takes its time
}

func (d diary) Reconcile(context.Context) error { return nil }

func (d diary) Adopt(context.Context, days.Entry, app.Actor) (app.SaleID, error) {
	return "", d.refuse
}

func (d diary) DayPDF(context.Context, string, io.Writer, app.Actor) error { return d.refuse }

func (d diary) PrintDay(context.Context, string, app.Actor) error { return d.refuse }

func (d diary) Report(context.Context, string) (days.Report, error) { return d.report, d.err }

func (d diary) Close(context.Context, app.Actor, string, bool) (days.Report, error) {
	return d.report, d.refuse
}

func (d diary) ReopenFor(context.Context, app.Actor, string, string) error { return d.refuse }

func (d diary) Export(context.Context, app.Actor, io.Writer, string, days.Format, bool) error {
	return d.refuse
}

// dayScreen puts the page of a day where the shell has it.
func dayScreen(st *Stage, d diary, who screen.Person) (*screen.Screen, error) {
	still := d.silent
	s, err := screen.New(screen.Config{
		Book: d, Till: frozen{}, Account: d, Paper: d, Run: half{&still}, Host: st.Host, Text: st.Text, Now: now, Zone: time.UTC,
		Person: func() screen.Person { return who }, OnShow: func(app.Sale) {}, OnConnect: func() {},
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
	still = d.asking || d.silent
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
			taken(payments.RailLink, "", 95300), taken(payments.RailTerminal, "Front counter", 28340),
			taken(payments.RailTerminal, "Colour bar", 5600), taken(payments.RailCash, "", 5000), taken(payments.RailRequest, "", 5000),
		},
		Operators: []days.Share{taken("", "Nora", 83700), taken("", "Mia", 38150), taken("", "Elena", 17390)},
		Differences: []days.Difference{
			{Code: days.NotKnown, Money: true, Do: days.DoCheck, Sale: checkedSoon(sample{client: "Hanna Schmid", note: "Root colour", minor: 4800, state: app.Unknown, ago: 9 * time.Minute}.sale())},
			{Code: days.NotHere, Money: true, Do: days.DoAdopt, Key: "E1", Entry: line()},
		},
		Settled: []days.Difference{{
			Code: days.TakenBack, How: days.HowPaidAgain, At: now().Add(-31 * time.Minute), Done: now().Add(-9 * time.Minute), By: "Nora", Way: "Front counter",
			Sale: sample{client: "Nina Bauer", note: "Updo", minor: 7500, state: app.Paid, ago: 35 * time.Minute}.sale(),
		}},
		Match: days.Match{State: days.MatchDone, At: now().Add(-7 * time.Minute), Agree: 24, Noticed: 20, Listed: 25, Here: 25},
	}
	for i, minor := range []int64{12200, 10000, 19300, 19000, 10900, 14500, 13100, 27500, 6790, 5950} {
		r.Hours = append(r.Hours, days.Hour{Hour: 9 + i, Amount: eur(minor)})
	}
	return r
}

// checkedSoon is asked about again in 40 seconds.
func checkedSoon(s app.Sale) app.Sale {
	for i := range s.Attempts {
		s.Attempts[i].NextCheck = now().Add(40 * time.Second)
	}
	return s
}

// line stands in the list of myPOS alone.
func line() *days.Entry {
	return &days.Entry{
		Key: "E1", Reference: "813 690 44", At: now().Add(-2 * time.Hour), Amount: eur(1800), Last4: "3380", Device: "Front counter", Kind: days.EntryPayment,
	}
}

// everything is a day on which all that can be wrong is.
func everything() days.Report {
	r := saturday()
	at := func(client string, minor int64, state app.State) app.Sale {
		return sample{client: client, minor: minor, state: state, ago: 35 * time.Minute}.sale()
	}
	other, back := line(), line()
	other.Amount, back.Kind, back.Device, back.Amount = eur(5400), days.EntryRefund, "", eur(2000)
	r.Differences = []days.Difference{
		{Code: days.RefundUnknown, Money: true, Do: days.DoResolve, Sale: at("Eva Lang", 6000, app.Paid)},
		{Code: days.TakenBack, Money: true, Do: days.DoAskAgain, Sale: at("Nina Bauer", 7500, app.Reversed)},
		{Code: days.PaidTwice, Money: true, Do: days.DoRefund, Sale: at("Hanna Schmid", 4800, app.Overpaid)},
		{Code: days.PaidLate, Money: true, Do: days.DoKeep, Sale: at("Anna Berger", 4500, app.PaidLate)},
		{Code: days.NotListed, Money: true, Do: days.DoCheck, Sale: at("Lena Weiss", 5200, app.Paid)},
		{Code: days.AmountDiffers, Money: true, Do: days.DoOpen, Sale: at("Marta Hoffmann-Leutheusser", 4500, app.Paid), Entry: other},
		{Code: days.RefundNotListed, Money: true, Do: days.DoOpen, Sale: at("Sofie Brandt", 2000, app.Refunded)},
		{Code: days.RefundNotHere, Money: true, Do: days.DoOpen, Key: "E2", Entry: back},
		{Code: days.StillOpen, Do: days.DoOpen, Sale: sample{note: "Shampoo", minor: 1850, state: app.Offered, ago: 2 * time.Minute}.sale()},
	}
	r.Settled = nil
	for _, how := range []days.How{days.HowRefunded, days.HowKept, days.HowKnown, days.HowAdded} {
		r.Settled = append(r.Settled, days.Difference{How: how, At: now().Add(-time.Hour), Done: now().Add(-20 * time.Minute), Sale: at("Lena Weiss", 5200, app.Paid)})
	}
	return r
}

func sealedDay() days.Report {
	r := saturday()
	r.Differences, r.Settled = nil, nil
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
	r.Totals, r.Ways, r.Operators, r.Hours, r.Differences, r.Settled, r.Match = nil, nil, nil, nil, nil, nil, days.Match{State: days.MatchDone, At: now()}
	return r
}

func dayStory(name string, report func() days.Report, then func(*screen.Screen)) Story {
	return dayStoryOf(name, true, func() diary { return diary{report: report()} }, then)
}

func dayStoryOf(name string, golden bool, d func() diary, then func(*screen.Screen)) Story {
	return Story{Name: "day-" + name, Golden: golden, Build: func(st *Stage) error {
		s, err := dayScreen(st, d(), screen.Person{ID: "nora", Name: "Nora", HasPIN: true, MayClose: true})
		if err == nil && then != nil {
			then(s)
		}
		return err
	}}
}

// walked goes down to a line of the list and presses its button.
func walked(steps int) func(*screen.Screen) {
	return func(s *screen.Screen) {
		for range steps {
			s.Key(&fyne.KeyEvent{Name: fyne.KeyDown})
		}
		s.Press()
	}
}

func twoCurrencies() days.Report {
	r := saturday()
	gbp := func(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: "GBP"} }
	r.Mode = payments.Practice
	r.Totals = append(r.Totals, app.DayTotal{Currency: "GBP", Payments: 4500, Back: -1000, Unsure: -500, Count: 2})
	r.Ways = append(r.Ways, days.Share{Rail: payments.RailLink, Count: 2, Taken: gbp(4500), Amount: gbp(3000)})
	r.Operators = append(r.Operators, days.Share{Name: "Mia", Count: 2, Taken: gbp(4500), Amount: gbp(3000)})
	r.Hours = append(r.Hours, days.Hour{Hour: 11, Amount: gbp(2500)}, days.Hour{Hour: 13, Amount: gbp(2000)})
	r.Differences, r.Settled = nil, nil
	return r
}

// turned presses a key of the page.
func turned(name fyne.KeyName) func(*screen.Screen) {
	return func(s *screen.Screen) { s.Key(&fyne.KeyEvent{Name: name}) }
}

// change makes a report that is a little different.
func change(make func() days.Report, f func(*days.Report)) func() days.Report {
	return func() days.Report {
		r := make()
		f(&r)
		return r
	}
}

// matched is a day that compares so.
func matched(m days.Match) func() diary {
	return func() diary { return diary{report: change(saturday, func(r *days.Report) { r.Match = m })()} }
}

// dayStories are all of the page.
func dayStories() []Story {
	calm := change(saturday, func(r *days.Report) { r.Differences, r.Settled = nil, nil })
	early := matched(days.Match{State: days.MatchDone, At: now().Add(-time.Hour), Agree: 24, Here: 24, Listed: 24})
	return []Story{
		dayStory("open", saturday, nil),
		dayStory("everything", everything, nil),
		dayStory("agrees", calm, nil),
		dayStoryOf("match-off", false, matched(days.Match{State: days.MatchOff, Code: "match.off"}), nil),
		dayStoryOf("match-never", false, matched(days.Match{State: days.MatchNever}), nil),
		dayStoryOf("match-running", false, matched(days.Match{State: days.MatchRunning, At: now().Add(-time.Hour)}), nil),
		dayStoryOf("match-failed", true, matched(days.Match{State: days.MatchFailed, At: now().Add(-time.Hour), Code: "match.clock"}), nil),
		dayStoryOf("match-fresh", false, matched(days.Match{State: days.MatchDone, At: now(), Agree: 22, Fresh: 2, Here: 24, Listed: 22}), nil),
		dayStory("adopt", saturday, walked(2)),
		dayStoryOf("entry", false, func() diary { return diary{report: everything()} }, walked(8)),
		dayStoryOf("adopt-refund", false, func() diary {
			r := everything()
			back := r.Differences[7]
			back.Do, back.Sale = days.DoAdoptRefund, r.Differences[0].Sale
			r.Differences = []days.Difference{back}
			return diary{report: r}
		}, walked(1)),
		dayStoryOf("refused", false, func() diary {
			r := everything()
			r.Differences = r.Differences[3:4]
			return diary{report: r, refuse: &payments.Error{Op: "till.keep", Code: "sale.missing", Err: payments.ErrRefused}}
		}, walked(1)),
		dayStoryOf("close-compare", true, func() diary {
			d := early()
			d.asking = true
			return d
		}, turned(fyne.KeyF8)),
		dayStory("print", saturday, (*screen.Screen).Print),
		dayStory("empty", emptyDay, nil),
		dayStory("sealed", sealedDay, nil),
		dayStory("currencies", twoCurrencies, nil),
		dayStory("earlier", change(saturday, func(r *days.Report) { r.Earlier = "2026-11-20" }), nil),
		dayStory("differs", change(saturday, func(r *days.Report) { r.Agrees = false }), nil),
		dayStory("close", calm, turned(fyne.KeyF8)),
		dayStory("close-knowingly", saturday, turned(fyne.KeyF8)),
		dayStory("close-earlier", change(saturday, func(r *days.Report) { r.Earlier = "2026-11-20" }), turned(fyne.KeyF8)),
		dayStory("reopen", sealedDay, (*screen.Screen).Reopen),
		dayStory("choose", saturday, (*screen.Screen).Choose),
		dayStory("export", saturday, (*screen.Screen).Export),
		dayStoryOf("loading", true, func() diary { return diary{silent: true} }, nil),
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
