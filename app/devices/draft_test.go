package devices_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"frontdesk/app/devices"
	"frontdesk/payments"
)

func TestFields(t *testing.T) {
	tcp := func(host, port string) devices.Draft {
		return devices.Draft{Label: "Bar", Driver: devices.TCP, Host: host, Port: port}
	}
	for name, c := range map[string]struct {
		draft devices.Draft
		want  string // field and code, or the address when all is well
	}{
		"address":         {tcp("192.168.1.40", ""), "192.168.1.40:7900"},
		"spaces":          {tcp(" 192.168.1.40 ", " 7901 "), "192.168.1.40:7901"},
		"both in one":     {tcp("192.168.1.40:60180", ""), "192.168.1.40:60180"},
		"name":            {tcp("Terminal-1.local", "1"), "terminal-1.local:1"},
		"ipv6":            {tcp("[fe80::1]:7900", ""), "[fe80::1]:7900"},
		"bare ipv6":       {tcp("fe80::1", "65535"), "[fe80::1]:65535"},
		"no host":         {tcp("", ""), "host device.host"},
		"three numbers":   {tcp("192.168.1", ""), "host device.host"},
		"number too big":  {tcp("192.168.1.400", ""), "host device.host"},
		"web address":     {tcp("http://192.168.1.40", ""), "host device.host"},
		"with a path":     {tcp("192.168.1.40/x", ""), "host device.host"},
		"anywhere":        {tcp("0.0.0.0", ""), "host device.host"},
		"words":           {tcp("the bar", ""), "host device.host"},
		"port 0":          {tcp("bar", "0"), "port device.port"},
		"port too big":    {tcp("bar", "65536"), "port device.port"},
		"port in words":   {tcp("bar", "seven"), "port device.port"},
		"port with sign":  {tcp("bar", "+79"), "port device.port"},
		"no label":        {devices.Draft{Label: " ", Driver: devices.Practice}, "label device.label"},
		"long label":      {devices.Draft{Label: strings.Repeat("ж", 41), Driver: devices.Practice}, "label device.label"},
		"label just fits": {devices.Draft{Label: strings.Repeat("ж", 40), Driver: devices.Practice}, ""},
		"bell in label":   {devices.Draft{Label: "a\ab", Driver: devices.Practice}, "label device.label"},
		"model":           {devices.Draft{Label: "a", Model: "Toaster", Driver: devices.Practice}, "model device.model"},
		"no driver":       {devices.Draft{Label: "a"}, "driver device.driver"},
		"serial":          {devices.Draft{Label: "a", Driver: devices.Serial, Path: "/dev/ttyACM0"}, "/dev/ttyACM0"},
		"no port chosen":  {devices.Draft{Label: "a", Driver: devices.Serial}, "path device.path"},
		"cloud":           {devices.Draft{Label: "a", Driver: devices.Cloud, TerminalID: "80012345"}, "80012345"},
		"cloud, no id":    {devices.Draft{Label: "a", Driver: devices.Cloud}, "driver device.driver"},
	} {
		t.Run(name, func(t *testing.T) {
			d, bad := c.draft.Device()
			got := d.Address()
			if len(bad) > 0 {
				got = bad[0].Field + " " + bad[0].Code
			}
			if got != c.want || len(bad) > 1 {
				t.Errorf("got %q (%v), want %q", got, bad, c.want)
			}
		})
	}
}

func TestEveryFieldIsToldAtOnce(t *testing.T) {
	_, bad := devices.Draft{Driver: devices.TCP, Host: "?", Port: "?", Model: "?"}.Device()
	want := []devices.Problem{{"label", "device.label"}, {"model", "device.model"}, {"host", "device.host"}, {"port", "device.port"}}
	if diff := cmp.Diff(want, bad); diff != "" {
		t.Error(diff)
	}
}

