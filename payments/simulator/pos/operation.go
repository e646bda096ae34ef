package pos

import (
	"context"
	"errors"
	"strconv"
	"time"

	"frontdesk/payments/terminal"
)

// Ends of an operation without an outcome frame.
var (
	errGone      = errors.New("the operation was given up")
	errTimeout   = errors.New("the customer did nothing")
	errCancelled = errors.New("cancelled from the till")
)

// operation is one request being worked on. Its goroutine alone runs it; acts
// and cancels come in through channels.
type operation struct {
	t      *Terminal
	line   *line // who asked; frames go there
	req    request
	play   Scenario
	faults []FaultState // of this request only

	context context.Context // ends when the terminal loses power
	giveUp  context.CancelFunc
	acts    chan Act
	cancels chan struct{}

	mute  bool // nothing more is sent (FaultFreeze); guarded by t.mu
	stage int  // last stage sent; guarded by t.mu
	open  bool // waits for a card, so a cancel is honoured; guarded by t.mu
	read  cardRead
}

// begin starts what a request asks for, or refuses it at stage 1.
func (t *Terminal) begin(l *line, r request) {
	m := t.methods[r.method]
	t.mu.Lock()
	status := t.refusal(r, m)
	var play Scenario
	if status == statusOK && m.financial {
		play = t.next(r)
		status = play.Outcome.Refuse
	}
	if status != statusOK {
		t.mu.Unlock()
		l.send(refused(r, status))
		return
	}
	o := t.operation(l, r, play)
	if !m.inline {
		t.op = o
		t.show(func(s *State) {
			*s = State{
				Revision: s.Revision, Screen: ScreenWait, Method: r.method, SID: r.sid,
				Amount: r.amount, Reference: r.fields["REFERENCE_NUMBER"],
			}
		})
		if !t.closed {
			t.jobs.Go(func() { o.work(m) })
		}
	}
	t.mu.Unlock()
	if m.inline {
		o.end(m.run(o))
	}
}

func (t *Terminal) operation(l *line, r request, play Scenario) *operation {
	o := &operation{
		t: t, line: l, req: r, play: play,
		acts: make(chan Act, 1), cancels: make(chan struct{}, 1),
	}
	o.context, o.giveUp = context.WithCancel(t.context)
	for _, f := range play.Faults {
		o.faults = append(o.faults, FaultState{Fault: f})
	}
	return o
}

// work runs an operation that has the terminal to itself.
func (o *operation) work(m method) {
	err := m.run(o)
	o.t.mu.Lock()
	if o.t.op == o { // it ended without a last frame
		o.t.op = nil
		o.t.show(func(s *State) {
			s.Asks = nil
			if o.t.powered {
				s.Screen = ScreenIdle
			}
		})
	}
	o.t.mu.Unlock()
	o.end(err)
}

func (o *operation) end(err error) {
	o.giveUp()
	if err != nil {
		o.t.Log.Info("operation given up", "method", o.req.method, "sid", o.req.sid, "error", err)
	}
}

// wait lets d of real life pass.
func (o *operation) wait(d time.Duration) error {
	timer := time.NewTimer(o.t.scale(d))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-o.context.Done():
		return errGone
	}
}

// field is a field of a reply.
func field(name, value string) terminal.Field {
	return terminal.Field{Name: name, Value: []byte(value)}
}

func number(name string, value int64) terminal.Field {
	return field(name, strconv.FormatInt(value, 10))
}

// refused is the only frame of a request that was not taken. It has the form of
// the documented one: no VERSION, no TIMEOUT.
func refused(r request, status int) terminal.Frame {
	f := terminal.Frame{field("PROTOCOL", "IPP")}
	if r.method != "" {
		f = append(f, field("METHOD", r.method))
	}
	if r.sid != "" {
		f = append(f, field("SID", r.sid))
	}
	return append(f, field("STAGE", "1"), number("STATUS", int64(status)))
}

