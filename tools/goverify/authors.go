package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"
	_ "time/tzdata" // the zone of the ledger must be known on every computer

	"golang.org/x/mod/sumdb/tlog"
)

// This file checks what authors have signed (docs/formats/signatures.md), over a whole log.

const register = "register:accounts"

// envelope is what of an entry matters here; what is signed of it is kept as it is written.
type envelope struct {
	At, Case, Dated string
	By              struct{ Account string }
	Command         struct{ Id string }
	Confirmed       json.RawMessage
	Data            json.RawMessage
	Seen            *int64
	Signed          *authorSignature
	Prev, Type      string
	V               json.RawMessage
	Version         int64
}

// fields are those of the events that matter here.
type fields struct {
	Account, Scheme, Public, Fingerprint, Since, Zone, Leaf, Role string
	Only                                                          *string
	Accounts                                                      bool
	Roles                                                         []string
	Keys                                                          []struct{ Scheme, Public string }
	Position                                                      int64
}

type enrolledKey struct {
	owner, scheme string
	public        []byte
}

type act struct {
	first envelope
	parts []string
}

// authors follows the register, and the acts of everybody, in the order of the log.
type authors struct {
	origin   string
	keys     map[string]enrolledKey
	alive    map[string]string
	keepers  map[string]bool
	accounts map[string]bool
	moments  map[string]map[string]string
	demanded []fields
	zone     *time.Location
	acts     map[[2]string]*act
	order    []*act
}

// checkAuthors checks every signature, and that there is one wherever one is demanded.
func checkAuthors(entries [][]byte) error {
	aside := map[string]bool{}
	for _, entry := range entries {
		var one envelope
		var said fields
		if json.Unmarshal(entry, &one) == nil && one.Type == "EntrySetAside" && one.Case == register {
			if err := json.Unmarshal(one.Data, &said); err == nil {
				aside[fmt.Sprint(said.Position, said.Leaf)] = true
			}
		}
	}
	all := authors{
		origin: "-", keys: map[string]enrolledKey{}, alive: map[string]string{}, keepers: map[string]bool{},
		accounts: map[string]bool{}, moments: map[string]map[string]string{},
		zone:    time.FixedZone("", 8*3600), acts: map[[2]string]*act{},
	}
	leaves := map[string]string{}
	for position, entry := range entries {
		leaf := tlog.RecordHash(entry)
		sound := decides(entry, leaves)
		if one := (envelope{}); json.Unmarshal(entry, &one) == nil {
			leaves[fmt.Sprint(one.Case, "/", one.Version)] = hex.EncodeToString(leaf[:])
		}
		if aside[fmt.Sprint(position, hex.EncodeToString(leaf[:]))] {
			if sound {
				return fmt.Errorf("entry %d: what was set aside is signed, or says who signs", position)
			}
			continue // it means nothing, as the register says
		}
		if err := all.take(entry, hex.EncodeToString(leaf[:])); err != nil {
			return fmt.Errorf("entry %d: %w", position, err)
		}
	}
	signed, unknown := 0, 0
	for _, one := range all.order {
		if one.first.Signed == nil {
			continue
		}
		known, err := all.check(one)
		if err != nil {
			return fmt.Errorf("the act %s of %s: %w", one.first.Command.Id, one.first.Case, err)
		}
		if known {
			signed++
		} else {
			unknown++
		}
	}
	fmt.Printf("signed by their authors: %d of %d acts\n", signed, len(all.order))
	if unknown > 0 {
		fmt.Printf("NOT CHECKED: the signatures of %d acts, which are of SM2\n", unknown)
	}
	return nil
}

// decides says whether an entry has its place and is signed, or says who signs: none such is set aside.
func decides(entry []byte, leaves map[string]string) bool {
	var one envelope
	if json.Unmarshal(entry, &one) != nil || one.Prev != leaves[fmt.Sprint(one.Case, "/", one.Version-1)] {
		return false
	}
	return one.Signed != nil || ofSigners(one) || one.Type == "SignaturesDemanded"
}

