"""Construct the services over their adapters."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import URL

from shirushi.adapters.access_tokens import DatabaseTokens
from shirushi.adapters.all_anchors import AllAnchors
from shirushi.adapters.background_threads import BackgroundThreads
from shirushi.adapters.chain_file import ChainFolder
from shirushi.adapters.checkpoint_files import CheckpointFile
from shirushi.adapters.clock_board import GuardedClock, MappedBoard, SystemClocks
from shirushi.adapters.configuration import Configuration
from shirushi.adapters.data_directory import DataDirectory
from shirushi.adapters.database import SqlDatabase, migrate, sqlite_url
from shirushi.adapters.depot import FolderDepot
from shirushi.adapters.kept_replies import DatabaseReplies
from shirushi.adapters.local_files import LocalFiles
from shirushi.adapters.pkcs11.client import SignerClient, settings_of
from shirushi.adapters.pkilint_linter import PkiLinter
from shirushi.adapters.remote_revocation import RemoteRevocation
from shirushi.adapters.remote_time_stamper import RemoteTimeStamper
from shirushi.adapters.system_clock import SystemClock, SystemEntropy
from shirushi.adapters.uploads import SpooledUploads
from shirushi.core.actor import service_actor
from shirushi.domain.documents import formats_of, forms_of, parsers_of
from shirushi.domain.enrolment import compromised_keys_of, enrolment_of
from shirushi.domain.keys import keys_of
from shirushi.domain.model import LOCAL_OPERATOR, Domain, Ports, Services
from shirushi.domain.timekeeping import guard_of, unit_of
from shirushi.domain.trust import bridges_of, federations_of, fetcher_of, trusted_lists_of
from shirushi.formats.asic.container import AsicKind
from shirushi.ports.clock import Clock
from shirushi.rules.ades import JAPAN
from shirushi.services.audit.service import AuditService, AuditTrail
from shirushi.services.ca.service import CertificateAuthority
from shirushi.services.clock.service import TimeRecordHeads
from shirushi.services.signing.model import RenewalPolicy
from shirushi.services.signing.service import Batches, Signing
from shirushi.services.trustlist.service import ListPublishing
from shirushi.services.tsa.service import TimeStampingAuthority
from shirushi.services.validation.service import Validation


@contextmanager
def compose(
    directory: DataDirectory,
    configuration: Configuration,
    clock: Clock | None = None,
    *,
    supervised: bool = False,
) -> Iterator[Domain]:
    """Construct the services over their adapters; at the end, link the audit rows that were written meanwhile.

    `supervised` says that a supervisor runs the signer processes; else they are started here as they are needed.
    """
    url = database_url(directory, configuration)
    migrate(url)
    database = SqlDatabase(url)
    given, clock = clock, clock or SystemClock()
    entropy = SystemEntropy()
    token_signers = [
        SignerClient(directory, settings_of(directory, section), supervised=supervised)
        for section in configuration.pkcs11
    ]
    keys = keys_of(directory, configuration, token_signers, database, clock)
    audit = AuditTrail(clock)
    ca = CertificateAuthority(
        database=database,
        keys=keys,
        clock=clock,
        entropy=entropy,
        audit=audit,
        linter=PkiLinter(),
        compromised=compromised_keys_of(directory, configuration),
    )
    board, machine = MappedBoard(directory.folder("clock")), SystemClocks()
    guard = guard_of(configuration, board, machine, database=database, keys=keys, clock=clock, audit=audit)
    guarded = given or GuardedClock(board, machine, guard.look_once)
    tsa = TimeStampingAuthority(
        units=[unit_of(directory, section, keys) for section in configuration.tsa],
        keys=keys,
        clock=guarded,
        database=database,
        audit=audit,
        issuer=ca,
    )
    trusted_lists = trusted_lists_of(directory, configuration, database, clock, audit)
    bridges = bridges_of(directory, configuration)
    anchors = AllAnchors([bridges, trusted_lists, *federations_of(directory, configuration)])
    remote = RemoteRevocation(fetcher_of(configuration))
    elsewhere = configuration.signing.time_stamps_from
    stamper = RemoteTimeStamper(elsewhere, fetcher_of(configuration), entropy) if elsewhere else tsa
    formats = formats_of(stamper.token_size)
    signing = Signing(
        formats=formats,
        forms=forms_of(formats),
        keys=keys,
        time_stamper=stamper,
        anchors=anchors,
        sources=[ca, bridges, remote],
        register=ca,
        algorithms=JAPAN.catalogue,
        renewal=RenewalPolicy(
            tuple(map(directory.resolve, configuration.renewal.folders)),
            timedelta(days=configuration.renewal.days_before),
        ),
        files=LocalFiles(),
        database=database,
        clock=clock,
        entropy=entropy,
        audit=audit,
        pin_attempts=configuration.pin.attempts,
        default_form=AsicKind.E.value,
    )
    background = BackgroundThreads()
    batches = Batches(
        signing=signing,
        depot=FolderDepot(directory.folder("batches")),
        background=background,
        database=database,
        clock=clock,
        entropy=entropy,
        audit=audit,
    )
    validation = Validation(
        parsers=parsers_of(formats),
        anchors=anchors,
        sources=[ca, bridges],
        remote_sources=[remote],
        qualifier=trusted_lists,
        policy=JAPAN,
        clock=clock,
        database=database,
        audit=audit,
    )
    audit_service = AuditService(
        trail=audit,
        database=database,
        keys=keys,
        key_label=configuration.audit.key,
        clock=clock,
        time_stamper=tsa if configuration.tsa else None,
        chains=ChainFolder(directory.chains, configuration.clock.node),
        kept=TimeRecordHeads(database),
        archives=[
            CheckpointFile(folder / "checkpoints.jsonl")
            for folder in (directory.audit, *map(directory.resolve, configuration.audit.elsewhere))
        ],
    )
    publishing = ListPublishing(
        sealer=signing, catalogue=JAPAN.catalogue, database=database, clock=clock, audit=audit
    )
    services = Services(
        audit_service,
        ca,
        enrolment_of(configuration, ca),
        tsa,
        guard,
        signing,
        batches,
        validation,
        trusted_lists,
        publishing,
    )
    ports = Ports(
        database,
        clock,
        anchors,
        DatabaseTokens(database, clock, entropy, audit),
        DatabaseReplies(database, clock),
        SpooledUploads(directory.folder("uploads")),
        directory.folder("visits"),
        guarded,
        directory.chains,
        tuple(token_signers),
    )
    try:
        yield Domain(configuration.domain.name, services, LOCAL_OPERATOR, keys, configuration, ports)
        background.close()
        audit_service.sequence(service_actor("audit"))
    finally:
        background.close()
        for signer in token_signers:
            signer.close()
        database.close()


def database_url(directory: DataDirectory, configuration: Configuration) -> str | URL:
    """Where the domain's database lies."""
    return configuration.database.url or sqlite_url(directory.database)
