"""Officers, motions and what controls an authority. Never commits."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    Column,
    Connection,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    insert,
    select,
    update,
)

from shirushi.core.instant import Instant
from shirushi.ports.database import InstantType, hold, metadata
from shirushi.services.ca.model import AuthorityDefinition
from shirushi.services.ca.model.control import Approval, Control, Motion, MotionKind, MotionState, Officer

officer = Table(
    "ca_officer",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("key_label", String(255), nullable=False),
    Column("spki", LargeBinary, nullable=False),
    Column("failures", Integer, nullable=False),
)
"""`failures` counts wrong PINs since the last right one."""

control = Table(
    "ca_control",
    metadata,
    Column("authority", String(40), primary_key=True),
    Column("control", Text, nullable=False),
    Column("motion", String(32), nullable=False),
)
"""Set by the ceremony `motion` that made the authority, and never changed."""

motion = Table(
    "ca_motion",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("authority", String(40), nullable=False, index=True),
    Column("state", String(16), nullable=False),
    Column("statement", Text, nullable=False),
    Column("control", Text, nullable=False),
    Column("opened_at", InstantType, nullable=False),
    Column("expires_at", InstantType),
    Column("definition", Text),
    Column("issuer", String(40)),
    Column("protocol", Text),
)

approval = Table(
    "ca_approval",
    metadata,
    Column("motion", String(32), primary_key=True),
    Column("officer", String(64), primary_key=True),
    Column("at", InstantType, nullable=False),
    Column("signature", LargeBinary, nullable=False),
)

_DEFINITION = TypeAdapter(AuthorityDefinition)


def add_officer(connection: Connection, added: Officer) -> None:
    """Remember an officer."""
    row = {"name": added.name, "key_label": added.key_label, "spki": added.spki, "failures": 0}
    connection.execute(insert(officer).values(row))


def officers(connection: Connection) -> dict[str, Officer]:
    """All officers by name."""
    rows = connection.execute(select(officer).order_by(officer.c.name))
    return {row.name: Officer(row.name, row.key_label, row.spki, row.failures) for row in rows}


def count_attempt(connection: Connection, name: str) -> int:
    """Count an attempt at an officer's PIN: how many stand now."""
    mine = officer.c.name == name
    connection.execute(update(officer).where(mine).values(failures=officer.c.failures + 1))
    return int(connection.execute(select(officer.c.failures).where(mine)).scalar_one())


def forgive(connection: Connection, name: str) -> None:
    """The PIN was right, or others have unlocked the officer."""
    connection.execute(update(officer).where(officer.c.name == name).values(failures=0))


def controls(connection: Connection, authority: str) -> tuple[Control, str] | None:
    """How the authority is controlled, and the ceremony that says so; None where it is exempt."""
    row = connection.execute(select(control).where(control.c.authority == authority)).one_or_none()
    return (_control(row.control), row.motion) if row else None


def set_control(connection: Connection, authority: str, said: Control, by: str) -> None:
    """Control an authority from now on."""
    connection.execute(
        insert(control).values(authority=authority, control=json.dumps(asdict(said)), motion=by)
    )


def open_motion(connection: Connection, opened: Motion) -> None:
    """Remember a motion."""
    definition = opened.definition and _DEFINITION.dump_json(opened.definition).decode()
    connection.execute(
        insert(motion).values(
            id=opened.id,
            kind=opened.kind.value,
            authority=opened.authority,
            state=opened.state.value,
            statement=opened.statement,
            control=json.dumps(asdict(opened.control)),
            opened_at=opened.opened_at,
            expires_at=opened.expires_at,
            definition=definition,
            issuer=opened.issuer,
        )
    )


def hold_motions(connection: Connection, authority: str) -> None:
    """Keep others waiting who open motions on the authority, or decide them."""
    hold(connection, f"ca_motion {authority}")


def motions(connection: Connection, authority: str, kind: MotionKind) -> tuple[Motion, ...]:
    """The open motions on an authority, newest first."""
    query = select(motion).where(
        motion.c.authority == authority, motion.c.kind == kind.value, motion.c.state == MotionState.OPEN.value
    )
    rows = connection.execute(query.order_by(motion.c.opened_at.desc())).all()
    return tuple(_motion(connection, row) for row in rows)


def find_motion(connection: Connection, id_: str) -> Motion | None:
    """The motion, with its approvals."""
    row = connection.execute(select(motion).where(motion.c.id == id_)).one_or_none()
    return _motion(connection, row) if row else None


def settle_motion(connection: Connection, id_: str, state: MotionState, protocol: str | None = None) -> None:
    """The motion is decided."""
    connection.execute(update(motion).where(motion.c.id == id_).values(state=state.value, protocol=protocol))


def approve(connection: Connection, id_: str, name: str, at: Instant, signature: bytes) -> None:
    """Keep an approval; IntegrityError where the officer has approved before."""
    connection.execute(insert(approval).values(motion=id_, officer=name, at=at, signature=signature))


def _motion(connection: Connection, row: Any) -> Motion:
    given = connection.execute(
        select(approval, officer)
        .join(officer, officer.c.name == approval.c.officer)
        .where(approval.c.motion == row.id)
        .order_by(approval.c.at)
    )
    return Motion(
        row.id,
        MotionKind(row.kind),
        row.authority,
        row.statement,
        _control(row.control),
        MotionState(row.state),
        row.opened_at,
        row.expires_at,
        row.definition and _DEFINITION.validate_json(row.definition),
        row.issuer,
        row.protocol,
        tuple(
            Approval(Officer(each.name, each.key_label, each.spki), each.at, each.signature) for each in given
        ),
    )


def _control(text: str) -> Control:
    said = json.loads(text)
    return Control(tuple(said["officers"]), said["needed"], said["hours"])
