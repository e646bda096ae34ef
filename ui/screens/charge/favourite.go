package charge

import (
	"frontdesk/app/settings"
	"frontdesk/payments/money"
	"frontdesk/ui/theme"
)

// Favourite is a thing that is sold often.
type Favourite = settings.Favourite

// FavouriteIcons are the icons offered for favourites.
func FavouriteIcons() []string {
	return []string{"scissors", "drop", "dryer", "sparkle", "trimmer", "polish", "brow", "gift", "comb", "heart", "star", "bell"}
}

// StartFavourites is what a new desk begins with; label names the words by
// key.
func StartFavourites(cur money.Currency, label func(key string) string) []Favourite {
	unit := int64(1)
	for range cur.Exponent() {
		unit *= 10
	}
	list := []struct {
		key, icon string
		price     int64
		color     theme.Tile
	}{
		{"cut", "scissors", 25, theme.Blush},
		{"colour", "drop", 60, theme.Lilac},
		{"blowdry", "dryer", 20, theme.Mist},
		{"highlights", "sparkle", 85, theme.Sand},
		{"beard", "trimmer", 15, theme.Sage},
		{"manicure", "polish", 28, theme.Apricot},
		{"brows", "brow", 12, theme.Blush},
		{"giftcard", "gift", 50, theme.Mist},
	}
	favourites := make([]Favourite, len(list))
	for i, f := range list {
		favourites[i] = Favourite{
			Label:  label("charge.favourite." + f.key),
			Amount: money.Amount{Minor: f.price * unit, Currency: cur},
			Icon:   f.icon,
			Color:  string(f.color),
		}
	}
	return favourites
}

// tile is the colour of a favourite; unknown ones are sand.
func tile(name string) theme.Tile {
	for _, t := range theme.Tiles() {
		if string(t) == name {
			return t
		}
	}
	return theme.Sand
}
