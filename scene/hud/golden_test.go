package hud_test

import (
	"flag"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"gonum.org/v1/gonum/spatial/r3"

	"souk/assets/words"
	"souk/input/look"
	"souk/scene/hud"
	"souk/scene/lettering"
	"souk/world"
	"souk/world/catalog"
	"souk/world/plan"
)

var (
	update = flag.Bool("update", false, "write the golden pictures anew")
	show   = flag.String("show", "", "folder to write all pictures to, over a market-like ground")
)

var testKeys = hud.Keys{Card: "E", Like: "L", Hide: "H", Cart: "C", Buy: "B", Panel: "Tab", Help: "F1", Pause: "P",
	Search: "/", ShowCart: "V", Map: "M", Settings: "O", Menu: "Esc", Fullscreen: "F11"}

var testButtons = hud.Keys{Card: "A", Like: "X", Hide: "LB", Cart: "Y", Buy: "RB", Panel: "Back", Search: "D-pad ↑", ShowCart: "D-pad ↓", Map: "D-pad ←", Settings: "D-pad →", Menu: "Start"}

func load(t testing.TB) *lettering.Faces {
	t.Helper()
	f, err := lettering.LoadFonts()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func card(lang string) hud.Card {
	c := hud.Card{
		Name: "Hand-hammered copper lantern", Category: "Lamps", Seller: "Nightjar Workshop", Price: "48.90",
		Description: "A lantern of hammered copper with a pierced dome. It throws small stars of light on the wall and ages to a warm brown.",
		Primary:     world.RGB{R: 0.72, G: 0.4, B: 0.2}, Accent: world.RGB{R: 0.16, G: 0.3, B: 0.36}, Stock: 12, ForYou: true, Liked: true,
		Why: []hud.Why{
			{Text: "because you looked at Brass table lamp for 4.1 s", Share: 0.41},
			{Text: "because you like Walnut side table", Share: 0.27},
			{Text: "because many people here like it", Share: 0.08},
		},
	}
	if lang == "zh" {
		c.Name, c.Category, c.Seller, c.Description = "手工锤纹铜灯笼", "灯具", "夜鹰工坊", "锤纹铜灯笼，镂空穹顶，在墙上洒下点点星光，久用后呈现温暖的棕色。"
		c.Why = []hud.Why{{Text: "因为你看了黄铜台灯 4.1 秒", Share: 0.41}, {Text: "因为你喜欢胡桃木边桌", Share: 0.27}, {Text: "因为这里很多人喜欢它", Share: 0.08}}
	}
	return c
}

func panel(lang string) hud.Panel {
	p := hud.Panel{
		Categories: []hud.Bar{{Label: "Lamps", Value: 1}, {Label: "Side tables", Value: 0.62}, {Label: "Vases", Value: 0.33}, {Label: "Rugs", Value: 0.2}},
		Styles:     []hud.Bar{{Label: "rustic", Value: 1}, {Label: "industrial", Value: 0.45}, {Label: "baroque", Value: 0.18}},
		Items:      []hud.Bar{{Label: "Hand-hammered copper lantern", Value: 1}, {Label: "Brass table lamp with a green shade", Value: 0.83}, {Label: "Walnut side table", Value: 0.7}},
		Heard: []hud.Heard{
			{Text: "looked 4.1 s at Brass table lamp", Ago: 3}, {Text: "passed by Plastic bucket", Ago: 9, Against: true},
			{Text: "liked Walnut side table", Ago: 41}, {Text: "hid Neon sign", Ago: 77, Against: true},
		},
		Source: world.SourceViewCentre,
	}
	if lang == "zh" {
		p.Categories = []hud.Bar{{Label: "灯具", Value: 1}, {Label: "边桌", Value: 0.62}, {Label: "花瓶", Value: 0.33}}
		p.Styles = []hud.Bar{{Label: "乡村", Value: 1}, {Label: "工业", Value: 0.45}}
		p.Items = []hud.Bar{{Label: "手工锤纹铜灯笼", Value: 1}, {Label: "黄铜台灯", Value: 0.83}}
		p.Heard = []hud.Heard{{Text: "看了 4.1 秒：黄铜台灯", Ago: 3}, {Text: "路过塑料桶", Ago: 9, Against: true}, {Text: "喜欢胡桃木边桌", Ago: 141}}
	}
	return p
}

func help(lang string) (rows []hud.HelpRow) {
	for _, b := range look.Bindings() {
		rows = append(rows, hud.HelpRow{Keys: b.Keys, Pad: b.Pad, What: b.What.In(lang)})
	}
	return rows
}

// state is a picture: what is open in it.
type state struct {
	name string
	set  func(h *hud.HUD, lang string)
}

// states are the pictures; the screens are added to them.
var states = []state{
	{"card", func(h *hud.HUD, lang string) { h.ShowCard(card(lang)) }},
	{"panel", func(h *hud.HUD, lang string) { h.SetPanel(panel(lang)); h.OpenPanel(true) }},
	{"consent", func(h *hud.HUD, lang string) { h.AskConsent(true) }},
	{"help", func(h *hud.HUD, lang string) { h.SetHelp(help(lang)); h.OpenHelp(true) }},
	{"walk", func(h *hud.HUD, lang string) {
		h.SetAttention(hud.Prompt{Name: card(lang).Name, Price: "48.90", ForYou: true}, 1.3)
		h.SetGuide(hud.GuideTo("Zen terracotta gongfu teapot Willow", 41.3, -0.8))
		h.Said("Ada", "Have you seen the lanterns in the third aisle?")
		h.Said("陈晨", "我在这里，这盏灯真好看。")
		h.Toast(hud.ToneCart, "In your cart: Walnut side table")
		h.Toast(hud.ToneLike, "You like Brass table lamp")
		h.Type(true)
		for _, r := range "On my way" {
			h.TypeRune(r)
		}
	}},
	{"erase", func(h *hud.HUD, lang string) {
		h.SetPanel(hud.Panel{Source: world.SourcePointer, Paused: true})
		h.OpenPanel(true)
		h.ShowCard(hud.Card{Name: "Vase", Price: "9.00", Category: "Vases", Seller: "K", Description: "A vase."})
		h.SetCaption("This lantern is like the lamp that you looked at, and costs less.")
		h.OpenPanel(false)
		h.OpenPanel(true)
		h.Navigate(hud.NavNext) // chooses pause
		h.Navigate(hud.NavNext) // chooses erase
		h.Navigate(hud.NavAccept)
		h.Navigate(hud.NavNext)
	}},
}

// found are lines of a search.
func found(lang string) []hud.Found {
	f := []hud.Found{
		{"Hand-hammered copper lantern", "Lanterns · Nightjar Workshop", "48.90", 12, true}, {"Art deco brass table lamp Acorn", "Lamps · Gupta House", "62.00", 3, false},
		{"Retro enamel table lamp Kestrel", "Lamps · Okoro Den", "28.40", 0, false}, {"Baroque brass table lamp Yarrow", "Lamps · Yilmaz Workshop", "112.00", 41, false},
		{"Coastal rattan floor lamp Swift", "Lamps · Bai Shi Corner", "75.50", 7, false}, {"Zen washi paper lamp Fern", "Lamps · Zhu Yin Stores", "19.90", 120, false},
		{"Industrial steel desk lamp Cinder", "Lamps · Dahl Brothers", "39.00", 5, false}, {"Folk walnut lampshade Harbour", "Lampshades · Grove Goods", "17.20", 9, true},
		{"Pop glass night lamp Juniper", "Lamps · Thorne Pavilion", "24.60", 2, false}, {"Classic brass reading lamp Quill", "Lamps · Fontana House", "88.00", 14, false},
		{"Nordic birch lamp Willow", "Lamps · Fjord Atelier", "54.10", 8, false}, {"Minimal linen lamp Cloud", "Lamps · Jansen Corner", "33.30", 6, false},
	}
	if lang == "zh" {
		f[0].Name, f[0].Sub = "手工锤纹铜灯笼", "灯笼 · 夜鹰工坊"
		f[1].Name, f[1].Sub = "装饰艺术黄铜台灯·橡果", "灯具 · 古普塔堂"
		f[2].Name, f[2].Sub = "复古珐琅台灯·红隼", "灯具 · 奥科罗小屋"
		f[3].Name, f[3].Sub = "巴洛克黄铜台灯·蓍草", "灯具 · 耶尔马兹工坊"
	}
	return f
}

// lines are lines of a cart.
func lines(lang string) []hud.CartLine {
	l := []hud.CartLine{
		{"Hand-hammered copper lantern", "Lanterns · Nightjar Workshop", "48.90", "97.80", 2, 12}, {"Retro enamel table lamp Kestrel", "Lamps · Okoro Den", "28.40", "28.40", 1, 0},
		{"Zen washi paper lamp Fern", "Lamps · Zhu Yin Stores", "19.90", "79.60", 4, 3},
	}
	if lang == "zh" {
		l[0].Name, l[0].Sub = "手工锤纹铜灯笼", "灯笼 · 夜鹰工坊"
	}
	return l
}

// settings are lines of settings, as the program words them.
func settings(lang string) []hud.Setting {
	w := words.In(lang)
	return []hud.Setting{
		{w.SetLanguage, w.ThisLanguage, ""}, {w.SetType, "110 %", ""}, {w.SetReticle, w.Usual, ""}, {w.SetColours, w.Safe, w.SetColoursNote}, {w.SetCaptions, w.On, w.SetCaptionsNote}, {w.SetVolume, w.Medium, w.SetVolumeNote},
		{w.SetTurn, "30°", w.SetTurnNote}, {w.SetMove, w.AtOnce, w.SetMoveNote}, {w.SetVignette, w.High, w.SetVignetteNote}, {w.SetMotion, w.Off, w.SetMotionNote},
		{w.SetQuality, w.Medium, w.SetQualityNote}, {w.SetHour, "16:30", w.SetHourNote}, {w.SetMouse, "100 %", ""}, {w.SetInvert, w.Off, ""},
	}
}

// market is a floor plan for the map.
var market = sync.OnceValue(func() *plan.Plan {
	c, err := catalog.Generate(20000, 1)
	if err != nil {
		panic(err)
	}
	p, err := plan.New(c, 1)
	if err != nil {
		panic(err)
	}
	return p
})

// marks are what moves on the map.
var marks = sync.OnceValue(func() hud.Marks {
	p := market()
	slot := world.SlotIndex(len(p.Slots) / 3)
	m := hud.Marks{You: world.Upright(p.Spawn.Pos, 0.7, 0), HasTarget: true, Target: p.Slots[slot].Pos, Looking: "Folk walnut lampshade Harbour",
		Others: []r3.Vec{{X: 3, Z: -4}, {X: -22, Z: 9}, {X: 31, Z: -31}}}
	m.Path = p.Path(nil, m.You.Pos, p.Approach(slot).Pos)
	for i := p.FirstFeature(); int(i) < len(p.Slots); i += 150 {
		m.ForYou = append(m.ForYou, p.Slots[i].Pos)
	}
	return m
})

// query opens the search with something typed and found.
func query(h *hud.HUD, lang string) {
	h.Show(hud.ScreenSearch)
	h.SetQuery(map[string]string{"en": "lamp <120", "zh": "灯 <120"}[lang])
	h.SetFound(found(lang), 312)
}

func init() {
	states = append(states, screens...)
}

// screens are the pictures of the screens.
var screens = []state{
	{"menu", func(h *hud.HUD, lang string) { h.Show(hud.ScreenMenu); h.Navigate(hud.NavDown) }},
	{"button", func(h *hud.HUD, lang string) { h.ShowCard(card(lang)); h.SetPad(true) }},
	{"pad", func(h *hud.HUD, lang string) {
		h.SetPad(true)
		h.SetAttention(hud.Prompt{Name: card(lang).Name, Price: "48.90"}, 1.3)
	}},
	{"talk", func(h *hud.HUD, lang string) {
		h.Said("Ada", "Have you seen the lanterns in the third aisle?")
		h.SetPad(true)
		h.Type(true)
		h.TypeRune('n')
		h.TypeRune('o')
	}},
	{"starts", func(h *hud.HUD, lang string) { h.SetPad(true); h.Show(hud.ScreenMenu) }},
	{"carts", func(h *hud.HUD, lang string) {
		h.SetPad(true)
		h.Show(hud.ScreenCart)
		h.SetCart(lines(lang), "205.80")
	}},
	{"search", func(h *hud.HUD, lang string) { query(h, lang) }},
	{"list", func(h *hud.HUD, lang string) { query(h, lang); h.Navigate(hud.NavDown); h.Navigate(hud.NavDown) }},
	{"keys", func(h *hud.HUD, lang string) { h.SetPad(true); query(h, lang); h.Navigate(hud.NavDown) }},
	{"nothing", func(h *hud.HUD, lang string) { h.Show(hud.ScreenSearch); h.SetQuery("zebra"); h.SetFound(nil, 0) }},
	{"cart", func(h *hud.HUD, lang string) { h.Show(hud.ScreenCart); h.SetCart(lines(lang), "205.80") }},
	{"empty", func(h *hud.HUD, lang string) { h.Show(hud.ScreenCart) }},
	{"map", func(h *hud.HUD, lang string) { h.SetMap(market()); h.SetMarks(marks()); h.Show(hud.ScreenMap) }},
	{"near", func(h *hud.HUD, lang string) {
		h.SetMap(market())
		h.SetMarks(marks())
		h.Show(hud.ScreenMap)
		h.Zoom(4)
		h.SetPad(true)
	}},
	{"settings", func(h *hud.HUD, lang string) {
		h.SetSafeColours(true)
		h.SetSettings(settings(lang))
		h.Show(hud.ScreenSettings)
		for range 5 {
			h.Navigate(hud.NavDown)
		}
	}},
	{"sounds", func(h *hud.HUD, lang string) {
		h.SetCaptions(true)
		h.Sound(hud.CueChat, "Ada")
		h.Sound(hud.CueCart, "")
		h.Sound(hud.CuePlaced, "")
		h.Sound(hud.CueArrived, "")
	}},
}

func draw1(t testing.TB, f *lettering.Faces, w, h int, scale float64, lang string, set func(*hud.HUD, string)) *hud.HUD {
	t.Helper()
	d := hud.New(f, hud.Options{Width: w, Height: h, Scale: scale, Lang: lang, Keys: testKeys, Buttons: testButtons})
	d.SetStatus(hud.Status{Link: hud.LinkOnline, People: 3, Recording: true, Noticing: true, Source: world.SourceViewCentre})
	set(d, lang)
	d.Draw(1)
	return d
}

// lay1 is draw1 without the drawing.
func lay1(f *lettering.Faces, w, h int, scale float64, lang string, set func(*hud.HUD, string)) *hud.HUD {
	d := hud.New(f, hud.Options{Width: w, Height: h, Scale: scale, Lang: lang, Keys: testKeys, Buttons: testButtons})
	d.SetStatus(hud.Status{Link: hud.LinkOnline, People: 3, Recording: true, Noticing: true, Source: world.SourceViewCentre})
	set(d, lang)
	d.Lay()
	return d
}

func TestGoldenPictures(t *testing.T) {
	f := load(t)
	if !f.Chinese() || filepath.Base(f.ChineseFont()) != "DroidSansFallbackFull.ttf" {
		t.Skip("the golden pictures are set in Droid Sans Fallback, which is not here")
	}
	for _, s := range states {
		for _, lang := range []string{"en", "zh"} {
			d := draw1(t, f, 1280, 720, 1, lang, s.set)
			if *show != "" {
				save(t, filepath.Join(*show, s.name+"-"+lang+".png"), over(d.Image()))
			}
			switch s.name {
			case "card", "panel", "consent", "menu", "search", "keys", "cart", "map", "settings":
				golden(t, s.name+"-"+lang+".png", d.Image())
			}
		}
	}
}

// over lays a picture over a ground with light and dark parts.
func over(img *image.RGBA) *image.RGBA {
	out := image.NewRGBA(img.Rect)
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			v := uint8(90 + 120*y/img.Rect.Dy())
			c := color.RGBA{v, v - 10, v - 30, 255}
			if (x/160+y/120)%2 == 0 {
				c = color.RGBA{v - 50, v - 40, v - 60, 255}
			}
			out.SetRGBA(x, y, c)
		}
	}
	draw.Draw(out, out.Rect, img, image.Point{}, draw.Over)
	return out
}

