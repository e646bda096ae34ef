package till

import (
	"cmp"
	"context"
	"time"

	"frontdesk/app"
	"frontdesk/app/devices"
	"frontdesk/app/rails"
	"frontdesk/app/setup"
	"frontdesk/payments"
	"frontdesk/payments/checkout"
	"frontdesk/payments/epos"
	"frontdesk/payments/money"
)

// cloudRecord is what is kept of the gateway for cloud terminals.
type cloudRecord struct {
	PartnerID     string    `json:"partner,omitempty"`
	ApplicationID string    `json:"application,omitempty"`
	ClientID      string    `json:"client,omitempty"`
	ClientSince   time.Time `json:"client_since,omitzero"`
	MerchantID    string    `json:"merchant,omitempty"`
	MerchantSince time.Time `json:"merchant_since,omitzero"`
}

func (r cloudRecord) connection() setup.CloudConnection { return setup.CloudConnection(r) }

// gateway is how the gateway is reached.
func (d *Desk) gateway(rec cloudRecord, get func(logical string) []byte) epos.Config {
	return epos.Config{
		Host: d.cfg.mypos.gateway, PartnerID: rec.PartnerID, ApplicationID: rec.ApplicationID,
		ClientID: rec.ClientID, ClientSecret: string(get(secretCloudClient)),
		MerchantID: rec.MerchantID, MerchantSecret: string(get(secretCloudMerchant)),
		AppName: "Frontdesk", AppVersion: checkout.Clean(d.cfg.Version, longestVersion),
		HTTP: d.cfg.HTTP, Now: d.cfg.Now, Entropy: d.cfg.Entropy, UserAgent: d.cfg.source(),
	}
}

// longestVersion is how long a version may be at the gateway.
const longestVersion = 20

// proposeCloud takes the six credentials of the gateway over; all empty, they go.
func (d *Desk) proposeCloud(p *proposal, in setup.CloudDraft) {
	before, next := p.before.Cloud, &p.next
	next.Cloud = cloudRecord{
		PartnerID: in.PartnerID, ApplicationID: in.ApplicationID, ClientID: in.ClientID, MerchantID: in.MerchantID,
	}
	since := func(logical, typed string, same bool, stored time.Time) time.Time {
		switch {
		case typed != "":
			p.secrets[logical] = []byte(typed)
			*next = next.with(logical)
			return d.stamp()
		case same:
			return stored
		}
		*next = next.without(func(l string) bool { return l == logical })
		return time.Time{}
	}
	next.Cloud.ClientSince = since(secretCloudClient, in.ClientSecret, in.ClientID == before.ClientID, before.ClientSince)
	next.Cloud.MerchantSince = since(secretCloudMerchant, in.MerchantSecret, in.MerchantID == before.MerchantID, before.MerchantSince)
}

// cloud asks the gateway for a token and a session.
func (t *trial) cloud(w *wires) {
	if w.gateway == nil {
		t.end(setup.StepCloud, setup.NotUsed, "")
		return
	}
	t.begin(setup.StepCloud)
	ctx, cancel := context.WithTimeout(t.ctx, apiWithin)
	defer cancel()
	t.show(setup.JudgeCloud(w.gateway.Session(ctx)))
}

// testCloud asks the gateway about a terminal and notes what it told. No money
// moves. A terminal that is not active is told by Told.Code.
func (d *Desk) testCloud(ctx context.Context, dev devices.Device) (devices.Report, error) {
	w := d.socket.now()
	if w.gateway == nil {
		return devices.Report{}, refused("till.device", cmp.Or(w.code, "cloud.account"))
	}
	t, err := w.gateway.Terminal(ctx, dev.TerminalID)
	if err != nil {
		return devices.Report{}, err
	}
	told := devices.Told{
		TerminalID: t.TerminalID, SerialNo: t.SerialNumber, Merchant: t.Name, Currency: money.Currency(t.Currency),
	}
	if !t.Active() {
		told.Code = "epos.inactive"
	}
	seen, err := d.fleet.register.Seen(dev.ID, told)
	return devices.Report{Told: told, Name: t.Name, Other: seen.Changed()}, err
}

// cloudTerminals lists the terminals the gateway can reach, where there is no
// REST API to ask.
func (d *Desk) cloudTerminals(ctx context.Context, w *wires) ([]devices.Found, error) {
	if w.gateway == nil {
		return nil, refused("till.devices", "rest.missing")
	}
	list, err := w.gateway.Terminals(ctx)
	found := make([]devices.Found, 0, len(list))
	for _, t := range list {
		f := devices.Found{Name: t.Name, Model: t.Model, TerminalID: t.TerminalID, SerialNo: t.SerialNumber, Cloud: true}
		for _, dev := range d.fleet.register.List() {
			if dev.TerminalID == t.TerminalID {
				f.Known = dev.Label
			}
		}
		found = append(found, f)
	}
	return found, err
}

// cloudDevices are the terminals of the register that are reached through the
// gateway.
type cloudDevices struct{ fleet *fleet }

// Find returns the device of an ID that may take a charge.
func (c cloudDevices) Find(id string) (devices.Device, error) {
	dev, err := c.fleet.Find(id)
	if err == nil && dev.Driver != devices.Cloud {
		err = refused("till.device", "device.driver")
	}
	return dev, err
}

// Get returns a device, also one that takes no charges any more.
func (c cloudDevices) Get(id string) (devices.Device, bool) { return c.fleet.register.Get(id) }

// farRail is the rail of cloud terminals, while the owner wants it.
type farRail struct {
	*rails.Cloud
	desk *Desk
}

var (
	_ app.Presenter   = farRail{}
	_ app.Refunder    = farRail{}
	_ app.Conditional = farRail{}
)

func (d *Desk) cloudRail() (farRail, error) {
	r, err := rails.NewCloud(rails.CloudConfig{Devices: cloudDevices{d.fleet}, Now: d.cfg.Now, Gateway: func() rails.Gateway {
		if g := d.socket.now().gateway; g != nil {
			return g
		}
		return nil
	}})
	return farRail{r, d}, err
}

// Ready says why no cloud terminal can take a charge.
func (f farRail) Ready() error {
	if code := f.desk.socket.now().code; code != "" {
		return refused("cloud.ready", code)
	}
	if r := f.desk.records; r != nil && !r.get().Terminal {
		return refused("cloud.ready", "terminal.off")
	}
	return f.Cloud.Ready()
}

// Prepare also notes that the terminal is in use.
func (f farRail) Prepare(ctx context.Context, o app.Offer) (string, error) {
	previous, err := f.Cloud.Prepare(ctx, o)
	if err == nil {
		if _, noted := f.desk.fleet.register.Used(o.Device); noted != nil {
			f.desk.cfg.Log.Warn("a device could not be noted", "error", noted)
		}
	}
	return previous, err
}

// Route sends a charge on a terminal the way that terminal is reached.
func (t terminalRail) Route(device string) payments.Rail {
	if dev, err := t.desk.fleet.Find(device); err == nil && dev.Driver == devices.Cloud {
		return payments.RailCloud
	}
	return payments.RailTerminal
}
