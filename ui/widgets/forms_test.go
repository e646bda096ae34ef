package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"frontdesk/ui/theme"
)

func typeKey(c fyne.Canvas, name fyne.KeyName) { c.Focused().TypedKey(&fyne.KeyEvent{Name: name}) }

func TestChoiceByKeyboard(t *testing.T) {
	app(t, theme.Config{Choice: theme.Light})
	var told []int
	c := NewChoice("Language", []string{"English", "Deutsch", "Български"}, 0, 56, func(i int) { told = append(told, i) })
	w := window(t, c, 300, 400)
	cv := w.Canvas()
	cv.Focus(c)
	typeKey(cv, fyne.KeyDown)
	typeKey(cv, fyne.KeyDown)
	typeKey(cv, fyne.KeyDown)
	typeKey(cv, fyne.KeyUp)
	if c.Chosen() != 1 || len(told) != 3 || c.AccessibilityLabel() != "Language, Deutsch" {
		t.Errorf("arrows chose %d, told %v, it says %q", c.Chosen(), told, c.AccessibilityLabel())
	}
	typeKey(cv, fyne.KeyReturn)
	if cv.Overlays().Top() == nil {
		t.Fatal("Enter did not open the list")
	}
	typeKey(cv, fyne.KeyDown)
	typeKey(cv, fyne.KeyReturn)
	if cv.Overlays().Top() != nil || c.Chosen() != 2 || cv.Focused() != c {
		t.Errorf("after choosing: list open %v, chosen %d, focus %T", cv.Overlays().Top() != nil, c.Chosen(), cv.Focused())
	}
	typeKey(cv, fyne.KeyReturn)
	typeKey(cv, fyne.KeyHome)
	typeKey(cv, fyne.KeyEscape)
	if cv.Overlays().Top() != nil || c.Chosen() != 2 {
		t.Error("Escape chose something or left the list open")
	}
}

func TestPINBoxes(t *testing.T) {
	app(t, theme.Config{Choice: theme.Light})
	sent := ""
	p := NewPINBoxes("PIN", nil, func(s string) { sent = s })
	w := window(t, p, 500, 80)
	test.Tap(p)
	for at, r := range "12a34567890" {
		w.Canvas().Focused().TypedRune(r)
		if at == 4 && p.shown() != PINLeast {
			t.Errorf("%d boxes stand there for a whole PIN of four", p.shown())
		}
	}
	if p.Digits() != "12345678" {
		t.Errorf("typed %q", p.Digits())
	}
	typeKey(w.Canvas(), fyne.KeyBackspace)
	typeKey(w.Canvas(), fyne.KeyReturn)
	if sent != "1234567" || p.AccessibilityLabel() != "PIN •••••••" {
		t.Errorf("sent %q, its name is %q", sent, p.AccessibilityLabel())
	}
	p.Clear(true)
	typeKey(w.Canvas(), fyne.KeyReturn)
	if sent != "" || p.shown() != PINLeast {
		t.Errorf("after clearing it sends %q in %d boxes", sent, p.shown())
	}
	p.Disable()
	p.Press('1')
	if p.Digits() != "" {
		t.Error("a locked PIN takes digits")
	}
}

func TestFieldFactsAndBlur(t *testing.T) {
	app(t, theme.Config{Choice: theme.Light})
	left, helped := 0, 0
	f := NewField(FieldConfig{
		Label: "Private key", Hint: "Paste it.", Secret: true, HelpName: "Where?", OnHelp: func() { helped++ }, OnBlur: func() { left++ },
	})
	w := window(t, f, 400, 120)
	f.SetText("secret words")
	f.Focus()
	w.Canvas().Unfocus()
	test.Tap(f.help)
	if left != 1 || helped != 1 {
		t.Errorf("left %d times, helped %d times", left, helped)
	}
	f.SetFact(Fact{theme.Green, "check", "A private key, RSA 2048."})
	if text, _, icon := f.below(); text != "A private key, RSA 2048." || icon != "check" {
		t.Errorf("below stands %q with %q", text, icon)
	}
	f.SetError("Too short.")
	if text, _, _ := f.below(); text != "Too short." {
		t.Errorf("the error does not win: %q", text)
	}
	f.SetError("")
	f.SetFact(Fact{})
	if text, _, _ := f.below(); text != "Paste it." {
		t.Errorf("the hint does not come back: %q", text)
	}
}

func TestFormPictures(t *testing.T) {
	app(t, theme.Config{Choice: theme.Light})
	row := NewTestRow("Account", nil)
	row.Set(Mark{theme.Amber, "alert"}, "Needs a fix", "Key index 1 does not fit this key. Your portal shows 2.", "Open the field", func() {})
	secret := NewField(FieldConfig{Label: "Private key", Secret: true, HelpName: "Where?", OnHelp: func() {}})
	secret.SetText("abc")
	secret.SetBadge(Fact{theme.Green, "lock", "RSA 2048"})
	secret.SetFact(Fact{theme.Green, "check", "A private key."})
	item := NewMenuItem("Relay", "relay", func() {})
	item.SetChosen(true)
	item.SetDot(true)
	pin := NewPINBoxes("PIN", nil, nil)
	pin.Press('1')
	parts := map[string]fyne.CanvasObject{
		"testrow": row, "field-secret": secret, "menuitem": item, "pinboxes": pin,
		"choice": NewChoice("Currency", []string{"EUR, euro"}, 0, 0, nil),
	}
	for name, o := range parts {
		t.Run(name, func(t *testing.T) {
			w := window(t, o, 480, 130)
			test.AssertRendersToMarkup(t, name+".xml", w.Canvas())
		})
	}
}

func TestScrollFollowsTheFocus(t *testing.T) {
	app(t, theme.Config{Choice: theme.Light})
	col := Col(10)
	var last *Field
	for range 10 {
		last = NewField(FieldConfig{Label: "Name", Hint: "As it is said."})
		col.Add(last)
	}
	s := NewScroll(col)
	w := window(t, s, 300, 200)
	sight := func(f *Field) bool {
		top := f.Position().Y - s.inner.Offset.Y
		return top >= 0 && top+f.Size().Height <= s.inner.Size().Height
	}
	if sight(last) {
		t.Fatal("the last field is in sight from the beginning")
	}
	last.Focus()
	if !sight(last) {
		t.Errorf("the focused field is out of sight at offset %v", s.inner.Offset.Y)
	}
	w.Canvas().FocusNext() // round to the first
	if !sight(col.Objects[0].(*Field)) {
		t.Errorf("the first field is out of sight at offset %v", s.inner.Offset.Y)
	}
}
