package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"frontdesk/payments"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// shortDir is a folder whose socket path is short enough everywhere.
func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "fd")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func take(t *testing.T, dir, runtimeDir string) *Hold {
	t.Helper()
	h, err := Take(dir, runtimeDir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Release() })
	return h
}

func serve(t *testing.T, h *Hold, handler Handler) *Server {
	t.Helper()
	s, err := h.Serve(handler, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// echo answers with its arguments twice.
func echo(_ context.Context, req Request, emit func(any) error) error {
	for range 2 {
		if err := emit(req.Args); err != nil {
			return err
		}
	}
	return nil
}

func call(t *testing.T, c interface {
	Call(context.Context, Request, func(json.RawMessage) error) error
}, op string, args any,
) ([]string, error) {
	t.Helper()
	req, err := Ask(op, args)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	err = c.Call(t.Context(), req, func(raw json.RawMessage) error {
		got = append(got, string(raw))
		return nil
	})
	return got, err
}

func TestOneHolderAtATime(t *testing.T) {
	dir := shortDir(t)
	first := take(t, dir, "")
	if _, err := Take(dir, ""); !errors.Is(err, ErrHeld) {
		t.Fatalf("second holder: %v, want ErrHeld", err)
	}
	if err := first.Release(); err != nil {
		t.Fatal(err)
	}
	take(t, dir, "")
}

func TestCallsOverTheSocketLookLikeCallsInTheProgram(t *testing.T) {
	dir := shortDir(t)
	h := take(t, dir, "")
	serve(t, h, echo)
	client, err := Dial(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{`{"sale":"A"}`, `{"sale":"A"}`}
	for _, c := range []interface {
		Call(context.Context, Request, func(json.RawMessage) error) error
	}{client, Handler(echo)} {
		got, err := call(t, c, "x", SaleArgs{Sale: "A"})
		if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%T: %v, %v", c, got, err)
		}
	}
}

func TestOnlyTheUserReachesTheSocket(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("folders have no mode there")
	}
	dir := filepath.Join(shortDir(t), "data")
	h := take(t, dir, "")
	serve(t, h, echo)
	for path, want := range map[string]os.FileMode{
		dir: 0o700, filepath.Join(dir, runFolder): 0o700, filepath.Join(dir, runFolder, socketName): 0o600,
		filepath.Join(dir, runFolder, lockName): 0o600,
	} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", path, got, want)
		}
	}
}

