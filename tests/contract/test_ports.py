"""Every adapter takes what its port says and returns it: names, order, kinds and defaults of all parameters."""

import inspect
import typing
from dataclasses import fields, is_dataclass

import pytest

from reconciler import ports
from reconciler.adapters.alerts import FileAlerts
from reconciler.adapters.artifacts import DvcArtifacts
from reconciler.adapters.clock import FixedClock, SystemClock
from reconciler.adapters.data_remote import DvcDataRemote
from reconciler.adapters.database import SqlDatabase
from reconciler.adapters.fakes.alerts import FakeAlerts
from reconciler.adapters.fakes.clock import SteppedClock
from reconciler.adapters.fakes.cluster import FakeCluster
from reconciler.adapters.fakes.data_remote import FakeDataRemote
from reconciler.adapters.fakes.database import FakeDatabase
from reconciler.adapters.fakes.forge import FakeForge
from reconciler.adapters.fakes.logs import FakeLogs
from reconciler.adapters.fakes.metrics import FakeMetrics
from reconciler.adapters.fakes.notices import FakeConversations, FakeNotices
from reconciler.adapters.fakes.packages import FakePackages
from reconciler.adapters.fakes.schemas import FakeSchemas
from reconciler.adapters.fakes.store import FakeStore
from reconciler.adapters.forges.github import GitHubForge
from reconciler.adapters.forges.local import LocalForge
from reconciler.adapters.git import GitRepository, RemoteRepository
from reconciler.adapters.logs import ParquetLogs
from reconciler.adapters.memory import FolderMemory
from reconciler.adapters.metrics import PrometheusMetrics
from reconciler.adapters.packages import FsspecPackages
from reconciler.adapters.packages.oci import OciPackages
from reconciler.adapters.rebuilder import DvcRebuilder
from reconciler.adapters.signing.keyless import KeylessSigner
from reconciler.adapters.signing.keys import KeySigner
from reconciler.adapters.signing.verifier import Signatures
from reconciler.adapters.sources import SourceData
from reconciler.adapters.sources.schemas import SourceSchemas
from reconciler.adapters.stores import FsspecStore
from reconciler.adapters.trainer import DvcTrainer
from reconciler.adapters.training.interrupted import FolderRuns
from reconciler.adapters.training.program import SupervisedPrograms

ADAPTERS: dict[type, tuple[type, ...]] = {
    ports.Clock: (SystemClock, FixedClock, SteppedClock),
    ports.RepositoryReader: (GitRepository, RemoteRepository),
    ports.RepositoryWriter: (GitRepository, RemoteRepository),
    ports.ForgeReader: (LocalForge, FakeForge, GitHubForge),
    ports.ForgeWriter: (LocalForge, FakeForge, GitHubForge),
    ports.Data: (SourceData,),
    ports.ArtifactStore: (DvcArtifacts,),
    ports.Memory: (FolderMemory,),
    ports.Trainer: (DvcTrainer,),
    ports.Metrics: (PrometheusMetrics, FakeMetrics),
    ports.Alerts: (FileAlerts, FakeAlerts),
    ports.Database: (SqlDatabase, FakeDatabase),
    ports.Store: (FsspecStore, FakeStore),
    ports.Logs: (ParquetLogs, FakeLogs),
    ports.Schemas: (SourceSchemas, FakeSchemas),
    ports.Cache: (DvcArtifacts,),
    ports.DataRemote: (DvcDataRemote, FakeDataRemote),
    ports.DataRemoteWriter: (DvcDataRemote, FakeDataRemote),
    ports.Packages: (FsspecPackages, OciPackages, FakePackages),
    ports.PackagesWriter: (FsspecPackages, OciPackages, FakePackages),
    ports.Programs: (SupervisedPrograms,),
    ports.Rebuilder: (DvcRebuilder,),
    ports.RunsReader: (FolderRuns,),
    ports.RunsWriter: (FolderRuns,),
    ports.Signer: (KeySigner, KeylessSigner),
    ports.Verifier: (Signatures,),
    ports.Conversations: (FakeConversations, GitHubForge),
    ports.Notices: (FakeNotices, GitHubForge),
    ports.ClusterReader: (FakeCluster,),
    ports.ClusterWriter: (FakeCluster,),
}
PAIRS = [(port, adapter) for port, adapters in ADAPTERS.items() for adapter in adapters]


def promises(port: type) -> dict[str, inspect.Signature]:
    return {name: inspect.signature(value) for name, value in vars(port).items() if callable(value) and not name.startswith("_")}


def test_every_port_has_an_adapter_here() -> None:
    protocols = {value for value in vars(ports).values() if isinstance(value, type) and getattr(value, "_is_protocol", False)}

    assert protocols - {typing.Protocol} == set(ADAPTERS)


def parts(bundle: type) -> set[type]:
    """The ports in a bundle; one that may be left out is `X | None`."""
    hints = typing.get_type_hints(bundle)
    return {next(iter(typing.get_args(hints[field.name])), hints[field.name]) for field in fields(bundle)}


@pytest.mark.parametrize(("port", "adapter"), PAIRS, ids=[f"{adapter.__name__} as {port.__name__}" for port, adapter in PAIRS])
def test_an_adapter_takes_what_its_port_says(port: type, adapter: type) -> None:
    assert promises(port)
    for name, promised in promises(port).items():
        found = inspect.signature(getattr(adapter, name))
        given = [(p.name, p.kind, p.default) for p in promised.parameters.values()]
        assert [(p.name, p.kind, p.default) for p in found.parameters.values()] == given, name
        assert str(found.return_annotation).strip("'\"") == str(promised.return_annotation).strip("'\""), name


@pytest.mark.parametrize(("port", "adapter"), PAIRS, ids=[f"{adapter.__name__} as {port.__name__}" for port, adapter in PAIRS])
def test_what_can_be_called_says_what_it_does(port: type, adapter: type) -> None:
    for name in promises(port):
        assert inspect.getdoc(getattr(port, name)), f"{port.__name__}.{name}"
        assert inspect.getdoc(getattr(adapter, name)), f"{adapter.__name__}.{name}"


@pytest.mark.parametrize("bundle", [ports.Readers, ports.Writers])
def test_readers_and_writers_are_made_of_ports_only(bundle: type) -> None:
    assert is_dataclass(bundle)

    assert parts(bundle) <= set(ADAPTERS)


def test_readers_hold_nothing_that_writes() -> None:
    writes = {
        name
        for port in (ports.RepositoryWriter, ports.ForgeWriter, ports.Trainer, ports.ClusterWriter)
        for name in promises(port)
    }
    reads = {name for port in parts(ports.Readers) for name in promises(port)}

    assert not writes & reads
