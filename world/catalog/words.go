package catalog

import "souk/world"

// tasteDim is the number of axes of the hidden taste space from which the
// generator draws: old to modern, plain to ornate, cool to warm, serious to
// playful, cheap to luxurious. The space never leaves the generator; what comes out are words,
// colours, shapes and prices that lean with it.
const tasteDim = 5

type taste [tasteDim]float64

// word is an entry of a word table: the two languages and where it lies in
// the taste space.
type word struct {
	en, zh string
	at     taste
}

var styles = []word{
	{"Nordic", "北欧", taste{.8, -.8, -.4, -.1, .2}},
	{"rustic", "乡村", taste{-1, -.2, .5, 0, -.3}},
	{"industrial", "工业风", taste{.6, -.4, -.5, -.6, 0}},
	{"art deco", "装饰艺术", taste{.2, .9, .3, -.3, .9}},
	{"baroque", "巴洛克", taste{-.6, 1.2, .4, -.4, 1}},
	{"minimal", "极简", taste{1.1, -1.1, -.2, -.4, .4}},
	{"retro", "复古", taste{-.1, .2, .6, .7, -.2}},
	{"bohemian", "波西米亚", taste{-.6, .7, .8, .7, -.3}},
	{"zen", "禅意", taste{-.1, -.9, .1, -.7, .3}},
	{"pop", "波普", taste{.8, .5, .4, 1.2, -.3}},
	{"coastal", "海岸", taste{.1, -.2, -1, .3, -.1}},
	{"folk", "民艺", taste{-.9, .5, .3, .5, -.6}},
	{"futurist", "未来感", taste{1.3, .2, -.9, .4, .5}},
	{"classic", "古典", taste{-.5, .3, 0, -.8, .7}},
}

// material is a word with the group that a leaf asks for and its own colour.
type material struct {
	word
	group  string
	colour world.RGB
}

var materials = []material{
	{word{"oak", "橡木", taste{-.2, -.2, .4, -.2, .1}}, "wood", rgb(0xb8915f)},
	{word{"walnut", "胡桃木", taste{-.1, 0, .5, -.5, .6}}, "wood", rgb(0x5f4330)},
	{word{"bamboo", "竹", taste{0, -.7, .3, -.1, -.4}}, "wood", rgb(0xc9b26b)},
	{word{"pine", "松木", taste{-.4, -.3, .4, .2, -.7}}, "wood", rgb(0xd8b987)},
	{word{"stoneware", "炻器", taste{-.3, -.5, .1, -.2, -.1}}, "ceramic", rgb(0x8c8479)},
	{word{"porcelain", "瓷", taste{.1, .4, -.4, -.3, .7}}, "ceramic", rgb(0xeef0ee)},
	{word{"terracotta", "陶土", taste{-.8, 0, .9, .2, -.6}}, "ceramic", rgb(0xb9623f)},
	{word{"enamel", "珐琅", taste{-.1, .1, -.1, .6, -.3}}, "metal", rgb(0xe8e4d6)},
	{word{"brass", "黄铜", taste{-.2, .6, .6, -.2, .6}}, "metal", rgb(0xb08d3c)},
	{word{"steel", "不锈钢", taste{.9, -.4, -.7, -.4, 0}}, "metal", rgb(0xa9b0b5)},
	{word{"copper", "紫铜", taste{-.3, .3, .8, 0, .4}}, "metal", rgb(0xb4683c)},
	{word{"cast iron", "铸铁", taste{-.7, 0, -.3, -.7, -.2}}, "metal", rgb(0x3c3f42)},
	{word{"clear glass", "透明玻璃", taste{.5, -.3, -.6, .1, .1}}, "glass", rgb(0xcfe3e4)},
	{word{"smoked glass", "烟色玻璃", taste{.4, .3, -.2, -.4, .6}}, "glass", rgb(0x6b625c)},
	{word{"linen", "亚麻", taste{0, -.6, .1, -.2, .1}}, "textile", rgb(0xcdbfa3)},
	{word{"cotton", "棉", taste{.1, -.2, 0, .4, -.5}}, "textile", rgb(0xe6e0d4)},
	{word{"wool", "羊毛", taste{-.5, -.1, .6, .1, .2}}, "textile", rgb(0xa89a8a)},
	{word{"silk", "丝绸", taste{-.2, .7, .2, -.2, 1}}, "textile", rgb(0xd9c7b8)},
	{word{"velvet", "丝绒", taste{-.1, .9, .5, .1, .7}}, "textile", rgb(0x6a2f46)},
	{word{"felt", "毛毡", taste{.3, -.4, .3, .6, -.3}}, "textile", rgb(0x8d8f8a)},
	{word{"leather", "皮革", taste{-.4, .1, .5, -.5, .6}}, "leather", rgb(0x7a4a2b)},
	{word{"canvas", "帆布", taste{.2, -.4, 0, .3, -.5}}, "leather", rgb(0xbfb394)},
	{word{"washi paper", "和纸", taste{-.2, -.4, .2, 0, .3}}, "paper", rgb(0xefe6d2)},
	{word{"pressed card", "卡纸", taste{.5, -.1, 0, .5, -.6}}, "paper", rgb(0xc8b48a)},
	{word{"rattan", "藤", taste{-.3, 0, .6, .3, -.2}}, "wicker", rgb(0xb88f58)},
	{word{"seagrass", "海草", taste{-.4, -.2, 0, .2, -.4}}, "wicker", rgb(0x9a9462)},
	{word{"marble", "大理石", taste{.3, .5, -.5, -.5, 1}}, "stone", rgb(0xe3e0dc)},
	{word{"slate", "板岩", taste{.1, -.5, -.6, -.5, .2}}, "stone", rgb(0x4a5157)},
	{word{"beeswax", "蜂蜡", taste{-.5, -.2, .7, .1, 0}}, "wax", rgb(0xd9a441)},
	{word{"soy wax", "大豆蜡", taste{.5, -.3, 0, .1, .1}}, "wax", rgb(0xf0e9da)},
	{word{"recycled resin", "再生树脂", taste{.9, .1, -.1, .8, -.3}}, "resin", rgb(0x7fa3a0)},
	{word{"carbon fibre", "碳纤维", taste{1.3, 0, -.6, -.1, .8}}, "resin", rgb(0x2b2d30)},
}