func TestErrorsKeepCodeAndCondition(t *testing.T) {
	dir := shortDir(t)
	h := take(t, dir, "")
	cases := map[string]error{
		"refused":     &payments.Error{Op: "charge", Code: "amount.zero", Err: payments.ErrRefused},
		"unknown":     &payments.Error{Op: "refund", Code: "net.cut", Err: fmt.Errorf("%w: cut", payments.ErrUnknown)},
		"unreachable": &payments.Error{Op: "offer", Code: "relay.unreachable", Err: payments.ErrUnreachable},
		"plain":       errors.New("something else"),
	}
	serve(t, h, func(_ context.Context, req Request, _ func(any) error) error { return cases[req.Op] })
	client, err := Dial(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	for op, want := range cases {
		_, got := call(t, client, op, nil)
		if got == nil || got.Error() != want.Error() || payments.CodeOf(got) != payments.CodeOf(want) {
			t.Errorf("%s: got %v, want %v", op, got, want)
		}
		for _, cond := range []error{payments.ErrRefused, payments.ErrUnknown, payments.ErrUnreachable} {
			if errors.Is(got, cond) != errors.Is(want, cond) {
				t.Errorf("%s: errors.Is(%v) differs", op, cond)
			}
		}
	}
}

func TestLongPathsMoveToTheRuntimeFolder(t *testing.T) {
	dir := filepath.Join(shortDir(t), strings.Repeat("long/", 30))
	h := take(t, dir, "")
	if _, err := h.Serve(echo, slog.New(slog.DiscardHandler)); err == nil {
		t.Fatal("a socket longer than the system takes was opened")
	}
	_ = h.Release()
	h = take(t, dir, shortDir(t))
	serve(t, h, echo)
	client, err := Dial(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := call(t, client, "x", 7); err != nil || len(got) != 2 {
		t.Errorf("%v, %v", got, err)
	}
}

func TestADeadHoldersSocketIsNobody(t *testing.T) {
	dir := shortDir(t)
	if _, err := Dial(t.Context(), dir); !errors.Is(err, ErrNobody) {
		t.Fatalf("empty folder: %v, want ErrNobody", err)
	}
	h := take(t, dir, "")
	// A killed program leaves its socket behind.
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(dir, runFolder, socketName), Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	_ = l.Close()
	if _, err := Dial(t.Context(), dir); !errors.Is(err, ErrNobody) {
		t.Fatalf("stale socket: %v, want ErrNobody", err)
	}
	serve(t, h, echo)
	if _, err := Dial(t.Context(), dir); err != nil {
		t.Fatalf("after a restart: %v", err)
	}
}

func TestAHolderThatGoesAwayIsLost(t *testing.T) {
	dir := shortDir(t)
	h := take(t, dir, "")
	entered := make(chan struct{})
	s := serve(t, h, func(ctx context.Context, _ Request, _ func(any) error) error {
		close(entered)
		<-ctx.Done()
		return ctx.Err()
	})
	client, err := Dial(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		<-entered
		s.Close()
	}()
	if _, err := call(t, client, OpWait, nil); !errors.Is(err, ErrLost) {
		t.Errorf("got %v, want ErrLost", err)
	}
}

func TestDrainWaitsForShortCalls(t *testing.T) {
	dir := shortDir(t)
	h := take(t, dir, "")
	entered, finish := make(chan struct{}), make(chan struct{})
	s := serve(t, h, func(_ context.Context, _ Request, emit func(any) error) error {
		close(entered)
		<-finish
		return emit("done")
	})
	client, err := Dial(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	result := make(chan error, 1)
	go func() {
		req, _ := Ask("x", nil)
		result <- client.Call(context.Background(), req, func(json.RawMessage) error { return nil })
	}()
	<-entered
	go close(finish)
	s.Drain(t.Context())
	s.Close()
	if err := <-result; err != nil {
		t.Errorf("a call in flight was cut: %v", err)
	}
	if _, err := Dial(t.Context(), dir); !errors.Is(err, ErrNobody) {
		t.Errorf("a drained socket answers: %v", err)
	}
}

func TestACallerThatLeavesEndsItsCall(t *testing.T) {
	dir := shortDir(t)
	h := take(t, dir, "")
	entered, left := make(chan struct{}), make(chan struct{})
	serve(t, h, func(ctx context.Context, _ Request, _ func(any) error) error {
		close(entered)
		<-ctx.Done()
		close(left)
		return ctx.Err()
	})
	client, err := Dial(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-entered
		cancel()
	}()
	req, _ := Ask("x", nil)
	if err := client.Call(ctx, req, func(json.RawMessage) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	<-left
}

func TestNonsenseOnTheSocketIsAnswered(t *testing.T) {
	dir := shortDir(t)
	h := take(t, dir, "")
	serve(t, h, echo)
	for _, line := range []string{"hello\n", `{"v":99,"op":"sales"}` + "\n", "[]\n"} {
		conn, err := net.Dial("unix", filepath.Join(dir, runFolder, socketName))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Write([]byte(line)); err != nil {
			t.Fatal(err)
		}
		var r reply
		if err := json.NewDecoder(conn).Decode(&r); err != nil || r.Error == nil || r.Error.Code != "local.protocol" {
			t.Errorf("%q: %+v, %v", line, r, err)
		}
		_ = conn.Close()
	}
}
