package main

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"sort"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// vector is one of docs/formats/vectors.json: what is given, and what must be found of it.
type vector struct {
	Kind, Name, Finding string
	Given               struct {
		Entry, Leaf, Root, Note, Vkey string
		OldRoot                       string `json:"old_root"`
		NewRoot                       string `json:"new_root"`
		Leaves, Path                  []string
		Index, Size, Old, New         int64
	}
}

func hash(text string) (h tlog.Hash, err error) {
	data, err := hex.DecodeString(text)
	if err == nil && len(data) != tlog.HashSize {
		err = errors.New("not a hash: " + text)
	}
	if err == nil {
		copy(h[:], data)
	}
	return h, err
}

func hashesOf(texts []string) (found []tlog.Hash, err error) {
	for _, text := range texts {
		h, err := hash(text)
		if err != nil {
			return nil, err
		}
		found = append(found, h)
	}
	return found, nil
}

func rootOf(leaves []tlog.Hash) (tlog.Hash, error) {
	if len(leaves) == 0 {
		return hash("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
	}
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) (found []tlog.Hash, err error) {
		for _, index := range indexes {
			found = append(found, stored[index])
		}
		return found, nil
	})
	for n, leaf := range leaves {
		more, err := tlog.StoredHashesForRecordHash(int64(n), leaf, reader)
		if err != nil {
			return tlog.Hash{}, err
		}
		stored = append(stored, more...)
	}
	return tlog.TreeHash(int64(len(leaves)), reader)
}

// find checks a vector; it is not known where Go has no counterpart.
func (v vector) find() (known bool, err error) {
	g := v.Given
	path, err := hashesOf(g.Path)
	leaf, leafErr := hash(g.Leaf)
	root, rootErr := hash(g.Root)
	switch v.Kind {
	case "leaf":
		entry, _ := hex.DecodeString(g.Entry)
		if leafErr != nil || tlog.RecordHash(entry) != leaf {
			err = errors.New("another leaf")
		}
	case "root":
		leaves, _ := hashesOf(g.Leaves)
		if made, _ := rootOf(leaves); rootErr != nil || made != root {
			err = errors.New("another root")
		}
	case "inclusion":
		if err == nil && (leafErr != nil || rootErr != nil) {
			err = errors.New("not a hash")
		}
		if err == nil {
			err = tlog.CheckRecord(path, g.Size, root, g.Index, leaf)
		}
	case "consistency":
		old, oldErr := hash(g.OldRoot)
		grown, newErr := hash(g.NewRoot)
		if err == nil && (oldErr != nil || newErr != nil) {
			err = errors.New("not a hash")
		}
		if err == nil {
			err = tlog.CheckTree(path, g.New, grown, g.Old, old)
		}
	case "checkpoint":
		data, _ := hex.DecodeString(g.Note)
		key, keyErr := note.NewVerifier(g.Vkey)
		if err = keyErr; err == nil {
			_, err = parseCheckpoint(key, data)
		}
	default:
		return false, nil
	}
	return true, err
}

// checkVectors compares what Go's own packages find with what the vectors say.
func checkVectors(file string) error {
	data, err := readFile(file)
	if err != nil {
		return err
	}
	var read struct{ Vectors []vector }
	if err := json.Unmarshal(data, &read); err != nil {
		return err
	}
	counts := map[string]int{}
	for _, v := range read.Vectors {
		known, err := v.find()
		if !known {
			continue
		}
		if (err == nil) != (v.Finding == "valid") {
			return fmt.Errorf("%s, %s: %s is expected, found: %v", v.Kind, v.Name, v.Finding, err)
		}
		counts[v.Kind]++
	}
	var kinds []string
	for kind := range counts {
		kinds = append(kinds, kind)
	}
	sort.Strings(kinds)
	for _, kind := range kinds {
		fmt.Printf("%s: %d as expected\n", kind, counts[kind])
	}
	return nil
}
