package stories

import (
	"frontdesk/payments/money"
	"frontdesk/ui/screens/setup"
)

// firstStart is the screen of a desk on which nothing was chosen yet.
func firstStart(name, salon string, then func(*Stage, *setup.Screen)) Story {
	return Story{Name: "firststart-" + name, Golden: salon != "", Build: func(st *Stage) error {
		s := setup.New(setup.Config{
			Choices: setup.Choices{Salon: salon, Language: st.Look.Lang, Currency: money.EUR},
			Done:    func(setup.Way, setup.Choices) {},
		})
		st.Window.SetContent(s.Content())
		if then != nil {
			then(st, s)
		}
		return nil
	}}
}

func firstStartStories() []Story {
	return []Story{
		firstStart("salon", "Salon Mirabelle", nil),
		firstStart("empty", "", nil),
	}
}
