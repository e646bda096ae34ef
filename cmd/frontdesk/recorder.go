package main

import (
	"fmt"
	"io"
	"log"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"time"
)

// Logs are kept in five files of two megabytes (product.md 8); crash files until there are five.
const (
	logFiles   = 5
	logBytes   = 2 << 20
	crashFiles = 5
)

// recorder keeps what support needs after something went wrong: the log, and what the runtime
// says when the program crashes. It never keeps the program from starting.
type recorder struct {
	file  *rotating
	to    io.Writer
	crash *os.File
}

// openRecorder opens DIR/crash and makes DIR/logs the place of the log. Fyne's own messages go
// there too.
func openRecorder(dir string, now time.Time, stderr io.Writer) *recorder {
	r := &recorder{file: &rotating{dir: filepath.Join(dir, "logs"), name: "frontdesk", limit: logBytes, keep: logFiles}}
	r.to = io.MultiWriter(stderr, r.file)
	log.SetOutput(r.to)
	if err := r.openCrash(filepath.Join(dir, "crash"), now); err != nil {
		fmt.Fprintln(stderr, "frontdesk: a crash would not be recorded:", err)
	}
	return r
}

func (r *recorder) openCrash(dir string, now time.Time) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	prune(dir, crashFiles)
	name := fmt.Sprintf("%s-%d.txt", now.UTC().Format("20060102T150405Z"), os.Getpid())
	f, err := os.OpenFile(filepath.Join(dir, name), os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	r.crash = f
	return debug.SetCrashOutput(f, debug.CrashOptions{})
}

// prune removes the oldest files that hold something. Empty ones belong to programs that run.
func prune(dir string, keep int) {
	entries, err := os.ReadDir(dir) // sorted by name, which begins with the time
	if err != nil {
		return
	}
	var full []string
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.Size() > 0 {
			full = append(full, filepath.Join(dir, e.Name()))
		}
	}
	for len(full) >= keep {
		// One that stays is removed the next time.
		_ = os.Remove(full[0])
		full = full[1:]
	}
}

func (r *recorder) log() *slog.Logger { return slog.New(slog.NewTextHandler(r.to, nil)) }

// close ends the recording of a program that did not crash.
func (r *recorder) close() {
	if r.crash != nil {
		// An empty file more or less does no harm.
		_ = debug.SetCrashOutput(nil, debug.CrashOptions{})
		_ = r.crash.Close()
		_ = os.Remove(r.crash.Name())
	}
	log.SetOutput(os.Stderr)
	_ = r.file.Close()
}

// rotating is a log of bounded size: NAME.log, and NAME.1.log to the oldest. The file is opened
// with the first line. Writers may come from any goroutine; a line that cannot be written is
// lost, the program is not.
type rotating struct {
	dir, name string
	limit     int64
	keep      int

	mu   sync.Mutex
	file *os.File
	size int64
}

// Write appends one line.
func (r *rotating) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.file != nil && r.size+int64(len(p)) > r.limit {
		_ = r.file.Close()
		r.file = nil
		r.shift()
	}
	if r.file == nil && r.open() != nil {
		return len(p), nil
	}
	n, err := r.file.Write(p)
	r.size += int64(n)
	if err != nil {
		return len(p), nil
	}
	return n, nil
}

func (r *rotating) path(i int) string {
	if i == 0 {
		return filepath.Join(r.dir, r.name+".log")
	}
	return filepath.Join(r.dir, fmt.Sprintf("%s.%d.log", r.name, i))
}

// shift makes room for a new file and drops the oldest.
func (r *rotating) shift() {
	for i := r.keep - 1; i > 0; i-- {
		_ = os.Rename(r.path(i-1), r.path(i))
	}
}

func (r *rotating) open() error {
	if err := os.MkdirAll(r.dir, 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(r.path(0), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		_ = f.Close()
		return err
	}
	r.file, r.size = f, info.Size()
	return nil
}

// Close closes the file that is open.
func (r *rotating) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.file == nil {
		return nil
	}
	err := r.file.Close()
	r.file = nil
	return err
}
