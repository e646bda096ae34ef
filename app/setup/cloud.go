package setup

import (
	"strings"
	"time"

	"frontdesk/payments"
)

// CloudDraft is what stands in the six fields of the gateway for cloud
// terminals (spec/terminals 4.1), as typed. All of them empty: not used. An empty
// secret keeps the one that is stored for the same id.
type CloudDraft struct {
	PartnerID      string
	ApplicationID  string
	ClientID       string // of the integration
	ClientSecret   string // secret
	MerchantID     string
	MerchantSecret string // secret
}

// CloudConnection is what is stored of the gateway, without its secrets.
type CloudConnection struct {
	PartnerID     string // empty: not used
	ApplicationID string
	ClientID      string
	ClientSince   time.Time // when the secret of the integration was stored; zero for none
	MerchantID    string
	MerchantSince time.Time // when the secret of the merchant was stored; zero for none
}

// Used reports whether the gateway is connected.
func (c CloudConnection) Used() bool { return c.PartnerID != "" }

// Draft is the draft that changes nothing.
func (c CloudConnection) Draft() CloudDraft {
	return CloudDraft{
		PartnerID: c.PartnerID, ApplicationID: c.ApplicationID, ClientID: c.ClientID, MerchantID: c.MerchantID,
	}
}

// Names of the fields of the gateway in Problem.
const (
	FieldCloudPartner        = "Cloud.PartnerID"
	FieldCloudApplication    = "Cloud.ApplicationID"
	FieldCloudClient         = "Cloud.ClientID"
	FieldCloudClientSecret   = "Cloud.ClientSecret"
	FieldCloudMerchant       = "Cloud.MerchantID"
	FieldCloudMerchantSecret = "Cloud.MerchantSecret"
)

// cloud reads the six credentials of the gateway: all or none.
func (r *reading) cloud() {
	d, have := r.draft.Cloud, r.have.Cloud
	for _, text := range []*string{&d.PartnerID, &d.ApplicationID, &d.ClientID, &d.ClientSecret, &d.MerchantID, &d.MerchantSecret} {
		*text = strings.TrimSpace(*text)
	}
	r.in.Cloud = d
	if d == (CloudDraft{}) {
		return
	}
	keeps := func(id, stored string, since time.Time) bool { return id != "" && id == stored && !since.IsZero() }
	for _, f := range []struct {
		name, text, missing string
		kept                bool
	}{
		{FieldCloudPartner, d.PartnerID, "cloud.missing", false},
		{FieldCloudApplication, d.ApplicationID, "cloud.missing", false},
		{FieldCloudClient, d.ClientID, "cloud.missing", false},
		{FieldCloudClientSecret, d.ClientSecret, "cloud.secret_missing", keeps(d.ClientID, have.ClientID, have.ClientSince)},
		{FieldCloudMerchant, d.MerchantID, "cloud.missing", false},
		{FieldCloudMerchantSecret, d.MerchantSecret, "cloud.secret_missing", keeps(d.MerchantID, have.MerchantID, have.MerchantSince)},
	} {
		switch {
		case f.text == "" && !f.kept:
			r.wrong(f.name, f.missing)
		case !printable(f.text, maxCloud):
			r.wrong(f.name, "cloud.shape")
		}
	}
}

// maxCloud is how long a value of the gateway may be, in characters.
const maxCloud = 256

// JudgeCloud says what the gateway answered to token and session. Codes of
// package epos speak for themselves.
func JudgeCloud(err error) Row {
	code := payments.CodeOf(err)
	switch {
	case code == "rest.401":
		return Row{Step: StepCloud, Result: Fix, Code: "epos.credentials"}
	case code == "rest.403":
		return Row{Step: StepCloud, Result: Fix, Code: "epos.forbidden"}
	case strings.HasPrefix(code, "epos."):
		return Row{Step: StepCloud, Result: Fix, Code: code}
	}
	return JudgeAPI(StepCloud, err)
}
