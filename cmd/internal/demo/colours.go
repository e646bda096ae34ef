package main

import (
	"encoding/json"
	"fmt"
	"image/color"

	"frontdesk/assets"
)

// colours are those by which a screen is recognised; they come from the look's own numbers.
type colours struct {
	primary  color.RGBA // the one filled button
	paid     color.RGBA // panel of a sale that is paid
	practice color.RGBA // frame of Practice
	canvas   color.RGBA // ground of every page
	paper    color.RGBA // cards, and the button of the page that is shown
	paidChip color.RGBA // behind the word in a list
	waiting  color.RGBA // panel of what is under way
	unknown  color.RGBA // panel of what is not known
	focus    color.RGBA // ring around what has the keyboard
}

func readColours() (colours, error) {
	var look struct {
		Color struct {
			Roles map[string]struct {
				Light string `json:"light"`
			} `json:"roles"`
			States map[string]struct {
				Light struct {
					Tint string `json:"tint"`
				} `json:"light"`
				Solid struct {
					Fill string `json:"fill"`
				} `json:"solid"`
			} `json:"states"`
		} `json:"color"`
	}
	if err := json.Unmarshal(assets.Tokens(), &look); err != nil {
		return colours{}, fmt.Errorf("tokens: %w", err)
	}
	var out colours
	for _, part := range []struct {
		into *color.RGBA
		text string
	}{
		{&out.primary, look.Color.Roles["primary"].Light},
		{&out.canvas, look.Color.Roles["canvas"].Light},
		{&out.paper, look.Color.Roles["paper"].Light},
		{&out.focus, look.Color.Roles["focus"].Light},
		{&out.paidChip, look.Color.States["green"].Light.Tint},
		{&out.waiting, look.Color.States["blue"].Light.Tint},
		{&out.unknown, look.Color.States["amber"].Light.Tint},
		{&out.paid, look.Color.States["green"].Solid.Fill},
		{&out.practice, look.Color.States["amber"].Solid.Fill},
	} {
		if _, err := fmt.Sscanf(part.text, "#%02X%02X%02X", &part.into.R, &part.into.G, &part.into.B); err != nil {
			return colours{}, fmt.Errorf("tokens: colour %q: %w", part.text, err)
		}
		part.into.A = 0xff
	}
	return out, nil
}
