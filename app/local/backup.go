package local

import "context"

// Copied is a copy of the journal that was made and checked.
type Copied struct {
	Path  string `json:"path"`  // its folder
	Bytes int64  `json:"bytes"` // of the journal in it
}

func (p Parts) backup(ctx context.Context, _ Request, emit func(any) error) error {
	done, err := p.Backup(ctx)
	if err != nil {
		return err
	}
	return emit(done)
}
