package main

import (
	"os"
	"path/filepath"
	"runtime"
)

// dataDir is the user's data folder (product.md 8).
func dataDir(env func(string) string) string {
	home, err := os.UserHomeDir()
	if err != nil {
		home = "."
	}
	switch runtime.GOOS {
	case "windows":
		if d := env("LocalAppData"); d != "" {
			return filepath.Join(d, "Frontdesk")
		}
		return filepath.Join(home, "AppData", "Local", "Frontdesk")
	case "darwin":
		return filepath.Join(home, "Library", "Application Support", "Frontdesk")
	}
	if d := env("XDG_DATA_HOME"); filepath.IsAbs(d) {
		return filepath.Join(d, "frontdesk")
	}
	return filepath.Join(home, ".local", "share", "frontdesk")
}

// runtimeDir is where a socket goes whose path in the data folder is too long.
func runtimeDir(env func(string) string) string {
	if d := env("XDG_RUNTIME_DIR"); filepath.IsAbs(d) {
		return d
	}
	if d, err := os.UserCacheDir(); err == nil && len(d) < 60 {
		return d
	}
	return os.TempDir()
}
