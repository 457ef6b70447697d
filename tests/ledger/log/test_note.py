import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.log.note import (
    Note,
    Signature,
    SigningKey,
    VerifierKey,
    decode_base64,
    encode_base64,
    sign,
)
from ledger.log.tree import ProofError
from tests.support.signed_log import (
    LOG,
    LOG_LINE,
    LOG_VKEY,
    NOTE,
    STRANGER,
    TEXT,
    WITNESS_LINE,
    flips,
)

NAMES = st.from_regex(r"[a-z0-9./@\u4e00-\u4eff-]{1,30}", fullmatch=True)
SEEDS = st.binary(min_size=32, max_size=32)
LINES = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"]))
TEXTS = st.lists(LINES, min_size=1).map(lambda lines: "".join(f"{line}\n" for line in lines))

# Public examples of other programs: Go's golang.org/x/mod/sumdb/note and C2SP tlog-checkpoint.
GO_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"  # noqa: S105 - a public example
GO_NOTE = """\
If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann \
x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
"""


def assert_refused(data: bytes | str, match: str | None = None) -> None:
    with pytest.raises(ProofError, match=match):
        Note.parse(data if isinstance(data, bytes) else data.encode())


class TestANote:
    def test_of_another_program_verifies_and_is_signed_the_same_here(self) -> None:
        note, key = Note.parse(GO_NOTE.encode()), VerifierKey.parse(GO_VKEY)
        assert note.verify([key]) == [(key, note.signatures[0])]
        assert bytes(sign(note.text, [SigningKey.parse(GO_SECRET)])).decode() == GO_NOTE

    def test_of_the_worked_example(self) -> None:
        note = sign(TEXT, [LOG])
        assert bytes(note).decode() == f"{TEXT}\n{LOG_LINE}"
        assert note.verify([VerifierKey.parse(LOG_VKEY)])[0][0] == LOG.public

    @pytest.mark.slow
    @given(text=TEXTS, name=NAMES, seeds=st.lists(SEEDS, min_size=1, max_size=16, unique=True))
    def test_comes_back_and_verifies(self, text: str, name: str, seeds: list[bytes]) -> None:
        keys = [SigningKey(name, seed) for seed in seeds]
        note = sign(text, keys)
        assert Note.parse(bytes(note)) == note
        assert [key for key, _ in note.verify(key.public for key in keys)] == [
            key.public for key in keys
        ]

    def test_does_not_verify_with_any_bit_the_other_way(self) -> None:
        for other in flips(bytes(sign(TEXT, [LOG]))):
            with pytest.raises(ProofError):
                Note.parse(other).verify([LOG.public])

    def test_has_its_text_before_the_last_empty_line(self) -> None:
        assert Note.parse(f"\n\na\n\n\n{LOG_LINE}".encode()).text == "\n\na\n\n"

    @given(text=st.text())
    def test_is_made_of_what_can_be_read_again_or_not_at_all(self, text: str) -> None:
        try:
            note = sign(text, [LOG])
        except (ProofError, UnicodeEncodeError):
            return
        assert Note.parse(bytes(note)) == note

    @pytest.mark.parametrize("text", ["", "a", "a\n\n— k AAAAAAA=", "a\tb\n", "a\r\n"])
    def test_needs_a_text_of_whole_lines(self, text: str) -> None:
        with pytest.raises(ProofError):
            sign(text, [LOG])

    def test_needs_somebody_to_sign_and_not_too_many(self) -> None:
        for keys in ([], [LOG] * 17):
            with pytest.raises(ProofError):
                sign(TEXT, keys)


class TestSignatures:
    def test_of_strangers_are_ignored_even_under_the_name_of_a_known_key(self) -> None:
        note = sign(TEXT, [LOG, STRANGER, SigningKey("other", LOG.seed)])
        assert [key for key, _ in note.verify([LOG.public])] == [LOG.public]

    def test_of_strangers_alone_prove_nothing(self) -> None:
        for note in (sign(TEXT, [STRANGER]), Note.parse(f"{TEXT}\n{WITNESS_LINE}".encode())):
            with pytest.raises(ProofError, match="no signature by a trusted key"):
                note.verify([LOG.public])
        with pytest.raises(ProofError):
            sign(TEXT, [LOG]).verify([])

    def test_of_a_known_key_that_are_false_spoil_the_note(self) -> None:
        good, strange = sign(TEXT, [LOG]), sign(TEXT, [STRANGER])
        false = Signature(LOG.name, LOG.public.key_id, strange.signatures[0].value)
        for signatures in ((false,), (*good.signatures, false), (false, *good.signatures)):
            with pytest.raises(ProofError, match="is invalid"):
                Note(TEXT, signatures).verify([LOG.public])

    def test_of_the_wrong_length_are_false(self) -> None:
        value = LOG.sign(TEXT).value
        for other in (value[:-1], value + b"\0", b"\0"):
            assert not LOG.public.verifies(TEXT, other)

    def test_over_another_text_are_false(self) -> None:
        assert not LOG.public.verifies(TEXT + "more\n", LOG.sign(TEXT).value)

    def test_of_two_keys_that_cannot_be_told_apart_are_not_tried(self) -> None:
        other = STRANGER.public
        vars(other)["key_id"] = LOG.public.key_id  # found by trying 2**32 keys
        try:
            with pytest.raises(ProofError, match="same id"):
                sign(TEXT, [LOG]).verify([LOG.public, other])
        finally:
            del vars(other)["key_id"]


