package simulate

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"frontdesk/app"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

// story is one customer and what the operator does for them.
type story struct {
	world  *world
	dice   *dice
	name   string
	number int
	desk   *desk
	sale   app.SaleID
}

// patient is how long somebody waits for the till.
const patient = 25 * time.Second

func (w *world) ctx() context.Context { return context.Background() }

// do has the till do something within the patience of a person.
func (s *story) do(what string, f func(ctx context.Context, t *app.Till) error) error {
	err := s.desk.try(func(t *app.Till) error {
		ctx, cancel := context.WithTimeout(context.Background(), patient)
		defer cancel()
		return f(ctx, t)
	})
	result := "done"
	if err != nil {
		result = cmpOr(payments.CodeOf(err), err.Error())
	}
	s.world.trace.add("%s: %s: %s", s.name, what, result)
	return err
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// tell is the story from the first word to the last.
func (s *story) tell() {
	d := s.dice
	if !s.charge(s.rail()) {
		return
	}
	for range d.number(4) {
		time.Sleep(d.between(5*time.Second, 2*time.Minute))
		if sale, err := s.look(); err == nil && sale.Received.Minor > 0 && d.hit(800) {
			break // paid: few go on
		}
		s.meddle()
	}
	for range d.number(5) {
		time.Sleep(d.between(5*time.Second, 90*time.Second))
		s.refund()
	}
}

func (s *story) rail() payments.Rail {
	if len(s.desk.stand.terms) > 0 && s.dice.hit(400) {
		return payments.RailTerminal
	}
	if s.dice.hit(120) {
		return payments.RailCash
	}
	return payments.RailLink
}

// device is the terminal somebody reaches for.
func (s *story) device(rail payments.Rail) string {
	if rail != payments.RailTerminal {
		return ""
	}
	return deviceID(s.dice.number(len(s.desk.stand.terms)))
}

// charge makes the sale, whatever it takes: the same key makes one sale, however
// often the till dies over it.
func (s *story) charge(rail payments.Rail) bool {
	d := s.dice
	minor := int64(100 + d.number(20000))
	r := app.ChargeRequest{
		Currency: "EUR", Note: s.name, Rail: rail, Key: s.name, Operator: "Anna",
		Device:   s.device(rail),
		Lines:    []app.Line{{Label: "Cut", Amount: eur(minor)}, {Label: "Colour", Amount: eur(int64(d.number(5000)))}},
		Validity: d.between(2*time.Minute, 12*time.Minute).Round(time.Second),
	}
	s.world.count.charge()
	for range 4 {
		var sale app.Sale
		err := s.do("charge "+string(rail), func(ctx context.Context, t *app.Till) (err error) {
			sale, err = t.Charge(ctx, r)
			return err
		})
		if sale.ID != "" {
			s.sale = sale.ID
			s.come(sale)
			return true
		}
		if err == nil {
			return false
		}
		time.Sleep(d.between(5*time.Second, 30*time.Second))
	}
	return false
}

func eur(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: money.EUR} }

// come lets the customer of the newest attempt act, beside what the operator does.
func (s *story) come(sale app.Sale) {
	a := sale.Attempts[len(sale.Attempts)-1]
	if a.Rail != payments.RailLink {
		return
	}
	n := len(sale.Attempts)
	s.world.net.jobs.Go(func() {
		s.customer(&dice{chance: s.world.chance, name: s.name + " customer " + strconv.Itoa(n)}, n, a)
	})
}

