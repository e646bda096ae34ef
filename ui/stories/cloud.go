package stories

import (
	"time"

	"frontdesk/app/setup"
	"frontdesk/payments"
)

// cloudStories are the credentials of cloud terminals: nothing yet, stored, and
// those of the wrong kind.
func cloudStories() []Story {
	empty := office{have: setup.Connection{Mode: payments.Live, Online: true}}
	since := time.Date(2025, 12, 30, 0, 0, 0, 0, time.UTC)
	stored := office{have: connected()}
	stored.have.EnableAPI, stored.have.ClientID, stored.have.SecretSince = true, "MB-2041-7733", since
	stored.have.Cloud = setup.CloudConnection{
		PartnerID: "mps-p-20417733", ApplicationID: "mps-app-20417733", ClientID: "client_4b1c", MerchantID: "cli_91d0",
		ClientSince: since, MerchantSince: since,
	}
	stored.rows = append(allWorks()[:4:4], setup.Row{Step: setup.StepToken, Result: setup.Works},
		setup.Row{Step: setup.StepDevices, Result: setup.Works, Args: []string{"3"}}, setup.Row{Step: setup.StepCloud, Result: setup.Works})
	portal := stored
	portal.rows = append(stored.rows[:6:6], setup.Row{Step: setup.StepCloud, Result: setup.Fix, Code: "epos.merchant"})
	return []Story{
		settingsStory("cloud-empty", false, "rest", live(empty), taps("settings.cloud.show")),
		settingsStory("cloud", false, "rest", live(stored), taps("settings.cloud.show")),
		settingsStory("cloud-wrong", false, "rest", live(portal), taps("test.run")),
	}
}