class TestHostileNotes:
    @pytest.mark.parametrize(
        "note",
        [
            "",
            "\n",
            "\n\n",
            TEXT,
            f"{TEXT}\n",
            f"{TEXT}{LOG_LINE}",
            LOG_LINE,
            f"\n{LOG_LINE}",
            f"{TEXT}\n{LOG_LINE}"[:-1],
            f"{TEXT}\n{LOG_LINE}\n",
            f"{TEXT}\n{LOG_LINE}\n{LOG_LINE[:-1]}",
            f"{TEXT}\n{LOG_LINE}text\n",
            f"{TEXT}\n {LOG_LINE}",
        ],
    )
    def test_without_whole_signature_lines_at_the_end(self, note: str) -> None:
        assert_refused(note)

    @pytest.mark.parametrize(
        "line",
        [
            "- name AAAAAAA=",
            "– name AAAAAAA=",
            "—name AAAAAAA=",
            "—\u00a0name AAAAAAA=",
            "—  AAAAAAA=",
            "— AAAAAAA=",
            "— name",
            "— name ",
            "— name  AAAAAAA=",
            "— na+me AAAAAAA=",
            "— na\u3000me AAAAAAA=",
            "— na\u2028me AAAAAAA=",
            "— na\u0085me AAAAAAA=",
            "— name AAAAAAA= ",
            "— name AAAAAAA",
            "— name AAAAAAB=",
            "— name AAAA=AA=",
            "— name AAAA AAA=",
            "— name AAAAAA-_",
            "— name AAAAAAA=AAAA",
            "— name AAAA",
            "— name AAAAAA==",
            "— name ＡAAAAAA=",
        ],
    )
    def test_with_a_line_that_is_no_signature(self, line: str) -> None:
        assert_refused(f"{TEXT}\n{line}\n")
        assert_refused(f"{TEXT}\n{LOG_LINE}{line}\n")

    @pytest.mark.parametrize("control", [chr(code) for code in range(32) if code != 10])
    def test_with_a_control_character(self, control: str) -> None:
        assert_refused(f"a{control}\n\n{LOG_LINE}", "control character")

    def test_with_windows_line_ends(self) -> None:
        assert_refused(NOTE.replace(b"\n", b"\r\n"), "control character")

    @pytest.mark.parametrize("junk", [b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xe4\xb8"])
    def test_that_are_not_utf8(self, junk: bytes) -> None:
        assert_refused(junk + NOTE, "UTF-8")

    def test_with_17_signatures_and_not_with_16(self) -> None:
        assert len(Note.parse(f"{TEXT}\n{LOG_LINE * 16}".encode()).signatures) == 16
        assert_refused(f"{TEXT}\n{LOG_LINE * 17}", "16 signatures")

    def test_that_are_too_long(self) -> None:
        below = f"\n\n{LOG_LINE}".encode()
        longest = b"a" * (131_072 - len(below)) + below
        assert bytes(Note.parse(longest)) == longest
        assert_refused(b"a" + longest, "bytes")

    @given(data=st.binary())
    def test_of_any_bytes_are_refused_or_come_back(self, data: bytes) -> None:
        try:
            note = Note.parse(data + b"\n\n" + LOG_LINE.encode())
        except ProofError:
            return
        assert bytes(note) == data + b"\n\n" + LOG_LINE.encode()


class TestAVerifierKey:
    def test_is_written_as_the_worked_example_says(self) -> None:
        assert str(LOG.public) == LOG_VKEY
        assert VerifierKey.parse(LOG_VKEY) == LOG.public

    @given(name=NAMES, seed=SEEDS)
    def test_comes_back(self, name: str, seed: bytes) -> None:
        key = SigningKey(name, seed).public
        assert VerifierKey.parse(str(key)) == key

    def test_may_have_a_plus_sign_in_its_base64(self) -> None:
        assert "+" in LOG_VKEY.split("+", 2)[2]

    def test_is_refused_with_any_bit_the_other_way(self) -> None:
        for other in flips(LOG_VKEY.encode()):
            with pytest.raises(ProofError):
                VerifierKey.parse(other.decode(errors="replace"))

    @pytest.mark.parametrize(
        "vkey",
        [
            "",
            "reviews.example/log1",
            LOG_VKEY + "\n",
            LOG_VKEY + "A",
            " " + LOG_VKEY,
            LOG_VKEY.replace("f3967548", "F3967548"),
            LOG_VKEY.replace("f3967548", "f3967549"),
            LOG_VKEY.replace("f3967548+", "f3967548++"),
            "reviews.example/log1+f3967548+",
            "reviews.example/log1+f3967548+AQ==",
            GO_SECRET,
        ],
    )
    def test_is_refused_in_any_other_form(self, vkey: str) -> None:
        with pytest.raises(ProofError):
            VerifierKey.parse(vkey)

    @pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u3000b", "a\n"])
    def test_has_a_name_that_fits_in_a_line(self, name: str) -> None:
        with pytest.raises(ProofError):
            VerifierKey(name, LOG.public.public)


def test_a_secret_key_is_not_taken_for_a_public_one_and_its_owner_is_warned() -> None:
    for text in (GO_SECRET, f" {GO_SECRET}\n"):
        with pytest.raises(ProofError, match="a private key, not a public one") as refused:
            VerifierKey.parse(text)
        assert GO_SECRET[-20:] not in str(refused.value)


class TestASigningKey:
    @given(name=NAMES, seed=SEEDS)
    def test_comes_back(self, name: str, seed: bytes) -> None:
        key = SigningKey(name, seed)
        assert SigningKey.parse(key.text()) == key

    def test_does_not_show_its_secret_by_itself(self) -> None:
        assert repr(LOG.seed) not in repr(LOG)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            GO_VKEY,
            GO_SECRET.removeprefix("PRIVATE+KEY+"),
            GO_SECRET + "\n",
            GO_SECRET[:-1] + "y",
            GO_SECRET[:-4],
            GO_SECRET.replace("Peter", "Paul"),
        ],
    )
    def test_is_refused_in_any_other_form_without_showing_it(self, text: str) -> None:
        with pytest.raises(ProofError) as refused:
            SigningKey.parse(text)
        assert not text or text[-20:] not in str(refused.value)
        assert refused.value.__cause__ is refused.value.__context__ is None


