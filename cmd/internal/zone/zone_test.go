package zone

import (
	"errors"
	"testing"
)

func TestZoneHasAName(t *testing.T) {
	for name, c := range map[string]struct {
		tz, link, want string
	}{
		"linked":             {"", "/usr/share/zoneinfo/Europe/Sofia", "Europe/Sofia"},
		"linked on macOS":    {"", "/var/db/timezone/zoneinfo/Europe/Berlin", "Europe/Berlin"},
		"another edition":    {"", "/usr/share/zoneinfo/posix/Europe/Berlin", "Europe/Berlin"},
		"chosen":             {"Europe/Sofia", "/usr/share/zoneinfo/Europe/Berlin", "Europe/Sofia"},
		"chosen with colon":  {":Europe/Sofia", "", "Europe/Sofia"},
		"a copy, not a link": {"", "/etc/localtime", "Local"},
		"no link":            {"", "", "Local"},
		"unknown name":       {"Nowhere/City", "", "Local"},
	} {
		t.Run(name, func(t *testing.T) {
			got := find(func(string) string { return c.tz }, func() (string, error) {
				if c.link == "" {
					return "", errors.New("none")
				}
				return c.link, nil
			})
			if got.String() != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
