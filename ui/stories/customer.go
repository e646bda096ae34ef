package stories

import (
	"time"

	"frontdesk/app"
	"frontdesk/payments"
	"frontdesk/ui/screens/customer"
)

func customerStory(name string, mode payments.Mode, co app.Checkout) Story {
	return Story{Name: "customer-" + name, Golden: true, Build: func(st *Stage) error {
		st.Window.SetContent(customer.Content(customer.View(co, "Salon Mirabelle", st.Text), mode, st.Text))
		return nil
	}}
}

func customerStories() []Story {
	anna := func(s app.State) app.Checkout {
		return sample{client: "Anna Berger", note: "Cut", minor: 4500, state: s, ago: time.Minute}.checkout()
	}
	return []Story{
		customerStory("idle", payments.Practice, app.Checkout{}),
		customerStory("qr", payments.Live, anna(app.Offered)),
		customerStory("terminal", payments.Live, onTerminal(sample{client: "Ivana Petrova", minor: 2800, state: app.Offered, ago: time.Minute}, nil)),
		customerStory("thanks", payments.Live, anna(app.Paid)),
		customerStory("moment", payments.Practice, anna(app.Unknown)),
		customerStory("large", payments.Test, sample{minor: 99999999, state: app.Opened, ago: time.Minute}.checkout()),
	}
}
