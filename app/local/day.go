package local

import (
	"cmp"
	"context"
	"encoding/hex"
	"io"
	"time"
	"unicode/utf8"

	"frontdesk/app"
	"frontdesk/app/day"
	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

// Operations on business days.
const (
	OpDay    = "day"        // DayArgs in; Day out
	OpClose  = "close-day"  // DayArgs in; Day out, as it was sealed
	OpReopen = "reopen-day" // DayArgs in; Day out, as it is open again
	OpExport = "export"     // DayArgs in; any number of Piece out
)

// DayArgs names a business day, empty for today, and who acts on it. Open
// allows closing with money that is not settled; Format and Comma are those of
// an export.
type DayArgs struct {
	Day      string `json:"day,omitempty"`
	Open     bool   `json:"open,omitempty"`
	Format   string `json:"format,omitempty"`
	Comma    bool   `json:"comma,omitempty"`
	Until    string `json:"until,omitempty"` // last day of a period; of an export as PDF
	Operator string `json:"operator,omitempty"`
	PIN      string `json:"pin,omitempty"`
}

// Day is a business day as `day` and `close-day` print it. Amounts are decimal
// texts beside the same in minor units; those of several currencies are never
// added.
type Day struct {
	Day         string        `json:"day"`
	Zone        string        `json:"zone"`
	Mode        payments.Mode `json:"mode"`
	From        time.Time     `json:"from"`
	Until       time.Time     `json:"until"`
	Earlier     string        `json:"earlier_open,omitempty"` // an earlier day that is still open
	Agrees      bool          `json:"agrees"`
	Totals      []DayTotal    `json:"totals"`
	Rails       []DayShare    `json:"rails"`
	Devices     []DayShare    `json:"devices"`
	Operators   []DayShare    `json:"operators"`
	Hours       []DayShare    `json:"hours"`
	Differences []Difference  `json:"differences"`
	Settled     []Difference  `json:"settled"` // answered
	Match       Match         `json:"match"`
	Closed      *Closed       `json:"closed,omitempty"`
}

// DayTotal is what one currency came to.
type DayTotal struct {
	Currency money.Currency `json:"currency"`
	Net      string         `json:"net"`
	Minor    int64          `json:"net_minor"`
	Payments int64          `json:"payments_minor"`
	Refunds  int64          `json:"refunds_minor"`
	Back     int64          `json:"taken_back_minor"`
	Unsure   int64          `json:"unsure_minor"`
	Tips     int64          `json:"tips_minor"`
	Count    int            `json:"count"`
}

// DayShare is a part of the takings: of a rail, a device, an operator or an
// hour. Count is missing for hours.
type DayShare struct {
	Rail     payments.Rail  `json:"rail,omitempty"`
	Name     string         `json:"name,omitempty"`
	Hour     *int           `json:"hour,omitempty"`
	Count    int            `json:"count,omitempty"`
	Amount   string         `json:"amount"`
	Minor    int64          `json:"minor"`
	Currency money.Currency `json:"currency"`
}

// Difference is something to look at. Money says that the day is closed with it
// knowingly only.
type Difference struct {
	Code     string         `json:"code"`
	Text     string         `json:"text"`
	Money    bool           `json:"money"`
	Sale     app.SaleID     `json:"sale,omitempty"`
	State    app.State      `json:"state,omitempty"`
	Amount   string         `json:"amount,omitempty"`
	Minor    int64          `json:"minor,omitempty"`
	Currency money.Currency `json:"currency,omitempty"`
	Note     string         `json:"note,omitempty"`
	Client   string         `json:"client,omitempty"`
	Do       day.Do         `json:"do,omitempty"` // what can be done
	At       time.Time      `json:"at,omitzero"`
	Refund   string         `json:"refund,omitempty"` // OrderID, when a refund is concerned
	Entry    *Entry         `json:"entry,omitempty"`  // the line at myPOS
	How      day.How        `json:"how,omitempty"`    // of settled ones
	Done     time.Time      `json:"done,omitzero"`
	By       string         `json:"by,omitempty"`
}

// Closed tells how a day was closed. Head is the hash of the journal's chain
// with the closing as its last line, in hex.
type Closed struct {
	At       time.Time `json:"at"`
	Operator string    `json:"operator"`
	Seq      int64     `json:"seq"`
	Head     string    `json:"head"`
	Open     int       `json:"open"` // differences about money that were left open
}

// Piece is a part of an export or of a paper: Text, or Raw where it is no text.
type Piece struct {
	Text string `json:"text,omitempty"`
	Raw  []byte `json:"raw,omitempty"`
}

// Days adds business days up and closes them.
type Days interface {
	Report(ctx context.Context, day string) (day.Report, error)
	Close(ctx context.Context, by app.Actor, day string, open bool) (day.Report, error)
	Reopen(ctx context.Context, by app.Actor, day string) error
	Reconcile(ctx context.Context) error
	Export(ctx context.Context, by app.Actor, w io.Writer, day string, f day.Format, comma bool) error
}

// dayOps adds the operations on days.
func (p Parts) dayOps(ops map[string]Handler) {
	days := func(do func(context.Context, DayArgs, func(any) error) error) Handler {
		return with(func(ctx context.Context, a DayArgs, emit func(any) error) error {
			if p.Days == nil {
				return refused("day", CodeOp)
			}
			return do(ctx, a, emit)
		})
	}
	ops[OpDay] = days(func(ctx context.Context, a DayArgs, emit func(any) error) error {
		return emitDay(emit)(p.Days.Report(ctx, a.Day))
	})
	ops[OpReconcile] = days(p.reconcile)
	ops[OpClose] = days(func(ctx context.Context, a DayArgs, emit func(any) error) error {
		return emitDay(emit)(p.Days.Close(ctx, a.actor(), a.Day, a.Open))
	})
	ops[OpReopen] = days(func(ctx context.Context, a DayArgs, emit func(any) error) error {
		if err := p.Days.Reopen(ctx, a.actor(), a.Day); err != nil {
			return err
		}
		return emitDay(emit)(p.Days.Report(ctx, a.Day))
	})
	ops[OpExport] = days(func(ctx context.Context, a DayArgs, emit func(any) error) error {
		if a.Format == FormatPDF {
			return p.dayPaper(ctx, a, emit)
		}
		format := day.Format(cmp.Or(a.Format, string(day.CSV)))
		if format != day.CSV && format != day.JSON {
			return refused("export", CodeOp)
		}
		w := &pieces{piece: func(b []byte) error { return emit(Piece{Text: string(b)}) }}
		if err := p.Days.Export(ctx, a.actor(), w, a.Day, format, a.Comma); err != nil {
			return err
		}
		return w.flush()
	})
}

func (a DayArgs) actor() app.Actor { return app.Actor{Operator: a.Operator, PIN: a.PIN} }

// pieceSize is how much of an export travels at a time.
const pieceSize = 32 << 10

// pieces sends what is written in pieces of a good size, and no letter in two of
// them. Nothing is sent before the first is full, so that a refusal comes alone.
type pieces struct {
	piece func([]byte) error
	held  []byte
}

func (w *pieces) Write(b []byte) (int, error) {
	w.held = append(w.held, b...)
	for len(w.held) > pieceSize {
		n := pieceSize
		for n > pieceSize-utf8.UTFMax && !utf8.RuneStart(w.held[n]) {
			n--
		}
		if err := w.piece(w.held[:n]); err != nil {
			return 0, err
		}
		w.held = append([]byte(nil), w.held[n:]...)
	}
	return len(b), nil
}

func (w *pieces) flush() error {
	if len(w.held) == 0 {
		return nil
	}
	err := w.piece(w.held)
	w.held = nil
	return err
}

func emitDay(emit func(any) error) func(day.Report, error) error {
	return func(r day.Report, err error) error {
		if err != nil {
			return err
		}
		return emit(DayShape(r))
	}
}

// DayShape is a report as it is printed.
func DayShape(r day.Report) Day {
	d := Day{
		Day: r.Day, Zone: r.Zone, Mode: r.Mode, From: r.From, Until: r.Until, Earlier: r.Earlier, Agrees: r.Agrees,
		Totals: []DayTotal{}, Rails: shareShapes(r.Rails), Devices: shareShapes(r.Devices), Operators: shareShapes(r.Operators),
		Hours: []DayShare{}, Differences: []Difference{}, Settled: []Difference{},
	}
	for _, t := range r.Totals {
		d.Totals = append(d.Totals, DayTotal{
			Currency: t.Currency, Net: money.Amount{Minor: t.Net(), Currency: t.Currency}.Decimal(), Minor: t.Net(),
			Payments: t.Payments, Refunds: t.Refunds, Back: t.Back, Unsure: t.Unsure, Tips: t.Tips, Count: t.Count,
		})
	}
	for _, h := range r.Hours {
		d.Hours = append(d.Hours, DayShare{Hour: &h.Hour, Amount: h.Amount.Decimal(), Minor: h.Amount.Minor, Currency: h.Amount.Currency})
	}
	english := text.New("en")
	for _, x := range r.Differences {
		d.Differences = append(d.Differences, differenceShape(x, english))
	}
	for _, x := range r.Settled {
		d.Settled = append(d.Settled, differenceShape(x, english))
	}
	d.Match = matchShape(r.Match, english)
	if c := r.Closed; c != nil {
		d.Closed = &Closed{At: c.At, Operator: c.Operator, Seq: c.Seq, Head: hex.EncodeToString(c.Head), Open: c.Open}
	}
	return d
}

func shareShapes(list []day.Share) []DayShare {
	shapes := []DayShare{}
	for _, s := range list {
		shapes = append(shapes, DayShare{
			Rail: s.Rail, Name: s.Name, Count: s.Count, Amount: s.Amount.Decimal(), Minor: s.Amount.Minor, Currency: s.Amount.Currency,
		})
	}
	return shapes
}
