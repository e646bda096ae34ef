package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"strings"
	"time"

	"frontdesk/app/devices"
	"frontdesk/app/local"
	"frontdesk/app/text"
)

// devicesUsage is what the words behind `devices` may be.
const devicesUsage = "devices takes list, add NAME, test DEVICE, enable DEVICE, disable DEVICE, default DEVICE, remove DEVICE or release DEVICE"

func devicesCommand(p *program, fs *flag.FlagSet) action {
	a := local.DevicesArgs{}
	address := fs.String("address", "", "add: `HOST[:PORT]` of a terminal on the network")
	fs.StringVar(&a.Path, "port", "", "add: serial `port` of a terminal on USB")
	fs.StringVar(&a.TerminalID, "cloud", "", "add: `TID` of a terminal that is reached through the cloud")
	practice := fs.Bool("practice", false, "add: the terminal inside the program")
	fs.StringVar(&a.Model, "model", "", "add: `model`, one of "+strings.Join(devices.Models(), ", "))
	fs.BoolVar(&a.Insist, "untested", false, "enable although no test has worked")
	fs.StringVar(&a.SID, "sid", "", "release: the `transaction` that release has shown")
	who := p.actor(fs)
	return func(ctx context.Context, args []string) error {
		a.Operator = who.operator
		switch {
		case len(args) == 0 || len(args) == 1 && args[0] == local.DevicesList:
			a.Do = local.DevicesList
		case len(args) == 2 && args[0] != local.DevicesList:
			a.Do, a.Device = args[0], args[1]
		default:
			return usageError(devicesUsage)
		}
		switch a.Do {
		case local.DevicesAdd:
			if err := reachedBy(&a, *address, *practice); err != nil {
				return err
			}
		case local.DevicesList, local.DevicesTest, local.DevicesEnable, local.DevicesDisable, local.DevicesDefault, local.DevicesRemove, local.DevicesRelease:
		default:
			return usageError(devicesUsage)
		}
		return p.with(ctx, func(s *station) error {
			return who.act(func(pin string) error {
				a.PIN = pin
				return p.devices(ctx, s, a)
			})
		})
	}
}

// reachedBy reads how a new device is reached.
func reachedBy(a *local.DevicesArgs, address string, practice bool) error {
	a.Label, a.Device = a.Device, ""
	ways := 0
	if address != "" {
		ways++
		a.Driver, a.Host = devices.TCP, address
		if host, port, err := net.SplitHostPort(address); err == nil {
			a.Host, a.Port = host, port
		}
	}
	if a.Path != "" {
		ways++
		a.Driver = devices.Serial
	}
	if a.TerminalID != "" {
		ways++
		a.Driver = devices.Cloud
	}
	if practice {
		ways++
		a.Driver = devices.Practice
	}
	if ways != 1 {
		return usageError("devices add needs one of --address HOST[:PORT], --port PORT, --cloud TID or --practice")
	}
	return nil
}

// devices asks the till and prints what it answers.
func (p *program) devices(ctx context.Context, s *station, a local.DevicesArgs) error {
	if a.Do == local.DevicesRelease {
		return ask(ctx, s, local.OpDevices, a, p.waiting)
	}
	if a.Do != local.DevicesTest {
		return ask(ctx, s, local.OpDevices, a, p.device)
	}
	works := true
	err := s.call(ctx, local.OpDevices, a, func(raw json.RawMessage) error {
		var t local.Tested
		if err := json.Unmarshal(raw, &t); err != nil {
			return err
		}
		works = t.OK
		return p.tested(t)
	})
	if err == nil && !works {
		return exitCode(exitNo)
	}
	return err
}

func (p *program) device(d local.Device) error {
	if p.json {
		return p.line(d)
	}
	state := "off"
	if d.Enabled {
		state = string(d.Health)
	}
	mark := " "
	if d.Default {
		mark = "*"
	}
	seen := "never seen"
	if !d.LastSeen.IsZero() {
		seen = "seen " + d.LastSeen.Local().Format(time.DateTime)
	}
	_, err := fmt.Fprintf(p.out, "%s %s  %-20s %-11s %-24s %-12s %s\n", mark, d.ID, d.Label, d.Driver, d.Address, state, seen)
	return err
}

func (p *program) tested(t local.Tested) error {
	if p.json {
		return p.line(t)
	}
	words := "works"
	switch {
	case t.Other:
		words = "another terminal answers than the one that is registered"
	case t.Code != "":
		words = text.New("en").Problem(t.Code).Text()
	}
	_, err := fmt.Fprintf(p.out, "terminal %s, %s, software %s: %s\n", t.TerminalID, t.Merchant, t.Software, words)
	return err
}

// waiting says what a terminal waits with, and how to let go of it.
func (p *program) waiting(w local.Waiting) error {
	if p.json {
		return p.line(w)
	}
	said := "The terminal waits with nothing."
	switch about := fmt.Sprintf("%s %s, %s, RRN %s", w.Amount, w.Currency, w.Time, w.RRN); {
	case w.Released:
		said = "Released: " + about + ". It stays as it is at the terminal and the bank."
	case w.SID != "":
		said = "The terminal waits with a payment that this desk did not begin: " + string(w.Outcome) + ", " + about +
			".\nLook it up first. Then: frontdeskctl devices release " + w.Device + " --sid " + w.SID
	}
	_, err := fmt.Fprintln(p.out, said)
	return err
}
