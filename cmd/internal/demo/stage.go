package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"frontdesk/app"
	"frontdesk/app/local"
	"frontdesk/cmd/internal/browser"
)

// stage is everything a demo plays with.
type stage struct {
	colours colours
	out     string // screenshots and logs
	data    string // data folder of the till
	ctl     string
	program string // of the window
	env     []string
	flags   []string          // of both programs, besides the folder
	outside *outside          // nil in Practice
	secrets map[string]string // what was pasted and typed in Live, by a name

	display *display
	window  *exec.Cmd
	exited  chan struct{}
	gone    error // how the window ended; read after exited
	log     *os.File

	customer *browser.Browser
	link     string
	sale     local.Sale
	shots    int
	acts     int // that were played

	paying  chan error // a customer who is still at it
	day     string     // business day on which all of it happens
	unknown struct{ payment, refund app.SaleID }
}

// act is one step: what is done, and the sentence that is printed when it is done. Unless it is
// one of the last acts, it ends when the window does.
type act struct {
	name string
	last bool
	do   func(context.Context, *stage) (string, error)
}

// programs are what a demo plays with; sim and relay are empty in Practice.
type programs struct{ window, ctl, sim, relay string }

// openStage empties the folder, opens the display and starts the window on it. What is to be
// there before the window opens is made by before, which may be nil.
func openStage(ctx context.Context, p programs, out string, before func(context.Context, *stage) error) (*stage, error) {
	out, err := filepath.Abs(out)
	if err != nil {
		return nil, err
	}
	if err := clearFolder(out); err != nil {
		return nil, err
	}
	s := &stage{out: out, data: filepath.Join(out, "data")}
	if s.colours, err = readColours(); err != nil {
		return nil, err
	}
	for _, program := range []*string{&p.window, &p.ctl, &p.sim, &p.relay} {
		if *program == "" {
			continue
		}
		if *program, err = filepath.Abs(*program); err != nil {
			return nil, err
		}
	}
	s.ctl, s.program = p.ctl, p.window
	home := filepath.Join(out, "home")
	if err := os.MkdirAll(filepath.Join(home, ".cache"), 0o700); err != nil {
		return nil, err
	}
	s.env = plainEnvironment(home)
	if p.sim != "" {
		if s.outside, err = openOutside(ctx, s.env, p.sim, p.relay, filepath.Join(home, "outside")); err != nil {
			return nil, err
		}
		s.flags = []string{"--sim-live", s.outside.simURL}
		s.env = append(s.env, "SSL_CERT_FILE="+s.outside.authority, "FRONTDESK_PASSPHRASE_FILE="+s.outside.passphrase)
	}
	if before != nil {
		if err := before(ctx, s); err != nil {
			return nil, errors.Join(err, s.outside.close())
		}
	}
	if s.display, err = openDisplay(ctx, home, s.env); err != nil {
		return nil, errors.Join(err, s.outside.close())
	}
	if err := s.openWindow(ctx); err != nil {
		return nil, errors.Join(err, s.outside.close(), s.display.stop())
	}
	return s, nil
}

func clearFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		name := e.Name()
		if ours := name == "data" || name == "home" || strings.HasSuffix(name, ".png") || strings.HasSuffix(name, ".log"); !ours {
			continue
		}
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	return nil
}

// plainEnvironment keeps the demo away from the user's settings, desktop and session.
func plainEnvironment(home string) []string {
	env := []string{
		"HOME=" + home,
		"XDG_RUNTIME_DIR=" + home,
		"DBUS_SESSION_BUS_ADDRESS=disabled:",
		"FYNE_THEME=light",
		"FYNE_SCALE=1",
		"LIBGL_ALWAYS_SOFTWARE=1",
		"LANG=C.UTF-8",
	}
	for _, keep := range []string{"PATH", "TMPDIR"} {
		if v, ok := os.LookupEnv(keep); ok {
			env = append(env, keep+"="+v)
		}
	}
	return env
}

