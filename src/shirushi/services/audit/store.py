"""The tables of the audit log. Nothing here commits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    bindparam,
    func,
    insert,
    select,
    update,
)

from shirushi.core.instant import instant
from shirushi.ports.database import metadata
from shirushi.services.audit.model import GENESIS, Checkpoint, Row, fixed_instant

_COUNTER = BigInteger().with_variant(Integer, "sqlite")

audit_event = Table(
    "audit_event",
    metadata,
    Column("id", _COUNTER, primary_key=True, autoincrement=True),
    Column("at", String(27), nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", String(100), nullable=False),
    Column("subject", Text, nullable=False, index=True),
    Column("outcome", String(100), nullable=False),
    Column("detail", Text, nullable=False),
    Column("position", _COUNTER, unique=True),
    Column("link", String(64)),
    sqlite_autoincrement=True,  # a number is never given twice, whatever is removed
)

audit_chain = Table(
    "audit_chain",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("count", _COUNTER, nullable=False),
    Column("head", String(64), nullable=False),
)

audit_checkpoint = Table(
    "audit_checkpoint",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", String(27), nullable=False),
    Column("count", _COUNTER, nullable=False),
    Column("head", String(64), nullable=False),
    Column("statement", Text, nullable=False),
    Column("key_label", String(255), nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("token", LargeBinary),
)
