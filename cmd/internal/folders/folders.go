package folders

import (
	"os"
	"path/filepath"
	"runtime"
)

// maxRuntime leaves room for a socket's name: addresses of sockets are at most about 100 bytes.
const maxRuntime = 60

// Place is what the system tells about the user.
type Place struct {
	OS    string              // as runtime.GOOS
	Env   func(string) string // as os.Getenv
	Home  string              // "" when unknown: folders then lie below the current one
	Cache string              // "" when unknown
	Temp  string
}

// Here asks this system. env is os.Getenv.
func Here(env func(string) string) Place {
	p := Place{OS: runtime.GOOS, Env: env, Temp: os.TempDir()}
	if home, err := os.UserHomeDir(); err == nil {
		p.Home = home
	}
	if cache, err := os.UserCacheDir(); err == nil {
		p.Cache = cache
	}
	return p
}

// Data is the user's data folder: %LocalAppData%\Frontdesk on Windows, ~/Library/Application
// Support/Frontdesk on macOS, $XDG_DATA_HOME/frontdesk elsewhere.
func (p Place) Data() string {
	switch p.OS {
	case "windows":
		if d := p.Env("LocalAppData"); d != "" {
			return filepath.Join(d, "Frontdesk")
		}
		return filepath.Join(p.Home, "AppData", "Local", "Frontdesk")
	case "darwin":
		return filepath.Join(p.Home, "Library", "Application Support", "Frontdesk")
	}
	if d := p.Env("XDG_DATA_HOME"); filepath.IsAbs(d) {
		return filepath.Join(d, "frontdesk")
	}
	return filepath.Join(p.Home, ".local", "share", "frontdesk")
}

// Runtime is where a socket goes whose path in the data folder is too long.
func (p Place) Runtime() string {
	if d := p.Env("XDG_RUNTIME_DIR"); filepath.IsAbs(d) {
		return d
	}
	if p.Cache != "" && len(p.Cache) < maxRuntime {
		return p.Cache
	}
	return p.Temp
}

// Documents is where people look for files that a program wrote for them: the
// folder Documents of their home, else the home itself.
func (p Place) Documents() string {
	if d := p.Env("XDG_DOCUMENTS_DIR"); filepath.IsAbs(d) {
		return d
	}
	d := filepath.Join(p.Home, "Documents")
	if info, err := os.Stat(d); err == nil && info.IsDir() {
		return d
	}
	return p.Home
}
