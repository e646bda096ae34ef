package server

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"frontdesk/payments/relay"
)

// appender is what the lane needs of the queue.
type appender interface {
	append(ctx context.Context, id string, data []byte) (uint64, error)
	remove(ctx context.Context, seq uint64) error
}

// lane is the only writer of the stream of notices. It puts all requests that
// wait into one envelope, stores it, hands the notices on to the index and
// then answers all of them: one fsync per group. Envelopes enter the index in
// the order of their sequence.
type lane struct {
	queue   appender
	entropy io.Reader
	stored  func(seq uint64, notices []notice) // before anyone is answered
	work    chan *ticket
	done    chan struct{}

	mu    sync.Mutex
	alarm string
}

// ticket is one waiting request.
type ticket struct {
	notice notice
	result chan error // buffered 1
}

const (
	laneQueue   = 4 * maxNotices
	tryFor      = 2 * time.Second // one publish
	retryAfter  = 50 * time.Millisecond
	trialEach   = 5 * time.Second // while the queue takes nothing
	patience    = 4 * time.Second // a request; the provider wants its answer in less than 5 s
	alarmStored = "the disk does not take notices"
)

func newLane(queue appender, entropy io.Reader, stored func(uint64, []notice)) *lane {
	return &lane{queue: queue, entropy: entropy, stored: stored, work: make(chan *ticket, laneQueue), done: make(chan struct{})}
}

// store returns nil once the notice is fsynced. Any error means that it must
// not be answered OK; the fate then says whether it may
// be stored nevertheless.
func (l *lane) store(ctx context.Context, n notice) (fate, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	t := &ticket{notice: n, result: make(chan error, 1)}
	select {
	case l.work <- t:
	case <-ctx.Done():
		return notStored, errBusy
	case <-l.done:
		return notStored, errClosed
	}
	select {
	case err := <-t.result:
		return fateOf(err), err
	case <-ctx.Done():
		return maybeStored, errBusy
	case <-l.done:
		select {
		case err := <-t.result:
			return fateOf(err), err
		default:
			return maybeStored, errClosed
		}
	}
}

// fate says what became of a notice.
type fate int

const (
	notStored fate = iota
	maybeStored
	isStored
)

func fateOf(err error) fate {
	switch {
	case err == nil:
		return isStored
	case refusedForSure(err) && !errors.Is(err, errUnsure):
		return notStored
	}
	return maybeStored
}

// run works until ctx ends; what still waits then is refused.
func (l *lane) run(ctx context.Context) {
	defer close(l.done)
	var held *ticket
	for {
		first := held
		held = nil
		if first == nil {
			if first = l.wait(ctx); first == nil {
				return
			}
		}
		var group []*ticket
		group, held = l.collect(first)
		l.commit(ctx, group)
		if ctx.Err() != nil {
			if held != nil {
				held.result <- errClosed
			}
			return
		}
	}
}

// wait returns the next request, nil when ctx has ended. While there is an alarm it
// tries the queue meanwhile: desks offer no links then, and perhaps no notice ever
// comes that could show that all is well again.
func (l *lane) wait(ctx context.Context) *ticket {
	for {
		var again <-chan time.Time
		if l.trouble() != "" {
			again = time.After(trialEach)
		}
		select {
		case t := <-l.work:
			return t
		case <-again:
			l.try(ctx)
		case <-ctx.Done():
			return nil
		}
	}
}

// try ends the alarm when the queue takes an envelope as large as a notice may be,
// which nobody is told of and which is taken away again.
func (l *lane) try(ctx context.Context) {
	seq, err := l.publish(ctx, encodeEnvelope([]notice{{kind: kindOpened, body: make([]byte, relay.MaxNotice)}}))
	if err != nil {
		return
	}
	l.setAlarm("")
	ctx, cancel := context.WithTimeout(ctx, tryFor)
	defer cancel()
	_ = l.queue.remove(ctx, seq) // one that stays is for no store and takes little room
}

// collect takes what waits, up to the limits of an envelope. The ticket that
// did not fit any more is held for the next one.
func (l *lane) collect(first *ticket) (group []*ticket, held *ticket) {
	group, size := []*ticket{first}, envelopeHead+first.notice.size()
	for len(group) < maxNotices {
		select {
		case t := <-l.work:
			if size += t.notice.size(); size > maxEnvelope {
				return group, t
			}
			group = append(group, t)
		default:
			return group, nil
		}
	}
	return group, nil
}

// commit stores the group. When the queue does not say what happened, it asks
// again with the same id until it knows: a later envelope must not overtake
// one whose fate is open. Those who wait meanwhile run out of patience.
func (l *lane) commit(ctx context.Context, group []*ticket) {
	notices := make([]notice, len(group))
	for i, t := range group {
		notices[i] = t.notice
	}
	seq, err := l.publish(ctx, encodeEnvelope(notices))
	if err == nil {
		l.stored(seq, notices)
		l.setAlarm("")
	} else {
		l.setAlarm(alarmStored)
	}
	for _, t := range group {
		t.result <- err
	}
}

func (l *lane) publish(ctx context.Context, data []byte) (uint64, error) {
	var id [16]byte
	if _, err := io.ReadFull(l.entropy, id[:]); err != nil {
		return 0, err
	}
	name := hex.EncodeToString(id[:])
	unsure := false // an earlier try may have stored it
	for {
		try, cancel := context.WithTimeout(ctx, tryFor)
		seq, err := l.queue.append(try, name, data)
		cancel()
		if err == nil {
			return seq, nil
		}
		if refusedForSure(err) {
			if unsure {
				return 0, fmt.Errorf("%w: %w", errUnsure, err)
			}
			return 0, err
		}
		unsure = true
		l.setAlarm(alarmStored)
		select {
		case <-ctx.Done():
			return 0, errClosed
		case <-time.After(retryAfter):
		}
	}
}

func (l *lane) setAlarm(text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.alarm = text
}

// trouble returns why notices cannot be stored, or "".
func (l *lane) trouble() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.alarm
}
