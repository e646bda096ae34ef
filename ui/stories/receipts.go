package stories

import (
	"context"
	"io"
	"net/url"
	"time"

	"frontdesk/app"
	"frontdesk/app/receipt"
	"frontdesk/app/settings"
	"frontdesk/payments"
	screen "frontdesk/ui/screens/receipt"
	pagesettings "frontdesk/ui/screens/settings"
)

// printshop makes receipts, and a printer that says what the story wants.
type printshop struct {
	mode    payments.Mode
	refuse  error // what making a receipt says
	trouble error // what the printer says
	found   []receipt.Found
	system  bool // a printer of the computer is chosen
}

func (p printshop) config() receipt.Config {
	v := shopSettings()
	return receipt.Config{Salon: v.Heading(), Mode: p.mode, Zone: time.UTC, Language: "en", VAT: v.Receipt.VAT, Paid: now()}
}

func (p printshop) Receipt(_ context.Context, _ app.SaleID, refund string) (receipt.Receipt, error) {
	if p.refuse != nil {
		return receipt.Receipt{}, p.refuse
	}
	return receipt.New(p.config(), colour(), receipt.Kind{Refund: refund})
}

func (p printshop) PrintReceipt(context.Context, app.SaleID, string, bool, app.Actor) error {
	return p.trouble
}

func (p printshop) SaveReceipt(context.Context, app.SaleID, string, io.Writer) error {
	return p.trouble
}

func (p printshop) Printers(context.Context) ([]receipt.Found, error) { return p.found, nil }

func (p printshop) TestPrinter(context.Context, settings.Printer) error { return p.trouble }

// colour is a sale that was paid by card and partly given back.
func colour() app.Sale {
	s := sample{client: "Eva Lang", note: "Colour", minor: 6000, state: app.Paid, ago: 50 * time.Minute}.sale()
	s.State, s.Received, s.Refunded, s.Operator = app.PartRefunded, eur(4000), eur(2000), "Nora"
	s.Lines = []app.Line{{Label: "Colour", Amount: eur(6000)}}
	a := &s.Attempts[0]
	a.State, a.CardLast4, a.CardName, a.Reference = app.PartRefunded, "2091", "Mastercard", "81369017"
	a.Refunds = []app.Refund{{
		OrderID: "L4MX07QW2KDPC9VT3RHN", Amount: eur(2000), State: app.RefundDone, Reason: "not happy", Operator: "Nora", Reference: "81369980",
		Asked: now().Add(-18 * time.Minute), Settled: now().Add(-18 * time.Minute),
	}}
	return s
}

// shopSettings are those of a salon that prints receipts.
func shopSettings() settings.Settings {
	return settings.Settings{
		Salon: "Salon Mirabelle",
		Shop:  settings.Shop{Street: "Kastanienallee 12", City: "10435 Berlin", VATID: "DE 812 345 678", Phone: "+49 30 555 0184", Footer: "Thank you. See you soon."},
		Receipt: settings.Receipt{
			Auto: true, VAT: 1900, Printer: settings.Printer{Kind: settings.PrinterNetwork, Address: "192.168.1.50", Width: settings.PaperWide, Cut: true},
		},
	}
}

// cupboard holds copies, made day after day.
type cupboard []pagesettings.Copy

func (c cupboard) Copies(context.Context) ([]pagesettings.Copy, error) { return c, nil }

func (c cupboard) MakeCopy(context.Context, string, string) (pagesettings.Copy, error) {
	return pagesettings.Copy{Path: "/home/elena/.local/share/frontdesk/live/backups/2026-11-21", Day: now(), Bytes: 4 << 20}, nil
}

func fullCupboard() cupboard {
	var list cupboard
	for i := range 11 {
		day := now().AddDate(0, 0, -i)
		if i > 6 {
			day = now().AddDate(0, 0, -7*(i-5))
		}
		list = append(list, pagesettings.Copy{
			Path: "/home/elena/.local/share/frontdesk/live/backups/" + day.Format(time.DateOnly), Day: day, Bytes: int64(4<<20 - i*70000),
		})
	}
	return list
}

// squad are the desks of a salon with three.
type squad struct{ refuse error }

func (s squad) Desks(context.Context) ([]pagesettings.FleetDesk, error) {
	return []pagesettings.FleetDesk{
		{ID: "1", Name: "Main desk", Here: true, Paired: now().AddDate(0, 0, -18), Seen: now()},
		{ID: "2", Name: "Colour bar, first floor", Paired: now().AddDate(0, 0, -12), Seen: now().Add(-5 * time.Minute)},
		{ID: "3", Name: "Old laptop", Paired: now().AddDate(0, 0, -17), Revoked: now().AddDate(0, 0, -3)},
	}, s.refuse
}

func (s squad) PairingCode(context.Context, string) (string, time.Time, error) {
	return "7K3M-9QWX-4RTB-2HPC", now().Add(15 * time.Minute), s.refuse
}
func (s squad) Rename(context.Context, string, string, string) error { return s.refuse }
func (s squad) Revoke(context.Context, string, string) error         { return s.refuse }

// receiptStory opens the receipt of a sale over the till.
func receiptStory(name string, golden bool, p printshop, refund string, then func(*screen.Dialog)) Story {
	return Story{Name: "receipt-" + name, Golden: golden, Build: func(st *Stage) error {
		if err := backdrop(st); err != nil {
			return err
		}
		d, err := screen.Open(screen.Config{
			Desk: p, Run: brief{}, Host: st.Host, Text: st.Text, Operator: func() string { return "nora" },
			Columns: func() int { return settings.PaperWide }, Mail: func(*url.URL) error { return nil }, OnSetup: func() {},
			Save: func(name string, write func(io.Writer) error) (string, error) {
				return "/home/elena/Documents/" + name, write(io.Discard)
			},
		}, "7K3M9QWX4RTB2HPC", refund)
		if err == nil && then != nil {
			then(d)
		}
		return err
	}}
}

func refusedBy(code string, kind error) error {
	return &payments.Error{Op: "story", Code: code, Err: kind}
}

func receiptStories() []Story {
	live := printshop{mode: payments.Live}
	trouble := func(code string, kind error) printshop {
		p := live
		p.trouble = refusedBy(code, kind)
		return p
	}
	unpaid := live
	unpaid.refuse = refusedBy("receipt.unpaid", payments.ErrRefused)
	print := (*screen.Dialog).Print
	return []Story{
		receiptStory("sale", true, live, "", nil),
		receiptStory("refund", true, live, "L4MX07QW2KDPC9VT3RHN", nil),
		receiptStory("practice", false, printshop{mode: payments.Practice}, "", nil),
		receiptStory("printed", true, live, "", print),
		receiptStory("saved", false, live, "", (*screen.Dialog).Save),
		receiptStory("paper", true, trouble("printer.paper", payments.ErrUnreachable), "", print),
		receiptStory("noprinter", false, trouble("printer.none", payments.ErrRefused), "", print),
		receiptStory("unsure", false, trouble("printer.cut", payments.ErrUnknown), "", print),
		receiptStory("unpaid", false, unpaid, "", nil),
	}
}
