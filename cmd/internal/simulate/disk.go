package simulate

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"

	"frontdesk/app"
	"frontdesk/app/journal"
	"frontdesk/payments"
)

// disk is a real journal on a disk that can fill up, in a computer that can die
// around any commit. When it dies, what the next run finds is put into the folder
// next: everything that was committed, and the beginning of what was not.
type disk struct {
	*journal.Journal

	dir, next string
	name      string
	chance    chance
	rate      int // of a thousand commits, the computer dies
	storm     func() bool
	full      func() bool
	crash     func(why string)

	mu      sync.Mutex
	commits int
	gone    bool
}

var errDead = errors.New("the computer is off")

const (
	dbName  = "journal.db"
	walName = "journal.db-wal"
	// walHeader and walFrame are sizes of SQLite's log; a frame holds one page.
	walHeader = 32
	walFrame  = 24 + 4096
)

// Append implements app.Journal.
func (d *disk) Append(ctx context.Context, events []app.Event, cursor *payments.Position) ([]app.Event, error) {
	d.mu.Lock()
	if d.gone {
		d.mu.Unlock()
		return nil, errDead
	}
	if d.full() {
		d.mu.Unlock()
		return nil, &payments.Error{Op: "journal.append", Code: "journal.full", Err: journal.ErrFull}
	}
	d.commits++
	c := &dice{chance: d.chance, name: d.name + " commit " + strconv.Itoa(d.commits)}
	if !d.storm() || !c.hit(d.rate) {
		defer d.mu.Unlock()
		return d.Journal.Append(ctx, events, cursor)
	}
	how := pick(c, "before commit", "torn commit", "after commit")
	err := d.die(c, how, func() error {
		_, err := d.Journal.Append(ctx, events, cursor)
		return err
	})
	d.mu.Unlock()
	if err != nil {
		how += ": " + err.Error()
	}
	d.crash(how + " " + kinds(events))
	return nil, errDead
}

func kinds(events []app.Event) string {
	text := ""
	for _, e := range events {
		text += " " + string(e.Kind)
	}
	return text
}

// die leaves to the next run what a computer that dies around a commit leaves.
func (d *disk) die(c *dice, how string, commit func() error) error {
	d.gone = true
	switch how {
	case "before commit":
		return errors.Join(d.copyTo(d.next), d.fray(c))
	case "after commit":
		return errors.Join(commit(), d.copyTo(d.next), d.fray(c))
	}
	if err := d.copyTo(d.next); err != nil {
		return err
	}
	before, err := read1(filepath.Join(d.next, walName))
	if err != nil {
		return err
	}
	if err := commit(); err != nil {
		return err
	}
	after, err := read1(filepath.Join(d.dir, walName))
	if err != nil {
		return err
	}
	if len(after) <= len(before) || len(before) < walHeader || !bytes.Equal(before[:walHeader], after[:walHeader]) {
		return nil // the log began anew: what was there before is what is left
	}
	cut := len(before) + c.number(len(after)-len(before)) // never the last byte: without it nothing is committed
	return os.WriteFile(filepath.Join(d.next, walName), after[:cut], 0o600)
}

// stop ends the journal at a moment between two commits.
func (d *disk) stop(c *dice) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.gone {
		return nil
	}
	d.gone = true
	return errors.Join(d.copyTo(d.next), d.fray(c))
}

// copyTo copies the files as they stand; nobody writes meanwhile.
func (d *disk) copyTo(next string) error {
	if err := os.MkdirAll(next, 0o700); err != nil {
		return err
	}
	for _, name := range []string{dbName, walName} {
		data, err := read1(filepath.Join(d.dir, name))
		if err != nil {
			return err
		}
		if data == nil {
			continue
		}
		if err := os.WriteFile(filepath.Join(next, name), data, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// fray leaves the beginning of a commit that nobody was told of behind the log.
func (d *disk) fray(c *dice) error {
	path := filepath.Join(d.next, walName)
	data, err := read1(path)
	if err != nil || len(data) < walHeader+walFrame || c.hit(400) {
		return err
	}
	half := bytes.Clone(data[len(data)-walFrame:])
	for i := 24; i < len(half); i += 97 {
		half[i] ^= 0x5a
	}
	return os.WriteFile(path, append(data, half[:1+c.number(len(half))]...), 0o600)
}

// read1 reads a file; a missing one is nil.
func read1(path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return data, err
}
