package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// The screen is as large as the window in the pictures of the look.
const (
	screenWidth  = 1280
	screenHeight = 800
	frameTime    = 100 * time.Millisecond
)

// undecorated makes openbox give the whole screen to the first window, and close it by Alt+F4.
const undecorated = `<?xml version="1.0"?>
<openbox_config xmlns="http://openbox.org/3.4/rc">
  <theme><keepBorder>no</keepBorder></theme>
  <keyboard><keybind key="A-F4"><action name="Close"/></keybind></keyboard>
  <applications><application class="*"><decor>no</decor><maximized>yes</maximized><focus>yes</focus></application></applications>
</openbox_config>
`

// display is a virtual X display with a window manager on it.
type display struct {
	name   string // as in DISPLAY
	frames string // file that always holds what the screen shows
	env    []string
	stop   func() error
}

// openDisplay starts Xvfb and openbox. They end with stop or with ctx.
func openDisplay(ctx context.Context, scratch string, env []string) (*display, error) {
	frames := filepath.Join(scratch, "frames")
	if err := os.MkdirAll(frames, 0o700); err != nil {
		return nil, err
	}
	read, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer read.Close()
	life, cancel := context.WithCancel(ctx)
	server := child(life, env, "Xvfb", "-displayfd", "3", "-screen", "0", fmt.Sprintf("%dx%dx24", screenWidth, screenHeight),
		"-fbdir", frames, "-nolisten", "tcp", "-noreset", "+extension", "GLX")
	server.ExtraFiles = []*os.File{write}
	err = server.Start()
	_ = write.Close() // the server has its own copy
	if err != nil {
		cancel()
		return nil, fmt.Errorf("virtual display: %w", err)
	}
	d := &display{frames: filepath.Join(frames, "Xvfb_screen0")}
	d.stop = func() error { cancel(); return ended(server.Wait()) }

	// The server writes its number when it is ready, and closes the pipe when it is not.
	line, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		return nil, errors.Join(errors.New("virtual display: Xvfb did not start"), d.stop())
	}
	d.name = ":" + strings.TrimSpace(line)
	d.env = append(env, "DISPLAY="+d.name)

	rc := filepath.Join(scratch, "openbox.xml")
	if err := os.WriteFile(rc, []byte(undecorated), 0o600); err != nil {
		return nil, errors.Join(err, d.stop())
	}
	manager := child(life, d.env, "openbox", "--config-file", rc)
	if err := manager.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("window manager: %w", err), d.stop())
	}
	d.stop = func() error { cancel(); return errors.Join(ended(manager.Wait()), ended(server.Wait())) }
	return d, nil
}

// child prepares a process that is asked to end with ctx, and made to five seconds later.
func child(ctx context.Context, env []string, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = env
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

// ended leaves out that a process ended because it was told to.
func ended(err error) error {
	if _, ok := errors.AsType[*exec.ExitError](err); ok || errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// do runs xdotool, which presses the keys and buttons of the display.
func (d *display) do(ctx context.Context, words ...string) (string, error) {
	cmd := child(ctx, d.env, "xdotool", words...)
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("xdotool %s: %w %s", strings.Join(words, " "), err, said.String())
	}
	return strings.TrimSpace(string(out)), nil
}

// press presses a key, named as in X ("4", "Return", "F3").
func (d *display) press(ctx context.Context, key string) error {
	_, err := d.do(ctx, "key", key)
	return err
}

// click moves the pointer there and presses the left button.
func (d *display) click(ctx context.Context, at image.Point) error {
	_, err := d.do(ctx, "mousemove", "--sync", strconv.Itoa(at.X), strconv.Itoa(at.Y), "click", "1")
	return err
}

// window waits until a window of the process is shown and gives it the keyboard.
func (d *display) window(ctx context.Context, pid int) error {
	ids, err := d.do(ctx, "search", "--sync", "--onlyvisible", "--pid", strconv.Itoa(pid))
	if err != nil {
		return err
	}
	first, _, _ := strings.Cut(ids, "\n")
	_, err = d.do(ctx, "windowactivate", "--sync", first)
	return err
}

// until looks at every frame until one shows what is asked for, and returns it.
func (d *display) until(ctx context.Context, what string, shows func(*image.RGBA) bool) (*image.RGBA, error) {
	frames := time.NewTicker(frameTime)
	defer frames.Stop()
	for {
		frame, err := d.frame()
		if err != nil {
			return nil, err
		}
		if shows(frame) {
			return frame, nil
		}
		select {
		case <-frames.C:
		case <-ctx.Done():
			return frame, fmt.Errorf("the screen never showed %s: %w", what, context.Cause(ctx))
		}
	}
}

// still returns the first frame that equals the two before it: for pictures that people see, and
// before something is clicked. On a screen that never rests it returns the last one.
func (d *display) still(ctx context.Context) (*image.RGBA, error) {
	const equal, most = 2, 30
	var last *image.RGBA
	same, count := 0, 0
	return d.until(ctx, "a still picture", func(frame *image.RGBA) bool {
		same++
		if last == nil || differing(last, frame, frame.Rect) > 0 {
			same = 0
		}
		last = frame
		count++
		return same == equal || count == most
	})
}

func savePicture(name string, picture image.Image) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(png.Encode(f, picture), f.Close())
}
