package lettering

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"strings"

	"golang.org/x/image/font/sfnt"
)

// probe are characters that a font for Chinese must have: everyday ones, one
// of them simplified, and a full stop.
const probe = "市集喜欢推荐，。"

// known are parts of file names of fonts with Han characters, the better look
// for screens first. The search prefers them in this order.
var known = []string{
	"notosanscjk-regular", "notosanscjksc-regular", "notosanssc-regular", "notosanssc", "sourcehansanssc-regular", "sourcehansanscn-regular", "sourcehansans",
	"pingfang", "hiragino sans gb", "stheiti", "msyh", "deng.ttf", "simhei",
	"droidsansfallbackfull", "droidsansfallback", "wqy-microhei", "wqy-zenhei",
	"notosanscjk", "notoserifcjk", "uming", "ukai", "simsun", "arial unicode",
}

// plain are parts of file names of fonts with many signs and scripts, used
// after the Chinese one.
var plain = []string{"dejavusans.ttf", "notosans-regular", "liberationsans-regular", "segoeui.ttf", "arial.ttf"}

// maxGuess bounds how many unknown font files are opened in search of Han
// characters, and maxFont how large a file may be, bytes.
const (
	maxGuess = 200
	maxFont  = 64 << 20
)

// FontFolders are the folders where this system keeps fonts; some may not exist.
func FontFolders() []string {
	home, _ := os.UserHomeDir()
	switch runtime.GOOS {
	case "darwin":
		return []string{"/System/Library/Fonts", "/Library/Fonts", filepath.Join(home, "Library", "Fonts")}
	case "windows":
		root := os.Getenv("WINDIR")
		if root == "" {
			root = `C:\Windows`
		}
		return []string{filepath.Join(root, "Fonts"), filepath.Join(os.Getenv("LOCALAPPDATA"), "Microsoft", "Windows", "Fonts")}
	}
	folders := []string{"/usr/share/fonts", "/usr/local/share/fonts"}
	if home != "" {
		folders = append(folders, filepath.Join(home, ".local", "share", "fonts"), filepath.Join(home, ".fonts"))
	}
	return folders
}

// findFallback finds the Chinese font and a plain one with many signs, and
// says which file the Chinese comes from.
func findFallback(folders []string) (faces []*sfnt.Font, han string) {
	files := fontFiles(folders)
	if face, path := findHan(files); face != nil {
		faces, han = append(faces, face), path
	}
	for _, name := range plain {
		for _, path := range files {
			if !strings.Contains(strings.ToLower(filepath.Base(path)), name) {
				continue
			}
			if members := open(path); len(members) > 0 {
				return append(faces, members[0]), han
			}
		}
	}
	return faces, han
}

// findHan opens the files by how well they are known and returns the first
// that has the probe.
func findHan(files []string) (*sfnt.Font, string) {
	rank := func(path string) int {
		base := strings.ToLower(filepath.Base(path))
		for i, k := range known {
			if strings.Contains(base, k) {
				return i
			}
		}
		return len(known)
	}
	order := append([]string(nil), files...)
	sort.SliceStable(order, func(i, j int) bool { return rank(order[i]) < rank(order[j]) })
	guesses := 0
	for _, path := range order {
		if rank(path) == len(known) {
			if guesses++; guesses > maxGuess {
				break
			}
		}
		if face := simplified(open(path)); face != nil {
			return face, path
		}
	}
	return nil, ""
}

// simplified picks the member of a collection that has the probe, the one
// named for simplified Chinese before the others: Han characters are drawn
// differently by region.
func simplified(members []*sfnt.Font) *sfnt.Font {
	var first *sfnt.Font
	var buf sfnt.Buffer
	for _, m := range members {
		if !hasAll(m, &buf, probe) {
			continue
		}
		if name, err := m.Name(&buf, sfnt.NameIDFull); err == nil && (strings.Contains(name, " SC") || strings.Contains(name, " CN")) {
			return m
		}
		if first == nil {
			first = m
		}
	}
	return first
}

// hasAll says whether a font has every rune of the text.
func hasAll(face *sfnt.Font, buf *sfnt.Buffer, text string) bool {
	for _, r := range text {
		if g, err := face.GlyphIndex(buf, r); err != nil || g == 0 {
			return false
		}
	}
	return true
}

// open reads a font file or collection; a file that is neither gives none:
// somebody's damaged font must not stop the market.
func open(path string) []*sfnt.Font {
	if info, err := os.Stat(path); err != nil || info.Size() > maxFont {
		return nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	collection, err := sfnt.ParseCollection(data)
	if err != nil {
		return nil
	}
	var members []*sfnt.Font
	for i := range collection.NumFonts() {
		if m, err := collection.Font(i); err == nil {
			members = append(members, m)
		}
	}
	return members
}

// fontFiles lists the font files under the folders, sorted, so that the same
// machine always picks the same font.
func fontFiles(folders []string) []string {
	var files []string
	for _, folder := range folders {
		if folder == "" {
			continue
		}
		// A folder that cannot be read holds no font for us.
		_ = filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return nil
			}
			switch strings.ToLower(filepath.Ext(path)) {
			case ".ttf", ".otf", ".ttc", ".otc":
				if !d.IsDir() {
					files = append(files, path)
				}
			}
			return nil
		})
	}
	sort.Strings(files)
	return files
}
