package terminal

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"go.bug.st/serial"
)

// Care for serial lines (spec 3.3).
const (
	baud       = 115200
	linesDown  = 200 * time.Millisecond
	linesUp    = 200 * time.Millisecond
	beforeTalk = 100 * time.Millisecond
	readTurn   = 50 * time.Millisecond // how long a Read holds the port
)

// Serial opens a terminal on a cable, or behind a Bluetooth serial port: 115200
// 8N1, no flow control. DTR and RTS are dropped and raised, and what lay in the
// buffers is thrown away. Ports without such lines are fine.
func Serial(path string) Dialer {
	path = strings.TrimSpace(path)
	return func(ctx context.Context) (io.ReadWriteCloser, error) {
		if path == "" {
			return nil, errAddress
		}
		port, err := serial.Open(path, &serial.Mode{BaudRate: baud, DataBits: 8, Parity: serial.NoParity, StopBits: serial.OneStopBit})
		if err != nil {
			return nil, err
		}
		err = wake(ctx, port)
		if err == nil {
			err = port.SetReadTimeout(readTurn)
		}
		if err != nil {
			_ = port.Close()
			return nil, err
		}
		return &serialLine{Port: port}, nil
	}
}

// wake gives the terminal the edges it looks for. Some drivers complain and do it
// (spec 3.3), so errors are ignored; a port without such lines, as a pseudo
// terminal, is not waited for.
func wake(ctx context.Context, port serial.Port) error {
	if err := port.SetDTR(false); errors.Is(err, syscall.ENOTTY) {
		return flush(port)
	}
	_ = port.SetRTS(false)
	if err := sleep(ctx, linesDown); err != nil {
		return err
	}
	_ = port.SetDTR(true)
	_ = port.SetRTS(true)
	if err := sleep(ctx, linesUp); err != nil {
		return err
	}
	if err := flush(port); err != nil {
		return err
	}
	return sleep(ctx, beforeTalk)
}

func flush(port serial.Port) error {
	if err := port.ResetInputBuffer(); err != nil {
		return err
	}
	return port.ResetOutputBuffer()
}

// Ports lists the serial ports of this computer, cables and Bluetooth alike.
func Ports() ([]string, error) { return serial.GetPortsList() }

// serialLine closes its port only between two turns of Read: the library gives
// the file back to the system while a Read may still be about to use its number,
// which by then can be another file's.
type serialLine struct {
	serial.Port
	reading sync.Mutex
	closed  atomic.Bool
}

// Read waits for bytes. After Close it returns net.ErrClosed.
func (l *serialLine) Read(b []byte) (int, error) {
	for {
		n, err := l.turn(b)
		if n > 0 || err != nil {
			return n, err
		}
	}
}

func (l *serialLine) turn(b []byte) (int, error) {
	l.reading.Lock()
	defer l.reading.Unlock()
	if l.closed.Load() {
		return 0, net.ErrClosed
	}
	return l.Port.Read(b)
}

// Close ends a Read within its turn.
func (l *serialLine) Close() error {
	l.closed.Store(true)
	l.reading.Lock()
	defer l.reading.Unlock()
	return l.Port.Close()
}
