package words

var chinese = Words{
	Like: "喜欢", Unlike: "已喜欢", Hide: "隐藏", AddToCart: "加入购物车", Buy: "购买", Why: "为什么看到它",
	NoWhy: "它在自己的货架上，并非为你挑选。", InStock: "有货", SoldOut: "售罄", ForYou: "为你推荐", ByF: "卖家：%s", InCart: "已在购物车",

	LookedF: "因为你看了%s %.1f 秒", OpenedF: "因为你细看过%s", LikedF: "因为你喜欢%s",
	CartedF: "因为你把%s放进了购物车", BoughtF: "因为你买过%s", Popular: "因为这里很多人喜欢它", It: "它", Earlier: "因为你先前看过的东西",

	PanelTitle: "Souk 认为你喜欢什么", PanelSub: "根据你看过的东西，在本机上推算。",
	Categories: "种类", Styles: "风格", Items: "商品", Heard: "它留意到的", NothingYet: "还没有。请四处走走看看。",
	HeardLookF: "看了 %.1f 秒：%s", HeardPassF: "路过%s", HeardOpenF: "打开了%s", HeardLikeF: "喜欢%s", HeardUnlikeF: "取消喜欢%s",
	HeardHideF: "隐藏了%s", HeardCartF: "把%s放进购物车", HeardBuyF: "购买了%s",
	Pause: "暂停留意", Resume: "恢复留意", Erase: "全部清除", EraseAsk: "要忘记 Souk 对你的全部了解吗？",
	EraseSub: "你的喜好将从零开始，且无法恢复。录制文件仍保留在文件夹中。", EraseYes: "清除", EraseNo: "保留", Change: "允许留意的内容……",

	SourceF: "测量方式：%s", SourceEye: "眼动仪", SourceHead: "头部", SourceCentre: "视野中心", SourcePointer: "鼠标指针",
	SourceSimulated: "模拟", SourceNone: "无",

	ConsentTitle: "允许 Souk 留意你在看什么吗？", ConsentSub: "视线停留的位置用来决定展台上放什么。你可以随时在面板中更改。",
	NoneTitle: "不，不要留意", NoneText: "这里就像普通商店。不测量、不学习、不记录。",
	LocalTitle: "可以，仅限本机", LocalText: "Souk 在本机学习并保存你的喜好。关于你注意力的任何信息都不会离开本机。",
	ShareTitle: "可以，并分享摘要", ShareText: "同上，另外市集服务器会知道你看了哪件商品多久。原始视线数据绝不离开本机。",
	Careful: "默认", ConsentFoot: "用方向键和回车选择，或点击。",

	Online: "在线", Offline: "离线", Connecting: "连接中", Alone: "这里没有别人", Recording: "录制中", Noticing: "留意中", NoticingF: "留意中：%s", Paused: "已暂停", NotNoticing: "未留意", PeopleF: "附近 %d 人",

	HelpTitle: "操作说明", HelpKeys: "键盘和鼠标", HelpPad: "手柄", HelpWhat: "作用", Close: "关闭",

	LikedToastF: "你喜欢%s", UnlikedToastF: "不再喜欢：%s", HiddenToastF: "已隐藏：%s", CartToastF: "已放入购物车：%s", BuyingToastF: "正在购买%s……",
	BoughtToastF: "已购买：%s", RefusedToastF: "未能购买：%s", BoughtManyF: "已购买 %d 种商品", ErasedToast: "已忘记。你是新客人了。", PausedToast: "Souk 已停止留意", ResumedToast: "Souk 重新开始留意",
	PictureToastF: "截图已保存：%s", LanguageToast: "中文", LookFirst: "请先看一件商品",
	ServerGone: "无法连接服务器；你的操作会保留并稍后发送", ServerBack: "已重新连接", NoChatAlone: "未连接：没有人能听到", CameF: "%s 来了", UncartToastF: "已移出购物车：%s", UnhiddenToastF: "重新显示：%s",

	Search: "搜索", SearchPrompt: "你想找什么？", SearchHelp: "名称、种类、卖家、颜色；<20 或 5-20 表示价格", FoundF: "找到 %d 件", OneFound: "找到 1 件",
	NothingFound: "没有符合全部条件的商品。请少输入几个词，或只输入开头。", IndexWait: "正在清点货架，请稍候……",
	KeyGo: "前往", KeyBuy: "购买", KeyTake: "购物车", KeyType: "输入", KeyList: "列表", KeyClose: "关闭", KeyChange: "更改", KeyZoom: "缩放", Space: "空格",

	Cart: "你的购物车", CartEmpty: "购物车是空的。", CartEmptySub: "看着一件商品把它放进来，或者搜索一件。", Total: "合计", BuyAll: "全部购买",
	EachF: "每件 %s", OnlyF: "仅剩 %d 件", Remove: "取出",

	Map: "地图", MapHelp: "点击任意位置，或选择一个区域，即可前往。", You: "你", Others: "其他人", Target: "你要找的",

	Menu: "菜单", ResumeWalk: "回到市集", FreeMouse: "释放鼠标", FullScreen: "全屏", Talk: "与附近的人聊天", Send: "发送", Quit: "离开市集",

	Settings: "设置", SetLanguage: "语言", SetType: "文字大小", SetReticle: "准星", SetVignette: "移动时压暗边缘", SetVignetteNote: "可减轻眩晕。",
	SetTurn: "转身", SetTurnNote: "用方向键和右摇杆时：平稳转动，或一次转一个角度。", SetMove: "行走", SetMoveNote: "平稳行走，或一步到位；远行也一样。",
	SetMotion: "减少动态效果", SetMotionNote: "远行瞬间到达，展台上的商品不再转动。", SetCaptions: "声音字幕", SetCaptionsNote: "市集的每个声音都配一行字。",
	SetVolume: "音量", SetVolumeNote: "市集声音的大小，由本机常用的声音设备播放。",
	SetColours: "提示用色", SetColoursNote: "第二组颜色对任何色觉都能分辨。",
	SetQuality: "画质", SetQualityNote: "绘制的精细程度，市集会随之重建。", SetHour: "时刻", SetHourNote: "太阳、天空和灯笼，市集会随之重建。", SetMouse: "鼠标速度", SetInvert: "下拉抬头",
	On: "开", Off: "关", Small: "小", Usual: "常规", Large: "大", Low: "低", Medium: "中", High: "高", Ultra: "极高", Auto: "自动",
	Steady: "平稳", AtOnce: "瞬移", Safe: "全色觉", ThisLanguage: "中文",

	CueCart: "[铃音] 已放入购物车", CueBought: "[钟声] 已购买", CueRefused: "[闷响] 未能购买", CueChatF: "[人声] %s在说话", CueNearF: "[脚步声] %s在附近", CuePlaced: "[微光声] 为你摆上了一件商品", CueArrived: "[脚步停下] 你到了",

	HintSearch: "搜索", HintMenu: "菜单",
	HintCard: "卡片", HintPanel: "Souk 的看法", ChatPrompt: "说点什么", ChatKeys: "回车发送，Esc 关闭",
}
