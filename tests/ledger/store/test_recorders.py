"""The library's own suite for persistence modules, run on ours, in memory and on a file."""

import subprocess
import sys
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from unittest import TestCase
from uuid import UUID, uuid4

import pytest
from eventsourcing import persistence
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import InfrastructureFactory, StoredEvent
from eventsourcing.tests import persistence as suite
from eventsourcing.utils import Environment

from ledger.ledger import Ledger
from ledger.store import MEMORY, Store
from ledger.store.recorders import (
    AggregateRecorder,
    ApplicationRecorder,
    Factory,
    ProcessRecorder,
    TrackingRecorder,
)

pytestmark = pytest.mark.slow

AT = "2026-11-22T00:00:00.000000Z"


def environment(target: str, **more: str) -> Environment:
    return Environment(
        "reviews",
        {"PERSISTENCE_MODULE": "ledger.store.recorders", "SCORETRAIL_DATABASE": target, **more},
    )


class OnADatabase(TestCase, ABC):
    """Each test has a factory of its own."""

    originator_ids = "uuid"

    @abstractmethod
    def target(self) -> str:
        """Where a ledger can be made."""

    def setUp(self) -> None:
        self.ours = Factory(environment(self.target(), ORIGINATOR_ID_TYPE=self.originator_ids))
        self.addCleanup(self.ours.close)


@pytest.mark.sqlite_only("every suite is there a second time, on a server")
class OnAFile(OnADatabase, ABC):
    def target(self) -> str:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        return str(Path(folder.name) / "ledger.db")


class InMemory(OnADatabase, ABC):
    def target(self) -> str:
        return MEMORY


class OnAServer(OnADatabase, ABC):
    """Each test has a database of its own."""

    @pytest.fixture(autouse=True)
    def _of_the_server(self, postgres_target: str) -> None:
        self.postgres_target = postgres_target

    def target(self) -> str:
        return self.postgres_target


class WithTextIds(OnADatabase, ABC):
    """Case ids as our own ledger writes them."""

    originator_ids = "text"

    def new_originator_id(self) -> UUID | str:
        return f"zhanjiang-amr-{uuid4()}"


class Aggregates(OnADatabase, suite.AggregateRecorderTestCase, ABC):
    def create_recorder(self) -> persistence.AggregateRecorder:
        return self.ours.aggregate_recorder()


class Snapshots(OnADatabase, suite.AggregateRecorderTestCase, ABC):
    def create_recorder(self) -> persistence.AggregateRecorder:
        return self.ours.aggregate_recorder(purpose="snapshots")


class Applications(OnADatabase, suite.ApplicationRecorderTestCase[ApplicationRecorder], ABC):
    def create_recorder(self) -> ApplicationRecorder:
        return self.ours.application_recorder()


class Trackings(OnADatabase, suite.TrackingRecorderTestCase, ABC):
    def create_recorder(self) -> persistence.TrackingRecorder:
        return self.ours.tracking_recorder()


class Processes(OnADatabase, suite.ProcessRecorderTestCase, ABC):
    def create_recorder(self) -> persistence.ProcessRecorder:
        return self.ours.process_recorder()


class NonInterleaving(OnADatabase, suite.NonInterleavingNotificationIDsBaseCase, ABC):
    def create_recorder(self) -> persistence.ApplicationRecorder:
        return self.ours.application_recorder()


class TestAggregatesInAFile(OnAFile, Aggregates):
    pass


class TestSnapshotsInAFile(OnAFile, Snapshots):
    pass


class TestApplicationsInAFile(OnAFile, Applications):
    pass


class TestTrackingsInAFile(OnAFile, Trackings):
    pass


class TestProcessesInAFile(OnAFile, Processes):
    pass


class TestNonInterleavingInAFile(OnAFile, NonInterleaving):
    pass


class TestAggregatesWithTextIdsInAFile(OnAFile, WithTextIds, Aggregates):
    pass


