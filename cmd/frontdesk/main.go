package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"fyne.io/fyne/v2"
	fyneapp "fyne.io/fyne/v2/app"

	"frontdesk/app/vault"
	"frontdesk/assets"
	"frontdesk/cmd/internal/folders"
	"frontdesk/cmd/internal/sound"
	"frontdesk/cmd/internal/zone"
	"frontdesk/payments"
)

// Exit codes, as those of frontdeskctl.
const (
	exitDone  = 0
	exitNo    = 1
	exitUsage = 2
)

func main() {
	start := time.Now()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	place := folders.Here(os.Getenv)
	p := &program{
		dir:     place.Data(),
		runtime: place.Runtime(),
		files:   place.Documents(),
		now:     time.Now,
		mono:    func() time.Duration { return time.Since(start) },
		zone:    zone.Here(os.Getenv),
		entropy: rand.Reader,
		http:    &http.Client{Transport: http.DefaultTransport.(*http.Transport).Clone()},
		out:     os.Stdout,
		err:     os.Stderr,
		secret:  os.Getenv("FRONTDESK_PASSPHRASE_FILE"),
		sound: sound.New(sound.Config{Find: exec.LookPath, Run: func(ctx context.Context, path string, args ...string) error {
			return exec.CommandContext(ctx, path, args...).Run()
		}}),
		blind: runtime.GOOS == "linux" && os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "",
	}
	code := p.run(ctx, os.Args[1:])
	p.sound.Close()
	stop()
	os.Exit(code)
}

// program is what a run reaches for.
type program struct {
	dir, runtime string
	files        string // where exports are put
	now          func() time.Time
	mono         func() time.Duration
	zone         *time.Location // of the salon
	entropy      io.Reader
	http         *http.Client
	out, err     io.Writer
	secret       string // file with the passphrase of the vault, where there is no keyring
	sound        *sound.Player
	sim          simulated
	blind        bool // there is no display to open a window on
}

// run reads the flags and shows the window until it is closed.
func (p *program) run(ctx context.Context, args []string) int {
	fs := flag.NewFlagSet("frontdesk", flag.ContinueOnError)
	fs.SetOutput(p.err)
	fs.StringVar(&p.dir, "data", p.dir, "data `folder`")
	show := fs.Bool("version", false, "print the version")
	p.sim.flags(fs)
	switch err := fs.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return exitDone
	case err != nil:
		return exitUsage
	case fs.NArg() > 0:
		fmt.Fprintf(p.err, "frontdesk: takes no arguments, got %q\n", fs.Args())
		return exitUsage
	case *show:
		fmt.Fprintln(p.out, "frontdesk "+version())
		return exitDone
	case p.blind:
		fmt.Fprintln(p.err, "frontdesk: there is no display here (DISPLAY and WAYLAND_DISPLAY are empty). frontdeskctl is the same till without a window.")
		return exitNo
	}
	p.now = p.sim.clock(p.now)
	fyneapp.SetMetadata(metadata())
	return p.show(ctx, fyneapp.New())
}

// show opens the till beside the window, so that the window is there at once, and ends when the
// window is closed or ctx ends.
func (p *program) show(ctx context.Context, a fyne.App) int {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	rec := openRecorder(p.dir, p.now(), p.err)
	defer rec.close()

	d := newDesk(p, a, rec.log())
	d.open(ctx)
	quit := context.AfterFunc(ctx, func() { fyne.Do(a.Quit) })
	d.window.ShowAndRun()
	quit()
	cancel()
	if err := d.close(); err != nil {
		fmt.Fprintln(p.err, "frontdesk:", err)
		return exitNo
	}
	return exitDone
}

// play lets one of the sounds of the window be heard.
func (p *program) play(name string) {
	if wav, err := assets.Sound(name); err == nil {
		p.sound.Play(wav)
	}
}

// passphrase reads the file that FRONTDESK_PASSPHRASE_FILE names; without one the window asks.
func (p *program) passphrase(context.Context, bool) ([]byte, error) {
	if p.secret == "" {
		return nil, &payments.Error{Op: "vault.open", Code: "vault.passphrase_needed", Err: vault.ErrLocked}
	}
	raw, err := os.ReadFile(p.secret)
	return bytes.TrimRight(raw, "\r\n"), err
}

// version is that of the program; builds that are not what they look like say so.
func version() string { return metadata().Version + simulatedMark }
