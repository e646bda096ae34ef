package stories

import (
	"fyne.io/fyne/v2"

	"frontdesk/payments"
	"frontdesk/ui/screens/practiceterminal"
)

// Size of the window of the practice terminal in the stories.
const terminalWidth, terminalHeight = 420, 650

func practiceStory(name string, s practiceterminal.State) Story {
	return Story{Name: "practice-terminal-" + name, Golden: name == "card", Build: func(st *Stage) error {
		content, first := practiceterminal.Content(practiceterminal.View(s, st.Text), payments.Practice, st.Text, func(practiceterminal.Button) {})
		st.Look.Width, st.Look.Height = terminalWidth*min(st.Look.Factor, 1.5), terminalHeight*min(st.Look.Factor, 1.2)
		st.Window.SetContent(content)
		st.Window.Resize(fyne.NewSize(st.Look.Width, st.Look.Height))
		if first != nil {
			st.Window.Canvas().Focus(first)
		}
		return nil
	}}
}

func practiceStories() []Story {
	ready := practiceterminal.State{Screen: practiceterminal.Idle, Plugged: true, Paper: true}
	in := func(change func(*practiceterminal.State)) practiceterminal.State {
		s := ready
		s.Amount = eur(2800)
		change(&s)
		return s
	}
	ask := func(screen practiceterminal.Screen, asks ...practiceterminal.Button) practiceterminal.State {
		return in(func(s *practiceterminal.State) { s.Screen, s.Asks = screen, asks })
	}
	return []Story{
		practiceStory("idle", ready),
		practiceStory("card", ask(practiceterminal.Card, practiceterminal.Tap, practiceterminal.Insert, practiceterminal.Unsupported, practiceterminal.Cancel)),
		practiceStory("pin", ask(practiceterminal.PIN, practiceterminal.RightPIN, practiceterminal.WrongPIN, practiceterminal.Cancel)),
		practiceStory("pin-wrong", in(func(s *practiceterminal.State) {
			s.Screen, s.TriesLeft = practiceterminal.PINWrong, 2
			s.Asks = []practiceterminal.Button{practiceterminal.RightPIN, practiceterminal.WrongPIN, practiceterminal.Cancel}
		})),
		practiceStory("currency", ask(practiceterminal.Currency, practiceterminal.Local, practiceterminal.Home, practiceterminal.Cancel)),
		practiceStory("wait", ask(practiceterminal.Wait)),
		practiceStory("approved", ask(practiceterminal.Approved)),
		practiceStory("declined", ask(practiceterminal.Declined)),
		practiceStory("unplugged", in(func(s *practiceterminal.State) { s.Screen, s.Plugged, s.Paper = practiceterminal.Wait, false, false })),
	}
}
