package local

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// maxSocketPath is below the shortest limit in use: 104 bytes with the closing
// zero on macOS, 108 on Linux and Windows.
const maxSocketPath = 100

// socketFor says where the socket of the data folder belongs: in the folder, or
// under a short name in the runtime folder.
func socketFor(dir, runtimeDir string) (path string, outside bool, err error) {
	inside := filepath.Join(dir, runFolder, socketName)
	if len(inside) <= maxSocketPath {
		return inside, false, nil
	}
	sum := sha256.Sum256([]byte(dir))
	short := filepath.Join(runtimeDir, "frontdesk", hex.EncodeToString(sum[:8])+".sock")
	if runtimeDir == "" || len(short) > maxSocketPath {
		return "", false, fmt.Errorf("the path of the data folder is too long for a socket: %d bytes", len(inside))
	}
	return short, true, nil
}

// prepareSocket makes room for the socket: its folder exists with mode 0700 and
// belongs to us, nothing stale is in the way, and the pointer tells the truth.
// Only the holder of the folder may call it.
func prepareSocket(dir, runtimeDir string) (string, error) {
	path, outside, err := socketFor(dir, runtimeDir)
	if err != nil {
		return "", err
	}
	pointer := filepath.Join(dir, runFolder, pointerName)
	if !outside {
		if err := os.Remove(pointer); err != nil && !errors.Is(err, os.ErrNotExist) {
			return "", err
		}
		return path, removeStale(path)
	}
	if err := privateFolder(filepath.Dir(path)); err != nil {
		return "", err
	}
	if err := os.WriteFile(pointer, []byte(path+"\n"), 0o600); err != nil {
		return "", err
	}
	return path, removeStale(path)
}

// privateFolder makes folder for us alone. A folder that somebody else could
// enter is refused: the runtime folder may be one shared by all users.
func privateFolder(folder string) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	info, err := os.Lstat(folder)
	if err != nil {
		return err
	}
	if !info.IsDir() || !ownedByUs(info) {
		return fmt.Errorf("%s: %w", folder, ErrStranger)
	}
	return os.Chmod(folder, 0o700)
}

func removeStale(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// findSocket says where the holder of dir would listen.
func findSocket(dir string) (string, error) {
	text, err := os.ReadFile(filepath.Join(dir, runFolder, pointerName))
	if err == nil {
		return strings.TrimSpace(string(text)), nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	return filepath.Join(dir, runFolder, socketName), nil
}
