package receipt_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"io"
	"net"
	"strconv"
	"sync"
	"testing"

	"frontdesk/app/settings"
)

// paper is what a strict printer has made of the bytes it got: it knows the
// commands that receipts use, takes nothing else, and obeys real-time commands
// wherever they stand, as real ones do.
type paper struct {
	img    *image.Gray
	cuts   int
	fed    int
	resets int
}

// obey reads whole commands and returns what is left of a cut one.
func (p *paper) obey(in []byte) (rest []byte, err error) {
	for len(in) > 0 {
		n, err := p.command(in)
		if err != nil || n == 0 {
			return in, err
		}
		in = in[n:]
	}
	return nil, nil
}

// command obeys one command; 0 means that more bytes are needed.
func (p *paper) command(in []byte) (int, error) {
	enough := func(n int) bool { return len(in) >= n }
	switch {
	case in[0] == 0x1b && enough(2) && in[1] == '@':
		p.resets++
		return 2, nil
	case in[0] == 0x1b && enough(3) && in[1] == 'd':
		p.fed += int(in[2])
		return 3, nil
	case in[0] == 0x1d && enough(4) && in[1] == 'V' && in[2] == 'B':
		p.cuts++
		return 4, nil
	case in[0] == 0x1d && enough(8) && in[1] == 'v' && in[2] == '0' && in[3] == 0:
		wide, high := int(in[4])|int(in[5])<<8, int(in[6])|int(in[7])<<8
		if wide == 0 || high == 0 || wide > 72 {
			return 0, fmt.Errorf("a raster of %d by %d", wide, high)
		}
		if !enough(8 + wide*high) {
			return 0, nil
		}
		return 8 + wide*high, p.raster(in[8:8+wide*high], wide, high)
	case len(in) < 8 && (in[0] == 0x1b || in[0] == 0x1d):
		return 0, nil
	}
	return 0, fmt.Errorf("no command: % x", in[:min(len(in), 8)])
}

func (p *paper) raster(dots []byte, wide, high int) error {
	for _, live := range []string{"\x10\x04", "\x10\x05", "\x10\x14"} {
		if bytes.Contains(dots, []byte(live)) {
			return fmt.Errorf("a picture holds the real-time command % x", live)
		}
	}
	top := 0
	if p.img != nil {
		if p.img.Rect.Dx() != wide*8 {
			return fmt.Errorf("bands of several widths")
		}
		top = p.img.Rect.Dy()
	}
	grown := image.NewGray(image.Rect(0, 0, wide*8, top+high))
	if p.img != nil {
		copy(grown.Pix, p.img.Pix)
	}
	for i := range dots {
		for bit := range 8 {
			shade := color.Gray{Y: 255}
			if dots[i]&(0x80>>bit) != 0 {
				shade.Y = 0
			}
			grown.SetGray(i%wide*8+bit, top+i/wide, shade)
		}
	}
	p.img = grown
	return nil
}

// failing takes nothing.
type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, fmt.Errorf("full") }

// behaviour is what a printer does instead of working.
type behaviour struct {
	mute    bool // answers no question, as the cheapest do
	state   map[byte]byte
	cut     int  // closes the connection after so many bytes; 0 never
	slow    bool // takes a few bytes, and then none
	runsOut bool // no paper is left when all has arrived
	noDone  bool // does not know the question whether all is printed
}

// fake is a printer on the network. It is strict: what is no command is an
// error, and it remembers it.
type fake struct {
	behaviour
	address string
	mu      sync.Mutex
	papers  []*paper // whole and part ones, oldest first
	errs    []error
	release chan struct{} // closed at the end of the test
	work    sync.WaitGroup
	stop    func() // ends it and waits
}

func startPrinter(t *testing.T, b behaviour) *fake {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f := &fake{behaviour: b, address: l.Addr().String(), release: make(chan struct{})}
	f.work.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			f.serve(conn)
		}
	})
	f.stop = sync.OnceFunc(func() {
		close(f.release)
		_ = l.Close()
		f.work.Wait()
	})
	t.Cleanup(f.stop)
	return f
}

func (f *fake) printer() settings.Printer {
	host, port, _ := net.SplitHostPort(f.address)
	n, _ := strconv.Atoi(port)
	return settings.Printer{Kind: settings.PrinterNetwork, Address: host, Port: n, Cut: true}
}

// serve takes one connection.
func (f *fake) serve(conn net.Conn) {
	defer conn.Close()
	made := &paper{}
	defer func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.papers = append(f.papers, made)
	}()
	var held []byte
	buf := make([]byte, 4096)
	for got := 0; ; {
		if f.slow && got > 0 {
			if got > 64 { // takes nothing more, and says nothing
				<-f.release
				return
			}
			buf = buf[:1]
		}
		if f.cut > 0 {
			if got >= f.cut {
				return
			}
			buf = buf[:min(len(buf), f.cut-got)]
		}
		n, err := conn.Read(buf)
		got += n
		held = append(held, buf[:n]...)
		rest, bad := f.obey(conn, made, held)
		held = rest
		if bad != nil {
			f.fail(bad)
			return
		}
		if err != nil {
			if len(held) > 0 && err == io.EOF {
				f.fail(fmt.Errorf("%d bytes of a command at the end", len(held)))
			}
			return
		}
	}
}

func (f *fake) fail(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.errs = append(f.errs, err)
}

// obey obeys questions and commands and returns what is left of a cut one.
func (f *fake) obey(conn net.Conn, made *paper, in []byte) ([]byte, error) {
	for len(in) > 0 {
		switch {
		case in[0] == 0x10 && len(in) < 3, in[0] == 0x1d && len(in) < 3:
			return in, nil
		case in[0] == 0x10 && in[1] == 4:
			if !f.mute {
				answer := byte(0x12) | f.state[in[2]]
				if f.runsOut && made.cuts > 0 && in[2] == 4 {
					answer |= 0x60
				}
				if _, err := conn.Write([]byte{answer}); err != nil {
					return nil, nil
				}
			}
			in = in[3:]
			continue
		case in[0] == 0x1d && in[1] == 'r':
			if !f.mute && !f.noDone && !f.runsOut {
				if _, err := conn.Write([]byte{0}); err != nil {
					return nil, nil
				}
			}
			in = in[3:]
			continue
		}
		n, err := made.command(in)
		if err != nil || n == 0 {
			return in, err
		}
		in = in[n:]
	}
	return nil, nil
}

// came tells, once the printer has ended, how many receipts came out whole, and
// what it could not understand.
func (f *fake) came() (whole int, odd error) {
	f.stop()
	for _, p := range f.papers {
		whole += p.cuts
	}
	return whole, errors.Join(f.errs...)
}
