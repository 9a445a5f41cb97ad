package catalog

import (
	"strings"

	"gonum.org/v1/gonum/spatial/r3"
)

// DefaultFamily is the model of an item whose own family nobody knows: a box
// of the item's size.
const DefaultFamily = "box"

// families are the parametric models that the scene can build, with a usual
// size (width, height, depth in metres) for rows that give none.
var families = []struct {
	name string
	size r3.Vec
}{
	{"lamp", r3.Vec{X: .28, Y: .48, Z: .28}}, {"lantern", r3.Vec{X: .22, Y: .34, Z: .22}}, {"kettle", r3.Vec{X: .24, Y: .26, Z: .19}},
	{"teapot", r3.Vec{X: .24, Y: .17, Z: .15}}, {"mug", r3.Vec{X: .12, Y: .10, Z: .09}}, {"vase", r3.Vec{X: .18, Y: .32, Z: .18}},
	{"bowl", r3.Vec{X: .22, Y: .10, Z: .22}}, {"plate", r3.Vec{X: .26, Y: .04, Z: .26}}, {"chair", r3.Vec{X: .52, Y: .88, Z: .54}},
	{"stool", r3.Vec{X: .40, Y: .52, Z: .40}}, {"table", r3.Vec{X: .95, Y: .72, Z: .70}}, {"book", r3.Vec{X: .17, Y: .24, Z: .04}},
	{"notebook", r3.Vec{X: .15, Y: .21, Z: .02}}, {"mask", r3.Vec{X: .22, Y: .30, Z: .12}}, {"plant", r3.Vec{X: .40, Y: .70, Z: .40}},
	{"guitar", r3.Vec{X: .38, Y: 1.0, Z: .12}}, {"drum", r3.Vec{X: .34, Y: .34, Z: .34}}, {"shoe", r3.Vec{X: .26, Y: .14, Z: .22}},
	{"bag", r3.Vec{X: .34, Y: .36, Z: .14}}, {"hat", r3.Vec{X: .30, Y: .15, Z: .30}}, {"clock", r3.Vec{X: .26, Y: .30, Z: .10}},
	{"candle", r3.Vec{X: .09, Y: .18, Z: .09}}, {"bottle", r3.Vec{X: .09, Y: .30, Z: .09}}, {"box", r3.Vec{X: .26, Y: .16, Z: .20}},
	{"basket", r3.Vec{X: .36, Y: .30, Z: .30}}, {"cushion", r3.Vec{X: .44, Y: .42, Z: .16}}, {"rug", r3.Vec{X: .60, Y: .22, Z: .22}},
	{"toy", r3.Vec{X: .20, Y: .22, Z: .16}}, {"ball", r3.Vec{X: .22, Y: .22, Z: .22}}, {"scarf", r3.Vec{X: .28, Y: .14, Z: .20}},
	{"mirror", r3.Vec{X: .50, Y: .70, Z: .06}}, {"frame", r3.Vec{X: .34, Y: .42, Z: .04}}, {"knife", r3.Vec{X: .32, Y: .05, Z: .04}},
	{"pan", r3.Vec{X: .42, Y: .10, Z: .27}}, {"radio", r3.Vec{X: .30, Y: .20, Z: .14}}, {"camera", r3.Vec{X: .15, Y: .11, Z: .11}},
	{"telescope", r3.Vec{X: .50, Y: .90, Z: .50}}, {"globe", r3.Vec{X: .30, Y: .38, Z: .30}}, {"kite", r3.Vec{X: .70, Y: .80, Z: .10}},
	{"jar", r3.Vec{X: .12, Y: .18, Z: .12}},
}

// Families lists the names of the parametric models, in a fixed order.
func Families() []string {
	names := make([]string, len(families))
	for i, f := range families {
		names[i] = f.name
	}
	return names
}

// KnownFamily says whether the scene has a model of that name.
func KnownFamily(name string) bool {
	_, ok := familySize(name)
	return ok
}

// FamilySize is the usual size of a family's items, metres; the zero vector for one
// that there is none of.
func FamilySize(name string) r3.Vec {
	size, _ := familySize(name)
	return size
}

func familySize(name string) (r3.Vec, bool) {
	for _, f := range families {
		if f.name == name {
			return f.size, true
		}
	}
	return r3.Vec{}, false
}

// guessFamily reads a family out of a category's name: "Table lamps" is a
// lamp. The last word decides first, as English puts the noun there.
func guessFamily(name string) (string, bool) {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r < 'a' || r > 'z' })
	for i := len(words) - 1; i >= 0; i-- {
		for _, w := range []string{words[i], strings.TrimSuffix(words[i], "s"), strings.TrimSuffix(words[i], "es"),
			strings.TrimSuffix(words[i], "ves") + "f", strings.TrimSuffix(words[i], "ves") + "fe"} {
			if KnownFamily(w) {
				return w, true
			}
		}
	}
	return DefaultFamily, false
}

