"""Web hooks: all that an account sees is sent, signed, in order, and once by its ids."""

import hmac
import json
import logging
import re
import socket
from base64 import b64decode, b64encode
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from ipaddress import ip_address, ip_network
from pathlib import Path
from threading import Thread
from typing import Any, Final

import pytest

from application.handle import handle
from ledger.problem import Mendable
from ledger.store import Store
from tests.support.desks import PASSWORD, House, house
from tests.support.places import Place
from tests.support.receiver import Receiver, receiver
from tests.support.terminal import CASE, RESULT, done, record, scoretrail
from web.hook_address import Answered, checked, may_go_to, send
from web.hook_signature import signed
from web.hooks import (
    GIVEN_UP,
    HIDDEN,
    HOOKS_MAX,
    LEASED,
    PAUSES,
    SKIPPED,
    TRIES,
    Deliverer,
    register,
)

pytestmark = pytest.mark.server_sample(6)

HERE: Final = [ip_network("127.0.0.0/8")]
SECRET: Final = re.compile(r"<code>(whsec_[\w+/=]{44})</code>")


@pytest.fixture
def pages(reviewed: Place, tmp_path: Path) -> Iterator[House]:
    with house(reviewed, tmp_path) as made:
        yield made


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiver() as made:
        yield made


def deliverer(pages: House, **more: Any) -> Deliverer:  # noqa: ANN401 - as it has it
    return Deliverer(pages.app.state.office, HERE, **more)


def hooked(
    pages: House, address: str, account: str = "agency-reviewer", *, from_beginning: bool = False
) -> str:
    office = pages.app.state.office
    return register(office, account, address, (), from_beginning=from_beginning).id


def all_turns(made: Deliverer) -> int:
    """Deliver until nothing more is taken."""
    taken = 0
    while now := made.turn():
        taken += now
    return taken


def say(pages: House, place: Place, account: str, item: str) -> None:
    said = {"do": "make-statement", "item": item, "kind": "goal", "statement": "x"}
    with Store.open(place.target) as store:
        handle(store, pages.clock, account, said, key=f"key-{item}", case=CASE)


def of_case(place: Place) -> list[Any]:
    return [row for row in record(place) if row[1] == CASE]


