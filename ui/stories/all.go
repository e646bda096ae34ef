package stories

// All returns every story, screen by screen.
func All() []Story {
	var all []Story
	all = append(all, shellStories()...)
	all = append(all, checkoutStories()...)
	all = append(all, paymentsStories()...)
	all = append(all, customerStories()...)
	all = append(all, terminalStories()...)
	all = append(all, deviceStories()...)
	all = append(all, practiceStories()...)
	all = append(all, firstStartStories()...)
	all = append(all, settingsStories()...)
	all = append(all, peopleStories()...)
	all = append(all, dayStories()...)
	all = append(all, receiptStories()...)
	all = append(all, alarmStories()...)
	all = append(all, cashStories()...)
	all = append(all, refundStories()...)
	return all
}