// customer pays the link of an attempt, or does not, once or twice, soon or late.
func (s *story) customer(d *dice, n int, a app.Attempt) {
	link := s.link(a.ID)
	if link == "" || d.hit(120) {
		s.world.trace.add("%s: customer %d walks away", s.name, n)
		return
	}
	c := newCustomer(s.world, s.name+" phone "+strconv.Itoa(n), s.number*10+n)
	wait := d.between(2*time.Second, 40*time.Second)
	if d.hit(200) {
		wait = d.between(time.Minute, 8*time.Minute)
	}
	time.Sleep(wait)
	at, page, err := c.open(link)
	if err != nil {
		s.world.trace.add("%s: customer %d finds no page: %v", s.name, n, shorten(err))
		return
	}
	time.Sleep(d.between(2*time.Second, 30*time.Second))
	if d.hit(150) { // lays the phone down
		time.Sleep(d.between(time.Minute, 7*time.Minute))
	}
	if d.hit(200) {
		err = c.card(at, page, badCard)
		s.world.trace.add("%s: customer %d tries a bad card: %v", s.name, n, shorten(err))
		time.Sleep(d.between(2*time.Second, 30*time.Second))
	}
	err = c.card(at, page, goodCard)
	s.world.trace.add("%s: customer %d pays: %v", s.name, n, shorten(err))
	if d.hit(150) {
		time.Sleep(d.between(0, 20*time.Second))
		if at, page, err = c.open(link); err == nil {
			err = c.card(at, page, goodCard)
		}
		s.world.trace.add("%s: customer %d pays again: %v", s.name, n, shorten(err))
	}
}

func shorten(err error) string {
	if err == nil {
		return "ok"
	}
	return "not seen to the end"
}

// link waits until the operator can show the code.
func (s *story) link(id app.AttemptID) string {
	for range 60 {
		sale, err := s.look()
		if err != nil {
			return ""
		}
		i := slices.IndexFunc(sale.Attempts, func(a app.Attempt) bool { return a.ID == id })
		if i < 0 {
			return ""
		}
		switch a := sale.Attempts[i]; {
		case a.Link != "":
			return a.Link
		case a.State != app.Preparing:
			return ""
		}
		time.Sleep(2 * time.Second)
	}
	return ""
}

// look reads the sale.
func (s *story) look() (sale app.Sale, err error) {
	err = s.desk.try(func(t *app.Till) error {
		sale, _, err = t.Sale(context.Background(), s.sale)
		return err
	})
	return sale, err
}

// meddle is what operators do while they wait.
func (s *story) meddle() {
	d := s.dice
	switch d.number(5) {
	case 0, 1:
		_ = s.do("check now", func(ctx context.Context, t *app.Till) error { return t.CheckNow(ctx, s.sale) })
	case 2:
		_ = s.do("cancel", func(ctx context.Context, t *app.Till) error { return t.Cancel(ctx, s.sale, "Anna") })
	case 3:
		rail, despite := s.rail(), d.hit(300)
		device := s.device(rail)
		var sale app.Sale
		err := s.do(fmt.Sprintf("again %s, despite unknown %v", rail, despite), func(ctx context.Context, t *app.Till) (err error) {
			sale, err = t.Again(ctx, s.sale, app.AgainRequest{Rail: rail, Device: device, DespiteUnknown: despite, Actor: app.Actor{Operator: "Anna"}})
			return err
		})
		if err == nil {
			s.come(sale)
		}
	case 4:
		_ = s.do("keep", func(ctx context.Context, t *app.Till) error { return t.Keep(ctx, s.sale, "Anna") })
	}
}

// refund gives something back: all, a part, too much, twice at once.
func (s *story) refund() {
	d := s.dice
	sale, err := s.look()
	if err != nil {
		return
	}
	i := slices.IndexFunc(sale.Attempts, func(a app.Attempt) bool { return a.Left() > 0 })
	amount := sale.Amount
	if i < 0 && d.hit(800) {
		return // nothing to give back, and few try
	}
	if i >= 0 {
		amount = eur(sale.Attempts[i].Left())
	}
	if amount.Minor > 1 && d.hit(500) {
		amount = eur(1 + int64(d.number(int(amount.Minor))))
	}
	if d.hit(80) {
		amount = eur(sale.Amount.Minor + 1)
	}
	r := app.RefundRequest{Amount: amount, Reason: "not content", Actor: app.Actor{Operator: "Owner"}}
	clicks := 1
	if d.hit(250) {
		clicks = 2
	}
	if d.hit(500) {
		r.OrderID = "L" + fmt.Sprintf("%019d", d.chance.roll(d.next())%1e18)
	}
	s.world.count.refund()
	for range clicks {
		s.world.net.jobs.Go(func() {
			_ = s.do("refund "+amount.Decimal(), func(ctx context.Context, t *app.Till) error {
				_, err := t.Refund(ctx, s.sale, r)
				return err
			})
		})
		time.Sleep(time.Duration(1+d.number(400)) * time.Millisecond)
	}
}
