package main

import (
	"bytes"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestScripts runs the program as people and scripts do.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Setup: func(env *testscript.Env) error {
			env.Setenv("PATH", programs.dir+string(os.PathListSeparator)+env.Getenv("PATH"))
			env.Setenv("XDG_DATA_HOME", filepath.Join(env.WorkDir, "xdg"))
			for _, name := range []string{"pack.txt", "cert.pem"} {
				raw, err := os.ReadFile(filepath.Join("testdata", name))
				if err != nil {
					return err
				}
				if err := os.WriteFile(filepath.Join(env.WorkDir, name), raw, 0o600); err != nil {
					return err
				}
			}
			return nil
		},
	})
}

func vectors[T any](t *testing.T, name string) []T {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	var all []T
	if err := json.Unmarshal(raw, &all); err != nil || len(all) == 0 {
		t.Fatalf("%s: %d vectors, %v", name, len(all), err)
	}
	return all
}

// call runs the program in this process.
func call(t *testing.T, stdin string, args ...string) (string, int) {
	t.Helper()
	var out, errs bytes.Buffer
	p := &program{in: strings.NewReader(stdin), out: &out, err: &errs, dir: t.TempDir()}
	code := p.run(t.Context(), args)
	return out.String(), code
}

func TestSignVectors(t *testing.T) {
	type vector struct {
		Name      string
		Fields    [][2]string
		Signature string
	}
	for _, v := range vectors[vector](t, "outbound_requests.json") {
		var pairs []string
		for _, f := range v.Fields {
			pairs = append(pairs, url.QueryEscape(f[0])+"="+url.QueryEscape(f[1]))
		}
		body := strings.Join(pairs, "&")
		want := body + "&Signature=" + url.QueryEscape(v.Signature)
		for _, in := range []string{body, body + "\n", body + "\r\n"} {
			got, code := call(t, in, "sign", "--pack", filepath.Join("testdata", "pack.txt"))
			if code != exitDone || got != want {
				t.Errorf("%s: exit %d\n got %.80s ... %.40s", v.Name, code, got, got[max(0, len(got)-40):])
			}
		}
	}
}

func TestVerifyVectors(t *testing.T) {
	type vector struct{ Name, Format, Body, Expect string }
	for _, v := range vectors[vector](t, "inbound_messages.json") {
		format := "form"
		if v.Format == "json" {
			format = "json"
		}
		got, code := call(t, v.Body, "verify", "--format", format, "--cert", filepath.Join("testdata", "cert.pem"))
		want := exitDone
		if v.Expect != "valid" {
			want = exitNo
		}
		if code != want || !strings.HasPrefix(got, v.Expect) {
			t.Errorf("%s: exit %d: %s, want %s", v.Name, code, got, v.Expect)
		}
	}
}

// A result that cannot be written is no refusal: who asked would do it again.
func TestAnAnswerThatCannotBeWrittenIsNotARefusal(t *testing.T) {
	t.Parallel()
	for _, words := range [][]string{{"charge", "5", "--rail", "cash"}, {"charge", "5", "--rail", "cash", "--json"}} {
		var errs bytes.Buffer
		r := newRig(t)
		cmd := r.command(t.Context(), words...)
		full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
		if err != nil {
			t.Skip("this system has no full disk at hand")
		}
		cmd.Stdout, cmd.Stderr = full, &errs
		err = cmd.Run()
		_ = full.Close()
		if got := cmd.ProcessState.ExitCode(); got != exitOpen || !strings.Contains(errs.String(), "stays in the journal") {
			t.Errorf("%v: exit %d, %v: %s", words, got, err, &errs)
		}
		if s := r.sales(); len(s) != 1 || s[0].State != "paid" {
			t.Errorf("%v: %+v", words, s)
		}
	}
}
