package simulate

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// trace is what happened, in the order of the world's clock. What happened at the
// same moment has no order and is sorted by its text.
type trace struct {
	begun time.Time

	mu    sync.Mutex
	lines []line
}

type line struct {
	at   time.Duration
	text string
}

func (t *trace) add(format string, args ...any) {
	at := time.Since(t.begun)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lines = append(t.lines, line{at, fmt.Sprintf(format, args...)})
}

func (t *trace) sorted() []line {
	t.mu.Lock()
	defer t.mu.Unlock()
	lines := slices.Clone(t.lines)
	slices.SortStableFunc(lines, func(a, b line) int {
		if a.at != b.at {
			return int(min(max(a.at-b.at, -1), 1))
		}
		return strings.Compare(a.text, b.text)
	})
	return lines
}

// text returns the lines, oldest first.
func (t *trace) text() string {
	var b strings.Builder
	for _, l := range t.sorted() {
		fmt.Fprintf(&b, "%14.6f %s\n", l.at.Seconds(), l.text)
	}
	return b.String()
}

func (t *trace) hash() string {
	sum := sha256.Sum256([]byte(t.text()))
	return hex.EncodeToString(sum[:8])
}
