// Package words holds what the program says to a visitor, in English and in
// Chinese: one struct, filled twice, so that a text that is missing in one
// language does not compile away unseen.
//
// Read [Words] first, then [In].
package words

// Words are the texts of one language. Those with a verb (%s, %d) say so in
// their name: …F. Amounts and times are written by the caller.
type Words struct {
	// Card.
	Like, Unlike, Hide, AddToCart, Buy, Why, NoWhy, InStock, SoldOut, ForYou, ByF, InCart string

	// Reasons, one for each kind of evidence; the item, then the seconds.
	LookedF, OpenedF, LikedF, CartedF, BoughtF, Popular, Earlier, It string

	// Attention panel.
	PanelTitle, PanelSub, Categories, Styles, Items, Heard, NothingYet, HeardLookF, HeardPassF, HeardOpenF, HeardLikeF, HeardUnlikeF,
	HeardHideF, HeardCartF, HeardBuyF, Pause, Resume, Erase, EraseAsk, EraseSub, EraseYes, EraseNo, Change string

	// Sources of attention, as the panel and the status line name them.
	SourceF, SourceEye, SourceHead, SourceCentre, SourcePointer, SourceSimulated, SourceNone string

	// Consent.
	ConsentTitle, ConsentSub, NoneTitle, NoneText, LocalTitle, LocalText, ShareTitle, ShareText, Careful, ConsentFoot string

	// Status line.
	Online, Offline, Connecting, Alone, Recording, Noticing, NoticingF, Paused, NotNoticing, PeopleF string

	// Help.
	HelpTitle, HelpKeys, HelpPad, HelpWhat, Close string

	// Toasts and captions.
	LikedToastF, UnlikedToastF, HiddenToastF, CartToastF, BuyingToastF, BoughtToastF, RefusedToastF, BoughtManyF, ErasedToast, PausedToast, ResumedToast, PictureToastF,
	LanguageToast, LookFirst, ServerGone, ServerBack, NoChatAlone, CameF, UncartToastF, UnhiddenToastF string

	// Search.
	Search, SearchPrompt, SearchHelp, FoundF, OneFound, NothingFound, IndexWait, KeyGo, KeyBuy, KeyTake, KeyType, KeyList, KeyClose, KeyChange, KeyZoom, Space string

	// Cart.
	Cart, CartEmpty, CartEmptySub, Total, BuyAll, EachF, OnlyF, Remove string

	// Map.
	Map, MapHelp, You, Others, Target string

	// Menu.
	Menu, ResumeWalk, FreeMouse, FullScreen, Talk, Send, Quit string

	// Settings: what there is to set, what it means, and the values.
	Settings, SetLanguage, SetType, SetReticle, SetVignette, SetVignetteNote, SetTurn, SetTurnNote, SetMove, SetMoveNote, SetMotion, SetMotionNote,
	SetCaptions, SetCaptionsNote, SetVolume, SetVolumeNote, SetColours, SetColoursNote, SetQuality, SetQualityNote, SetHour, SetHourNote, SetMouse, SetInvert string
	On, Off, Small, Usual, Large, Low, Medium, High, Ultra, Auto, Steady, AtOnce, Safe, ThisLanguage string

	// Captions of sounds: what is heard, then what it is about.
	CueCart, CueBought, CueRefused, CueChatF, CueNearF, CuePlaced, CueArrived string

	// Hints and chat.
	HintCard, HintPanel, HintSearch, HintMenu, ChatPrompt, ChatKeys string
}

// In returns the words of a language, "en" or "zh"; English for any other.
func In(lang string) *Words {
	if lang == "zh" {
		return &chinese
	}
	return &english
}

// Languages are the languages that there are words in.
func Languages() []string { return []string{"en", "zh"} }