// frame is a frame about this operation. timeout is what TIMEOUT says; 0 leaves
// it out, which marks the last frame.
func (o *operation) frame(stage, status int, timeout int64, more ...terminal.Field) terminal.Frame {
	f := terminal.Frame{
		field("PROTOCOL", "IPP"), field("METHOD", o.req.method), number("VERSION", int64(o.req.version)),
		field("SID", o.req.sid), number("STAGE", int64(stage)), number("STATUS", int64(status)),
	}
	if timeout > 0 {
		f = append(f, number("TIMEOUT", timeout))
	}
	return append(f, more...)
}

// timeoutOf is what TIMEOUT says at a stage, in seconds.
func timeoutOf(method string, stage int) int64 {
	switch {
	case method == "PING":
		return 60
	case stage == 1 || stage == 11:
		return 65
	case stage == 12 || stage == 13:
		return 65
	}
	return 25
}

// tell sends a frame of a stage that is not the last, with the mishaps of the
// script around it. An error ends the operation.
func (o *operation) tell(stage, status int, more ...terminal.Field) error {
	hit := o.hit(stage)
	if err := o.before(hit, true); err != nil {
		return err
	}
	o.emit(hit, o.frame(stage, status, timeoutOf(o.req.method, stage), more...), stage)
	return o.after(hit)
}

// hit counts the frame against the fault scripts.
func (o *operation) hit(stage int) []Fault {
	o.t.mu.Lock()
	defer o.t.mu.Unlock()
	return append(take(o.faults, o.req.method, stage), take(o.t.faults, o.req.method, stage)...)
}

// before is what the mishaps do ahead of a frame. restart says whether a reboot
// comes here.
func (o *operation) before(hit []Fault, restart bool) error {
	for _, f := range hit {
		if f.After {
			continue
		}
		if err := o.mishap(f, restart); err != nil {
			return err
		}
		if f.Kind == FaultDelay {
			if err := o.wait(f.wait()); err != nil {
				return err
			}
		}
	}
	return o.alive()
}

// alive tells when the terminal lost power meanwhile.
func (o *operation) alive() error {
	if o.context.Err() != nil {
		return errGone
	}
	return nil
}

// mishap cuts, freezes or restarts.
func (o *operation) mishap(f Fault, restart bool) error {
	switch f.Kind {
	case FaultDrop:
		o.line.hangUp()
	case FaultFreeze:
		o.t.mu.Lock()
		o.mute = true
		o.t.mu.Unlock()
	case FaultReboot:
		if !restart {
			return nil
		}
		o.t.Reboot()
		return errGone
	default:
		return nil
	}
	if f.Abandon {
		return errGone
	}
	return nil
}

// emit sends a frame, perhaps with a foreign one before it or twice. With the
// last frame, stage 5, the terminal is free for the next request.
func (o *operation) emit(hit []Fault, f terminal.Frame, stage int) {
	copies := 1
	o.t.mu.Lock()
	mute := o.mute
	o.stage = stage
	o.open = stage == 1 || stage == 11
	if o.t.op == o {
		if stage == 5 {
			o.t.op = nil
		}
		o.t.show(func(s *State) {
			if s.Stage = stage; stage == 5 && s.Screen == ScreenWait {
				s.Screen = ScreenIdle
			}
		})
	}
	o.t.mu.Unlock()
	if mute {
		return
	}
	for _, h := range hit {
		switch h.Kind {
		case FaultDuplicate:
			copies = 2
		case FaultForeign:
			stranger := append(terminal.Frame{}, f...)
			for i := range stranger {
				if stranger[i].Name == "SID" {
					stranger[i] = field("SID", "00000000-0000-4000-8000-00000000f0f0")
				}
			}
			o.line.send(stranger)
		}
	}
	for range copies {
		o.line.send(f)
	}
}

// after is what the mishaps do behind a frame.
func (o *operation) after(hit []Fault) error {
	for _, f := range hit {
		if !f.After {
			continue
		}
		if err := o.mishap(f, true); err != nil {
			return err
		}
	}
	return nil
}
