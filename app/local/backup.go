package local

import "context"

// Copied is a copy of the journal that was made and checked.
type Copied struct {
	Path  string `json:"path"`  // its folder
	Bytes int64  `json:"bytes"` // of the journal in it
}

// BackupArgs asks for a copy. With Passphrase (a new one, of this copy) the
// secrets of the vault go along, sealed under it; that needs the right to change
// settings.
type BackupArgs struct {
	Passphrase string `json:"passphrase,omitempty"`
	Operator   string `json:"operator,omitempty"`
	PIN        string `json:"pin,omitempty"`
}

func (p Parts) backup(ctx context.Context, a BackupArgs, emit func(any) error) error {
	if a.Passphrase != "" && p.Change != nil {
		if err := p.Change(ctx, a.Operator, a.PIN); err != nil {
			return err
		}
	}
	done, err := p.Backup(ctx, a.Passphrase)
	if err != nil {
		return err
	}
	return emit(done)
}
