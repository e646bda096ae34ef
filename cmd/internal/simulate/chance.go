package simulate

import (
	"crypto/sha256"
	"encoding/binary"
	"strconv"
	"sync"
	"time"
)

// chance draws from the seed and the name of what is drawn for, never from the
// order in which goroutines happen to ask: the same seed is the same day.
type chance struct{ seed uint64 }

// roll is a number for a name.
func (c chance) roll(name string) uint64 {
	h := sha256.New()
	h.Write(binary.BigEndian.AppendUint64(nil, c.seed))
	h.Write([]byte(name))
	return binary.BigEndian.Uint64(h.Sum(nil))
}

// hit is true in so many of a thousand cases.
func (c chance) hit(name string, perMille int) bool {
	return perMille > 0 && int(c.roll(name)%1000) < perMille
}

// between is a time from low to below high.
func (c chance) between(name string, low, high time.Duration) time.Duration {
	if high <= low {
		return low
	}
	return low + time.Duration(c.roll(name)%uint64(high-low))
}

// dice are the draws of one story, one after the other.
type dice struct {
	chance chance
	name   string
	n      int
}

func (d *dice) next() string {
	d.n++
	return d.name + "#" + strconv.Itoa(d.n)
}

func (d *dice) hit(perMille int) bool { return d.chance.hit(d.next(), perMille) }

func (d *dice) number(n int) int { return int(d.chance.roll(d.next()) % uint64(n)) }

func (d *dice) between(low, high time.Duration) time.Duration {
	return d.chance.between(d.next(), low, high)
}

func pick[T any](d *dice, from ...T) T { return from[d.number(len(from))] }

// entropy is what a part of the world draws its names from: bytes that depend on
// who asks and when, so that two who ask at the same moment do not disturb each
// other.
type entropy struct {
	chance chance
	name   string
	now    func() time.Time

	mu sync.Mutex
	at time.Time
	n  int
}

// Read never fails. One byte alone is the jitter of a pause: all that are drawn at
// one moment are the same.
func (e *entropy) Read(p []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if now := e.now(); !now.Equal(e.at) {
		e.at, e.n = now, 0
	}
	base := e.name + "@" + strconv.FormatInt(e.at.UnixNano(), 36)
	if len(p) != 1 {
		e.n++
		base += "#" + strconv.Itoa(e.n)
	}
	for i := range p {
		if i%8 == 0 {
			word := e.chance.roll(base + "/" + strconv.Itoa(i))
			for k := i; k < min(i+8, len(p)); k++ {
				p[k] = byte(word >> (8 * (k - i)))
			}
		}
	}
	return len(p), nil
}
