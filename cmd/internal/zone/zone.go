package zone

import (
	"path/filepath"
	"strings"
	"time"
)

// localtime is where Unix systems say which zone they stand in.
const localtime = "/etc/localtime"

// Here returns the zone of this system; time.Local where it has no name. env is
// os.Getenv.
func Here(env func(string) string) *time.Location {
	return find(env, func() (string, error) { return filepath.EvalSymlinks(localtime) })
}

func find(env func(string) string, link func() (string, error)) *time.Location {
	name := strings.TrimPrefix(env("TZ"), ":")
	if name == "" {
		target, err := link()
		if err != nil {
			return time.Local
		}
		_, name, _ = strings.Cut(filepath.ToSlash(target), "/zoneinfo/")
		// Some systems keep several editions beside each other.
		name = strings.TrimPrefix(strings.TrimPrefix(name, "posix/"), "right/")
	}
	if name == "" || name == "Local" {
		return time.Local
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.Local
	}
	return zone
}