def test_what_is_signed_is_what_the_standard_signs() -> None:
    """The example of the specification's own libraries."""
    secret = b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = signed(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.slow
def test_everything_is_delivered_signed_and_in_order(
    pages: House, reviewed: Place, there: Receiver
) -> None:
    made = register(
        pages.app.state.office, "agency-reviewer", there.address, (), from_beginning=True
    )
    assert all_turns(deliverer(pages)) == len(of_case(reviewed)) == len(there.got)
    versions = [json.loads(one.body)["data"]["version"] for one in there.got]
    assert versions == [row[2] for row in of_case(reviewed)]
    key = b64decode(made.secret.removeprefix("whsec_"))
    for one in there.got[:5]:
        content = f"{one.id}.{one.headers['webhook-timestamp']}.".encode() + one.body
        value = b64encode(hmac.new(key, content, sha256).digest()).decode()
        assert one.headers["webhook-signature"] == f"v1,{value}"
        assert one.headers["content-type"] == "application/cloudevents+json"
        assert json.loads(one.body)["id"] == one.id
    assert all_turns(deliverer(pages)) == 0


def test_a_new_hook_begins_with_the_present(pages: House, reviewed: Place, there: Receiver) -> None:
    hooked(pages, there.address)
    made = deliverer(pages)
    assert all_turns(made) == 0
    say(pages, reviewed, "agency-reviewer", "review-new")
    assert all_turns(made) == 1


def test_what_is_not_taken_is_sent_again_later_and_later_and_what_follows_it_waits(
    pages: House, reviewed: Place, there: Receiver
) -> None:
    id_ = hooked(pages, there.address)
    for item in ("review-a", "review-b"):
        say(pages, reviewed, "agency-reviewer", item)
    there.answers = [500, 503, 302, 204]
    made = deliverer(pages)
    for number, pause in enumerate(PAUSES[:3], 1):
        made.turn()
        assert len(there.got) == number
        (head,) = pages.kept.hooks.heads(id_)
        assert (head.tries, head.status) == (number, str((500, 503, 302)[number - 1]))
        made.turn()
        assert len(there.got) == number  # not before its time
        pages.clock.ahead += pause * 1.3
    assert all_turns(made) == 2
    first, *others, last = there.ids
    assert {first, *others} == {first}
    assert last != first
    assert len({one.body for one in there.got[:4]}) == 1


@pytest.mark.parametrize("killed", ["before it is sent", "behind it"])
def test_who_is_killed_while_it_delivers_loses_nothing_and_doubles_no_id(
    pages: House, reviewed: Place, there: Receiver, killed: str
) -> None:
    hooked(pages, there.address)
    say(pages, reviewed, "agency-reviewer", "review-a")

    def ask(*words: Any) -> Answered:  # noqa: ANN401 - as `send` has it
        if killed == "behind it":
            send(*words)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deliverer(pages, ask=ask).turn()
    other = deliverer(pages)
    assert other.turn() == 0  # another process may be at it
    pages.clock.ahead += LEASED * 2
    assert all_turns(other) == 1
    assert len(there.got) == (2 if killed == "behind it" else 1)
    assert len({*there.ids}) == 1


def test_two_that_deliver_beside_each_other_send_everything_once(
    pages: House, reviewed: Place, there: Receiver
) -> None:
    hooked(pages, there.address, from_beginning=True)
    one, other = deliverer(pages), deliverer(pages)
    while one.turn() + other.turn():
        pass
    assert len(there.got) == len({*there.ids}) == len(of_case(reviewed))


def test_a_unit_is_sent_what_it_sees_and_the_rest_with_the_result(
    pages: House, reviewed: Place, there: Receiver
) -> None:
    hooked(pages, there.address, "unit-filer", from_beginning=True)
    made = deliverer(pages)
    all_turns(made)
    agency = {"reviewer", "lead-reviewer"}
    roles = [json.loads(row[4])["by"]["role"] for row in of_case(reviewed)]
    assert len(there.got) == sum(role not in agency for role in roles)
    done(scoretrail(reviewed, "apply", str(RESULT)))
    all_turns(made)
    assert len(there.ids) == len({*there.ids}) == len(of_case(reviewed))


def test_what_the_account_no_longer_sees_is_not_sent(
    pages: House, reviewed: Place, there: Receiver
) -> None:
    id_ = hooked(pages, there.address)
    say(pages, reviewed, "agency-reviewer", "review-a")
    there.answers = [500]
    made = deliverer(pages)
    made.turn()
    gone = {"do": "revoke-role", "account": "agency-reviewer", "role": "reviewer", "reason": "x"}
    with Store.open(reviewed.target) as store:
        handle(store, pages.clock, "administrator", gone, key="gone")
    pages.clock.ahead += timedelta(minutes=1)
    made.turn()
    assert len(there.got) == 1
    assert [one.status for one in pages.kept.hooks.latest(id_, 9)] == [HIDDEN]


class TestAnEventThatIsRefusedForEver:
    """One that its receiver breaks at must not hold up all others without anybody's knowing."""

    @pytest.fixture
    def refused(self, pages: House, reviewed: Place, there: Receiver) -> str:
        """A hook whose first event was refused as often as may be; another one waits behind."""
        id_ = hooked(pages, there.address)
        for item in ("review-a", "review-b"):
            say(pages, reviewed, "agency-reviewer", item)
        there.answers = [500] * TRIES
        began = pages.clock.ahead
        self.tries(pages, there, TRIES)
        assert pages.clock.ahead - began > timedelta(hours=18)
        return id_

    def tries(self, pages: House, there: Receiver, times: int) -> None:
        made = deliverer(pages)
        for number in range(times):
            made.turn()
            assert len(there.got) == number + 1
            pages.clock.ahead += PAUSES[min(number, len(PAUSES) - 1)] * 1.3

    def test_it_waits_for_a_person_and_says_so(
        self, pages: House, refused: str, there: Receiver
    ) -> None:
        pages.clock.ahead += timedelta(days=1)
        assert deliverer(pages).turn() == 0
        assert len(there.got) == TRIES
        assert len({*there.ids}) == 1
        assert pages.kept.hooks.waiting(refused) == 2
        for account in ("agency-reviewer", "administrator"):
            desk = pages.desk(account)
            for address in ("/", "/hooks"):
                assert f"一个事件 {TRIES} 次未被接收" in desk.get(address).text, (account, address)
        assert "未被接收" not in pages.desk("unit-filer").get("/").text
        assert pages.kept.hooks.halted() == 1

    def test_it_is_sent_again_and_goes_on(
        self, pages: House, refused: str, there: Receiver
    ) -> None:
        again = {"hook": refused, "again": there.ids[0]}
        pages.desk("administrator").post("/hooks/change", data=again)
        assert all_turns(deliverer(pages)) == 2
        assert len({*there.ids}) == 2
        assert pages.kept.hooks.halted() == 0

    def test_or_is_refused_once_more_and_waits_again(
        self, pages: House, refused: str, there: Receiver
    ) -> None:
        there.answers = [500]
        again = {"hook": refused, "again": there.ids[0]}
        pages.desk("administrator").post("/hooks/change", data=again)
        deliverer(pages).turn()
        assert pages.kept.hooks.all()[0].stopped == "refused"

    def test_it_is_skipped_and_that_is_kept(
        self, pages: House, refused: str, there: Receiver
    ) -> None:
        skip = {"hook": refused, "skip": there.ids[0]}
        stranger = pages.desk("unit-filer").post("/hooks/change", data=skip)
        assert stranger.status_code == 404
        pages.desk("administrator").post("/hooks/change", data=skip)
        assert all_turns(deliverer(pages)) == 1  # the one that was behind it
        assert there.ids[-1] != there.ids[0]
        states = {one.id: one.status for one in pages.kept.hooks.latest(refused, 9)}
        assert states[there.ids[0]] == SKIPPED
        desk = pages.desk("agency-reviewer")
        assert "已略过，未发送" in desk.get("/hooks").text
        assert (
            f"略过推送的事件：{there.address.split('/')[2]} {there.ids[0][:12]} · administrator"
            in (desk.get("/account").text)
        )

    def test_one_that_was_not_tried_is_not_skipped(self, pages: House, refused: str) -> None:
        _, behind = pages.kept.hooks.latest(refused, 9)
        desk = pages.desk("administrator")
        desk.post("/hooks/change", data={"hook": refused, "skip": behind.id})
        assert pages.kept.hooks.waiting(refused) == 2
        assert pages.identities.notes("agency-reviewer", 1) == []

    def test_one_that_is_skipped_while_it_is_tried_stays_skipped(
        self, pages: House, reviewed: Place, there: Receiver
    ) -> None:
        id_ = hooked(pages, there.address)
        say(pages, reviewed, "agency-reviewer", "review-a")

        def ask(*words: Any) -> Answered:  # noqa: ANN401 - as `send` has it
            (one,) = pages.kept.hooks.heads(id_)
            assert pages.kept.hooks.skip(id_, one.id, SKIPPED, one.next_at)
            return send(*words)

        there.answers = [500]
        deliverer(pages, ask=ask).turn()
        assert [one.status for one in pages.kept.hooks.latest(id_, 9)] == [SKIPPED]

    @pytest.mark.parametrize("answer", [502, 503, 504, 429])
    def test_a_receiver_that_is_away_is_waited_for_longer(
        self, pages: House, reviewed: Place, there: Receiver, answer: int
    ) -> None:
        hooked(pages, there.address)
        say(pages, reviewed, "agency-reviewer", "review-a")
        there.answers = [answer] * (TRIES + 2)
        self.tries(pages, there, TRIES + 2)
        assert pages.kept.hooks.halted() == 0


class TestAHookThatIsSwitchedOff:
    def test_because_nobody_took_anything_for_long(
        self, pages: House, reviewed: Place, there: Receiver
    ) -> None:
        id_ = hooked(pages, there.address)
        say(pages, reviewed, "agency-reviewer", "review-a")
        there.answers = [500, 500]
        made = deliverer(pages)
        made.turn()
        pages.clock.ahead += GIVEN_UP + timedelta(hours=1)
        made.turn()
        desk = pages.desk("agency-reviewer")
        assert "连续 5 天无法送达" in desk.get("/hooks").text
        assert "连续 5 天无法送达" in desk.get("/").text
        pages.clock.ahead += timedelta(days=1)
        assert made.turn() == 0
        assert len(there.got) == 2
        say(pages, reviewed, "agency-reviewer", "review-b")
        desk = pages.desk("agency-reviewer")
        desk.post("/hooks/change", data={"hook": id_, "on": "1"})
        assert all_turns(made) == 2  # nothing of what came meanwhile is lost

    def test_because_the_receiver_is_gone(
        self, pages: House, reviewed: Place, there: Receiver
    ) -> None:
        hooked(pages, there.address)
        say(pages, reviewed, "agency-reviewer", "review-a")
        there.answers = [410]
        deliverer(pages).turn()
        (hook,) = pages.kept.hooks.all()
        assert hook.stopped == "gone"

    def test_because_its_account_has_another_password_or_none(
        self, pages: House, there: Receiver
    ) -> None:
        for end in ("password", "disable", "restore"):
            id_ = hooked(pages, there.address)
            if end == "password":
                pages.identities.give_password("agency-reviewer", PASSWORD, initial=False)
            elif end == "disable":
                pages.identities.disable("agency-reviewer")
            else:
                pages.kept.disable_all()
            assert {one.id: one.stopped for one in pages.kept.hooks.all()}[id_] == "login"


class TestWhereItMayLead:
    def test_a_redirect_is_not_followed(
        self, pages: House, reviewed: Place, there: Receiver
    ) -> None:
        with receiver() as elsewhere:
            there.headers = {"location": elsewhere.address}
            there.answers = [307]
            hooked(pages, there.address)
            say(pages, reviewed, "agency-reviewer", "review-a")
            deliverer(pages).turn()
            assert (len(there.got), len(elsewhere.got)) == (1, 0)

    @pytest.mark.parametrize(
        "address",
        [
            *("http://receiver.example/x", "ftp://127.0.0.1/", "https://", "https:///x", "/x"),
            *("https://user:word@receiver.example/", "https://receiver.example/#x", "https://é/"),
            *("http://10.0.0.1/", "https://receiver.example:99999/", "https://a b/", "x" * 501),
            *("http://127.0.0.1.receiver.example/", "http://[::ffff:10.0.0.1]/", "file:///etc"),
        ],
    )
    def test_an_address_of_another_form_is_refused(self, pages: House, address: str) -> None:
        with pytest.raises(Mendable):
            checked(address)
        desk = pages.desk("agency-reviewer", "en")
        answer = desk.post("/hooks", data={"address": address})
        assert answer.status_code == 422
        assert 'id="address-problem"' in answer.text
        assert pages.kept.hooks.all() == []

    @pytest.mark.parametrize(
        "address",
        [
            *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
            *("0.0.0.1", "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "fe80::1"),
            *("fc00::1", "::ffff:10.0.0.1", "2002:0a00:0001::", "64:ff9b::a00:1", "::"),
        ],
    )
    def test_an_address_that_is_not_public_is_for_those_that_were_named(self, address: str) -> None:
        assert not may_go_to(ip_address(address), [])
        assert may_go_to(ip_address("93.184.215.14"), [])
        assert may_go_to(ip_address("10.1.2.3"), [ip_network("10.1.0.0/16")])
        assert not may_go_to(ip_address(address), [ip_network("192.0.2.0/24")])

    def test_nothing_is_sent_there(self, there: Receiver) -> None:
        answered = send(there.address, b"{}", {}, [])
        assert answered == Answered(0, "not in a network that is allowed")
        named = there.address.replace("127.0.0.1", "localhost")
        assert send(named, b"{}", {}, []).status == 0
        assert there.got == []

    @pytest.mark.parametrize("host", ["receiver..example", f"{'a' * 64}.example"])
    def test_a_name_that_no_host_can_have_stops_nobody(self, host: str) -> None:
        answered = send(f"https://{host}/", b"{}", {}, [])
        assert answered == Answered(0, "the name of the host is not known")

    def test_nobody_is_held_up_by_an_answer_that_does_not_end(self) -> None:
        """Given a receiver that says to close the connection after its answer, and does not."""
        with socket.create_server(("127.0.0.1", 0)) as listening:
            held: list[socket.socket] = []

            def answer() -> None:
                held.append(listening.accept()[0])
                held[0].sendall(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n.")

            Thread(target=answer, daemon=True).start()
            address = f"http://127.0.0.1:{listening.getsockname()[1]}/"
            assert send(address, b"{}", {}, HERE) == Answered(200, "200")
            held[0].close()

    def test_a_receiver_that_is_not_there_is_told_in_words(self) -> None:
        assert "no answer" in send("http://127.0.0.1:9/", b"{}", {}, HERE).words


class TestThePage:
    def test_its_secret_is_shown_once_and_written_nowhere(
        self, pages: House, reviewed: Place, there: Receiver, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        desk = pages.desk("agency-reviewer")
        answer = desk.post("/hooks", data={"address": there.address})
        (secret,) = SECRET.findall(answer.text)
        assert answer.headers["cache-control"] == "no-store"
        assert secret not in desk.get("/hooks").text
        say(pages, reviewed, "agency-reviewer", "review-a")
        there.answers = [500]
        deliverer(pages).turn()
        assert secret not in caplog.text
        assert secret.removeprefix("whsec_") not in caplog.text
        assert secret.encode() not in b"".join(one.body for one in there.got)

    def test_a_delivery_can_be_made_once_more_under_its_id(
        self, pages: House, reviewed: Place, there: Receiver
    ) -> None:
        desk = pages.desk("agency-reviewer")
        id_ = hooked(pages, there.address)
        say(pages, reviewed, "agency-reviewer", "review-a")
        made = deliverer(pages)
        made.turn()
        assert there.ids[0][:12] in desk.get("/hooks").text
        desk.post("/hooks/change", data={"hook": id_, "again": there.ids[0]})
        made.turn()
        assert (len(there.got), len({*there.ids})) == (2, 1)

    def test_it_is_for_its_owner_and_for_administrators_who_learn_of_no_case(
        self, pages: House, reviewed: Place, there: Receiver
    ) -> None:
        id_ = hooked(pages, there.address)
        say(pages, reviewed, "agency-reviewer", "review-a")
        deliverer(pages).turn()
        stranger = pages.desk("unit-filer")
        assert there.address not in stranger.get("/hooks").text
        for change in ("end", "off", "on", "again"):
            data = {"hook": id_, change: "1"}
            gone = stranger.post("/hooks/change", data=data)
            nowhere = stranger.post("/hooks/change", data={**data, "hook": "none"})
            assert gone.status_code == nowhere.status_code == 404
        (hook,) = pages.kept.hooks.all()
        assert hook.stopped == ""
        text = pages.desk("administrator").get("/hooks").text
        assert there.address in text
        assert CASE not in text
        pages.desk("administrator").post("/hooks/change", data={"hook": id_, "off": "1"})
        assert pages.kept.hooks.all()[0].stopped == "owner"

    def test_only_an_administrator_registers_one_for_another_account(
        self, pages: House, there: Receiver
    ) -> None:
        data = {"address": there.address, "for": "bureau-officer"}
        pages.desk("unit-filer").post("/hooks", data=data)
        pages.desk("administrator").post("/hooks", data=data)
        assert {one.account for one in pages.kept.hooks.all()} == {"unit-filer", "bureau-officer"}
        told = pages.desk("bureau-officer", "en").get("/account").text
        host = there.address.split("/")[2]
        assert f"registered a web hook at {host} · administrator</li>" in told

    def test_an_account_has_so_many(self, pages: House, there: Receiver) -> None:
        for _ in range(HOOKS_MAX):
            hooked(pages, there.address)
        desk = pages.desk("agency-reviewer")
        answer = desk.post("/hooks", data={"address": there.address})
        assert (answer.status_code, 'id="address-problem"' in answer.text) == (422, True)
        assert len(pages.kept.hooks.all()) == HOOKS_MAX
        assert pages.desk("unit-filer").post("/hooks", data={"address": there.address}).is_success

    def test_it_asks_for_the_password_again(self, pages: House, there: Receiver) -> None:
        desk = pages.desk("agency-reviewer")
        pages.clock.ahead += timedelta(minutes=11)
        assert desk.post("/hooks", data={"address": there.address}).status_code == 403
        assert pages.kept.hooks.all() == []
