package devices

import (
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"frontdesk/payments"
)

// Fields of a Draft, as Problem names them.
const (
	FieldLabel  = "label"
	FieldModel  = "model"
	FieldDriver = "driver"
	FieldHost   = "host"
	FieldPort   = "port"
	FieldPath   = "path"
)

// Bounds of what is typed.
const (
	maxLabel   = 40  // characters
	maxHost    = 253 // characters of a host name
	maxPath    = 200
	maxDevices = 64
)

// Models lists the models a terminal may be registered as (spec/terminals
// 1.1), the last for any other.
func Models() []string { return []string{"Ultra", "Carbon", "Go 2", "Sigma", "Other"} }

// Draft is what stands in the fields, as typed. TerminalID and SerialNo come
// from an import and are compared with what the terminal tells.
type Draft struct {
	Label      string
	Model      string
	Driver     Driver
	Host       string // TCP; "host:port" fills Port, too
	Port       string // TCP; empty means DefaultPort
	Path       string // Serial
	TerminalID string
	SerialNo   string
}

// Problem is one field that cannot be stored. Field is one of the names above;
// Code has its sentences in app/text.
type Problem struct {
	Field string
	Code  string
}

// DraftOf returns the fields of a stored device.
func DraftOf(d Device) Draft {
	draft := Draft{
		Label: d.Label, Model: d.Model, Driver: d.Driver, Host: d.Host, Path: d.Path,
		TerminalID: d.TerminalID, SerialNo: d.SerialNo,
	}
	if d.Driver == TCP {
		draft.Port = strconv.Itoa(d.Port)
	}
	return draft
}

// Device reads the fields. The problems are those that can be seen without the
// register; with any of them the device cannot be stored or tested.
func (d Draft) Device() (Device, []Problem) {
	out := Device{
		Label: strings.Join(strings.Fields(d.Label), " "), Model: d.Model, Driver: d.Driver,
		TerminalID: strings.TrimSpace(d.TerminalID), SerialNo: strings.TrimSpace(d.SerialNo),
	}
	var bad []Problem
	if n := utf8.RuneCountInString(out.Label); n == 0 || n > maxLabel || strings.ContainsFunc(out.Label, unicode.IsControl) || !utf8.ValidString(out.Label) {
		bad = append(bad, Problem{FieldLabel, "device.label"})
	}
	if d.Model != "" && !slices.Contains(Models(), d.Model) {
		bad = append(bad, Problem{FieldModel, "device.model"})
	}
	switch d.Driver {
	case TCP:
		return out, append(bad, d.network(&out)...)
	case Serial:
		out.Path = strings.TrimSpace(d.Path)
		if out.Path == "" || len(out.Path) > maxPath || strings.ContainsFunc(out.Path, unicode.IsControl) {
			bad = append(bad, Problem{FieldPath, "device.path"})
		}
	case Cloud:
		if out.TerminalID == "" {
			bad = append(bad, Problem{FieldDriver, "device.driver"})
		}
	case Practice:
		out.Model = ""
	default:
		bad = append(bad, Problem{FieldDriver, "device.driver"})
	}
	return out, bad
}

// network reads host and port.
func (d Draft) network(out *Device) []Problem {
	host, port := strings.TrimSpace(d.Host), strings.TrimSpace(d.Port)
	if h, p, err := net.SplitHostPort(host); err == nil && p != "" && strings.Trim(p, "0123456789") == "" {
		host, port = h, p
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	if port == "" {
		port = strconv.Itoa(DefaultPort)
	}
	out.Host = strings.ToLower(host)
	var bad []Problem
	if !validHost(out.Host) {
		bad = append(bad, Problem{FieldHost, "device.host"})
	}
	n, err := strconv.Atoi(port)
	if err != nil || n < 1 || n > 65535 || strings.HasPrefix(port, "+") {
		bad = append(bad, Problem{FieldPort, "device.port"})
		return bad
	}
	out.Port = n
	return bad
}

// fits reports whether the device belongs into a mode. A real terminal takes
// real money, so Practice and Test know only what runs inside this computer:
// the practice terminal, a simulator on loopback or on a pseudo-terminal. In
// Live nothing may invent payments. The empty mode allows everything.
func (d Device) fits(m payments.Mode) bool {
	switch m {
	case payments.Live:
		return d.Driver != Practice
	case payments.Practice, payments.Test:
	default:
		return true
	}
	switch d.Driver {
	case Practice:
		return true
	case TCP:
		addr, err := netip.ParseAddr(d.Host)
		return d.Host == "localhost" || err == nil && addr.IsLoopback()
	case Serial:
		return strings.HasPrefix(d.Path, "/dev/pts/") || strings.HasPrefix(d.Path, "/dev/ttys")
	}
	return false
}

// validHost takes an IP address or a host name. A row of numbers that is no
// address ("192.168.1") is a slip of the finger, not a name.
func validHost(host string) bool {
	if addr, err := netip.ParseAddr(host); err == nil {
		return !addr.IsUnspecified() && !addr.IsMulticast()
	}
	if host == "" || len(host) > maxHost {
		return false
	}
	letters := false
	for label := range strings.SplitSeq(strings.TrimSuffix(host, "."), ".") {
		if label == "" || len(label) > 63 || strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") {
			return false
		}
		for _, r := range label {
			switch {
			case r >= 'a' && r <= 'z':
				letters = true
			case r >= '0' && r <= '9', r == '-', r == '_':
			default:
				return false
			}
		}
	}
	return letters
}
