package rest_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"frontdesk/payments"
	"frontdesk/payments/rest"
)

// A pass is fetched exactly when there is none, when it is near its end, or when
// it was refused; never more often.
func TestAPassIsNeverFetchedMoreThanNeeded(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		now := time.Unix(1_800_000_000, 0)
		life := time.Duration(rapid.IntRange(1, 7200).Draw(t, "life")) * time.Second
		early := time.Duration(rapid.IntRange(0, 120).Draw(t, "early")) * time.Second
		pass := rest.NewPass(func() time.Time { return now }, early)
		fetched := 0
		fail := false
		fetch := func(context.Context) (string, time.Duration, error) {
			if fail {
				return "", 0, &payments.Error{Op: "test", Code: "rest.503", Err: payments.ErrUnknown}
			}
			fetched++
			return fmt.Sprint("pass ", fetched), life, nil
		}
		var until time.Time // of the pass at hand, in the model
		var have string
		want := 0
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 4000).Draw(t, "wait")) * time.Second)
			fail = rapid.IntRange(0, 9).Draw(t, "fails") == 0
			stale := ""
			if rapid.Bool().Draw(t, "refused") {
				stale = have
			}
			needed := have == "" || have == stale || !now.Before(until)
			got, err := pass.Get(t.Context(), stale, fetch)
			switch {
			case needed && fail:
				if err == nil {
					t.Fatal("no error")
				}
				continue
			case needed:
				want++
				have, until = fmt.Sprint("pass ", want), now.Add(life-min(early, life/4))
			}
			if err != nil || got != have || fetched != want {
				t.Fatalf("got %q after %d fetches, %v; want %q after %d", got, fetched, err, have, want)
			}
		}
	})
}

func TestManyCallersShareOneFetch(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pass := rest.NewPass(time.Now, time.Minute)
		fetched := 0
		fetch := func(context.Context) (string, time.Duration, error) {
			fetched++
			time.Sleep(time.Second)
			return fmt.Sprint("pass ", fetched), time.Hour, nil
		}
		results := make(chan string, 50)
		for range cap(results) {
			go func() {
				got, err := pass.Get(t.Context(), "", fetch)
				if err != nil {
					got = err.Error()
				}
				results <- got
			}()
		}
		for range cap(results) {
			if got := <-results; got != "pass 1" {
				t.Errorf("got %q", got)
			}
		}
		// All of them are refused with it: one new one, for all.
		for range cap(results) {
			go func() {
				got, err := pass.Get(t.Context(), "pass 1", fetch)
				if err != nil {
					got = err.Error()
				}
				results <- got
			}()
		}
		for range cap(results) {
			if got := <-results; got != "pass 2" {
				t.Errorf("got %q", got)
			}
		}
		if fetched != 2 {
			t.Errorf("%d fetches, want 2", fetched)
		}
	})
}

// Whoever fetches may go away; those who wait fetch for themselves.
func TestAFetchThatWasGivenUpIsTakenOver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pass := rest.NewPass(time.Now, 0)
		first, cancel := context.WithCancel(t.Context())
		fetched := 0
		fetch := func(ctx context.Context) (string, time.Duration, error) {
			fetched++
			select {
			case <-ctx.Done():
				return "", 0, &payments.Error{Op: "test", Code: "net.cancelled", Err: ctx.Err()}
			case <-time.After(time.Minute):
				return fmt.Sprint("pass ", fetched), time.Hour, nil
			}
		}
		gone := make(chan error, 1)
		go func() {
			_, err := pass.Get(first, "", fetch)
			gone <- err
		}()
		synctest.Wait()
		got := make(chan string, 1)
		go func() {
			value, err := pass.Get(t.Context(), "", fetch)
			if err != nil {
				value = err.Error()
			}
			got <- value
		}()
		impatient, stop := context.WithTimeout(t.Context(), time.Second)
		defer stop()
		_, err := pass.Get(impatient, "", fetch)
		if payments.CodeOf(err) != "net.timeout" || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("impatient: %v", err)
		}
		cancel()
		if err := <-gone; !errors.Is(err, context.Canceled) {
			t.Errorf("first: %v", err)
		}
		if value := <-got; value != "pass 2" {
			t.Errorf("second: %q", value)
		}
	})
}

func TestAFailureIsSharedAndNotKept(t *testing.T) {
	t.Parallel()
	pass := rest.NewPass(time.Now, 0)
	bad := &payments.Error{Op: "test", Code: "rest.credentials", Err: payments.ErrRefused}
	if _, err := pass.Get(t.Context(), "", func(context.Context) (string, time.Duration, error) { return "", 0, bad }); !errors.Is(err, bad) {
		t.Errorf("%v", err)
	}
	got, err := pass.Get(t.Context(), "", func(context.Context) (string, time.Duration, error) { return "good", 0, nil })
	if got != "good" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	pass.Drop("other")
	if pass.Value() != "good" {
		t.Error("another pass was dropped")
	}
	pass.Drop("good")
	if pass.Value() != "" {
		t.Error("the pass was not dropped")
	}
	not := rest.NotSent("op", bad)
	if payments.CodeOf(not) != "rest.credentials" || !errors.Is(not, payments.ErrRefused) {
		t.Errorf("%v", not)
	}
	lost := rest.NotSent("op", &payments.Error{Op: "x", Code: "net.cut", Err: payments.ErrUnknown})
	if errors.Is(lost, payments.ErrUnknown) || !errors.Is(lost, payments.ErrUnreachable) {
		t.Errorf("a pass whose fate is unknown leaves the call itself unsent: %v", lost)
	}
}