class TestApplicationsWithTextIdsInAFile(OnAFile, WithTextIds, Applications):
    pass


class TestProcessesWithTextIdsInAFile(OnAFile, WithTextIds, Processes):
    pass


class TestAggregatesInMemory(InMemory, Aggregates):
    pass


class TestSnapshotsInMemory(InMemory, Snapshots):
    pass


class TestApplicationsInMemory(InMemory, Applications):
    pass


class TestTrackingsInMemory(InMemory, Trackings):
    pass


class TestProcessesInMemory(InMemory, Processes):
    pass


class TestNonInterleavingInMemory(InMemory, NonInterleaving):
    pass


class TestAggregatesOnAServer(OnAServer, Aggregates):
    pass


class TestSnapshotsOnAServer(OnAServer, Snapshots):
    pass


class TestApplicationsOnAServer(OnAServer, Applications):
    pass


class TestTrackingsOnAServer(OnAServer, Trackings):
    pass


class TestProcessesOnAServer(OnAServer, Processes):
    pass


class TestNonInterleavingOnAServer(OnAServer, NonInterleaving):
    pass


class TestAggregatesWithTextIdsOnAServer(OnAServer, WithTextIds, Aggregates):
    pass


class TestApplicationsWithTextIdsOnAServer(OnAServer, WithTextIds, Applications):
    pass


class TestProcessesWithTextIdsOnAServer(OnAServer, WithTextIds, Processes):
    pass


class OtherTrackingRecorder(TrackingRecorder):
    """A recorder that a topic in the environment may name."""


class TestTheFactory(suite.InfrastructureFactoryTestCase[Factory]):
    def setUp(self) -> None:
        self.env = environment(MEMORY)
        super().setUp()

    def expected_factory_class(self) -> type[Factory]:
        return Factory

    def expected_aggregate_recorder_class(self) -> type[AggregateRecorder]:
        return AggregateRecorder

    def expected_application_recorder_class(self) -> type[ApplicationRecorder]:
        return ApplicationRecorder

    def expected_tracking_recorder_class(self) -> type[TrackingRecorder]:
        return TrackingRecorder

    def tracking_recorder_subclass(self) -> type[TrackingRecorder]:
        return OtherTrackingRecorder

    def expected_process_recorder_class(self) -> type[ProcessRecorder]:
        return ProcessRecorder


class TestTheFactorySettings:
    def test_without_a_database_it_says_what_to_set(self) -> None:
        with pytest.raises(OSError, match="REVIEWS_SCORETRAIL_DATABASE"):
            Factory(environment(""))

    def test_an_unknown_kind_of_id_is_refused(self) -> None:
        with pytest.raises(OSError, match="uuid or text"):
            Factory(environment(MEMORY, ORIGINATOR_ID_TYPE="integer"))

    def test_a_recorder_of_another_family_is_refused(self) -> None:
        topic = "eventsourcing.popo:POPOApplicationRecorder"
        with (
            Factory(environment(MEMORY, APPLICATION_RECORDER_TOPIC=topic)) as factory,
            pytest.raises(TypeError, match="ApplicationRecorder"),
        ):
            factory.application_recorder()

    def test_a_ledger_that_must_exist_is_not_made(self, tmp_path: Path) -> None:
        with pytest.raises(persistence.InterfaceError, match="没有这个文件"):
            Factory(environment(str(tmp_path / "ledger.db"), CREATE_TABLE="no"))

    def test_subscriptions_are_not_offered(self) -> None:
        factory = Factory(environment(MEMORY))
        with pytest.raises(NotImplementedError):
            factory.application_recorder().subscribe()
        factory.close()

    def test_an_entry_too_long_for_the_log_is_an_error_of_data(self) -> None:
        factory = Factory(environment(MEMORY))
        huge = StoredEvent(originator_id="a", originator_version=1, topic="T", state=bytes(70_000))
        with pytest.raises(persistence.DataError):
            factory.application_recorder().insert_events([huge])
        factory.close()

    def test_a_closed_factory_is_an_error_of_the_interface(self) -> None:
        factory = Factory(environment(MEMORY))
        recorder = factory.application_recorder()
        factory.close()
        with pytest.raises(persistence.InterfaceError):
            recorder.max_notification_id()