func TestDuplicates(t *testing.T) {
	b := newBench(t)
	d := b.add(front())
	b.add(bar())
	for name, c := range map[string]struct {
		draft devices.Draft
		want  []devices.Problem
	}{
		"label":        {devices.Draft{Label: "front COUNTER", Driver: devices.TCP, Host: "10.0.0.1"}, []devices.Problem{{"label", "device.used_label"}}},
		"address":      {devices.Draft{Label: "New", Driver: devices.TCP, Host: "192.168.1.40:7900"}, []devices.Problem{{"host", "device.used_address"}}},
		"other port":   {devices.Draft{Label: "New", Driver: devices.TCP, Host: "192.168.1.40:7901"}, nil},
		"serial":       {devices.Draft{Label: "New", Driver: devices.Serial, Path: "COM3"}, []devices.Problem{{"path", "device.used_address"}}},
		"other serial": {devices.Draft{Label: "New", Driver: devices.Serial, Path: "COM4"}, nil},
	} {
		if diff := cmp.Diff(c.want, b.Check(c.draft, "")); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if bad := b.Check(front(), d.ID); len(bad) > 0 {
		t.Errorf("a device is in its own way: %v", bad)
	}
}

// Whatever is done, at most one default exists and it is enabled, no two
// devices share label or address, and a restart finds the same register.
func TestRegisterHoldsTogether(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := newBench(t)
		labels, hosts := []string{"Front", "Bar", "Chair"}, []string{"10.0.0.1", "10.0.0.2"}
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			draft := devices.Draft{
				Label: rapid.SampledFrom(labels).Draw(rt, "label"), Driver: devices.TCP, Host: rapid.SampledFrom(hosts).Draw(rt, "host"),
				Port: rapid.SampledFrom([]string{"", "7901"}).Draw(rt, "port"),
			}
			id := "NONE"
			if list := b.List(); len(list) > 0 {
				id = rapid.SampledFrom(list).Draw(rt, "device").ID
			}
			steps := []func() error{
				func() error { _, err := b.Add(draft); return err },
				func() error { _, err := b.Change(id, draft); return err },
				func() error { _, err := b.Enable(id, true); return err },
				func() error { _, err := b.Disable(id); return err },
				func() error { _, err := b.SetDefault(id); return err },
				func() error { return b.Remove(id) },
				func() error {
					_, err := b.Seen(id, devices.Told{TerminalID: rapid.SampledFrom(labels).Draw(rt, "told")})
					return err
				},
				func() error { _, err := b.Accept(id); return err },
			}
			_ = rapid.SampledFrom(steps).Draw(rt, "step")() // refusals are part of the game
			holdsTogether(rt, b.List())
		}
		before := b.List()
		b.open()
		if diff := cmp.Diff(before, b.List()); diff != "" {
			rt.Fatal(diff)
		}
	})
}

func holdsTogether(rt *rapid.T, list []devices.Device) {
	defaults, seen := 0, map[string]bool{}
	for _, d := range list {
		if d.Default {
			defaults++
		}
		if d.Default && !d.Enabled {
			rt.Fatalf("a disabled default: %+v", d)
		}
		for _, name := range []string{d.Label, d.Address()} {
			if seen[name] {
				rt.Fatalf("%q twice: %+v", name, list)
			}
			seen[name] = true
		}
	}
	if defaults > 1 {
		rt.Fatalf("%d defaults: %+v", defaults, list)
	}
}

// No real terminal in a mode without money, no invented payment in Live.
func TestModes(t *testing.T) {
	tcp := func(host string) devices.Draft { return devices.Draft{Label: "a", Driver: devices.TCP, Host: host} }
	serial := func(path string) devices.Draft {
		return devices.Draft{Label: "a", Driver: devices.Serial, Path: path}
	}
	for name, c := range map[string]struct {
		draft          devices.Draft
		practice, live bool
	}{
		"practice":  {devices.Draft{Label: "a", Driver: devices.Practice}, true, false},
		"network":   {tcp("192.168.1.40"), false, true},
		"name":      {tcp("terminal.local"), false, true},
		"loopback":  {tcp("127.0.0.1"), true, true},
		"localhost": {tcp("localhost"), true, true},
		"cable":     {serial("/dev/ttyACM0"), false, true},
		"com":       {serial("COM3"), false, true},
		"pty":       {serial("/dev/pts/4"), true, true},
		"cloud":     {devices.Draft{Label: "a", Driver: devices.Cloud, TerminalID: "80012345"}, false, true},
	} {
		for mode, want := range map[payments.Mode]bool{payments.Practice: c.practice, payments.Test: c.practice, payments.Live: c.live} {
			b := newBench(t)
			cfg := b.config()
			cfg.Mode = mode
			r, err := devices.Open(cfg)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := r.Add(c.draft); (err == nil) != want || err != nil && payments.CodeOf(err) != "device.mode" {
				t.Errorf("%s in %s: %v", name, mode, err)
			}
		}
	}
}
