package browser_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"frontdesk/cmd/internal/browser"
)

// shop is a form whose answer is a page that changes a moment after it was loaded.
func shop(t *testing.T) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `<!doctype html><form method="post" action="/pay">
			<input name="pan"><input name="off" disabled value="x">
			<div style="height:3000px"></div><button>Pay</button></form>`)
	})
	mux.HandleFunc("POST /pay", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `<!doctype html><p id="got">%s</p><script>
			addEventListener("load", () => requestAnimationFrame(() => {
				const p = document.createElement("p"); p.id = "done"; p.textContent = "thanks"; document.body.append(p);
			}));</script>`, html.EscapeString(r.FormValue("pan")))
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func start(t *testing.T, o browser.Options) *browser.Browser {
	t.Helper()
	b, err := browser.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

func TestAPersonFillsAFormAndReadsTheAnswer(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	site := shop(t)
	b := start(t, browser.Options{Phone: true})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()

	if err := b.Navigate(ctx, site.URL+"/"); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second fill replaces the first
		if err := b.Fill(ctx, `input[name=pan]`, `4111 <&> "1111"`); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Fill(ctx, `input[name=off]`, "1"); err == nil {
		t.Error("a disabled field could be filled")
	}
	if err := b.Click(ctx, "button"); err != nil {
		t.Fatal(err)
	}
	if got, err := b.Text(ctx, "#got"); err != nil || got != `4111 <&> "1111"` {
		t.Errorf("the page got %q, %v", got, err)
	}
	if err := b.WaitForText(ctx, "#done", "thanks"); err != nil {
		t.Error(err)
	}
	if at, err := b.Address(ctx); err != nil || at != site.URL+"/pay" {
		t.Errorf("at %q, %v", at, err)
	}
	shot, err := b.Screenshot(ctx)
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.DecodeConfig(bytes.NewReader(shot))
	if err != nil || picture.Width != 390 || picture.Height != 844 {
		t.Errorf("screenshot %dx%d, %v", picture.Width, picture.Height, err)
	}

	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Address(ctx); !errors.Is(err, browser.ErrClosed) {
		t.Errorf("after Close: %v, want ErrClosed", err)
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) != 0 {
		t.Errorf("Close left %v, %v", left, err)
	}
}

func TestWaitingEndsWithItsContext(t *testing.T) {
	site := shop(t)
	b := start(t, browser.Options{})
	if err := b.Navigate(t.Context(), site.URL+"/"); err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := b.WaitFor(short, "#never"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want a deadline", err)
	}
	if _, err := b.Address(t.Context()); err != nil {
		t.Errorf("the browser does not survive a wait that ended: %v", err)
	}
}

func TestWhatCannotBeReachedIsSaid(t *testing.T) {
	site := shop(t)
	site.Close()
	b := start(t, browser.Options{})
	for _, address := range []string{site.URL, "http://example.com/", "not an address"} {
		if err := b.Navigate(t.Context(), address); err == nil {
			t.Errorf("%s could be opened", address)
		}
	}
}

func TestOnlyNamedKeysAreTrusted(t *testing.T) {
	site := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(site.Close)
	sum := sha256.Sum256(site.Certificate().RawSubjectPublicKeyInfo)
	if err := start(t, browser.Options{}).Navigate(t.Context(), site.URL); err == nil {
		t.Error("an unknown certificate was accepted")
	}
	named := browser.Options{TrustKeys: []string{base64.StdEncoding.EncodeToString(sum[:])}}
	if err := start(t, named).Navigate(t.Context(), site.URL); err != nil {
		t.Errorf("a named key was refused: %v", err)
	}
}

func TestNoBrowserIsSaid(t *testing.T) {
	if _, err := browser.Start(t.Context(), browser.Options{Executable: "no-such-browser"}); !errors.Is(err, browser.ErrNotFound) {
		t.Errorf("got %v, want ErrNotFound", err)
	}
}
