package simulator

import (
	"fmt"
	"net/http"
	"strings"

	"frontdesk/payments/simulator/pos"
)

// terminalPath is where the terminals' control surface lies (pos.Handler). The
// first terminal is meant, or the one named by ?tid=.
const terminalPath = "/_sim/terminal/"

// terminalJournal puts what happens at a terminal into the truth.
type terminalJournal struct{ s *Simulator }

// Append commits one record. It is called with the terminal's mutex held;
// nothing here calls a terminal with s.mu held.
func (j terminalJournal) Append(r pos.Record) error {
	j.s.mu.Lock()
	defer j.s.mu.Unlock()
	return j.s.commit(record{Kind: kindTerminal, At: r.At, Terminal: &r})
}

// OpenTerminal starts a card terminal whose truth is kept in this stand-in's
// state file; what it did in earlier runs it knows. c.Journal and c.History are
// filled in, and Now, Entropy and Log where they are not set. It has no way to
// reach it yet (pos.Terminal.Listen and the like). Close of the stand-in closes
// it. A TID can be open once.
func (s *Simulator) OpenTerminal(c pos.Config) (*pos.Terminal, error) {
	if c.Now == nil {
		c.Now = s.now
	}
	if c.Entropy == nil {
		c.Entropy = s.entropy
	}
	if c.Log == nil {
		c.Log = s.log
	}
	if c.TID == "" {
		c.TID = pos.DefaultTID
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ending {
		return nil, ErrClosed
	}
	for _, t := range s.terminals {
		if t.TID == c.TID {
			return nil, fmt.Errorf("simulator: terminal %s is open already", c.TID)
		}
	}
	c.Journal, c.History = terminalJournal{s}, nil
	for _, r := range s.book.terminal {
		if r.TID == c.TID {
			c.History = append(c.History, r)
		}
	}
	t, err := pos.Open(c)
	if err == nil {
		s.terminals = append(s.terminals, t)
	}
	return t, err
}

// Terminal returns the open terminal of that id, or the first one for "". nil
// when there is none.
func (s *Simulator) Terminal(tid string) *pos.Terminal {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.terminals {
		if tid == "" || t.TID == tid {
			return t
		}
	}
	return nil
}

func (s *Simulator) terminalControl(w http.ResponseWriter, r *http.Request) {
	t := s.Terminal(r.URL.Query().Get("tid"))
	if t == nil {
		http.Error(w, "no such terminal is open", http.StatusNotFound)
		return
	}
	http.StripPrefix(strings.TrimSuffix(terminalPath, "/"), t.Handler()).ServeHTTP(w, r)
}
