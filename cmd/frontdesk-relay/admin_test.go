package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"frontdesk/payments/relay/server"
)

// TestAcceptDamage: it says what is lost, asks, and does nothing without a yes.
func TestAcceptDamage(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "relay")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	damages := []server.Damage{{Seq: 7, Written: time.Now(), Readable: 3}, {Seq: 6, Written: time.Now(), Accepted: true}}
	accepted := 0
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+server.AdminDamage, func(w http.ResponseWriter, _ *http.Request) {
		if err := json.NewEncoder(w).Encode(server.AdminDamages{Damages: damages}); err != nil {
			t.Error(err)
		}
	})
	mux.HandleFunc("POST "+server.AdminAccept, func(w http.ResponseWriter, _ *http.Request) {
		accepted++
		_, _ = w.Write([]byte("{}"))
	})
	listener, err := listenAdmin(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	owner := &http.Server{Handler: mux, ReadHeaderTimeout: time.Second}
	served := make(chan error, 1)
	go func() { served <- owner.Serve(listener) }()
	for _, path := range []string{dir, filepath.Join(dir, adminSocket)} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is open to others: %v %v", path, info.Mode(), err)
		}
	}
	ask := func(stdin string, args ...string) (string, int) {
		var out bytes.Buffer
		code := run(t.Context(), append([]string{"accept-damage", "--data", dir}, args...), strings.NewReader(stdin), &out, &out)
		return out.String(), code
	}
	for _, no := range []string{"", "\n", "y\n", "no\n", "YES\n"} {
		if text, code := ask(no); code != exitFailed || accepted != 0 || !strings.Contains(text, "Group 7") || strings.Contains(text, "Group 6") {
			t.Errorf("%q: %d %s", no, code, text)
		}
	}
	if text, code := ask("yes\n"); code != exitDone || accepted != 1 || !strings.Contains(text, "myPOS portal") {
		t.Errorf("%d %s", code, text)
	}
	if text, code := ask("", "--yes"); code != exitDone || accepted != 2 {
		t.Errorf("%d %s", code, text)
	}
	damages = nil
	if text, code := ask(""); code != exitDone || accepted != 2 || !strings.Contains(text, "Nothing is damaged") {
		t.Errorf("%d %s", code, text)
	}
	if err := owner.Close(); err != nil {
		t.Error(err)
	}
	<-served
	if text, code := ask("yes\n"); code != exitFailed || !strings.Contains(text, "no relay runs") {
		t.Errorf("%d %s", code, text)
	}
}
