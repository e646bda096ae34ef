package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"frontdesk/ui/theme"
)

func TestSwitch(t *testing.T) {
	app(t, theme.Config{Choice: theme.Light})
	var told []bool
	s := NewSwitch(SwitchConfig{Label: "Online payments", On: "On", Off: "Off", OnChange: func(on bool) { told = append(told, on) }})
	w := window(t, s, 400, 60)
	test.Tap(s)
	w.Canvas().Focus(s)
	s.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	s.TypedRune(' ')
	if len(told) != 3 || !told[0] || told[1] || !told[2] || !s.On() {
		t.Errorf("flips were told as %v, the switch is on: %v", told, s.On())
	}
	if got := s.AccessibilityLabel(); got != "Online payments, On" {
		t.Errorf("its name is %q", got)
	}
	s.SetOn(false)
	s.SetReason("Needs a Client ID first")
	test.Tap(s)
	if len(told) != 3 || s.On() || s.AccessibilityLabel() != "Online payments, Off, Needs a Client ID first" {
		t.Errorf("a locked switch was flipped or hides why: %v %q", told, s.AccessibilityLabel())
	}
	s.SetReason("")
	test.Tap(s)
	if len(told) != 4 {
		t.Error("the reason went, the lock stayed")
	}
}

func TestSwitchPictures(t *testing.T) {
	parts := map[string]func() *Switch{
		"switch-on": func() *Switch {
			return NewSwitch(SwitchConfig{Label: "Online payments", Sentence: "QR codes and links", On: "On", Off: "Off", Value: true})
		},
		"switch-locked": func() *Switch {
			s := NewSwitch(SwitchConfig{Label: "Terminal payments", On: "On", Off: "Off"})
			s.SetReason("Add a device first. Then the till can offer it.")
			return s
		},
		"switch-bare": func() *Switch { return NewSwitch(SwitchConfig{Label: "Enabled", Value: true, Bare: true}) },
	}
	for name, make := range parts {
		t.Run(name, func(t *testing.T) {
			app(t, theme.Config{Choice: theme.Light})
			w := window(t, make(), 300, 80)
			test.AssertRendersToMarkup(t, name+".xml", w.Canvas())
		})
	}
}
