package backup

import (
	"context"
	"path/filepath"
	"time"

	"frontdesk/app/folder"
	"frontdesk/app/journal"
)

// markName is the file of the mode that tells of the last restore.
const markName = "restored.json"

// Remembered is how long a restore is told.
const Remembered = 10 * 24 * time.Hour

// Mark tells that a copy was put back. Of what moved money between Until and At the
// journal may know nothing.
type Mark struct {
	At    time.Time `json:"at"`
	Until time.Time `json:"until"` // when the newest line of the copy was written; of several copies the oldest
}

// Mark returns that of the last restore; zero when there was none, or long ago.
func (c Config) Mark() (Mark, error) {
	var m Mark
	if err := folder.ReadJSON(c.markPath(), maxFile, &m); err != nil {
		return Mark{}, failed("mark", err)
	}
	if c.Now().Sub(m.At) > Remembered {
		return Mark{}, nil
	}
	return m, nil
}

func (c Config) markPath() string { return filepath.Join(c.Dir, string(c.Mode), markName) }

// mark notes that the copy is about to be put back. A mark that cannot be read tells
// nothing any more, and keeps no copy from being put back.
func (c Config) mark(ctx context.Context, source string) error {
	until, err := journal.LastWritten(ctx, source)
	if err != nil {
		return err
	}
	m := Mark{At: c.Now().UTC(), Until: until}
	if until.IsZero() || until.After(m.At) {
		m.Until = m.At
	}
	if before, err := c.Mark(); err == nil && !before.At.IsZero() && before.Until.Before(m.Until) {
		m.Until = before.Until
	}
	return folder.ReplaceJSON(c.markPath(), m)
}
