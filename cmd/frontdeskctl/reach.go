package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"time"

	"frontdesk/app/local"
	"frontdesk/app/settings"
	"frontdesk/app/till"
	"frontdesk/cmd/internal/runner"
	"frontdesk/payments"
)

// caller is a till: in this program, or behind the socket of another.
type caller interface {
	Call(ctx context.Context, req local.Request, each func(json.RawMessage) error) error
}

// How long to wait for a program that holds the folder but does not answer yet,
// because it is starting or ending.
const (
	patience = 10 * time.Second
	lookEach = 50 * time.Millisecond
)

// station is the till for one run, wherever it is.
type station struct {
	p    *program
	desk *till.Desk // nil while another program holds the folder
	till caller
}

func (p *program) station(ctx context.Context) (*station, error) {
	s := &station{p: p}
	if err := p.recall(); err != nil {
		return s, err
	}
	return s, s.reach(ctx)
}

// reach finds the holder of the folder, or becomes it.
func (s *station) reach(ctx context.Context) error {
	within, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		client, err := local.Dial(ctx, s.p.dir)
		if err == nil {
			s.till = client
			return nil
		}
		if !errors.Is(err, local.ErrNobody) {
			return err
		}
		desk, err := till.Open(ctx, s.p.config())
		if err == nil {
			s.desk, s.till = desk, desk.Handler()
			return nil
		}
		if !errors.Is(err, local.ErrHeld) {
			return err
		}
		select {
		case <-within.Done():
			return err
		case <-time.After(lookEach):
		}
	}
}

// close gives the folder back when this run holds it.
func (s *station) close() error {
	if s.desk == nil {
		return nil
	}
	err := s.desk.Close()
	s.desk = nil
	return err
}

// call asks the till. When the holder goes away before anything was answered
// and the operation may be repeated, it looks for the till again.
func (s *station) call(ctx context.Context, op string, args any, each func(json.RawMessage) error) error {
	req, err := local.Ask(op, args)
	if err != nil {
		return err
	}
	answered := false
	for {
		err := s.till.Call(ctx, req, func(raw json.RawMessage) error {
			answered = true
			return each(raw)
		})
		again := errors.Is(err, local.ErrNobody) ||
			errors.Is(err, local.ErrLost) && !answered && repeatable(op)
		if !again || ctx.Err() != nil {
			return err
		}
		if err := s.reach(ctx); err != nil {
			return err
		}
	}
}

// repeatable operations do the same when they are asked for twice. A charge is
// one because it goes under a key; a refund is not.
func repeatable(op string) bool {
	switch op {
	case local.OpRefund, local.OpReceipt, local.OpSettle, local.OpDevices, local.OpClose, local.OpReopen:
		return false
	}
	return true
}

// ask calls op and reads its answers as values of T.
func ask[T any](ctx context.Context, s *station, op string, args any, each func(T) error) error {
	return s.call(ctx, op, args, func(raw json.RawMessage) error {
		var v T
		if err := json.Unmarshal(raw, &v); err != nil {
			return err
		}
		return each(v)
	})
}

func (p *program) config() till.Config {
	name, err := p.hostname()
	if err != nil {
		name = "desk"
	}
	cfg := till.Config{
		Dir: p.dir, RuntimeDir: p.runtime, Mode: p.mode, Version: p.version, Name: name,
		Now: p.now, Mono: p.mono, Zone: p.zone, Entropy: p.entropy, HTTP: p.http, Log: p.log, Run: runner.Run,
		Keyring: p.keyring, Passphrase: p.passphrase,
	}
	p.sim.apply(&cfg)
	return cfg
}

// recall takes the mode that was worked in last.
func (p *program) recall() error {
	if p.mode != "" {
		return nil
	}
	kept, err := settings.In(p.dir).Load()
	if err != nil {
		return err
	}
	p.mode = kept.Mode
	if p.mode.OrderLetter() == 0 {
		p.mode = payments.Practice
	}
	return nil
}

// remember makes the mode the one that is opened next. Who has set up Test or
// Live here needs no first start in the window.
func (p *program) remember() error {
	file := settings.In(p.dir)
	kept, err := file.Load()
	begun := kept.Begun || p.mode != payments.Practice
	if err != nil || kept.Mode == p.mode && kept.Begun == begun {
		return err
	}
	kept.Mode, kept.Begun = p.mode, begun
	return file.Save(kept)
}

// fresh reports whether nothing has ever been written below the folder, so that
// there is nothing to list and no reason to start a till.
func (p *program) fresh() bool {
	if p.recall() != nil {
		return false // whoever goes on is told why
	}
	place := filepath.Join(p.dir, string(p.mode))
	_, err := os.Stat(filepath.Join(place, "journal.db"))
	if !errors.Is(err, os.ErrNotExist) {
		return false
	}
	_, err = os.Stat(filepath.Join(place, "backups")) // there has been one
	return errors.Is(err, os.ErrNotExist)
}