// take takes up one more entry.
func (all *authors) take(entry []byte, leaf string) error {
	var one envelope
	var said fields
	if err := json.Unmarshal(entry, &one); err != nil {
		return err
	}
	inRegister := one.Case == register
	if inRegister {
		if err := json.Unmarshal(one.Data, &said); err != nil {
			return err
		}
		if one.Version == 1 {
			all.origin = leaf
		}
	}
	enrols := inRegister && one.Type == "AccountKeyEnrolled"
	if enrols {
		public, err := base64.StdEncoding.Strict().DecodeString(said.Public)
		if err != nil {
			return err
		}
		id := sha256.Sum256(public)
		all.keys[hex.EncodeToString(id[:])] = enrolledKey{said.Account, said.Scheme, public}
	}
	name := [2]string{one.Case, one.Command.Id}
	current, begun := all.acts[name]
	if !begun {
		if err := all.mayBegin(one, enrols); err != nil {
			return err
		}
		current = &act{first: one}
		all.acts[name], all.order = current, append(all.order, current)
	}
	if !sameSignature(one.Signed, current.first.Signed) {
		return errors.New("the events of the act are not signed alike")
	}
	if all.moments[one.Case] == nil {
		all.moments[one.Case] = map[string]string{}
	}
	all.moments[one.Case][leaf] = one.At
	part := fmt.Sprintf(`"data":%s,"type":%q,"v":%s}`, one.Data, one.Type, one.V)
	if one.Confirmed != nil {
		part = fmt.Sprintf(`"confirmed":%s,%s`, one.Confirmed, part)
	}
	current.parts = append(current.parts, "{"+part)
	if !inRegister {
		return nil
	}
	isCountersigned, by := one.Type == "AccountKeyCountersigned", one.By.Account
	mayDo := all.keepers[by] || current.first.Version == 1
	if ofSigners(one) && !byThemselves[one.Type] && (!mayDo || isCountersigned && by == said.Account) {
		return errors.New("not by an administrator who may do it")
	}
	if said.Role == "administrator" {
		all.keepers[said.Account] = one.Type == "RoleGranted"
	}
	switch one.Type {
	case "AccountOpened":
		all.accounts[said.Account] = true
	case "AccountCarriedOver":
		if err := all.carry(said); err != nil {
			return err
		}
	case "AccountKeyCountersigned":
		all.alive[said.Fingerprint] = said.Account
	case "AccountKeyRetired":
		delete(all.alive, said.Fingerprint)
	case "EntrySetAside": // of one that can be read: its moment
		for _, moments := range all.moments {
			delete(moments, said.Leaf)
		}
	case "SignaturesDemanded":
		all.demanded = append(all.demanded, said)
	case "TimeZoneSet":
		zone, err := time.LoadLocation(said.Zone)
		if err != nil {
			return err
		}
		all.zone = zone
	}
	return nil
}

// carry lets an account go on with what it had in the ledger before, if it could not act here yet.
func (all *authors) carry(said fields) error {
	owns := false
	for _, key := range all.keys {
		owns = owns || key.owner == said.Account
	}
	if all.accounts[said.Account] && (owns || !all.keepers[said.Account]) {
		return errors.New("it gives keys to somebody who could act already")
	}
	all.accounts[said.Account] = true
	for _, role := range said.Roles {
		all.keepers[said.Account] = all.keepers[said.Account] || role == "administrator"
	}
	for _, key := range said.Keys {
		public, err := base64.StdEncoding.Strict().DecodeString(key.Public)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(public)
		id := hex.EncodeToString(sum[:])
		if _, known := all.keys[id]; known {
			return errors.New("it gives somebody a key of somebody else's")
		}
		all.keys[id] = enrolledKey{said.Account, key.Scheme, public}
		all.alive[id] = said.Account
	}
	return nil
}

// mayBegin says whether an act has a signature where there must be one, by a key of its author's.
func (all *authors) mayBegin(one envelope, enrols bool) error {
	latest := one.At
	if len(all.demanded) > 0 && one.Signed == nil {
		for _, moment := range all.moments[one.Case] {
			if moment > latest {
				latest = moment
			}
		}
	}
	at, err := time.Parse("2006-01-02T15:04:05.000000Z", latest)
	if err != nil {
		return err
	}
	must := enrols
	for _, demand := range all.demanded {
		about := demand.Only == nil || *demand.Only == one.Case || demand.Accounts && ofSigners(one)
		must = must || about && at.In(all.zone).Format("2006-01-02") >= demand.Since
	}
	if one.Signed == nil && must {
		return errors.New("not signed by its author")
	}
	if one.Signed != nil && !enrols && all.alive[*one.Signed.Key] != one.By.Account {
		return errors.New("signed by a key of nobody's then")
	}
	return nil
}

