package folder

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"frontdesk/payments"
)

// CheckPlace refuses a data folder in which a journal is not safe: on a network
// drive (folder.network), where locks and shared memory do not work as SQLite
// needs them, and in a folder that a cloud program keeps in step
// (folder.synced), which copies and replaces files while they are in use. The
// folder need not exist yet. Where the system does not tell, it is let through.
func CheckPlace(dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	if real, err := filepath.EvalSymlinks(there(dir)); err == nil {
		dir = filepath.Join(real, strings.TrimPrefix(dir, there(dir)))
	}
	if synced(dir) {
		return &payments.Error{Op: "folder.place", Code: "folder.synced", Err: payments.ErrRefused}
	}
	if network(there(dir)) {
		return &payments.Error{Op: "folder.place", Code: "folder.network", Err: payments.ErrRefused}
	}
	return nil
}

// there is the deepest part of a path that exists.
func there(dir string) string {
	for {
		if _, err := os.Stat(dir); err == nil || filepath.Dir(dir) == dir {
			return dir
		}
		dir = filepath.Dir(dir)
	}
}

// marks are files and folders that cloud programs leave at the top of what they
// keep in step.
func marks() []string {
	return []string{".dropbox", ".dropbox.cache", ".sync_journal.db", ".owncloudsync.log", ".nextcloudsync.log", ".stfolder", ".tmp.driveupload", ".pcloud"}
}

// names are folders that cloud programs make.
func names() []string {
	return []string{"dropbox", "onedrive", "google drive", "googledrive", "my drive", "icloud drive", "com~apple~clouddocs", "nextcloud", "owncloud", "pclouddrive", "mega", "megasync", "box sync"}
}

func synced(dir string) bool {
	for at := dir; ; at = filepath.Dir(at) {
		name := strings.ToLower(filepath.Base(at))
		if slices.Contains(names(), name) || strings.HasPrefix(name, "onedrive - ") || strings.HasPrefix(name, "dropbox (") {
			return true
		}
		for _, mark := range marks() {
			if _, err := os.Lstat(filepath.Join(at, mark)); err == nil {
				return true
			}
		}
		if filepath.Dir(at) == at {
			return false
		}
	}
}
