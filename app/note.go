package app

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"frontdesk/payments"
)

// NoteKind says what changed at the desk. The strings are on disk and never
// change.
type NoteKind string

// Kinds of notes.
const (
	CredentialsSaved   NoteKind = "credentials_saved"
	CredentialsRotated NoteKind = "credentials_rotated"
	CredentialsErased  NoteKind = "credentials_erased"
	Disconnected       NoteKind = "disconnected"
	RelayPaired        NoteKind = "relay_paired"
	DeskRevoked        NoteKind = "desk_revoked"
	OperatorAdded      NoteKind = "operator_added"
	OperatorChanged    NoteKind = "operator_changed"
	OperatorRemoved    NoteKind = "operator_removed"
	PINSet             NoteKind = "pin_set"
	OwnerReset         NoteKind = "owner_reset"
	DeviceAdded        NoteKind = "device_added"
	DeviceChanged      NoteKind = "device_changed"
	DeviceEnabled      NoteKind = "device_enabled"
	DeviceDisabled     NoteKind = "device_disabled"
	DeviceRemoved      NoteKind = "device_removed"
	DeviceReleased     NoteKind = "device_released" // a transaction of somebody else was let go of
	SettingsChanged    NoteKind = "settings_changed"
)

// DeskEvent is something that changed at the desk and belongs to no sale. Data
// holds a few short words of the kind ("device": its ID, "label", "sid",
// "key_index"), never a secret.
type DeskEvent struct {
	Kind     NoteKind
	Operator string // as it is to be shown: a name
	Data     map[string]string

	Seq int64     // given by the journal
	At  time.Time // given by the till
}

// maxNoteData is how many words a note may carry.
const maxNoteData = 16

// Note writes down that something changed at the desk. It returns when it is on
// disk. Codes text.limit, text.encoding, note.card.
func (t *Till) Note(ctx context.Context, e DeskEvent) error {
	if err := e.check(); err != nil {
		return err
	}
	return t.do(ctx, func() error {
		reference, err := payments.Draw(t.cfg.Entropy, idLength)
		if err != nil {
			return err
		}
		return t.desk.commit([]Event{{
			Source: FromDesk, Kind: DeskNoted, Reference: reference, Operator: e.Operator,
			Data: encode(NoteData{Kind: string(e.Kind), Data: e.Data}),
		}}, nil)
	})
}

func (e DeskEvent) check() error {
	if e.Kind == "" || len(e.Data) > maxNoteData {
		return refuse("note", "text.limit", nil)
	}
	texts := []string{e.Operator, string(e.Kind)}
	for k, v := range e.Data {
		texts = append(texts, k, v)
	}
	for _, s := range texts {
		switch {
		case !utf8.ValidString(s):
			return refuse("note", "text.encoding", nil)
		case utf8.RuneCountInString(s) > maxNote:
			return refuse("note", "text.limit", nil)
		case holdsCardNumber(s) || strings.Contains(s, "PRIVATE KEY"):
			return refuse("note", "note.card", nil)
		}
	}
	return nil
}

// Notes returns what changed at the desk, newest first: at most limit of what
// lies before the Seq, 0 for the newest. It reads what is committed.
func (t *Till) Notes(ctx context.Context, before int64, limit int) ([]DeskEvent, error) {
	events, err := t.cfg.Journal.Notes(ctx, before, limit)
	if err != nil {
		return nil, err
	}
	notes := make([]DeskEvent, 0, len(events))
	for _, e := range events {
		d := decode[NoteData](e)
		notes = append(notes, DeskEvent{Kind: NoteKind(d.Kind), Operator: e.Operator, Data: d.Data, Seq: e.Seq, At: e.Wall})
	}
	return notes, nil
}
