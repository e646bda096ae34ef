package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"time"
)

// marker is a file outside the data folder that says how far the data had
// come. A data folder that has come less far was put back from a copy: what
// desks remember of it no longer fits, so every store gets a new epoch.
//
// The file is written after the data, a second late at most. It lags behind,
// never ahead, however the relay ends.
type marker struct {
	path    string
	written map[string]uint64
}

// marked is the file.
type marked struct {
	Version int               `json:"v"`
	Heights map[string]uint64 `json:"heights"` // newest sequence of each stream
}

const markerVersion = 1

// read returns how far the data had come; nil when nobody can tell.
func (m *marker) read() (map[string]uint64, error) {
	data, err := os.ReadFile(m.path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("relay: the marker file: %w", err)
	}
	var was marked
	if json.Unmarshal(data, &was) != nil || was.Version != markerVersion {
		return nil, nil // a half-written one tells nothing
	}
	return was.Heights, nil
}

// behind reports whether data that has come so far is older than what the
// marker saw.
func behind(was, is map[string]uint64) bool {
	for name, height := range was {
		if is[name] < height {
			return true
		}
	}
	return false
}

// write replaces the file, unless it says so already.
func (m *marker) write(heights map[string]uint64) error {
	if m.written != nil && maps.Equal(m.written, heights) {
		return nil
	}
	data, err := json.Marshal(marked{Version: markerVersion, Heights: heights})
	if err != nil {
		return err
	}
	if err := replaceFile(m.path, append(data, '\n')); err != nil {
		return fmt.Errorf("relay: the marker file: %w", err)
	}
	m.written = heights
	return nil
}

// replaceFile writes a whole new file in the place of path, readable by its
// owner only.
func replaceFile(path string, data []byte) error {
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil {
		err = moveOver(file.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return nil
}

// moveOver is patient with those who look into a file that was just written,
// which on Windows keeps it from being replaced.
func moveOver(from, to string) error {
	for tries := 5; ; tries-- {
		err := os.Rename(from, to)
		if err == nil || tries == 0 {
			return err
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// heights returns the newest sequence of every stream whose loss would matter.
func (e *engine) heights(ctx context.Context) (map[string]uint64, error) {
	heights := map[string]uint64{}
	for _, name := range []string{streamName, kvStream + bucketStores, kvStream + bucketOrders, kvStream + bucketPaired, kvStream + bucketCodes} {
		stream, err := e.js.Stream(ctx, name)
		if err != nil {
			return nil, err
		}
		heights[name] = stream.CachedInfo().State.LastSeq
	}
	return heights, nil
}

// kvStream is how the queue names the stream under a bucket.
const kvStream = "KV_"

// recognise gives every store a new epoch when the data is older than what
// this relay wrote last, or when nobody can tell.
func (s *Server) recognise(ctx context.Context) error {
	was, err := s.marker.read()
	if err != nil {
		return err
	}
	is, err := s.engine.heights(ctx)
	if err != nil {
		return err
	}
	if was != nil && !behind(was, is) {
		return nil
	}
	if ids := s.stores.ids(); len(ids) > 0 {
		s.cfg.Log.Warn("the data folder was put back from a copy, or its marker file is missing: desks start anew; look whether desks revoked since then must be revoked again",
			"marker", s.marker.path, "stores", len(ids))
		for _, id := range ids {
			if _, err := s.stores.renew(ctx, id); err != nil {
				return err
			}
		}
	}
	return s.codes.expire(ctx) // they may have been used since
}

// mark writes the marker.
func (s *Server) mark(ctx context.Context) error {
	if !s.engine.healthy() {
		return nil
	}
	heights, err := s.engine.heights(ctx)
	if err != nil {
		return err
	}
	return s.marker.write(heights)
}