class Case(Aggregate):
    """An ordinary aggregate in the library's own manner."""

    @event("Opened")
    def __init__(self, unit: str) -> None:
        self.unit = unit
        self.scores: list[str] = []

    @event("Scored")
    def score(self, score: str) -> None:
        self.scores.append(score)


class TestAnOrdinaryApplication:
    def settings(self, target: str) -> dict[str, str]:
        return {
            "PERSISTENCE_MODULE": "ledger.store.recorders",
            "SCORETRAIL_DATABASE": target,
            "IS_SNAPSHOTTING_ENABLED": "yes",
        }

    def test_saves_snapshots_and_reads_again(self, store_target: str) -> None:
        application = Application[UUID](env=self.settings(store_target))
        case = Case(unit="市场监管局")
        case.score("16.00")
        application.save(case)
        application.take_snapshot(case.id)
        case.score("93.89")
        application.save(case)
        application.close()

        application = Application[UUID](env=self.settings(store_target))
        again: Case = application.repository.get(case.id)
        assert (again.unit, again.scores) == ("市场监管局", ["16.00", "93.89"])
        earlier: Case = application.repository.get(case.id, version=2)
        assert earlier.scores == ["16.00"]
        assert application.snapshots is not None
        assert len(list(application.snapshots.get(case.id))) == 1
        assert [n.id for n in application.notification_log.select(1, 10)] == [1, 2, 3]
        application.close()

    def test_is_sealed_and_read_as_everything_in_a_store(self, store_target: str) -> None:
        application = Application[UUID](env=self.settings(store_target))
        case = Case(unit="市场监管局")
        case.score("16.00")
        application.save(case)
        followed = all_of(application)
        application.close()
        with Store.open(store_target) as store:
            log = list(store.read_log())
            assert [(one.position, one.entry) for one in log] == [
                (notification.id - 1, notification.state) for notification in followed
            ]
            assert store.read(str(case.id)) == log
            assert store.seal(thorough=True) == range(2, 2)

    def test_is_refused_where_the_cases_of_a_review_are_and_may_follow_them(
        self, store_target: str
    ) -> None:
        with Store.open(store_target) as store:
            recorded = Ledger(store).initialise("admin", "bureau", date(2024, 1, 2), AT)
            settings = self.settings(store_target) | {"ORIGINATOR_ID_TYPE": "text"}
            application = Application[UUID](env=settings)
            with pytest.raises(persistence.InterfaceError, match="its own database"):
                application.save(Case(unit="市场监管局"))
            assert [one.state for one in all_of(application)] == [one.entry for one in recorded]
            application.close()
            assert store.size() == len(recorded)

    def test_a_version_taken_by_another_is_an_error_of_integrity(self, store_target: str) -> None:
        application = Application[UUID](env=self.settings(store_target))
        case = Case(unit="市场监管局")
        application.save(case)
        first: Case = application.repository.get(case.id)
        second: Case = application.repository.get(case.id)
        first.score("1.00")
        second.score("2.00")
        application.save(first)
        with pytest.raises(persistence.IntegrityError):
            application.save(second)
        application.close()


def all_of(application: Application[UUID]) -> Sequence[persistence.Notification]:
    recorder = application.recorder
    return recorder.select_notifications(start=None, limit=10)


@pytest.mark.parametrize("module", ["ledger.store", "ledger.ledger"])
def test_the_library_is_imported_only_where_its_classes_are_asked_for(module: str) -> None:
    code = f"import sys, {module}; sys.exit('eventsourcing' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603 - our own code


def test_the_module_is_found_by_its_name_alone() -> None:
    with InfrastructureFactory.construct(environment(MEMORY)) as factory:
        assert type(factory) is Factory
        factory.close()