// paint is a colour with a name.
type paint struct {
	word
	rgb world.RGB
}

var paints = []paint{
	{word{"ivory", "象牙白", taste{0, -.4, .2, -.2, .3}}, rgb(0xf3ead3)},
	{word{"chalk", "粉白", taste{.6, -.7, -.3, -.2, .1}}, rgb(0xf2f2ef)},
	{word{"charcoal", "炭黑", taste{.7, -.4, -.3, -.7, .3}}, rgb(0x35383c)},
	{word{"graphite", "石墨灰", taste{.8, -.4, -.5, -.5, .2}}, rgb(0x6b7075)},
	{word{"ochre", "赭黄", taste{-.6, .1, .8, .1, -.1}}, rgb(0xc58a2b)},
	{word{"mustard", "芥末黄", taste{0, .1, .6, .7, -.2}}, rgb(0xd6a419)},
	{word{"terracotta red", "砖红", taste{-.6, .1, .9, .1, -.3}}, rgb(0xb4533a)},
	{word{"crimson", "绯红", taste{-.1, .7, .8, .2, .5}}, rgb(0xa51d2d)},
	{word{"coral", "珊瑚", taste{.3, .2, .6, .9, -.1}}, rgb(0xef7e66)},
	{word{"blush", "藕粉", taste{.3, .2, .4, .4, .2}}, rgb(0xe5b7ae)},
	{word{"plum", "梅紫", taste{-.2, .7, .2, -.1, .5}}, rgb(0x6c3a5c)},
	{word{"lavender", "薰衣草紫", taste{.1, .3, -.2, .5, 0}}, rgb(0xa998c9)},
	{word{"indigo", "靛蓝", taste{-.4, .2, -.7, -.2, .1}}, rgb(0x2f3f78)},
	{word{"navy", "藏青", taste{-.1, 0, -.7, -.7, .4}}, rgb(0x1e2d4a)},
	{word{"sky", "天蓝", taste{.3, -.2, -.8, .6, -.2}}, rgb(0x86b9d8)},
	{word{"teal", "凫蓝", taste{.3, .3, -.6, .2, .3}}, rgb(0x1f7a7a)},
	{word{"sea green", "海绿", taste{0, -.1, -.7, .3, -.1}}, rgb(0x5aa58c)},
	{word{"moss", "苔绿", taste{-.5, -.2, .1, -.2, -.1}}, rgb(0x66703a)},
	{word{"sage", "鼠尾草绿", taste{.2, -.5, -.1, -.2, .1}}, rgb(0xa3ae92)},
	{word{"lime", "青柠", taste{.9, .2, .1, 1.1, -.4}}, rgb(0xa7c83a)},
	{word{"gold", "金", taste{-.2, 1, .5, -.1, 1.1}}, rgb(0xcda349)},
	{word{"silver", "银", taste{.7, .2, -.6, -.1, .6}}, rgb(0xc3c8cc)},
	{word{"cocoa", "可可棕", taste{-.4, -.1, .6, -.3, .1}}, rgb(0x5b3d2e)},
	{word{"sand", "沙", taste{0, -.5, .3, -.1, -.1}}, rgb(0xd6c29b)},
}

