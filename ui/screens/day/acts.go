package day

import (
	"context"

	"frontdesk/app/day"
)

// act does what the button of a look says.
func (s *Screen) act(l Look) {
	switch l.Do {
	case day.DoCheck:
		s.carry(l, "day.checking", func(ctx context.Context) error { return s.cfg.Till.CheckNow(ctx, l.Sale.ID) })
	case day.DoKeep:
		by := s.cfg.Person().ID
		s.carry(l, "day.keeping", func(ctx context.Context) error { return s.cfg.Till.Keep(ctx, l.Sale.ID, by) })
	case day.DoRefund:
		if s.cfg.OnRefund != nil {
			s.cfg.OnRefund(l.Sale)
			return
		}
		s.cfg.OnShow(l.Sale)
	case day.DoResolve:
		if s.cfg.OnResolve != nil {
			s.cfg.OnResolve(l.Sale, l.Refund)
			return
		}
		s.cfg.OnShow(l.Sale)
	case day.DoAdopt, day.DoAdoptRefund:
		s.showEntry(l)
	default:
		if l.Sale.ID == "" {
			s.showEntry(l)
			return
		}
		s.cfg.OnShow(l.Sale)
	}
}

// carry does something about a look beside the UI, with words on its button; why
// it failed stands below its sentence.
func (s *Screen) carry(l Look, words string, do func(context.Context) error) {
	if s.busy[l.Key] != "" {
		return
	}
	s.busy[l.Key] = s.cfg.Text.T(words)
	delete(s.trouble, l.Key)
	if n := s.line(l.Key); n != nil {
		n.button.SetBusy(s.busy[l.Key])
	}
	s.cfg.Run.Go(func(ctx context.Context) {
		err := do(ctx)
		s.cfg.Run.Do(func() {
			delete(s.busy, l.Key)
			if err != nil {
				s.trouble[l.Key] = s.cfg.Text.Failure(err).Text()
			}
			s.redraw()
			s.load()
		})
	})
}

// Compare asks myPOS for its list now.
func (s *Screen) Compare() {
	if s.cfg.Account == nil || s.comparing {
		return
	}
	s.comparing = true
	s.report.Match.State = day.MatchRunning
	s.redraw()
	s.cfg.Run.Go(func(ctx context.Context) {
		// Why it failed stands in the report.
		_ = s.cfg.Account.Reconcile(ctx)
		s.cfg.Run.Do(func() {
			s.comparing = false
			s.load()
		})
	})
}

func (s *Screen) line(key string) *line {
	for _, n := range s.lines {
		if n.look.Key == key {
			return n
		}
	}
	return nil
}

// focused is the index of the line whose button has the focus, -1 for none.
func (s *Screen) focused() int {
	has := s.cfg.Host.Canvas().Focused()
	for i, n := range s.lines {
		if has == n.button {
			return i
		}
	}
	return -1
}

// walk moves the focus from one thing to look at to the next.
func (s *Screen) walk(by int) {
	n := len(s.lines)
	if n == 0 || s.cfg.Host.Top() != nil {
		return
	}
	at := s.focused()
	switch {
	case at >= 0:
		at = min(max(at+by, 0), n-1)
	case by < 0:
		at = n - 1
	default:
		at = 0
	}
	s.cfg.Host.Canvas().Focus(s.lines[at].button)
}

// Press does what the button of the line with the focus does.
func (s *Screen) Press() {
	if at := s.focused(); at >= 0 {
		s.lines[at].button.Press()
	}
}

// keepFocus notes where the focus stands in the list and returns what puts it
// back there: on the same thing, or on the one that has come in its place.
func (s *Screen) keepFocus() (back func()) {
	c, at := s.cfg.Host.Canvas(), s.focused()
	if s.compare != nil && c.Focused() == s.compare {
		return func() {
			if s.compare != nil && !s.compare.Disabled() {
				c.Focus(s.compare)
			}
		}
	}
	if at < 0 {
		return func() {}
	}
	key := s.lines[at].look.Key
	return func() {
		to := s.line(key)
		if to == nil && len(s.lines) > 0 {
			to = s.lines[min(at, len(s.lines)-1)]
		}
		if to != nil && s.cfg.Host.Top() == nil {
			c.Focus(to.button)
		}
	}
}
