package devices

import (
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"frontdesk/app/folder"
	"frontdesk/payments"
)

var (
	// ErrMissing means that there is no such device, or that it was removed.
	ErrMissing = errors.New("no such device")
	// ErrNewer means that a later program wrote the register.
	ErrNewer = errors.New("the register was written by a newer version")
)

const (
	version  = 1
	fileName = "devices.json"
	maxBytes = 1 << 20
	idBytes  = 5 // make 8 characters

	// seenEvery is how old LastSeen may be on disk: answers alone come often.
	seenEvery = time.Minute
)

// Config is what a register needs. InUse may be nil.
type Config struct {
	Dir     string // folder of the mode
	Mode    payments.Mode
	Now     func() time.Time
	Entropy io.Reader
	// InUse reports whether a payment on the device runs or is not known. It
	// is called without any lock held.
	InUse func(id string) bool
}

// Register is the devices of one desk in one mode.
type Register struct {
	cfg  Config
	path string

	mu   sync.Mutex
	list []Device // in the order in which they were added, removed ones too
}

// shelf is the content of the file.
type shelf struct {
	Version int      `json:"version"`
	Devices []Device `json:"devices"`
}

// Open reads the register of a folder; a missing file is an empty register.
func Open(cfg Config) (*Register, error) {
	if cfg.Dir == "" || cfg.Now == nil || cfg.Entropy == nil {
		return nil, errors.New("devices: a required part of Config is missing")
	}
	r := &Register{cfg: cfg, path: filepath.Join(cfg.Dir, fileName)}
	raw, err := folder.Read(r.path, maxBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return r, nil
	}
	if err != nil {
		return nil, broken("load", err)
	}
	var s shelf
	if err := json.Unmarshal(raw, &s); err != nil {
		return nil, broken("load", err)
	}
	if s.Version > version {
		return nil, broken("newer", ErrNewer)
	}
	r.list = s.Devices
	return r, nil
}

func broken(what string, err error) error {
	return &payments.Error{Op: "devices", Code: "devices." + what, Err: fmt.Errorf("devices: %w", err)}
}

func refuse(op, code string, cause error) error {
	return &payments.Error{Op: "devices." + op, Code: code, Err: errors.Join(payments.ErrRefused, cause)}
}

// List returns the devices that were not removed, oldest first.
func (r *Register) List() []Device {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(r.list), func(d Device) bool { return !d.Removed.IsZero() })
}

// Get returns a device by its id; removed ones keep their label for old sales.
func (r *Register) Get(id string) (Device, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if i := r.find(id); i >= 0 {
		return r.list[i], true
	}
	return Device{}, false
}

func (r *Register) find(id string) int {
	return slices.IndexFunc(r.list, func(d Device) bool { return d.ID == id })
}

// Default returns the device that takes the next charge: the one chosen, else
// the only one enabled. None when nothing is chosen among several.
func (r *Register) Default() (Device, bool) {
	var on []Device
	for _, d := range r.List() {
		if d.Enabled && d.Default {
			return d, true
		}
		if d.Enabled {
			on = append(on, d)
		}
	}
	if len(on) != 1 {
		return Device{}, false
	}
	return on[0], true
}

// Check returns what is wrong with a draft, the other devices looked at; id is
// the device that is being changed, empty for a new one.
func (r *Register) Check(draft Draft, id string) []Problem {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, bad := r.check(draft, id)
	return bad
}

func (r *Register) check(draft Draft, id string) (Device, []Problem) {
	d, bad := draft.Device()
	if len(bad) == 0 && !d.fits(r.cfg.Mode) {
		bad = append(bad, Problem{FieldDriver, "device.mode"})
	}
	wrong := func(field string) bool {
		return slices.ContainsFunc(bad, func(p Problem) bool { return p.Field == field })
	}
	for _, o := range r.list {
		if o.ID == id || !o.Removed.IsZero() {
			continue
		}
		if strings.EqualFold(o.Label, d.Label) && !wrong(FieldLabel) {
			bad = append(bad, Problem{FieldLabel, "device.used_label"})
		}
		if o.Driver != d.Driver || o.Address() != d.Address() {
			continue
		}
		switch {
		case d.Driver == Practice:
			bad = append(bad, Problem{FieldDriver, "device.used_practice"})
		case d.Driver == TCP && !wrong(FieldHost) && !wrong(FieldPort):
			bad = append(bad, Problem{FieldHost, "device.used_address"})
		case d.Driver == Serial && !wrong(FieldPath):
			bad = append(bad, Problem{FieldPath, "device.used_address"})
		case d.Driver == Cloud && !wrong(FieldDriver):
			bad = append(bad, Problem{FieldDriver, "device.used_address"})
		}
	}
	return d, bad
}

// Add stores a new device, disabled until it has been tested. The practice
// terminal needs no test.
func (r *Register) Add(draft Draft) (Device, error) {
	id := make([]byte, idBytes)
	if _, err := io.ReadFull(r.cfg.Entropy, id); err != nil {
		return Device{}, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	d, bad := r.check(draft, "")
	if len(bad) > 0 {
		return Device{}, refuse("add", bad[0].Code, nil)
	}
	if len(r.list) >= maxDevices {
		return Device{}, refuse("add", "device.limit", nil)
	}
	d.ID = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").EncodeToString(id)
	d.Added = r.now()
	if d.Driver == Practice {
		d.Tested, d.LastSeen = d.Added, d.Added
		d.Enabled, d.Default = true, !slices.ContainsFunc(r.list, Device.chosen)
	}
	return d, r.save(append(slices.Clone(r.list), d))
}

func (d Device) chosen() bool { return d.Enabled && d.Default && d.Removed.IsZero() }

func (r *Register) now() time.Time { return r.cfg.Now().UTC().Truncate(time.Second) }

// save puts a list on disk and only then into force.
func (r *Register) save(list []Device) error {
	err := folder.ReplaceJSON(r.path, shelf{version, list})
	if err == nil || errors.Is(err, folder.ErrInForce) {
		r.list = list
	}
	if err != nil {
		return broken("save", err)
	}
	return nil
}

// change replaces one device by what alter makes of it.
func (r *Register) change(op, id string, alter func(d *Device, list []Device) error) (Device, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := r.find(id)
	if i < 0 || !r.list[i].Removed.IsZero() {
		return Device{}, refuse(op, "device.missing", ErrMissing)
	}
	list := slices.Clone(r.list)
	if err := alter(&list[i], list); err != nil {
		return r.list[i], err
	}
	if list[i] == r.list[i] {
		return list[i], nil
	}
	if err := r.save(list); err != nil {
		return r.list[i], err
	}
	return list[i], nil
}

func (r *Register) inUse(id string) bool { return r.cfg.InUse != nil && r.cfg.InUse(id) }