var patterns = []word{
	{"plain", "素面", taste{.5, -1, 0, -.4, .1}},
	{"striped", "条纹", taste{.4, -.1, -.4, .4, -.1}},
	{"checked", "格纹", taste{-.4, 0, .1, -.1, -.3}},
	{"floral", "花卉", taste{-.5, .9, .4, .4, .2}},
	{"geometric", "几何", taste{.9, .3, -.1, .3, .2}},
	{"speckled", "点彩", taste{.1, -.1, .2, .5, -.2}},
	{"wave", "水波", taste{-.1, .2, -.8, .2, .1}},
	{"starry", "星纹", taste{.2, .6, -.3, .8, 0}},
}

// places are where makers live. They have no place in the taste space: an
// origin says something only through the sellers that share it.
var places = []word{
	{en: "Kilmory", zh: "基尔莫里"}, {en: "Jingdezhen", zh: "景德镇"}, {en: "Arles", zh: "阿尔勒"}, {en: "Kanazawa", zh: "金泽"},
	{en: "Oaxaca", zh: "瓦哈卡"}, {en: "Fez", zh: "非斯"}, {en: "Lund", zh: "隆德"}, {en: "Suzhou", zh: "苏州"},
	{en: "Porto", zh: "波尔图"}, {en: "Bergen", zh: "卑尔根"}, {en: "Jaipur", zh: "斋浦尔"}, {en: "Delft", zh: "代尔夫特"},
	{en: "Dali", zh: "大理"}, {en: "Lyon", zh: "里昂"}, {en: "Murano", zh: "穆拉诺"}, {en: "Tartu", zh: "塔尔图"},
	{en: "Cusco", zh: "库斯科"}, {en: "Foshan", zh: "佛山"}, {en: "Ghent", zh: "根特"}, {en: "Hobart", zh: "霍巴特"},
	{en: "Accra", zh: "阿克拉"}, {en: "Kyoto", zh: "京都"}, {en: "Leipzig", zh: "莱比锡"}, {en: "Quanzhou", zh: "泉州"},
}

// models are the makers' names for their things.
var models = []word{
	{en: "Tern", zh: "燕鸥"}, {en: "Birch", zh: "白桦"}, {en: "Ember", zh: "余烬"}, {en: "Harbour", zh: "港湾"}, {en: "Juniper", zh: "杜松"},
	{en: "Lark", zh: "云雀"}, {en: "Moonrise", zh: "月升"}, {en: "Pebble", zh: "卵石"}, {en: "Quill", zh: "羽笔"}, {en: "Ripple", zh: "涟漪"},
	{en: "Saffron", zh: "藏红花"}, {en: "Thistle", zh: "蓟"}, {en: "Umber", zh: "棕土"}, {en: "Willow", zh: "垂柳"}, {en: "Aster", zh: "紫菀"},
	{en: "Bramble", zh: "荆棘"}, {en: "Cloud", zh: "流云"}, {en: "Dawn", zh: "破晓"}, {en: "Echo", zh: "回声"}, {en: "Fern", zh: "蕨"},
	{en: "Garnet", zh: "石榴石"}, {en: "Heron", zh: "苍鹭"}, {en: "Islet", zh: "小岛"}, {en: "Jasmine", zh: "茉莉"}, {en: "Kestrel", zh: "红隼"},
	{en: "Lotus", zh: "莲"}, {en: "Magpie", zh: "喜鹊"}, {en: "North", zh: "北方"}, {en: "Orchard", zh: "果园"}, {en: "Plover", zh: "鸻"},
	{en: "Rowan", zh: "花楸"}, {en: "Swift", zh: "雨燕"}, {en: "Tide", zh: "潮汐"}, {en: "Vale", zh: "山谷"}, {en: "Wren", zh: "鹪鹩"},
	{en: "Yarrow", zh: "蓍草"}, {en: "Zephyr", zh: "西风"}, {en: "Acorn", zh: "橡果"}, {en: "Beacon", zh: "灯塔"}, {en: "Cinder", zh: "炉灰"},
}

