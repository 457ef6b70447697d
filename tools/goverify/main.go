// Goverify checks a published scoretrail log with golang.org/x/mod/sumdb, which shares no code
// with scoretrail:
//
//	goverify -vectors FILE
//	goverify -two-steps VKEY UPPER-VKEY RECEIPT ENTRY [-practice]
//	goverify VKEY FOLDER [-practice] [-authors] [-held CHECKPOINT]... [-receipt FILE ENTRY]...
//
// FOLDER is what `scoretrail publish` wrote. Every tile and every entry in it is checked against
// the signed checkpoint; then every checkpoint held from earlier is proven to be a beginning of
// that log, and every receipt to be of its entry. With -authors, what people have signed themselves
// is checked as well, and that they have where it is demanded. With -two-steps, a receipt proves by
// itself that an entry is in one log, and that log's checkpoint in another. Exit 0 verified, 3 not.
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8 // C2SP tlog-tiles: 256 hashes a tile

func main() {
	if len(os.Args) == 3 && os.Args[1] == "-vectors" {
		if err := checkVectors(os.Args[2]); err != nil {
			fmt.Println("NOT AS EXPECTED:", err)
			os.Exit(3)
		}
		return
	}
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: goverify VKEY FOLDER [-authors] [-held CHECKPOINT]... [-receipt FILE ENTRY]...")
		os.Exit(2)
	}
	var err error
	if os.Args[1] == "-two-steps" {
		err = checkTwoSteps(os.Args[2:])
	} else {
		err = verify(os.Args[1], os.Args[2], os.Args[3:])
	}
	if errors.Is(err, errPractice) {
		fmt.Println("NOT VERIFIED:", err)
		os.Exit(6)
	}
	if err != nil {
		fmt.Println("NOT VERIFIED:", err)
		os.Exit(3)
	}
}

// errPractice: nothing in the ledger is real, and something real was asked for; or the reverse.
var errPractice = errors.New("PRACTICE, NOT REAL, unless asked for by -practice as the first argument; or the reverse")

// mark is how the name of the log of a practice ledger begins, and that of no other log.
const mark = "PRACTICE/"

// checkPractice sees that the log's name and the first entry of the register say the same.
func checkPractice(name string, entries [][]byte) error {
	for _, entry := range entries {
		var one struct {
			Case    string
			Version int64
			Data    struct{ Practice bool }
		}
		if json.Unmarshal(entry, &one) == nil && one.Case == register && one.Version == 1 {
			if one.Data.Practice != strings.HasPrefix(name, mark) {
				return errors.New("the log's name and its first entry contradict: practice, or real")
			}
			return nil
		}
	}
	return nil
}

