package receipt_test

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"frontdesk/app/settings"
	"frontdesk/payments"
)

// cable is a printer behind a port: the other end of a pseudo terminal. It takes
// bytes and never answers.
type cable struct {
	path string
	mu   sync.Mutex
	got  []byte
}

func startCable(t *testing.T) *cable {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("no pseudo terminals here: %v", err)
	}
	fd := int(master.Fd())
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	c := &cable{path: fmt.Sprintf("/dev/pts/%d", n)}
	// Held open so that the port stays when the program closes it, and raw, so
	// that no byte is changed.
	hold, err := os.OpenFile(c.path, os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := unix.IoctlGetTermios(int(hold.Fd()), unix.TCGETS)
	if err == nil {
		raw.Iflag, raw.Oflag, raw.Lflag = 0, 0, 0
		err = unix.IoctlSetTermios(int(hold.Fd()), unix.TCSETS, raw)
	}
	if err != nil {
		t.Fatal(err)
	}
	var work sync.WaitGroup
	work.Go(func() {
		buf := make([]byte, 4096)
		for {
			n, err := master.Read(buf)
			c.mu.Lock()
			c.got = append(c.got, buf[:n]...)
			c.mu.Unlock()
			if err != nil {
				return
			}
		}
	})
	t.Cleanup(func() {
		_ = hold.Close() // the last one: reading ends
		work.Wait()
		_ = master.Close()
	})
	return c
}

func (c *cable) bytes() []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]byte(nil), c.got...)
}

func TestPrintersOnACable(t *testing.T) {
	for _, kind := range []string{settings.PrinterSerial, settings.PrinterUSB} {
		c := startCable(t)
		to := settings.Printer{Kind: kind, Address: c.path, Port: 115200, Cut: true}
		if err := press().Print(t.Context(), to, short(t)); err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		var made paper
		for {
			got := c.bytes()
			if len(got) < 3 || string(got[:3]) != "\x10\x04\x01" {
				t.Fatalf("%s: it was not asked how it is: % x", kind, got[:min(8, len(got))])
			}
			made = paper{}
			rest, err := made.obey(got[3:])
			if err != nil {
				t.Fatalf("%s: %v", kind, err)
			}
			if len(rest) == 0 && made.cuts == 1 {
				break
			}
		}
	}
}

// Nothing but a device is ever written to.
func TestNoFileIsTakenForAPrinter(t *testing.T) {
	path := filepath.Join(t.TempDir(), "letter.txt")
	if err := os.WriteFile(path, []byte("dear"), 0o600); err != nil {
		t.Fatal(err)
	}
	for address, code := range map[string]string{path: "printer.address", path + "2": "printer.missing", "": "printer.address"} {
		err := press().Print(t.Context(), settings.Printer{Kind: settings.PrinterUSB, Address: address}, short(t))
		if payments.CodeOf(err) != code {
			t.Errorf("%q: %v", address, err)
		}
	}
	if left, err := os.ReadFile(path); err != nil || string(left) != "dear" {
		t.Errorf("the file became %q, %v", left, err)
	}
}
