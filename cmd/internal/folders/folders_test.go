package folders_test

import (
	"path/filepath"
	"strings"
	"testing"

	"frontdesk/cmd/internal/folders"
)

func TestFoldersOfEachSystem(t *testing.T) {
	long := "/" + strings.Repeat("x", 80)
	for name, c := range map[string]struct {
		place         folders.Place
		env           map[string]string
		data, runtime string
	}{
		"linux": {
			folders.Place{OS: "linux", Home: "/home/a", Cache: "/home/a/.cache", Temp: "/tmp"},
			nil,
			"/home/a/.local/share/frontdesk", "/home/a/.cache",
		},
		"linux with XDG": {
			folders.Place{OS: "linux", Home: "/home/a", Cache: "/home/a/.cache", Temp: "/tmp"},
			map[string]string{"XDG_DATA_HOME": "/data", "XDG_RUNTIME_DIR": "/run/user/1"},
			"/data/frontdesk", "/run/user/1",
		},
		"relative XDG is not followed": {
			folders.Place{OS: "linux", Home: "/home/a", Cache: "/home/a/.cache", Temp: "/tmp"},
			map[string]string{"XDG_DATA_HOME": "data", "XDG_RUNTIME_DIR": "run"},
			"/home/a/.local/share/frontdesk", "/home/a/.cache",
		},
		"a cache too long for sockets": {
			folders.Place{OS: "linux", Home: "/home/a", Cache: long, Temp: "/tmp"}, nil, "/home/a/.local/share/frontdesk", "/tmp",
		},
		"macOS": {
			folders.Place{OS: "darwin", Home: "/Users/a", Temp: "/tmp"}, nil, "/Users/a/Library/Application Support/Frontdesk", "/tmp",
		},
		"Windows": {
			folders.Place{OS: "windows", Home: "/u", Temp: "/t"}, map[string]string{"LocalAppData": "/local"}, "/local/Frontdesk", "/t",
		},
		"Windows without environment": {
			folders.Place{OS: "windows", Home: "/u", Temp: "/t"}, nil, "/u/AppData/Local/Frontdesk", "/t",
		},
	} {
		t.Run(name, func(t *testing.T) {
			c.place.Env = func(key string) string { return c.env[key] }
			if got := filepath.ToSlash(c.place.Data()); got != c.data {
				t.Errorf("data in %q, want %q", got, c.data)
			}
			if got := filepath.ToSlash(c.place.Runtime()); got != c.runtime {
				t.Errorf("sockets in %q, want %q", got, c.runtime)
			}
		})
	}
}