func verify(vkey, folder string, more []string) error {
	key, err := note.NewVerifier(vkey)
	if err != nil {
		return err
	}
	tree, err := readCheckpoint(key, filepath.Join(folder, "checkpoint"))
	if err != nil {
		return err
	}
	// 1. The entries lead to the signed root, and every tile is of their tree.
	hashes, entries, err := audit(folder, tree)
	if err != nil {
		return err
	}
	if err := checkPractice(key.Name(), entries); err != nil {
		return err
	}
	asked := len(more) > 0 && more[0] == "-practice"
	if asked {
		more = more[1:]
	}
	if asked != strings.HasPrefix(key.Name(), mark) {
		return errPractice
	}
	fmt.Printf("VERIFIED: %d entries in %s\n", tree.N, key.Name())
	// 2. What was held before, and receipts; proofs are made from the tree that was audited.
	for len(more) > 0 {
		switch {
		case more[0] == "-authors":
			err, more = checkAuthors(entries), more[1:]
		case more[0] == "-held" && len(more) > 1:
			err, more = checkHeld(key, more[1], tree, hashes), more[2:]
		case more[0] == "-receipt" && len(more) > 2:
			err, more = checkReceipt(key, more[1], more[2], tree, hashes), more[3:]
		default:
			err = errors.New("unknown argument " + more[0])
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// parseCheckpoint opens a signed note whose text is origin, size and root (C2SP tlog-checkpoint).
func parseCheckpoint(key note.Verifier, data []byte) (tree tlog.Tree, err error) {
	opened, err := note.Open(data, note.VerifierList(key))
	if err != nil {
		return tree, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != key.Name() {
		return tree, errors.New("a checkpoint of another log")
	}
	if tree.N, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
		return tree, err
	}
	if strconv.FormatInt(tree.N, 10) != lines[1] || tree.N < 0 {
		return tree, errors.New("a size in another spelling: " + lines[1])
	}
	tree.Hash, err = tlog.ParseHash(lines[2])
	return tree, err
}

const largest = 256 * (2 + 65535) // bytes in a bundle of entries; nothing that is read is longer

// readFile reads a file, and neither a pipe nor a device, which may never end.
func readFile(name string) ([]byte, error) {
	about, err := os.Stat(name)
	if err == nil && (!about.Mode().IsRegular() || about.Size() > largest) {
		err = errors.New(name + " is no file, or too long")
	}
	if err != nil {
		return nil, err
	}
	return os.ReadFile(name)
}

const longest = 1 << 20 // bytes of a receipt that was compressed: more than its parts can have together

// readReceipt reads a receipt, which may be compressed with gzip (RFC 1952) as its only member.
func readReceipt(name string) ([]byte, error) {
	data, err := readFile(name)
	if err != nil || !bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		return data, err
	}
	rest := bytes.NewReader(data)
	member, err := gzip.NewReader(rest)
	if err != nil || data[3] > 0x1f { // flags that have no meaning
		return nil, errors.New(name + " is compressed, and damaged")
	}
	member.Multistream(false)
	content, err := io.ReadAll(io.LimitReader(member, longest+1))
	if err != nil || len(content) <= longest && rest.Len() > 0 {
		return nil, errors.New(name + " is compressed, and damaged or not whole, or something follows it")
	}
	if len(content) > longest {
		return nil, fmt.Errorf("%s has more than %d bytes uncompressed", name, longest)
	}
	return content, nil
}

func readCheckpoint(key note.Verifier, file string) (tlog.Tree, error) {
	data, err := readFile(file)
	if err != nil {
		return tlog.Tree{}, err
	}
	return parseCheckpoint(key, data)
}

// tilePath is the path of C2SP tlog-tiles, which leaves out the height that tlog.Tile.Path has.
func tilePath(tile tlog.Tile, level string) string {
	rest := strings.SplitN(tile.Path(), "/", 4)[3]
	return filepath.FromSlash("tile/" + level + "/" + rest)
}

// audit reads every entry and builds the tree anew; then it compares the root and every tile.
func audit(folder string, tree tlog.Tree) (tlog.HashReader, [][]byte, error) {
	var stored []tlog.Hash
	var entries [][]byte
	hashes := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var found []tlog.Hash
		for _, index := range indexes {
			if index >= int64(len(stored)) {
				return nil, fmt.Errorf("there is no hash %d", index)
			}
			found = append(found, stored[index])
		}
		return found, nil
	})
	var tiles []tlog.Tile
	for _, tile := range tlog.NewTiles(height, 0, tree.N) {
		end := tile.N<<height + int64(tile.W)
		if tile.W == 1<<height || end == tree.N>>(height*tile.L) { // no partial tiles of before
			tiles = append(tiles, tile)
		}
	}
	for _, tile := range tiles {
		if tile.L > 0 {
			continue
		}
		bundle, err := readFile(filepath.Join(folder, tilePath(tile, "entries")))
		if err != nil {
			return nil, nil, err
		}
		for i := 0; i < tile.W; i++ {
			if len(bundle) < 2 || len(bundle)-2 < int(binary.BigEndian.Uint16(bundle)) {
				return nil, nil, fmt.Errorf("bundle %d is cut short", tile.N)
			}
			end := 2 + int(binary.BigEndian.Uint16(bundle))
			if err := checkEnvelope(bundle[2:end]); err != nil {
				return nil, nil, fmt.Errorf("entry %d: %w", tile.N<<height+int64(i), err)
			}
			more, err := tlog.StoredHashes(tile.N<<height+int64(i), bundle[2:end], hashes)
			if err != nil {
				return nil, nil, err
			}
			stored, entries = append(stored, more...), append(entries, bundle[2:end])
			bundle = bundle[end:]
		}
		if len(bundle) > 0 {
			return nil, nil, fmt.Errorf("bundle %d has more than its entries", tile.N)
		}
	}
	root, err := tlog.TreeHash(tree.N, hashes)
	if err != nil {
		return nil, nil, err
	}
	if root != tree.Hash {
		return nil, nil, errors.New("the entries are not those of the checkpoint")
	}
	for _, tile := range tiles {
		said, err := readFile(filepath.Join(folder, tilePath(tile, strconv.Itoa(tile.L))))
		if err != nil {
			return nil, nil, err
		}
		if right, err := tlog.ReadTileData(tile, hashes); err != nil || !bytes.Equal(said, right) {
			return nil, nil, fmt.Errorf("%s is not of this tree", tile.Path())
		}
	}
	return hashes, entries, nil
}

var always = []string{"at", "by", "case", "command", "data", "dated", "prev", "type", "v", "version"}

var proven = map[string]bool{`"database-role"`: true, `"file"`: true, `"signature"`: true, `"web"`: true}

// authorSignature is what `signed` holds, where the author has signed; Among says which of several
// acts it is that were signed together.
type authorSignature struct {
	Key, Scheme, Value *string
	Among              *struct {
		Index, Size *uint64
		Path        *[]string
		Root        *string
	}
}

