package till

import (
	"context"
	"time"

	"frontdesk/app"
	"frontdesk/app/operators"
	"frontdesk/app/setup"
	"frontdesk/payments"
)

// Staff is the book of operators of this desk, with every change noted in the
// journal.
type Staff struct{ desk *Desk }

// Staff returns who works here.
func (d *Desk) Staff() *Staff { return &Staff{desk: d} }

// List returns everybody who works here, owners first.
func (s *Staff) List() []operators.Operator { return s.desk.book.List() }

// Check answers who it is. Codes operator.pin, operator.wait.
func (s *Staff) Check(ctx context.Context, id, pin string) (operators.Operator, error) {
	return s.desk.book.Check(ctx, id, pin)
}

// Wait tells how long the next PIN of an operator must wait.
func (s *Staff) Wait(id string) time.Duration { return s.desk.book.Wait(id) }

// Add takes somebody in.
func (s *Staff) Add(ctx context.Context, by string, o operators.Operator) (operators.Operator, error) {
	if err := s.desk.mayChange(by); err != nil {
		return operators.Operator{}, err
	}
	o, err := s.desk.book.Add(o)
	if err == nil {
		s.note(ctx, app.OperatorAdded, by, o.ID)
	}
	return o, err
}

// Change gives an operator another name or other rights.
func (s *Staff) Change(ctx context.Context, by string, o operators.Operator) error {
	return s.change(ctx, app.OperatorChanged, by, o.ID, func() error { return s.desk.book.Change(o) })
}

// Remove lets an operator go; old sales keep the name.
func (s *Staff) Remove(ctx context.Context, by, id string) error {
	return s.change(ctx, app.OperatorRemoved, by, id, func() error { return s.desk.book.Remove(id) })
}

// SetPIN sets a PIN; an empty one takes it away.
func (s *Staff) SetPIN(ctx context.Context, by, id, pin string) error {
	return s.change(ctx, app.PINSet, by, id, func() error { return s.desk.book.SetPIN(ctx, id, pin) })
}

func (s *Staff) change(ctx context.Context, kind app.NoteKind, by, id string, do func() error) error {
	if err := s.desk.mayChange(by); err != nil {
		return err
	}
	if err := do(); err != nil {
		return err
	}
	s.note(ctx, kind, by, id)
	return nil
}

func (s *Staff) note(ctx context.Context, kind app.NoteKind, by, id string) {
	s.desk.note(ctx, kind, by, map[string]string{"operator": id, "name": s.desk.book.Name(id)})
}

// ResetOwner takes the PIN of all owners away when key is the private key, or
// the pack, that is stored for Live. Codes operator.key, operator.no_key, and
// those of the key doctor.
func (s *Staff) ResetOwner(ctx context.Context, key string) error {
	const op = "operators.reset"
	stored, err := s.desk.liveMark()
	if err != nil {
		return err
	}
	given, err := setup.KeyFingerprint(key)
	switch {
	case err != nil:
		return err
	case stored == "":
		return refused(op, "operator.no_key")
	case given != stored:
		return refused(op, "operator.key")
	}
	if err := s.desk.book.ResetOwners(); err != nil {
		return err
	}
	s.desk.note(ctx, app.OwnerReset, operators.FirstOwner, nil)
	return nil
}

// OwnerReset tells when that was done last; zero for never.
func (s *Staff) OwnerReset() time.Time { return s.desk.book.OwnerReset() }

// liveMark is what names the private key of Live, "" when there is none.
func (d *Desk) liveMark() (string, error) {
	rec := record{}
	if d.cfg.Mode == payments.Live {
		rec = d.records.get()
	} else {
		live := d.cfg
		live.Mode = payments.Live
		folder, err := live.folder()
		if err != nil {
			return "", err
		}
		kept, err := openRecords(folder)
		if err != nil {
			return "", err
		}
		rec = kept.get()
	}
	return rec.KeyPrint, nil
}
