package folder

import (
	"path/filepath"
	"strings"

	"golang.org/x/sys/windows"
)

// network reports whether a folder lies on another computer.
func network(dir string) bool {
	volume := filepath.VolumeName(dir)
	if strings.HasPrefix(volume, `\\`) {
		return true
	}
	root, err := windows.UTF16PtrFromString(volume + `\`)
	return err == nil && windows.GetDriveType(root) == windows.DRIVE_REMOTE
}