// makers and houses make the sellers' names: "Harlow Workshop".
var makers = []word{
	{en: "Harlow", zh: "哈洛"}, {en: "Mei Lan", zh: "美兰"}, {en: "Okoro", zh: "奥科罗"}, {en: "Finch", zh: "芬奇"}, {en: "Tanaka", zh: "田中"},
	{en: "Alvarez", zh: "阿尔瓦"}, {en: "Brandt", zh: "勃兰特"}, {en: "Qing He", zh: "清和"}, {en: "Dubois", zh: "杜布瓦"}, {en: "Eriksen", zh: "埃里克"},
	{en: "Fontana", zh: "丰塔纳"}, {en: "Gupta", zh: "古普塔"}, {en: "Yun Xi", zh: "云溪"}, {en: "Ibrahim", zh: "易卜拉欣"}, {en: "Jansen", zh: "扬森"},
	{en: "Kowal", zh: "科瓦尔"}, {en: "Song Yue", zh: "松月"}, {en: "Mensah", zh: "门萨"}, {en: "Novak", zh: "诺瓦克"}, {en: "Osei", zh: "奥塞"},
	{en: "Petit", zh: "珀蒂"}, {en: "Quispe", zh: "基斯佩"}, {en: "Rossi", zh: "罗西"}, {en: "Bai Shi", zh: "白石"}, {en: "Thorne", zh: "索恩"},
	{en: "Ueda", zh: "上田"}, {en: "Varga", zh: "瓦尔加"}, {en: "Wilde", zh: "怀尔德"}, {en: "Xu Ji", zh: "徐记"}, {en: "Yilmaz", zh: "耶尔马兹"},
	{en: "Zhu Yin", zh: "竹隐"}, {en: "Ashby", zh: "阿什比"}, {en: "Bello", zh: "贝洛"}, {en: "Castro", zh: "卡斯特罗"}, {en: "Dahl", zh: "达尔"},
	{en: "He Feng", zh: "和风"}, {en: "Fjord", zh: "峡湾"}, {en: "Grove", zh: "林间"}, {en: "Hana", zh: "花"}, {en: "Lin Shu", zh: "林述"},
}

var houses = []word{
	{en: "Workshop", zh: "工坊"}, {en: "& Daughters", zh: "母女店"}, {en: "Studio", zh: "工作室"}, {en: "House", zh: "堂"}, {en: "Trading", zh: "商行"},
	{en: "Atelier", zh: "作坊"}, {en: "Makers", zh: "手作"}, {en: "Goods", zh: "百货"}, {en: "& Co.", zh: "公司"}, {en: "Collective", zh: "社"},
	{en: "Emporium", zh: "大商号"}, {en: "Corner", zh: "小铺"}, {en: "Guild", zh: "会馆"}, {en: "Yard", zh: "院子"}, {en: "Loft", zh: "阁楼"},
	{en: "Exchange", zh: "行"}, {en: "Bench", zh: "木台"}, {en: "Stores", zh: "铺子"}, {en: "Works", zh: "制造"}, {en: "Den", zh: "小屋"},
	{en: "Lane", zh: "巷"}, {en: "Arcade", zh: "拱廊"}, {en: "Cellar", zh: "窖藏"}, {en: "Brothers", zh: "兄弟"}, {en: "Pavilion", zh: "亭"},
}

// rgb is an sRGB colour from its usual six digits.
func rgb(c uint32) world.RGB {
	return world.RGB{R: float32(c>>16&255) / 255, G: float32(c>>8&255) / 255, B: float32(c&255) / 255}
}