func save(t testing.TB, path string, img image.Image) {
	t.Helper()
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := png.Encode(file, img); err != nil {
		t.Fatal(err)
	}
}

// golden compares a picture with the one in testdata, at half its size, each
// part of each pixel to a tolerance.
func golden(t *testing.T, name string, got *image.RGBA) {
	t.Helper()
	half := image.NewRGBA(image.Rect(0, 0, got.Rect.Dx()/2, got.Rect.Dy()/2))
	for y := range half.Rect.Dy() {
		for x := range half.Rect.Dx() {
			for k := range 4 {
				a, b := got.PixOffset(2*x, 2*y), got.PixOffset(2*x, 2*y+1)
				half.Pix[half.PixOffset(x, y)+k] = uint8((int(got.Pix[a+k]) + int(got.Pix[a+4+k]) + int(got.Pix[b+k]) + int(got.Pix[b+4+k])) / 4)
			}
		}
	}
	path := filepath.Join("testdata", name)
	if *update {
		save(t, path, half)
		return
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	img, err := png.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	if img.Bounds() != half.Rect {
		t.Fatalf("%s is %v, was %v", name, half.Rect, img.Bounds())
	}
	want := image.NewRGBA(half.Rect)
	draw.Draw(want, want.Rect, img, image.Point{}, draw.Src)
	far := 0
	for i := range want.Pix {
		if d := int(want.Pix[i]) - int(half.Pix[i]); d < -12 || d > 12 {
			far++
		}
	}
	if limit := len(want.Pix) / 2000; far > limit {
		t.Errorf("%s: %d parts of pixels differ by more than 12, %d may", name, far, limit)
	}
}
