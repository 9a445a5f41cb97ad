package look

import (
	"souk/input"
	"souk/world"
)

// Binding is one line of the table of controls, for people.
type Binding struct {
	Keys string // "E", "W A S D"
	Pad  string // "" where the gamepad has none
	What world.Text
}

// binding is a line of the table with what it does.
type binding struct {
	Binding
	key    Key
	pad    PadButton
	hasPad bool
	press  Press
	always bool // also while a question is asked
}

// command makes a line that asks for a command.
func command(key Key, name string, c input.Command, en, zh string) binding {
	return binding{Binding: Binding{Keys: name, What: world.Text{EN: en, ZH: zh}}, key: key, press: Press{Command: c}}
}

// extra makes a line that asks something of the program.
func extra(key Key, name string, e Extra, en, zh string) binding {
	return binding{Binding: Binding{Keys: name, What: world.Text{EN: en, ZH: zh}}, key: key, press: Press{Extra: e}}
}

// on gives a line its gamepad button.
func (b binding) on(pad PadButton, name string) binding {
	b.pad, b.Pad, b.hasPad = pad, name, true
	return b
}

// anytime lets a line work while a question is asked.
func (b binding) anytime() binding {
	b.always = true
	return b
}

// moving are the controls that are held rather than pressed, and those whose
// meaning changes with the mode.
var moving = []Binding{
	{"W A S D  ↑ ↓", "left stick", world.Text{EN: "walk", ZH: "行走"}},
	{"Mouse  ← →", "right stick", world.Text{EN: "look around", ZH: "环顾四周"}},
	{"Shift", "press left stick", world.Text{EN: "run", ZH: "跑步"}},
	{"G", "LT", world.Text{EN: "hold: aim where to be; let go: be there", ZH: "按住：瞄准去处；松开：瞬移"}},
	{"Esc", "B", world.Text{EN: "close what is open", ZH: "关闭打开的面板"}},
	{"Click", "", world.Text{EN: "catch the mouse again", ZH: "重新锁定鼠标"}},
	{"↑ ↓ ← →  Enter", "D-pad  A", world.Text{EN: "choose in a panel", ZH: "在面板中选择"}},
	{"Enter  Ctrl Enter  Shift Enter", "A  RB  Y", world.Text{EN: "in a list: go there, buy, put into the cart", ZH: "列表中：前往、购买、放入购物车"}},
}

// bindings is the table that the program obeys.
var bindings = []binding{
	command(KeyE, "E", input.CommandCard, "card of what you look at", "查看所看商品的卡片").on(PadA, "A"),
	command(KeyL, "L", input.CommandLike, "like", "喜欢").on(PadX, "X"),
	command(KeyH, "H", input.CommandHide, "hide, show me no more of it", "隐藏，不再显示").on(PadLeftBumper, "LB"),
	command(KeyC, "C", input.CommandCart, "put into the cart", "放入购物车").on(PadY, "Y"),
	command(KeyB, "B", input.CommandBuy, "buy", "购买").on(PadRightBumper, "RB"),
	command(KeySlash, "/", input.CommandSearch, "search", "搜索").on(PadUp, "D-pad ↑"),
	command(KeyV, "V", input.CommandShowCart, "what is in the cart", "查看购物车").on(PadDown, "D-pad ↓"),
	command(KeyM, "M", input.CommandMap, "map", "地图").on(PadLeft, "D-pad ←"),
	command(KeyO, "O", input.CommandSettings, "settings", "设置").on(PadRight, "D-pad →"),
	command(KeyF10, "Esc  F10", input.CommandMenu, "menu", "菜单").on(PadStart, "Start"),
	command(KeyTab, "Tab", input.CommandPanel, "what Souk thinks you like", "Souk 认为你喜欢什么").on(PadBack, "Back"),
	command(KeyP, "P", input.CommandPause, "pause or resume noticing", "暂停或恢复留意").on(PadRightThumb, "press right stick"),
	command(KeyT, "T", input.CommandChat, "talk to people nearby", "与附近的人聊天"),
	command(KeyF1, "F1", input.CommandHelp, "this help", "本帮助"),
	command(KeyF2, "F2", input.CommandLanguage, "English or Chinese", "切换中文或英文").anytime(),
	extra(KeyHome, "Home", ExtraRecentre, "straight ahead is here (head tracker)", "以当前朝向为正前方（头部追踪）").on(PadRightTrigger, "RT"),
	extra(KeyR, "R", ExtraReticle, "show or hide the reticle", "显示或隐藏准星"),
	extra(KeyEqual, "=", ExtraLarger, "larger type", "放大文字").anytime(),
	extra(KeyMinus, "−", ExtraSmaller, "smaller type", "缩小文字").anytime(),
	extra(KeyF11, "F11", ExtraFullscreen, "full screen", "全屏").anytime(),
	command(KeyF12, "F12", input.CommandScreenshot, "take a picture", "截图").anytime(),
}

// Bindings is the table of controls as the program obeys it: first what is
// held, then what is pressed. The help shows it and the README prints it.
func Bindings() []Binding {
	table := append([]Binding(nil), moving...)
	for _, b := range bindings {
		table = append(table, b.Binding)
	}
	return table
}

// KeyOf is how the table writes the key of a command; "" where it has none.
func KeyOf(c input.Command) string {
	key, _ := Names(Press{Command: c})
	return key
}

// Names are how the table writes the key and the gamepad's button that ask for
// something; "" where there is none.
func Names(p Press) (key, pad string) {
	for _, b := range bindings {
		if b.press == p {
			return b.Keys, b.Pad
		}
	}
	return "", ""
}

// Markdown is the table of controls as the README prints it.
func Markdown() string {
	text := "| Keys and mouse | Gamepad | What it does |\n|---|---|---|\n"
	for _, b := range Bindings() {
		text += "| " + b.Keys + " | " + b.Pad + " | " + b.What.EN + " |\n"
	}
	return text
}
