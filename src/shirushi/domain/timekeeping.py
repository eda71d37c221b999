"""The guarded clock, and the units that issue time-stamps by it."""

from __future__ import annotations

import os
from datetime import timedelta

from shirushi.adapters.clock_board import MappedBoard, SystemClocks
from shirushi.adapters.configuration import Configuration, TsaSection
from shirushi.adapters.data_directory import DataDirectory
from shirushi.adapters.time_sources import ConfiguredSources
from shirushi.core.algorithms import signature_algorithm
from shirushi.domain.trust import chain_of
from shirushi.ports.clock import Clock
from shirushi.ports.database import Database
from shirushi.ports.keys import KeyStore
from shirushi.rules.clock import Declaration
from shirushi.rules.clock.model import SECOND
from shirushi.services.audit.service import AuditTrail
from shirushi.services.clock.service import ClockGuard
from shirushi.services.tsa.model import TimeStampUnit


def guard_of(
    configuration: Configuration,
    board: MappedBoard,
    machine: SystemClocks,
    *,
    database: Database,
    keys: KeyStore,
    clock: Clock,
    audit: AuditTrail,
) -> ClockGuard:
    """The guard of this node's clock, which declares the accuracy of the strictest unit."""
    said = configuration.clock
    accuracy = min((unit.accuracy_seconds for unit in configuration.tsa), default=1.0)
    return ClockGuard(
        board=board,
        machine=machine,
        sources=ConfiguredSources(configuration.clock_source, machine, said.timeout_seconds),
        declared=Declaration(
            accuracy=int(accuracy * SECOND),
            drift=int(said.worst_drift_ppm * 1000),
            step=said.step_milliseconds * SECOND // 1000,
            least=said.least_sources,
            distant=int(accuracy * SECOND) // 2,
            patience=int(said.poll_seconds * SECOND) * 8,
        ),
        database=database,
        keys=keys,
        key_label=configuration.audit.key,
        clock=clock,
        audit=audit,
        node=said.node or os.uname().nodename,
        record_every=timedelta(seconds=said.record_seconds),
    )


def unit_of(directory: DataDirectory, section: TsaSection, keys: KeyStore) -> TimeStampUnit:
    """One unit, its key looked up and its chain read."""
    return TimeStampUnit(
        name=section.name,
        key_label=section.key,
        chain=chain_of(directory.resolve(section.chain)),
        policy_oid=section.policy,
        accuracy=timedelta(seconds=section.accuracy_seconds),
        qualified=section.qualified,
        rotate_before=timedelta(days=section.rotate_days),
        algorithm=signature_algorithm(keys.reference(section.key).key_type),
    )
