package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// checkTwoSteps checks a receipt in two steps (docs/formats/two-step.md): an entry is in a log, and
// an entry of the upper log holds the checkpoint of that one. Nothing but a key of each is believed.
func checkTwoSteps(words []string) error {
	practice := len(words) == 5 && words[4] == "-practice"
	if len(words) != 4 && !practice {
		return errors.New("usage: goverify -two-steps VKEY UPPER-VKEY RECEIPT ENTRY [-practice]")
	}
	lower, err := note.NewVerifier(words[0])
	if err != nil {
		return err
	}
	upper, err := note.NewVerifier(words[1])
	if err != nil {
		return err
	}
	if lower.Name() == upper.Name() {
		return errors.New("both steps are of one log")
	}
	if practice != strings.HasPrefix(lower.Name(), mark) {
		return errPractice
	}
	data, err := readReceipt(words[2])
	if err != nil {
		return err
	}
	entry, err := readFile(words[3])
	if err != nil {
		return err
	}
	gap := []byte("\n\n")
	parts := bytes.SplitN(data, gap, 4)
	if len(parts) != 4 {
		return errors.New("not a receipt in two steps")
	}
	taken := parts[1]
	above, place, err := checkIncluded(upper, "c2sp.org/tlog-proof@v1", parts[2], parts[3], taken)
	if err != nil {
		return fmt.Errorf("in the upper log: %w", err)
	}
	checkpoint, err := checkpointTaken(taken)
	if err != nil {
		return err
	}
	below, index, err := checkIncluded(lower, "scoretrail/two-step@v1", parts[0], checkpoint, entry)
	if err != nil {
		return fmt.Errorf("in the lower log: %w", err)
	}
	fmt.Printf("VERIFIED: entry %d of %d in %s, whose checkpoint is entry %d of %d in %s\n",
		index, below.N, lower.Name(), place, above.N, upper.Name())
	return nil
}

// checkpointTaken is the checkpoint that an entry of an upper log's register has taken up.
func checkpointTaken(entry []byte) ([]byte, error) {
	if err := checkEnvelope(entry); err != nil {
		return nil, err
	}
	var one struct {
		Case, Type string
		Data       struct{ Checkpoint string }
	}
	if err := json.Unmarshal(entry, &one); err != nil {
		return nil, err
	}
	if one.Case != register || one.Type != "CheckpointTaken" {
		return nil, errors.New("the upper entry takes no checkpoint up")
	}
	return []byte(one.Data.Checkpoint), nil
}