// check says what the parts of a signature lack; that the author made it is for others to verify.
func (signed authorSignature) check() error {
	if signed.Key == nil || signed.Scheme == nil || signed.Value == nil {
		return errors.New("a signature of the author that lacks a part")
	}
	hashes := []string{*signed.Key}
	if among := signed.Among; among != nil {
		if among.Index == nil || among.Size == nil || among.Path == nil || among.Root == nil {
			return errors.New("an act of several that lacks a part")
		}
		hashes = append(append(hashes, *among.Root), *among.Path...)
	}
	for _, hash := range hashes {
		if len(hash) != 64 || strings.Trim(hash, "0123456789abcdef") != "" {
			return errors.New("no hash in a signature of the author")
		}
	}
	_, err := base64.StdEncoding.Strict().DecodeString(*signed.Value)
	return err
}

// checkEnvelope checks the keys of an entry (docs/formats/entries.md): ten always, five where they
// have a value, and none is ever null.
func checkEnvelope(entry []byte) error {
	keys := map[string]json.RawMessage{}
	if err := json.Unmarshal(entry, &keys); err != nil {
		return err
	}
	for _, key := range always {
		if _, found := keys[key]; !found {
			return errors.New("it lacks " + key)
		}
		delete(keys, key)
	}
	for key, value := range keys {
		switch key {
		case "rules", "seen":
			number, err := strconv.ParseUint(string(value), 10, 53)
			if err != nil || number == 0 || key == "rules" && number == 1 {
				return fmt.Errorf("not a number for %s: %s", key, value)
			}
		case "confirmed":
			var days []string
			if err := json.Unmarshal(value, &days); err != nil || len(days) == 0 {
				return fmt.Errorf("no days that are confirmed: %s", value)
			}
			for place, day := range days {
				if _, err := time.Parse("2006-01-02", day); err != nil {
					return fmt.Errorf("a confirmed day that is none: %s", day)
				}
				if place > 0 && days[place-1] >= day {
					return errors.New("confirmed days out of order")
				}
			}
		case "through":
			if !proven[string(value)] {
				return fmt.Errorf("through what is unknown: %s", value)
			}
		case "signed":
			reader := json.NewDecoder(bytes.NewReader(value))
			reader.DisallowUnknownFields()
			var signed authorSignature
			if err := reader.Decode(&signed); err != nil {
				return err
			}
			if err := signed.check(); err != nil {
				return err
			}
		default:
			return errors.New("an unknown key " + key)
		}
	}
	return nil
}

func checkHeld(key note.Verifier, file string, tree tlog.Tree, hashes tlog.HashReader) error {
	old, err := readCheckpoint(key, file)
	if err != nil {
		return err
	}
	if old.N > tree.N {
		return fmt.Errorf("rollback: %d entries are held, %d are published", old.N, tree.N)
	}
	proof, err := tlog.ProveTree(tree.N, old.N, hashes)
	if err == nil {
		err = tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash)
	}
	if err == nil {
		fmt.Printf("consistent with the checkpoint of %d\n", old.N)
	}
	return err
}

// checkReceipt checks a C2SP tlog-proof by itself, and that its checkpoint is of this log.
func checkReceipt(key note.Verifier, file, entryFile string, tree tlog.Tree, hashes tlog.HashReader) error {
	data, err := readReceipt(file)
	if err != nil {
		return err
	}
	entry, err := readFile(entryFile)
	if err != nil {
		return err
	}
	above, below, found := bytes.Cut(data, []byte("\n\n"))
	if !found {
		return errors.New("not a receipt")
	}
	old, index, err := checkIncluded(key, "c2sp.org/tlog-proof@v1", above, below, entry)
	if err != nil {
		return err
	}
	growth, err := tlog.ProveTree(tree.N, old.N, hashes)
	if err == nil {
		err = tlog.CheckTree(growth, tree.N, tree.Hash, old.N, old.Hash)
	}
	if err == nil {
		fmt.Printf("receipt of entry %d holds\n", index)
	}
	return err
}

// checkIncluded checks the lines of an inclusion proof, of which the first names their form, against
// a signed checkpoint; it gives the tree of that and the place of the entry in it.
func checkIncluded(key note.Verifier, form string, proof, checkpoint, entry []byte) (tree tlog.Tree, index int64, err error) {
	lines := strings.Split(string(proof), "\n")
	if len(lines) < 2 || lines[0] != form {
		return tree, 0, errors.New("not a receipt")
	}
	if index, err = strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64); err != nil {
		return tree, 0, err
	}
	if lines[1] != "index "+strconv.FormatInt(index, 10) {
		return tree, 0, errors.New("a position in another spelling: " + lines[1])
	}
	var path tlog.RecordProof
	for _, line := range lines[2:] {
		hash, err := tlog.ParseHash(line)
		if err != nil || hash.String() != line {
			return tree, 0, errors.New("not a hash: " + line)
		}
		path = append(path, hash)
	}
	if tree, err = parseCheckpoint(key, checkpoint); err != nil {
		return tree, 0, err
	}
	return tree, index, tlog.CheckRecord(path, tree.N, tree.Hash, index, tlog.RecordHash(entry))
}
