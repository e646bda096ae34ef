package pos

import (
	"errors"
	"os"
	"strconv"
	"sync"

	"golang.org/x/sys/unix"
)

// ptyPort is a pseudo serial port. Every opening makes a new one; the link, if
// there is one, always leads to the port of the day.
type ptyPort struct {
	t    *Terminal
	link string

	mu   sync.Mutex
	path string
	line *line
	tail *os.File // our own end at the till's side: keeps the port alive between tills
}

// ListenPTY takes a till on a pseudo serial port and returns its path, for a
// till to open as it opens /dev/ttyACM0. link, when not "", is made a symbolic
// link to the port and is what is returned: it stays the same when the cable is
// pulled and put back. ErrUnsupported where there are no such ports.
func (t *Terminal) ListenPTY(link string) (string, error) {
	p := &ptyPort{t: t, link: link}
	if err := p.open(); err != nil {
		return "", err
	}
	path := p.path
	if link != "" {
		path = link
	}
	return path, t.add(p)
}

func (p *ptyPort) open() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.line != nil {
		return nil
	}
	if p.t.context.Err() != nil {
		return ErrClosed
	}
	head, tail, err := openPTY()
	if err != nil {
		return err
	}
	p.path = tail.Name()
	if err := p.point(); err != nil {
		return errors.Join(err, head.Close(), tail.Close())
	}
	l := p.t.admit(head, true)
	if l == nil {
		return errors.Join(ErrOff, tail.Close())
	}
	p.line, p.tail = l, tail
	go p.serve(l)
	return nil
}

// serve works on the port until it is shut, and opens it anew after a mishap
// cut it, as a cable that is plugged in again.
func (p *ptyPort) serve(l *line) {
	p.t.talk(l)
	p.mu.Lock()
	mine := p.line == l
	p.mu.Unlock()
	if !mine {
		return
	}
	if err := p.shut(); err != nil {
		p.t.Log.Debug("port closed", "error", err)
	}
	p.t.mu.Lock()
	up := p.t.reachable()
	p.t.mu.Unlock()
	if !up {
		return
	}
	if err := p.open(); err != nil {
		p.t.Log.Warn("the port did not come back", "error", err)
	}
}

// point makes the link lead to the port.
func (p *ptyPort) point() error {
	if p.link == "" {
		return nil
	}
	next := p.link + ".new"
	if err := os.Remove(next); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := os.Symlink(p.path, next); err != nil {
		return err
	}
	return os.Rename(next, p.link)
}

func (p *ptyPort) shut() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.line == nil {
		return nil
	}
	p.line.cut()
	p.line = nil
	var err error
	if p.link != "" {
		if err = os.Remove(p.link); errors.Is(err, os.ErrNotExist) {
			err = nil
		}
	}
	return errors.Join(err, p.tail.Close())
}

// openPTY makes a pair of pseudo serial ends without echo and editing.
func openPTY() (head, tail *os.File, err error) {
	head, err = os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, nil, err
	}
	n, err := unlock(head)
	if err != nil {
		return nil, nil, errors.Join(err, head.Close())
	}
	tail, err = os.OpenFile("/dev/pts/"+strconv.Itoa(n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		return nil, nil, errors.Join(err, head.Close())
	}
	if err := raw(tail); err != nil {
		return nil, nil, errors.Join(err, head.Close(), tail.Close())
	}
	return head, tail, nil
}

// unlock unlocks the other end and returns its number.
func unlock(head *os.File) (n int, err error) {
	conn, err := head.SyscallConn()
	if err != nil {
		return 0, err
	}
	outer := conn.Control(func(fd uintptr) {
		if err = unix.IoctlSetPointerInt(int(fd), unix.TIOCSPTLCK, 0); err != nil {
			return
		}
		n, err = unix.IoctlGetInt(int(fd), unix.TIOCGPTN)
	})
	return n, errors.Join(err, outer)
}

// raw turns echo and every translation of bytes off.
func raw(tail *os.File) (err error) {
	conn, err := tail.SyscallConn()
	if err != nil {
		return err
	}
	outer := conn.Control(func(fd uintptr) {
		var mode *unix.Termios
		if mode, err = unix.IoctlGetTermios(int(fd), unix.TCGETS); err != nil {
			return
		}
		mode.Iflag, mode.Oflag, mode.Lflag = 0, 0, 0
		mode.Cflag = mode.Cflag&^(unix.CSIZE|unix.PARENB) | unix.CS8 | unix.CREAD | unix.CLOCAL
		mode.Cc[unix.VMIN], mode.Cc[unix.VTIME] = 1, 0
		err = unix.IoctlSetTermios(int(fd), unix.TCSETS, mode)
	})
	return errors.Join(err, outer)
}
