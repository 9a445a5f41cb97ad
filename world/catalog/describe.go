package catalog

import "souk/world"

// nameOf composes an item's name: "Nordic oak desk lamp Tern", "北欧橡木书桌灯·燕鸥".
func nameOf(style, mat, noun, model word) world.Text {
	return world.Text{
		EN: capital(style.en) + " " + mat.en + " " + noun.en + " " + model.en,
		ZH: style.zh + mat.zh + noun.zh + "·" + model.zh,
	}
}

var silhouettes = [4]struct{ en, zh string }{
	{"Slender and soft-edged", "修长圆润"}, {"Slender and crisp", "修长利落"}, {"Broad and soft-edged", "敦实圆润"}, {"Broad and crisp", "敦实利落"},
}

// describe composes two sentences that say in words what the item's look says
// in numbers.
func describe(style, mat, paint, pattern, noun, origin word, shape [4]float32, seller world.Text) world.Text {
	k := 0
	if shape[0] > .5 {
		k += 2
	}
	if shape[1] > .5 {
		k++
	}
	s := silhouettes[k]
	detail, detailZH := "little ornament", "少装饰"
	if shape[2] > .5 {
		detail, detailZH = "rich ornament", "装饰繁复"
	}
	return world.Text{
		EN: s.en + " " + noun.en + " in " + paint.en + " " + mat.en + ", " + pattern.en + ", with " + detail + ". A " + style.en +
			" piece from " + origin.en + " by " + seller.EN + ".",
		ZH: s.zh + "的" + paint.zh + "色" + mat.zh + noun.zh + "，" + pattern.zh + "，" + detailZH + "。" + seller.ZH + "的" + style.zh +
			"之作，产自" + origin.zh + "。",
	}
}

// capital raises the first letter of an ASCII word.
func capital(s string) string {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return s
	}
	return string(s[0]-'a'+'A') + s[1:]
}
