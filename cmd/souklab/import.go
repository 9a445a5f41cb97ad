package main

import (
	"context"
	"fmt"

	"souk/attention/train/sequence"
)

// importCmd brings data of others into our forms.
type importCmd struct {
	Sequences importSequencesCmd `cmd:"" help:"Read sequences in any of the published forms and write them as a line a user."`
}

// importSequencesCmd writes sequences in our form.
type importSequencesCmd struct {
	Path   string `arg:"" help:"A file with a line a user (user item item …), with a line an interaction (user item), CSV with user, item and time, plain or .gz; or a folder with train, val and test as in gSASRec." type:"path"`
	Output string `short:"o" help:"Write to this file; .gz compresses." required:"" type:"path"`
}

// Help is shown by --help.
func (c *importSequencesCmd) Help() string {
	return `Examples:
  souklab import sequences ml-1m/ -o ml-1m.txt.gz
  souklab import sequences ratings.csv -o ratings.txt`
}

// Run is called by kong.
func (c *importSequencesCmd) Run(context.Context) error {
	set, err := sequence.Open(c.Path)
	if err != nil {
		return err
	}
	for _, n := range set.Notes {
		fmt.Printf("Note: %s.\n", n)
	}
	if set.NoTest {
		fmt.Println("Note: in the file the last item of each user looks like a test's; judge by the folder itself instead.")
	}
	if err := set.Save(c.Output); err != nil {
		return err
	}
	fmt.Printf("%s: %s\n", c.Output, set)
	return nil
}