// byThemselves is what everybody does with keys of their own.
var byThemselves = map[string]bool{"AccountKeyEnrolled": true, "AccountKeyRetired": true}

// ofSigners says whether an act decides who may do what, and with which keys they sign it.
func ofSigners(one envelope) bool {
	switch one.Type {
	case "AccountOpened", "AccountCarriedOver", "RoleGranted", "RoleRevoked",
		"AccountKeyEnrolled", "AccountKeyCountersigned", "AccountKeyRetired", "EntrySetAside":
		return one.Case == register
	}
	return false
}

func sameSignature(a, b *authorSignature) bool {
	one, _ := json.Marshal(a)
	other, _ := json.Marshal(b)
	return bytes.Equal(one, other)
}

// check says whether an act was signed as it is recorded; false where that cannot be checked here.
func (all *authors) check(one *act) (bool, error) {
	first, signed := one.first, one.first.Signed
	key, found := all.keys[*signed.Key]
	if !found || key.owner != first.By.Account {
		return false, errors.New("signed by somebody else's key")
	}
	if key.scheme != *signed.Scheme {
		return false, errors.New("another scheme than the key's")
	}
	verifies, known := map[string]func(public, text, value []byte) bool{
		"ed25519": ed25519Verifies, "webauthn": passkeyVerifies, "sshsig": sshVerifies,
	}[key.scheme]
	if key.scheme == "sm2-x509" {
		return false, nil // nothing here verifies it
	}
	if !known {
		return false, errors.New("a scheme that is not known")
	}
	digest := sha256.Sum256([]byte("[" + strings.Join(one.parts, ",") + "]"))
	seen := "-"
	if first.Seen != nil {
		seen = fmt.Sprint(*first.Seen)
	}
	text := strings.Join([]string{
		"scoretrail-command/1", all.origin, first.Case, first.By.Account, first.Dated,
		first.Command.Id, seen, hex.EncodeToString(digest[:]), "",
	}, "\n")
	if among := signed.Among; among != nil {
		if err := checkAmong(text, *among.Index, *among.Size, *among.Path, *among.Root); err != nil {
			return false, err
		}
		text = fmt.Sprintf("scoretrail-commands/1\n%d\n%s\n", *among.Size, *among.Root)
	}
	value, err := base64.StdEncoding.Strict().DecodeString(*signed.Value)
	if err == nil && !verifies(key.public, []byte(text), value) {
		err = errors.New("its author has not signed that")
	}
	return err == nil, err
}

func checkAmong(text string, index, size uint64, path []string, root string) error {
	var proof tlog.RecordProof
	for _, one := range append(path, root) {
		var hash tlog.Hash
		if n, err := hex.Decode(hash[:], []byte(one)); err != nil || n != len(hash) {
			return errors.New("no hash among several acts")
		}
		proof = append(proof, hash)
	}
	end := len(proof) - 1
	return tlog.CheckRecord(proof[:end], int64(size), proof[end], int64(index), tlog.RecordHash([]byte(text)))
}

func ed25519Verifies(public, text, value []byte) bool {
	return len(public) == ed25519.PublicKeySize && ed25519.Verify(public, text, value)
}

// derVerifies takes Ed25519, or P-256 with SHA-256.
func derVerifies(der, message, signature []byte) bool {
	key, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return false
	}
	switch key := key.(type) {
	case ed25519.PublicKey:
		return ed25519Verifies(key, message, signature)
	case *ecdsa.PublicKey:
		digest := sha256.Sum256(message)
		return key.Curve.Params().Name == "P-256" && ecdsa.VerifyASN1(key, digest[:], signature)
	}
	return false
}

