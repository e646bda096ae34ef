package receipt

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"
)

// Questions to a printer. The real-time ones (DLE EOT) are answered at once, the
// other one when everything before it is printed.
const (
	askPrinter = "\x10\x04\x01"
	askOffline = "\x10\x04\x02"
	askError   = "\x10\x04\x03"
	askPaper   = "\x10\x04\x04"
	askDone    = "\x1dr\x01"
)

// What the answers look like.
const (
	statusMask, statusBits = 0x93, 0x12 // of a real-time answer
	doneMask, doneBits     = 0x90, 0x00 // of the other one
	doneNoPaper            = 0x0c
)

// piece is how much is handed to a printer at a time.
const piece = 4096

// talk is one conversation with a printer. It belongs to one goroutine; another
// one, which it owns, reads.
type talk struct {
	line    io.ReadWriteCloser
	p       patience
	in      chan byte
	lost    chan struct{} // closed when the printer says no more
	why     error         // of lost
	unhook  func() bool
	once    sync.Once
	reader  sync.WaitGroup
	leaving chan struct{}
	deaf    bool // that nothing can be read says nothing
	sent    bool // something that is printed
}

// newTalk begins a conversation. Printers on a cable often cannot answer: with
// deaf, a line that cannot be read is one that says nothing.
func newTalk(ctx context.Context, line io.ReadWriteCloser, p patience, deaf bool) *talk {
	t := &talk{line: line, p: p, deaf: deaf, in: make(chan byte), lost: make(chan struct{}), leaving: make(chan struct{})}
	t.unhook = context.AfterFunc(ctx, t.drop)
	t.reader.Go(t.listen)
	return t
}

// drop ends the connection, and with it every call that waits for it.
func (t *talk) drop() {
	t.once.Do(func() {
		close(t.leaving)
		_ = t.line.Close() // what was to be told was told
	})
}

// close ends the conversation and waits for the reader.
func (t *talk) close() error {
	t.unhook()
	t.drop()
	t.reader.Wait()
	return nil
}

// listen reads until there is nothing to read from.
func (t *talk) listen() {
	defer close(t.lost)
	var buf [64]byte
	for {
		n, err := t.line.Read(buf[:])
		for _, b := range buf[:n] {
			select {
			case t.in <- b:
			case <-t.leaving:
				t.why = errDropped
				return
			}
		}
		if err == nil {
			continue
		}
		if t.why = err; t.deaf {
			<-t.leaving
		}
		return
	}
}

var errDropped = errors.New("the connection to the printer was ended")

// print asks how the printer is, hands it everything, and hears whether it came
// out, as far as the printer tells.
func (t *talk) print(data []byte) error {
	code, answers, err := t.state()
	switch {
	case err != nil:
		return lost("printer.unreachable", err)
	case code != "":
		return lost(code, nil)
	}
	for len(data) > 0 {
		n := min(piece, len(data))
		if err := t.write(data[:n]); err != nil {
			return t.broken(err)
		}
		data = data[n:]
	}
	if !answers {
		return t.rest()
	}
	return t.finished()
}

// broken tells whether something may have come out.
func (t *talk) broken(err error) error {
	if t.sent {
		return part("printer.cut", err)
	}
	return lost("printer.unreachable", err)
}

// write hands over a piece. A printer that does not take it is dropped.
func (t *talk) write(b []byte) error {
	stall := time.AfterFunc(t.p.stall, t.drop)
	defer stall.Stop()
	n, err := t.line.Write(b)
	t.sent = t.sent || n > 0
	return err
}

// state asks how the printer is, until a question stays without an answer.
func (t *talk) state() (code string, answers bool, err error) {
	found := map[string]bool{}
	for _, q := range []struct {
		ask  string
		bits []trouble
	}{
		{askPrinter, []trouble{{0x08, "printer.offline"}}},
		{askOffline, []trouble{{0x04, "printer.cover"}, {0x20, "printer.paper"}, {0x40, "printer.fault"}}},
		{askError, []trouble{{0x08 | 0x20 | 0x40, "printer.fault"}}},
		{askPaper, []trouble{{0x60, "printer.paper"}}},
	} {
		sent := t.sent
		err := t.write([]byte(q.ask))
		t.sent = sent // a question prints nothing
		if err != nil {
			return "", answers, err
		}
		b, ok, err := t.hear(t.p.answer, statusMask, statusBits)
		if err != nil {
			return "", answers, err
		}
		if !ok {
			break
		}
		answers = true
		for _, x := range q.bits {
			found[x.code] = found[x.code] || b&x.bits != 0
		}
	}
	// What somebody can do something about comes first.
	for _, code := range []string{"printer.cover", "printer.paper", "printer.fault", "printer.offline"} {
		if found[code] {
			return code, answers, nil
		}
	}
	return "", answers, nil
}

type trouble struct {
	bits byte
	code string
}

// hear waits for an answer of the right shape; others are not for us.
func (t *talk) hear(long time.Duration, mask, bits byte) (b byte, ok bool, err error) {
	timer := time.NewTimer(long)
	defer timer.Stop()
	for {
		select {
		case b := <-t.in:
			if b&mask == bits {
				return b, true, nil
			}
		case <-t.lost:
			return 0, false, t.why
		case <-timer.C:
			return 0, false, nil
		}
	}
}

// finished waits until the printer says that all of it is on paper. One that
// does not know the question, and says of itself that it is well, is believed.
func (t *talk) finished() error {
	if err := t.write([]byte(askDone)); err != nil {
		return t.broken(err)
	}
	each, well := t.p.finish/10, false
	for range 10 {
		b, ok, err := t.hear(each, doneMask, doneBits)
		switch {
		case err != nil:
			return t.broken(err)
		case ok && b&doneNoPaper == doneNoPaper:
			return part("printer.unsure", nil)
		case ok:
			return nil
		}
		code, answers, err := t.state()
		switch {
		case err != nil:
			return t.broken(err)
		case code != "":
			return part("printer.unsure", nil)
		}
		well = answers
	}
	if !well {
		return part("printer.unsure", nil)
	}
	return nil
}

// rest gives a printer that never answers the time to take the end, and hears
// of a connection that broke meanwhile.
func (t *talk) rest() error {
	switch end := t.line.(type) {
	case interface{ CloseWrite() error }:
		if err := end.CloseWrite(); err != nil {
			return t.broken(err)
		}
	case interface{ Drain() error }:
		if err := end.Drain(); err != nil {
			return t.broken(err)
		}
		return nil
	default:
		return nil
	}
	timer := time.NewTimer(t.p.linger)
	defer timer.Stop()
	for {
		select {
		case <-t.in:
		case <-t.lost:
			if errors.Is(t.why, io.EOF) {
				return nil
			}
			return t.broken(t.why)
		case <-timer.C:
			return nil
		}
	}
}