// leaf is a leaf of the demo's category tree and how its items come out.
type leaf struct {
	path, pathZH string // "Light/Electric/Lamps"
	family       string
	nouns        []word
	median       float64 // of the price, in the market's currency
	sigma        float64 // of the logarithm of the price
	groups       string  // groups of materials that it is made of
}

func nouns(pairs ...string) []word {
	ws := make([]word, 0, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		ws = append(ws, word{en: pairs[i], zh: pairs[i+1]})
	}
	return ws
}

var leaves = []leaf{
	{"Light/Electric/Lamps", "灯火/电灯/台灯", "lamp", nouns("table lamp", "台灯", "desk lamp", "书桌灯", "bedside lamp", "床头灯"), 68, .55, "metal wood ceramic glass wicker"},
	{"Light/Electric/Lanterns", "灯火/电灯/提灯", "lantern", nouns("lantern", "提灯", "garden lantern", "庭院灯笼", "paper lantern", "灯笼"), 34, .5, "metal paper wicker glass"},
	{"Light/Flame/Candles", "灯火/烛火/蜡烛", "candle", nouns("candle", "蜡烛", "pillar candle", "柱烛", "scented candle", "香薰蜡烛"), 14, .5, "wax"},
	{"Kitchen/Tea and coffee/Kettles", "厨房/茶与咖啡/水壶", "kettle", nouns("kettle", "水壶", "pour-over kettle", "手冲壶", "stove kettle", "煮水壶"), 52, .45, "metal"},
	{"Kitchen/Tea and coffee/Teapots", "厨房/茶与咖啡/茶壶", "teapot", nouns("teapot", "茶壶", "gongfu teapot", "功夫茶壶"), 44, .6, "ceramic metal glass"},
	{"Kitchen/Tea and coffee/Mugs", "厨房/茶与咖啡/杯子", "mug", nouns("mug", "马克杯", "coffee cup", "咖啡杯", "tea cup", "茶杯"), 16, .4, "ceramic metal glass"},
	{"Kitchen/Cooking/Pans", "厨房/烹饪/锅", "pan", nouns("frying pan", "煎锅", "saute pan", "炒锅", "skillet", "平底锅"), 48, .5, "metal"},
	{"Kitchen/Cooking/Knives", "厨房/烹饪/刀具", "knife", nouns("chef's knife", "主厨刀", "paring knife", "削皮刀", "bread knife", "面包刀"), 58, .6, "metal"},
	{"Table/Tableware/Bowls", "餐桌/餐具/碗", "bowl", nouns("bowl", "碗", "serving bowl", "大碗", "salad bowl", "沙拉碗"), 22, .5, "ceramic wood glass stone"},
	{"Table/Tableware/Plates", "餐桌/餐具/盘", "plate", nouns("plate", "盘", "dinner plate", "餐盘", "side plate", "小碟"), 18, .5, "ceramic stone wood"},
	{"Table/Storage/Jars", "餐桌/储存/罐", "jar", nouns("storage jar", "储物罐", "tea jar", "茶叶罐", "spice jar", "香料罐"), 15, .45, "ceramic glass metal"},
	{"Table/Storage/Bottles", "餐桌/储存/瓶", "bottle", nouns("bottle", "瓶", "carafe", "醒酒瓶", "oil bottle", "油瓶"), 19, .5, "glass ceramic"},
	{"Home/Furniture/Chairs", "家居/家具/椅子", "chair", nouns("chair", "椅子", "dining chair", "餐椅", "reading chair", "阅读椅"), 165, .6, "wood metal wicker resin"},
	{"Home/Furniture/Stools", "家居/家具/凳子", "stool", nouns("stool", "凳子", "bar stool", "吧凳", "footstool", "脚凳"), 72, .5, "wood metal wicker resin"},
	{"Home/Furniture/Tables", "家居/家具/桌子", "table", nouns("side table", "边桌", "coffee table", "茶几", "writing table", "书桌"), 210, .6, "wood metal stone glass"},
	{"Home/Soft furnishings/Cushions", "家居/软装/靠垫", "cushion", nouns("cushion", "靠垫", "floor cushion", "坐垫", "bolster", "抱枕"), 32, .45, "textile leather"},
	{"Home/Soft furnishings/Rugs", "家居/软装/地毯", "rug", nouns("rug", "地毯", "runner", "长毯", "prayer rug", "小毯"), 140, .7, "textile wicker"},
	{"Home/Soft furnishings/Baskets", "家居/软装/篮子", "basket", nouns("basket", "篮子", "log basket", "柴篮", "laundry basket", "收纳篮"), 28, .45, "wicker textile wood"},
	{"Walls/Reflection/Mirrors", "墙面/镜/镜子", "mirror", nouns("mirror", "镜子", "wall mirror", "壁镜"), 88, .6, "wood metal wicker"},
	{"Walls/Pictures/Frames", "墙面/画/画框", "frame", nouns("picture frame", "画框", "print", "版画", "photo frame", "相框"), 36, .6, "wood metal resin"},
	{"Walls/Time/Clocks", "墙面/时间/钟", "clock", nouns("clock", "钟", "mantel clock", "座钟", "wall clock", "挂钟"), 62, .6, "wood metal stone resin"},
	{"Garden/Green/Plants", "花园/绿植/植物", "plant", nouns("potted fig", "盆栽榕", "potted palm", "盆栽棕榈", "potted fern", "盆栽蕨"), 38, .5, "ceramic wicker stone"},
	{"Garden/Flowers/Vases", "花园/花/花瓶", "vase", nouns("vase", "花瓶", "bud vase", "小花瓶", "floor vase", "落地花瓶"), 36, .6, "ceramic glass metal stone"},
	{"Sound/Instruments/Guitars", "声音/乐器/吉他", "guitar", nouns("guitar", "吉他", "travel guitar", "旅行吉他", "parlour guitar", "民谣吉他"), 260, .6, "wood resin"},
	{"Sound/Instruments/Drums", "声音/乐器/鼓", "drum", nouns("drum", "鼓", "hand drum", "手鼓", "frame drum", "框鼓"), 85, .55, "wood leather metal"},
	{"Sound/Listening/Radios", "声音/聆听/收音机", "radio", nouns("radio", "收音机", "kitchen radio", "厨房收音机", "shortwave radio", "短波收音机"), 95, .5, "wood metal resin"},
	{"Optics/Near/Cameras", "光学/近处/相机", "camera", nouns("camera", "相机", "film camera", "胶片相机", "instant camera", "拍立得"), 240, .6, "metal leather resin"},
	{"Optics/Far/Telescopes", "光学/远方/望远镜", "telescope", nouns("telescope", "望远镜", "spyglass", "单筒望远镜"), 290, .6, "metal wood resin"},
	{"Paper/Reading/Books", "纸品/阅读/书", "book", nouns("picture book", "画册", "cookbook", "食谱", "atlas", "地图集", "poetry book", "诗集"), 24, .4, "paper textile leather"},
	{"Paper/Writing/Notebooks", "纸品/书写/笔记本", "notebook", nouns("notebook", "笔记本", "sketchbook", "速写本", "diary", "日记本"), 13, .4, "paper textile leather"},
	{"Paper/Maps/Globes", "纸品/地图/地球仪", "globe", nouns("globe", "地球仪", "star globe", "星球仪"), 76, .55, "paper metal wood"},
	{"Wear/Feet/Shoes", "服饰/足下/鞋", "shoe", nouns("shoes", "鞋", "slippers", "拖鞋", "ankle boots", "短靴"), 78, .5, "leather textile"},
	{"Wear/Carry/Bags", "服饰/包/包袋", "bag", nouns("shoulder bag", "单肩包", "tote bag", "托特包", "satchel", "邮差包"), 82, .6, "leather textile wicker"},
	{"Wear/Head/Hats", "服饰/头上/帽子", "hat", nouns("hat", "帽子", "sun hat", "遮阳帽", "cap", "便帽"), 36, .5, "textile wicker leather"},
	{"Wear/Neck/Scarves", "服饰/颈间/围巾", "scarf", nouns("scarf", "围巾", "shawl", "披肩", "neckerchief", "领巾"), 42, .55, "textile"},
	{"Play/Toys/Wooden toys", "玩乐/玩具/木玩", "toy", nouns("wooden robot", "木头机器人", "toy animal", "动物玩具", "building set", "积木"), 26, .5, "wood resin textile"},
	{"Play/Outdoors/Balls", "玩乐/户外/球", "ball", nouns("ball", "球", "football", "足球", "juggling ball", "杂耍球"), 18, .4, "leather resin textile"},
	{"Play/Outdoors/Kites", "玩乐/户外/风筝", "kite", nouns("kite", "风筝", "dragon kite", "龙风筝", "stunt kite", "特技风筝"), 30, .5, "paper textile"},
	{"Craft/Faces/Masks", "手艺/面具/面具", "mask", nouns("mask", "面具", "theatre mask", "戏剧面具", "festival mask", "节庆面具"), 54, .65, "wood paper ceramic leather"},
	{"Craft/Keeping/Boxes", "手艺/收藏/盒子", "box", nouns("keepsake box", "纪念盒", "jewel box", "首饰盒", "puzzle box", "机关盒"), 40, .6, "wood metal stone paper"},
	{"Sweets/Preserves/Jams", "甜食/蜜饯/果酱", "jar", nouns("plum jam", "李子酱", "orange marmalade", "橙子酱", "wild honey", "野蜂蜜"), 9, .35, "glass ceramic"},
	{"Sweets/Gifts/Sweet boxes", "甜食/礼盒/糖盒", "box", nouns("box of toffee", "太妃糖盒", "box of nougat", "牛轧糖盒", "box of pastries", "糕点礼盒"), 17, .45, "paper metal"},
	{"Sweets/Drinks/Syrups", "甜食/饮品/糖浆", "bottle", nouns("rose syrup", "玫瑰糖浆", "ginger cordial", "姜汁饮", "elderflower cordial", "接骨木花饮"), 12, .35, "glass"},
}