func passkeyVerifies(public, text, value []byte) bool {
	var key struct{ Key, Origin, Rp string }
	var said struct {
		Type, Challenge, Origin string
		CrossOrigin             bool
	}
	if json.Unmarshal(public, &key) != nil {
		return false
	}
	var parts [2][]byte
	for at := range parts {
		if len(value) < 2 || len(value)-2 < int(binary.BigEndian.Uint16(value)) {
			return false
		}
		end := 2 + int(binary.BigEndian.Uint16(value))
		parts[at], value = value[2:end], value[end:]
	}
	authenticator, client := parts[0], parts[1]
	der, err := base64.StdEncoding.Strict().DecodeString(key.Key)
	if err != nil || json.Unmarshal(client, &said) != nil || len(authenticator) < 37 {
		return false
	}
	challenge, site, state := sha256.Sum256(text), sha256.Sum256([]byte(key.Rp)), sha256.Sum256(client)
	return said.Type == "webauthn.get" && said.Origin == key.Origin && !said.CrossOrigin &&
		said.Challenge == base64.RawURLEncoding.EncodeToString(challenge[:]) &&
		bytes.Equal(authenticator[:32], site[:]) && authenticator[32]&5 == 5 &&
		derVerifies(der, append(append([]byte{}, authenticator...), state[:]...), value)
}

// takeStrings takes so many strings of SSH (RFC 4251, section 5) from the start of data.
func takeStrings(data []byte, count int) (found [][]byte, rest []byte) {
	for ; count > 0; count-- {
		if len(data) < 4 || uint64(len(data)-4) < uint64(binary.BigEndian.Uint32(data)) {
			return nil, nil
		}
		end := 4 + int(binary.BigEndian.Uint32(data))
		found, data = append(found, data[4:end]), data[end:]
	}
	return found, data
}

func sshVerifies(public, text, value []byte) bool {
	begin := []byte("SSHSIG\x00\x00\x00\x01")
	parts, after := takeStrings(bytes.TrimPrefix(value, begin), 5)
	if !bytes.HasPrefix(value, begin) || parts == nil || len(after) > 0 {
		return false
	}
	purpose := string(parts[1]) == "scoretrail-command" && len(parts[2]) == 0
	if !purpose || !bytes.Equal(parts[0], public) {
		return false
	}
	short, long := sha256.Sum256(text), sha512.Sum512(text)
	digest, known := map[string][]byte{"sha256": short[:], "sha512": long[:]}[string(parts[3])]
	signed, more := takeStrings(parts[4], 2)
	message := []byte("SSHSIG")
	for _, part := range [][]byte{parts[1], parts[2], parts[3], digest} {
		message = append(binary.BigEndian.AppendUint32(message, uint32(len(part))), part...)
	}
	if !known || signed == nil {
		return false
	}
	count := map[string]int{"ssh-ed25519": 2, "ecdsa-sha2-nistp256": 3, "sk-ssh-ed25519@openssh.com": 3}
	key, rest := takeStrings(public, count[string(signed[0])])
	if key == nil || len(rest) > 0 || !bytes.Equal(key[0], signed[0]) {
		return false
	}
	switch string(key[0]) {
	case "sk-ssh-ed25519@openssh.com":
		application, inner := sha256.Sum256(key[2]), sha256.Sum256(message)
		message = append(append(application[:], more...), inner[:]...)
		return len(more) == 5 && more[0]&1 == 1 && ed25519Verifies(key[1], message, signed[1])
	case "ecdsa-sha2-nistp256":
		numbers, end := takeStrings(signed[1], 2)
		der := append([]byte{}, p256...)
		if numbers == nil || len(end) > 0 || len(more) > 0 {
			return false
		}
		curve, err := x509.ParsePKIXPublicKey(append(der, key[2]...))
		point, isCurve := curve.(*ecdsa.PublicKey)
		hash := sha256.Sum256(message)
		r, s := new(big.Int).SetBytes(numbers[0]), new(big.Int).SetBytes(numbers[1])
		return err == nil && isCurve && ecdsa.Verify(point, hash[:], r, s)
	}
	return len(more) == 0 && ed25519Verifies(key[1], message, signed[1])
}

// p256 begins a public key on P-256 (SubjectPublicKeyInfo, RFC 5480), before its point.
var p256 = []byte{
	0x30, 0x59, 0x30, 0x13, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 8, 0x2a, 0x86, 0x48, 0xce,
	0x3d, 3, 1, 7, 3, 0x42, 0,
}
