package server

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/coder/websocket"

	"frontdesk/payments/relay"
)

const (
	window    = 128 // deliveries on the way to one desk without an ack
	pollBatch = 64
	maxWait   = 15 * time.Second
	writeFor  = 10 * time.Second
)

// session is one desk's reading place; WebSocket and long-poll share it.
type session struct {
	server *Server
	id     Identity
	store  *store
	at     relay.At // last one sent
	probed uint64
	gone   <-chan struct{} // closed when the desk is revoked
}

var errHello = errors.New("relay: a hello must come first")

// open starts a session from the desk's hello. A cursor of another epoch, or
// one beyond what this relay ever stored, starts at the beginning.
func (s *Server) open(ctx context.Context, id Identity, hello relay.Frame) (*session, relay.Frame, error) {
	if hello.Type != relay.FrameHello {
		return nil, relay.Frame{}, errHello
	}
	gone := s.roster.gone(id)
	select {
	case <-gone: // since it was let in
		return nil, relay.Frame{}, revoked()
	default:
	}
	st, err := s.stores.get(id.Store)
	if err != nil {
		return nil, relay.Frame{}, err
	}
	if hello.At.Epoch == st.Epoch && hello.At.Seq > s.hub.newest() {
		s.cfg.Log.Warn("a desk remembers more than this relay: new epoch", "store", short(id.Store))
		if st, err = s.stores.renew(ctx, id.Store); err != nil {
			return nil, relay.Frame{}, err
		}
	}
	s.cursors.meet(id.Store, id.Desk)
	ses := &session{server: s, id: id, store: st, gone: gone}
	if hello.At.Epoch == st.Epoch {
		ses.at = hello.At
	}
	if hello.Nonce != "" {
		ses.probed = s.hub.probed(id.Store, id.Desk, hello.Nonce)
	}
	ends := s.endpoints(st)
	return ses, relay.Frame{
		Type: relay.FrameHello, Endpoints: &ends, ProbeKey: s.keys.probe(id.Store, id.Desk),
		Alarm: s.trouble(), Time: s.cfg.Now(),
	}, nil
}

// over returns why the session must end, or nil.
func (ses *session) over() error {
	select {
	case <-ses.gone:
		return revoked()
	default:
		return nil
	}
}

// take acts on a frame of the desk.
func (ses *session) take(f relay.Frame) {
	if ses.over() != nil {
		return
	}
	if f.Type == relay.FrameAck && f.At.Epoch == ses.store.Epoch && f.At.Seq <= ses.server.hub.newest() {
		ses.server.cursors.ack(ses.id.Store, ses.id.Desk, f.At)
	}
}

// next returns up to limit frames that are due, and the bell for more.
func (ses *session) next(ctx context.Context, limit int) ([]relay.Frame, <-chan struct{}, error) {
	if err := ses.over(); err != nil {
		return nil, nil, err
	}
	found, probes, bell := ses.server.hub.news(ses.id.Store, ses.id.Desk, ses.at, ses.probed, limit)
	var frames []relay.Frame
	for _, p := range probes {
		frames = append(frames, relay.Frame{Type: relay.FrameProbe, Nonce: p.nonce})
		ses.probed = p.n
	}
	for _, e := range found {
		notices, err := ses.server.envelope(ctx, e.seq)
		if err != nil {
			return nil, nil, err
		}
		n := notices[e.index]
		ses.at = relay.At{Epoch: ses.store.Epoch, Seq: e.seq, Index: e.index}
		ses.server.hub.hand(ses.id.Store, ses.id.Desk, ses.at)
		f := relay.Frame{Type: relay.FrameDeliver, At: ses.at, Kind: n.deliveryKind(), OrderID: n.orderID, Body: n.body, Received: n.received}
		if n.sealed {
			if !relay.SealedFor(n.body, ses.id.Desk) { // from before this desk was paired
				continue
			}
			f.Body, f.Sealed = nil, n.body
		}
		frames = append(frames, f)
	}
	if len(frames) == 0 && len(found) > 0 { // all of them for others
		return ses.next(ctx, limit)
	}
	return frames, bell, nil
}

func (ses *session) beat() relay.Frame {
	return relay.Frame{Type: relay.FrameBeat, Alarm: ses.server.trouble(), Time: ses.server.cfg.Now()}
}

// servePoll answers one long-poll.
func (s *Server) servePoll(w http.ResponseWriter, r *http.Request, id Identity) {
	var in relay.Poll
	if !read(w, r, &in) {
		return
	}
	for _, f := range in.Frames {
		if f.Check() != nil {
			problem(w, http.StatusBadRequest, relay.CodeMalformed, "frame")
			return
		}
	}
	if len(in.Frames) == 0 {
		problem(w, http.StatusBadRequest, relay.CodeMalformed, errHello.Error())
		return
	}
	ses, hello, err := s.open(r.Context(), id, in.Frames[0])
	if err != nil {
		s.fail(w, err)
		return
	}
	for _, f := range in.Frames[1:] {
		ses.take(f)
	}
	if !s.enter() {
		problem(w, http.StatusServiceUnavailable, relay.CodeUnavailable, "the relay stops")
		return
	}
	defer s.streams.Done()
	frames, err := s.await(r.Context(), ses, min(time.Duration(max(in.WaitMS, 0))*time.Millisecond, maxWait))
	if err != nil {
		s.fail(w, err)
		return
	}
	answer(w, relay.Polled{Frames: append([]relay.Frame{hello}, frames...)})
}

