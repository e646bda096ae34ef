package charge

// editFavourites opens the list of favourites.
func (s *Screen) editFavourites() {}