// openWindow starts the window. One that was open before has ended.
func (s *stage) openWindow(ctx context.Context, more ...string) error {
	log, err := os.OpenFile(s.logName(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	if s.log != nil {
		err = s.log.Close()
	}
	s.log, s.exited = log, make(chan struct{})
	window, exited := child(ctx, s.display.env, s.program, slices.Concat([]string{"--data", s.data}, s.flags, more)...), s.exited
	window.Stdout, window.Stderr = log, log
	s.window = window
	if err := errors.Join(err, window.Start()); err != nil {
		return errors.Join(fmt.Errorf("window: %w", err), log.Close())
	}
	go func() {
		s.gone = window.Wait()
		close(exited)
	}()
	return nil
}

func (s *stage) logName() string { return filepath.Join(s.out, "frontdesk.log") }

// play does one act after another. A window that ends early ends the play.
func (s *stage) play(ctx context.Context, acts []act) error {
	open, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	exited := s.exited
	go func() {
		select {
		case <-exited:
			cancel(errors.New("the window has ended"))
		case <-open.Done():
		}
	}()
	for _, a := range acts {
		during := open
		if a.last {
			during = ctx
		}
		within, done := context.WithTimeoutCause(during, actLimit, fmt.Errorf("not done after %s", actLimit))
		told, err := a.do(within, s)
		done()
		if err != nil {
			return s.failed(during, a.name, err)
		}
		s.acts++
		fmt.Printf("%2d  %s\n", s.acts, told)
	}
	return nil
}

// failed leaves what can be looked at afterwards.
func (s *stage) failed(ctx context.Context, name string, err error) error {
	err = fmt.Errorf("%s: %w (%s)", name, err, s.logName())
	if cause := context.Cause(ctx); cause != nil {
		err = errors.Join(err, cause)
	}
	if frame, e := s.display.frame(); e == nil {
		err = errors.Join(err, savePicture(filepath.Join(s.out, "failed.png"), frame))
	}
	if s.customer != nil {
		if shot, e := s.customer.Screenshot(context.WithoutCancel(ctx)); e == nil {
			err = errors.Join(err, os.WriteFile(filepath.Join(s.out, "failed-phone.png"), shot, 0o600))
		}
	}
	return err
}

// close ends what still runs. The window was closed by the play when all went well.
func (s *stage) close() error {
	var errs []error
	if s.customer != nil {
		errs = append(errs, s.customer.Close())
	}
	select {
	case <-s.exited:
	default:
		errs = append(errs, s.window.Process.Signal(os.Interrupt))
		<-s.exited
	}
	return errors.Join(append(errs, s.outside.close(), s.display.stop(), s.log.Close())...)
}

// shot saves what the screen shows under the next number.
func (s *stage) shot(ctx context.Context, name string) error {
	frame, err := s.display.still(ctx)
	if err != nil {
		return err
	}
	s.shots++
	return savePicture(filepath.Join(s.out, fmt.Sprintf("%02d-%s.png", s.shots, name)), frame)
}

// phoneShot saves what the customer's browser shows under the next number.
func (s *stage) phoneShot(ctx context.Context, name string) error {
	shot, err := s.customer.Screenshot(ctx)
	if err != nil {
		return err
	}
	s.shots++
	return os.WriteFile(filepath.Join(s.out, fmt.Sprintf("%02d-%s.png", s.shots, name)), shot, 0o600)
}

// ask runs frontdeskctl beside the window and decodes its first line.
func (s *stage) ask(ctx context.Context, into any, words ...string) error {
	lines, err := s.lines(ctx, words...)
	if err != nil {
		return err
	}
	if len(lines) == 0 {
		return fmt.Errorf("frontdeskctl %s: no answer", strings.Join(words, " "))
	}
	return decodeLine(lines[0], into)
}

func decodeLine(line []byte, into any) error { return json.Unmarshal(line, into) }

// lines runs frontdeskctl beside the window and returns what it prints.
func (s *stage) lines(ctx context.Context, words ...string) ([][]byte, error) {
	cmd := child(ctx, s.env, s.ctl, slices.Concat([]string{"--data", s.data, "--json"}, s.flags, words)...)
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.Output()
	const open = 3 // the exit code of a sale that is not over
	if err != nil && cmd.ProcessState.ExitCode() != open {
		return nil, fmt.Errorf("frontdeskctl %s: %w %s", strings.Join(words, " "), err, said.String())
	}
	return slices.Collect(bytes.Lines(out)), nil
}

// instead makes a question about something else one about a screen.
func instead(is func() (bool, error)) func(*image.RGBA) bool {
	return func(*image.RGBA) bool {
		ok, err := is()
		return err == nil && ok
	}
}
