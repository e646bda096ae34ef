package local_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"frontdesk/app/devices"
	"frontdesk/app/local"
	"frontdesk/payments"
)

// shelf is a till with two terminals that writes down what it was asked.
type shelf struct {
	asked  []string
	report devices.Report
	err    error
}

func (s *shelf) ask(what string) error {
	s.asked = append(s.asked, what)
	return s.err
}

func (s *shelf) Devices() []devices.Status {
	return []devices.Status{
		{Device: devices.Device{ID: "FRONT001", Label: "Front counter", Driver: devices.TCP, Host: "192.168.1.40", Port: 7900, Enabled: true, Default: true}, Health: devices.Ready},
		{Device: devices.Device{ID: "COLOUR02", Label: "Colour bar", Driver: devices.Serial, Path: "COM3"}, Health: devices.Disabled},
	}
}

func (s *shelf) AddDevice(_ context.Context, d devices.Draft, operator string) (devices.Device, error) {
	return s.Devices()[1].Device, s.ask("add " + d.Label + " " + string(d.Driver) + " " + d.Host + d.Path + " " + d.Port + " by " + operator)
}

func (s *shelf) RemoveDevice(_ context.Context, id, operator string) error {
	return s.ask("remove " + id + " by " + operator)
}

func (s *shelf) TestDevice(_ context.Context, id string) (devices.Report, error) {
	return s.report, s.ask("test " + id)
}

func (s *shelf) EnableDevice(_ context.Context, id string, insist bool, operator string) error {
	if insist {
		id += " untested"
	}
	return s.ask("enable " + id + " by " + operator)
}

func (s *shelf) DisableDevice(_ context.Context, id, operator string) error {
	return s.ask("disable " + id + " by " + operator)
}

func (s *shelf) DefaultDevice(_ context.Context, id, operator string) error {
	return s.ask("default " + id + " by " + operator)
}

// devicesOp runs the operation and returns the lines it answered.
func devicesOp(t *testing.T, d local.Devices, a local.DevicesArgs) ([]string, error) {
	t.Helper()
	req, err := local.Ask(local.OpDevices, a)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	err = local.Parts{Devices: d}.Handler()(context.Background(), req, func(v any) error {
		raw, err := json.Marshal(v)
		lines = append(lines, string(raw))
		return err
	})
	return lines, err
}

func TestDevicesAreReachedByIDOrLabel(t *testing.T) {
	for name, c := range map[string]struct {
		args  local.DevicesArgs
		want  string
		lines int
	}{
		"list":      {local.DevicesArgs{Do: "list"}, "", 2},
		"add":       {local.DevicesArgs{Do: "add", Label: "Bar", Driver: devices.TCP, Host: "h", Port: "1", Operator: "Nora"}, "add Bar ipp-tcp h 1 by Nora", 1},
		"by id":     {local.DevicesArgs{Do: "disable", Device: "FRONT001", Operator: "Nora"}, "disable FRONT001 by Nora", 1},
		"by label":  {local.DevicesArgs{Do: "default", Device: "Front counter"}, "default FRONT001 by ", 1},
		"enable":    {local.DevicesArgs{Do: "enable", Device: "Colour bar"}, "enable COLOUR02 by ", 1},
		"untested":  {local.DevicesArgs{Do: "enable", Device: "COLOUR02", Insist: true}, "enable COLOUR02 untested by ", 1},
		"test":      {local.DevicesArgs{Do: "test", Device: "COLOUR02"}, "test COLOUR02", 1},
		"remove":    {local.DevicesArgs{Do: "remove", Device: "COLOUR02"}, "remove COLOUR02 by ", 0},
		"a stunt":   {local.DevicesArgs{Do: "explode", Device: "COLOUR02"}, "", 0},
		"nobody":    {local.DevicesArgs{Do: "test", Device: "Chair 4"}, "", 0},
		"no device": {local.DevicesArgs{Do: "test"}, "", 0},
	} {
		s := &shelf{}
		lines, err := devicesOp(t, s, c.args)
		var want []string
		if c.want != "" {
			want = []string{c.want}
		}
		if diff := cmp.Diff(want, s.asked); diff != "" || len(lines) != c.lines {
			t.Errorf("%s: %d lines, %s", name, len(lines), diff)
		}
		refused := c.want == "" && c.args.Do != "list"
		if refused != errors.Is(err, payments.ErrRefused) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDeviceShapes(t *testing.T) {
	s := &shelf{report: devices.Report{Told: devices.Told{TerminalID: "80012345", Merchant: "Salon", Currency: "EUR", Code: "terminal.needs_update"}}}
	lines, err := devicesOp(t, s, local.DevicesArgs{Do: "list"})
	want := `{"id":"FRONT001","label":"Front counter","driver":"ipp-tcp","address":"192.168.1.40:7900","enabled":true,"default":true,"health":"ready"}`
	if err != nil || lines[0] != want {
		t.Errorf("%v\n%s", err, lines[0])
	}
	lines, err = devicesOp(t, s, local.DevicesArgs{Do: "test", Device: "FRONT001"})
	want = `{"device":"FRONT001","ok":false,"code":"terminal.needs_update","terminal_id":"80012345","merchant":"Salon","currency":"EUR","printer":false}`
	if err != nil || lines[0] != want {
		t.Errorf("%v\n%s", err, lines[0])
	}
}

func TestRefusalsComeThrough(t *testing.T) {
	s := &shelf{err: &payments.Error{Op: "devices", Code: "device.in_use", Err: payments.ErrRefused}}
	if lines, err := devicesOp(t, s, local.DevicesArgs{Do: "remove", Device: "FRONT001"}); payments.CodeOf(err) != "device.in_use" || len(lines) != 0 {
		t.Errorf("%v %v", lines, err)
	}
	if _, err := devicesOp(t, nil, local.DevicesArgs{Do: "list"}); payments.CodeOf(err) != local.CodeNoDevices {
		t.Errorf("a till without terminals: %v", err)
	}
}
