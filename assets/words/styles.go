package words

// styles are the demo catalogue's names of styles in Chinese: attributes of an
// item are kept in English alone.
var styles = map[string]string{
	"Nordic": "北欧", "rustic": "乡村", "industrial": "工业风", "art deco": "装饰艺术", "baroque": "巴洛克", "minimal": "极简", "retro": "复古",
	"bohemian": "波西米亚", "zen": "禅意", "pop": "波普", "coastal": "海岸", "folk": "民艺", "futurist": "未来感", "classic": "古典",
}

// Style is the name of a style in a language; as it is where no other is known.
func Style(lang, style string) string {
	if zh, ok := styles[style]; ok && lang == "zh" {
		return zh
	}
	return style
}