class TestBase64:
    @given(data=st.binary())
    def test_comes_back(self, data: bytes) -> None:
        assert decode_base64(encode_base64(data)) == data

    @given(text=st.text("AB+/=-_ \n", max_size=12))
    def test_has_one_spelling(self, text: str) -> None:
        try:
            data = decode_base64(text)
        except ProofError:
            return
        assert encode_base64(data) == text


# --- Keys under which anybody can sign -----------------------------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
Point = tuple[int, int]


def add(one: Point, other: Point) -> Point:
    """Edwards addition on the curve of RFC 8032, section 5.1."""
    (x1, y1), (x2, y2) = one, other
    bend = D * x1 * x2 * y1 * y2
    return (
        (x1 * y2 + x2 * y1) * pow(1 + bend, -1, P) % P,
        (y1 * y2 + x1 * x2) * pow(1 - bend, -1, P) % P,
    )


def times(n: int, point: Point) -> Point:
    result = (0, 1)
    for bit in f"{n:b}":
        result = add(result, result)
        if bit == "1":
            result = add(result, point)
    return result


def point_at(y: int) -> Point | None:
    """A point of the curve at that height, if there is one (RFC 8032, section 5.1.3)."""
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    for root in (x, x * pow(2, (P - 1) // 4, P) % P):
        if root * root % P == square:
            return root, y
    return None


def points_of_small_order() -> list[Point]:
    """All eight: the multiples of one of order 8, which is left of any point when L is out."""
    for y in range(2, 100):
        point = point_at(y)
        if point and times(4, left := times(L, point)) != (0, 1):
            return [times(n, left) for n in range(8)]
    raise AssertionError


def test_keys_of_small_order_are_refused_in_every_spelling() -> None:
    points = points_of_small_order()
    assert len(set(points)) == 8
    spellings = {
        (height | sign << 255).to_bytes(32, "little")
        for _, y in points
        for height in (y, y + P)
        if height < 2**255
        for sign in (0, 1)
    }
    assert len(spellings) == 14
    for public in spellings:
        with pytest.raises(ProofError, match="任何人都能伪造"):
            VerifierKey("log", public)


@pytest.mark.parametrize("public", [b"", bytes(31), LOG.public.public + b"\0", b"\xff" * 32])
def test_keys_that_are_not_32_canonical_bytes_are_refused(public: bytes) -> None:
    with pytest.raises(ProofError):
        VerifierKey("log", public)