func (s *Server) await(ctx context.Context, ses *session, wait time.Duration) ([]relay.Frame, error) {
	over := time.NewTimer(wait)
	defer over.Stop()
	for {
		frames, bell, err := ses.next(ctx, pollBatch)
		if err != nil || len(frames) > 0 {
			return frames, err
		}
		select {
		case <-bell:
		case <-over.C:
			return []relay.Frame{ses.beat()}, nil
		case <-ses.gone:
			return nil, revoked()
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-s.base.Done():
			return []relay.Frame{ses.beat()}, nil
		}
	}
}

// serveStream holds one WebSocket.
func (s *Server) serveStream(w http.ResponseWriter, r *http.Request, id Identity) {
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{CompressionMode: websocket.CompressionDisabled})
	if err != nil {
		return // Accept has answered
	}
	if !s.enter() {
		if conn.Close(websocket.StatusGoingAway, "the relay stops") != nil {
			return // the desk hung up first
		}
		return
	}
	defer s.streams.Done()
	conn.SetReadLimit(relay.MaxFrames)
	ctx, cancel := context.WithCancel(s.base)
	defer cancel()
	err = s.talk(ctx, conn, id)
	var no *denial
	switch {
	case s.base.Err() != nil:
		err = conn.Close(websocket.StatusGoingAway, "the relay stops")
	case errors.As(err, &no):
		err = conn.Close(websocket.StatusPolicyViolation, no.code)
	case errors.Is(err, errNoStore):
		err = conn.Close(websocket.StatusPolicyViolation, relay.CodeStore)
	default:
		err = errors.Join(err, conn.CloseNow())
	}
	s.cfg.Log.Debug("desk stream ended", "store", short(id.Store), "err", err)
}

func (s *Server) talk(ctx context.Context, conn *websocket.Conn, id Identity) error {
	first, err := s.hear(ctx, conn)
	if err != nil {
		return err
	}
	ses, hello, err := s.open(ctx, id, first)
	if err != nil {
		return err
	}
	if err := say(ctx, conn, hello); err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	acks := make(chan struct{}, window)
	reader := make(chan struct{})
	go func() {
		defer close(reader)
		cancel(s.listen(ctx, conn, ses, acks))
	}()
	err = s.speak(ctx, conn, ses, acks)
	cancel(err)
	<-reader
	return context.Cause(ctx)
}

// listen takes the desk's frames until it falls silent.
func (s *Server) listen(ctx context.Context, conn *websocket.Conn, ses *session, acks chan<- struct{}) error {
	for {
		f, err := s.hear(ctx, conn)
		if err != nil {
			return err
		}
		ses.take(f)
		if f.Type == relay.FrameAck {
			select {
			case acks <- struct{}{}:
			default: // more acks than deliveries change nothing
			}
		}
	}
}

// speak sends what is due, at most window ahead of the desk's acks, and a beat
// when there is nothing.
func (s *Server) speak(ctx context.Context, conn *websocket.Conn, ses *session, acks <-chan struct{}) error {
	beat := time.NewTicker(s.cfg.Beat)
	defer beat.Stop()
	ahead := 0
	for {
		frames, bell, err := ses.next(ctx, window-ahead)
		if err != nil {
			return err
		}
		for _, f := range frames {
			if f.Type == relay.FrameDeliver {
				ahead++
			}
			if err := say(ctx, conn, f); err != nil {
				return err
			}
		}
		if len(frames) > 0 && ahead < window {
			continue
		}
		select {
		case <-bell:
		case <-acks:
			ahead = max(ahead-1, 0)
		case <-beat.C:
			if err := say(ctx, conn, ses.beat()); err != nil {
				return err
			}
		case <-ses.gone:
			return revoked()
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// hear waits for a frame, three beats at most.
func (s *Server) hear(ctx context.Context, conn *websocket.Conn) (relay.Frame, error) {
	ctx, cancel := context.WithTimeout(ctx, 3*s.cfg.Beat)
	defer cancel()
	_, data, err := conn.Read(ctx)
	if err != nil {
		return relay.Frame{}, err
	}
	return relay.ParseFrame(data)
}

func say(ctx context.Context, conn *websocket.Conn, f relay.Frame) error {
	data, err := json.Marshal(f)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, writeFor)
	defer cancel()
	return conn.Write(ctx, websocket.MessageText, data)
}
