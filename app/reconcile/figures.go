package reconcile

import (
	"time"

	"frontdesk/app"
)

// Figures count the sales of a time. A sale belongs to the time in which its
// first payment became known.
type Figures struct {
	Agree     int // sales of which everything that must be listed is
	Probable  int // of Agree: something of them is recognised by a guess only
	Noticed   int // of Agree: everything was told by a signed notice, or has none
	Fresh     int // sales with something that may be listed yet, and nothing that differs
	Listed    int // payments and refunds in the list that belong to this desk
	Here      int // payments and refunds that must be in it
	Elsewhere int // lines of others
}

// standing is how a sale stands.
type standing struct{ agrees, guessed, unnoticed, fresh, differs bool }

// Figures counts what lies from From until before until.
func (r Result) Figures(from, until time.Time) Figures {
	within := func(t time.Time) bool { return !t.Before(from) && t.Before(until) }
	var f Figures
	sales := map[app.SaleID]*standing{}
	f.here(r, within, func(v Move) *standing {
		s := sales[v.Sale]
		if s == nil {
			s = &standing{}
			sales[v.Sale] = s
		}
		return s
	})
	for _, list := range [][]Loose{r.NotHere, r.RefundNotHere} {
		for _, l := range list {
			if within(l.At) {
				f.Listed++
			}
		}
	}
	for _, l := range r.Elsewhere {
		if within(l.At) {
			f.Elsewhere++
		}
	}
	for _, s := range sales {
		f.count(*s)
	}
	return f
}

// here goes through the movements.
func (f *Figures) here(r Result, within func(time.Time) bool, of func(Move) *standing) {
	for _, p := range r.Agree {
		if within(p.Move.At) {
			s := of(p.Move)
			s.agrees, s.guessed, s.unnoticed = true, s.guessed || p.By == ByGuess, s.unnoticed || !p.Move.Noticed
			f.Listed++
			f.Here++
		}
	}
	for _, p := range r.Differs {
		if within(p.Move.At) {
			of(p.Move).differs = true
			f.Listed++
			f.Here++
		}
	}
	for _, v := range r.Fresh {
		if within(v.At) {
			of(v).fresh = true
			f.Here++
		}
	}
	for _, list := range [][]Move{r.NotListed, r.RefundNotListed} {
		for _, v := range list {
			if within(v.At) {
				of(v).differs = true
				f.Here++
			}
		}
	}
}

func (f *Figures) count(s standing) {
	switch {
	case s.differs:
	case s.fresh:
		f.Fresh++
	case s.agrees:
		f.Agree++
		if s.guessed {
			f.Probable++
		}
		if !s.unnoticed {
			f.Noticed++
		}
	}
}
