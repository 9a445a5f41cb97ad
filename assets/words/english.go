package words

var english = Words{
	Like: "Like", Unlike: "Liked", Hide: "Hide", AddToCart: "Add to cart", Buy: "Buy", Why: "Why you see this",
	NoWhy: "It stands on its own shelf: nobody chose it for you.", InStock: "in stock", SoldOut: "sold out", ForYou: "for you", ByF: "from %s", InCart: "In the cart",

	LookedF: "because you looked at %s for %.1f s", OpenedF: "because you looked closely at %s", LikedF: "because you like %s",
	CartedF: "because you put %s into the cart", BoughtF: "because you bought %s", Popular: "because many people here like it", It: "it", Earlier: "because of what you looked at earlier",

	PanelTitle: "What Souk thinks you like", PanelSub: "Worked out on this machine, from what you looked at.",
	Categories: "Kinds of things", Styles: "Styles", Items: "Things", Heard: "What it noticed", NothingYet: "Nothing yet. Walk on and look around.",
	HeardLookF: "looked %.1f s at %s", HeardPassF: "passed by %s", HeardOpenF: "opened %s", HeardLikeF: "liked %s", HeardUnlikeF: "took back the like of %s",
	HeardHideF: "hid %s", HeardCartF: "put %s into the cart", HeardBuyF: "bought %s",
	Pause: "Pause noticing", Resume: "Resume noticing", Erase: "Erase all of it", EraseAsk: "Forget everything Souk has learned about you?",
	EraseSub: "Your taste starts from nothing. This cannot be undone. Recordings stay in their folder.", EraseYes: "Erase", EraseNo: "Keep it", Change: "What may be noticed …",

	SourceF: "Measured by: %s", SourceEye: "eye tracker", SourceHead: "head", SourceCentre: "view centre", SourcePointer: "pointer",
	SourceSimulated: "simulated", SourceNone: "nothing",

	ConsentTitle: "May Souk notice what you look at?", ConsentSub: "Where your view rests is used to choose what stands on the pedestals. You can change this at any time in the panel.",
	NoneTitle: "No, do not notice", NoneText: "The market works as any shop. Nothing is measured, learned or recorded.",
	LocalTitle: "Yes, on this machine only", LocalText: "Souk learns what you like and keeps it here. Nothing about your attention leaves this machine.",
	ShareTitle: "Yes, and share summaries", ShareText: "As above, and the market's server learns how long you looked at which item. Raw gaze never leaves this machine.",
	Careful: "default", ConsentFoot: "Choose with the arrows and Enter, or click.",

	Online: "online", Offline: "offline", Connecting: "connecting", Alone: "nobody else here", Recording: "recording", Noticing: "noticing", NoticingF: "noticing: %s", Paused: "paused", NotNoticing: "not noticing", PeopleF: "%d nearby",

	HelpTitle: "Controls", HelpKeys: "Keys and mouse", HelpPad: "Gamepad", HelpWhat: "What it does", Close: "Close",

	LikedToastF: "You like %s", UnlikedToastF: "No longer liked: %s", HiddenToastF: "Hidden: %s", CartToastF: "In your cart: %s", BuyingToastF: "Buying %s …",
	BoughtToastF: "Bought: %s", RefusedToastF: "Not bought: %s", BoughtManyF: "Bought: %d things", ErasedToast: "Forgotten. You are new here.", PausedToast: "Souk has stopped noticing", ResumedToast: "Souk notices again",
	PictureToastF: "Picture saved: %s", LanguageToast: "English", LookFirst: "Look at something first",
	ServerGone: "The server is out of reach; what you do is kept and sent later", ServerBack: "Connected again", NoChatAlone: "Not connected: nobody would hear that", CameF: "%s is here", UncartToastF: "Out of your cart: %s", UnhiddenToastF: "Shown again: %s",

	Search: "Search", SearchPrompt: "What are you looking for?", SearchHelp: "Words, kinds, sellers, colours; <20 or 5-20 for the price", FoundF: "%d found", OneFound: "1 found",
	NothingFound: "Nothing here has all of that. Try fewer words, or only how one begins.", IndexWait: "The shelves are being counted; a moment …",
	KeyGo: "go there", KeyBuy: "buy", KeyTake: "cart", KeyType: "type", KeyList: "list", KeyClose: "close", KeyChange: "change", KeyZoom: "zoom", Space: "space",

	Cart: "Your cart", CartEmpty: "Nothing is in your cart.", CartEmptySub: "Look at a thing and put it here, or search for one.", Total: "Together", BuyAll: "Buy all of it",
	EachF: "%s each", OnlyF: "only %d left", Remove: "take out",

	Map: "Map", MapHelp: "Click a place, or choose a district, to go there.", You: "you", Others: "others", Target: "what you look for",

	Menu: "Menu", ResumeWalk: "Back to the market", FreeMouse: "Free the mouse", FullScreen: "Full screen", Talk: "Talk to people nearby", Send: "send", Quit: "Leave the market",

	Settings: "Settings", SetLanguage: "Language", SetType: "Size of type", SetReticle: "Reticle", SetVignette: "Dark edges while moving", SetVignetteNote: "Helps against dizziness.",
	SetTurn: "Turning", SetTurnNote: "By the arrow keys and the right stick: steadily, or by an angle at once.", SetMove: "Walking", SetMoveNote: "Steadily, or by steps at once; a journey, too.",
	SetMotion: "Reduced motion", SetMotionNote: "Journeys are made at once, and things on pedestals do not turn.", SetCaptions: "Captions of sounds", SetCaptionsNote: "A line for each sound that the market makes.",
	SetVolume: "Sound", SetVolumeNote: "How loud the market is, on this machine's usual sound device.",
	SetColours: "Signal colours", SetColoursNote: "The second set stays apart for every kind of colour vision.",
	SetQuality: "Picture quality", SetQualityNote: "How much is drawn. The market is built anew for it.", SetHour: "Time of day", SetHourNote: "Sun, sky, lanterns: the market is built anew for them.", SetMouse: "Speed of the mouse", SetInvert: "Pull to look up",
	On: "on", Off: "off", Small: "small", Usual: "usual", Large: "large", Low: "low", Medium: "medium", High: "high", Ultra: "ultra", Auto: "auto",
	Steady: "steady", AtOnce: "at once", Safe: "for every eye", ThisLanguage: "English",

	CueCart: "[chime] in your cart", CueBought: "[bell] bought", CueRefused: "[thud] not bought", CueChatF: "[voice] %s speaks", CueNearF: "[steps] %s is near", CuePlaced: "[shimmer] something is put out for you", CueArrived: "[steps end] you are there",

	HintSearch: "search", HintMenu: "menu",
	HintCard: "card", HintPanel: "what Souk thinks", ChatPrompt: "Say something", ChatKeys: "Enter sends, Esc closes",
}
