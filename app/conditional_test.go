package app_test

import (
	"context"
	"crypto/rand"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/app"
	"frontdesk/app/journal"
	"frontdesk/payments"
)

// sometimes is a rail that is not always set up and marks its orders.
type sometimes struct {
	*fakeRail
	mu    sync.Mutex
	why   error
	mark  string
	below []string
}

func (s *sometimes) Ready() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.why
}

func (s *sometimes) Mark() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.mark
}

func (s *sometimes) conditions() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.below)
}

func (s *sometimes) set(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

// away is an inbox that is not set up.
type away struct{ *fakeInbox }

func (away) Ready() error { return &payments.Error{Op: "t", Code: "relay.none"} }

func (s *sometimes) till(t *testing.T, dir string) *app.Till {
	t.Helper()
	book, err := journal.Open(t.Context(), journal.Config{Dir: dir, Entropy: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	till, err := app.New(t.Context(), app.Config{
		Mode: payments.Live, Journal: book, Rails: []app.Rail{s}, Inbox: away{newFakeInbox()}, Now: time.Now,
		Mono: func() time.Duration { return time.Since(begun) }, Entropy: rand.Reader, Conditions: s.conditions,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = till.Close()
		_ = book.Close()
	})
	return till
}

func troubles(t *app.Till) (codes []string) {
	for s := range t.Watch(context.Background()) {
		for _, trouble := range s.Trouble {
			codes = append(codes, trouble.Code)
		}
		break
	}
	return codes
}

// TestARailThatIsNotSetUp refuses with its own reason before anything is written
// down; conditions below the till come and go.
func TestARailThatIsNotSetUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &sometimes{fakeRail: &fakeRail{start: time.Now()}, why: &payments.Error{Op: "t", Code: "relay.none"}, below: []string{"vault.locked"}}
		till := s.till(t, t.TempDir())
		request := app.ChargeRequest{Lines: []app.Line{{Amount: eur(4500)}}, Currency: "EUR"}
		if _, err := till.Charge(t.Context(), request); payments.CodeOf(err) != "relay.none" {
			t.Errorf("got %v", err)
		}
		if all, err := till.Sales(t.Context(), app.Query{}); err != nil || len(all) != 0 {
			t.Errorf("%+v, %v", all, err)
		}
		if got := troubles(till); !slices.Equal(got, []string{"vault.locked"}) {
			t.Errorf("troubles at the start: %v", got)
		}
		s.set(func() { s.below = []string{"notify.lost"} })
		time.Sleep(time.Minute)
		if got := troubles(till); !slices.Equal(got, []string{"notify.lost"}) {
			t.Errorf("troubles a minute later: %v", got)
		}
		s.set(func() { s.below = nil })
		time.Sleep(time.Minute)
		if got := troubles(till); len(got) != 0 {
			t.Errorf("troubles at the end: %v", got)
		}
	})
}

// TestAnOrderKeepsItsMark: an offer whose answer was lost is repeated under the
// mark it began with, whatever the mark of later orders is, also by the next
// start.
func TestAnOrderKeepsItsMark(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &sometimes{fakeRail: &fakeRail{start: time.Now()}, mark: "1.aa"}
		s.fakeRail.set(func(f *fakeRail) {
			f.offer = func(context.Context, app.Offer) (app.Page, error) { return app.Page{}, payments.ErrUnknown }
		})
		dir := t.TempDir()
		book, err := journal.Open(t.Context(), journal.Config{Dir: dir, Entropy: rand.Reader})
		if err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		cfg := app.Config{
			Mode: payments.Practice, Journal: book, Rails: []app.Rail{s}, Now: time.Now,
			Mono: func() time.Duration { return time.Since(begun) }, Entropy: rand.Reader,
		}
		till, err := app.New(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		if _, err := till.Charge(ctx, app.ChargeRequest{Lines: []app.Line{{Amount: eur(4500)}}, Currency: "EUR"}); err == nil {
			t.Error("an offer without an answer was shown")
		}
		s.set(func() { s.mark = "2.bb" })
		time.Sleep(time.Minute)
		_ = till.Close()
		if till, err = app.New(t.Context(), cfg); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Second)
		_ = till.Close()
		_ = book.Close()
		s.fakeRail.set(func(f *fakeRail) {
			if len(f.offers) < 4 {
				t.Errorf("offered %d times", len(f.offers))
			}
			for _, o := range f.offers {
				if o.Mark != "1.aa" {
					t.Errorf("offered under %q", o.Mark)
				}
			}
		})
	})
}
