"""Registers of companies and residents: what a change there comes to, and what waits for somebody to look."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from shirushi.faces.portal.kit import Kit
from shirushi.faces.portal.visit import Visit
from shirushi.services.ca.model import RegisterChange
from shirushi.services.ca.portal.sections import LOOKERS, OPERATORS, serial_number_of, shown
from shirushi.services.ca.service import CertificateAuthority

_HERE = "/ca/registers"


def register_pages(service: CertificateAuthority, kit: Kit) -> list[Route]:
    """The page on registers: first what a change would come to, then, when that is confirmed, the change."""

    def show(visit: Visit) -> Response:
        return one(visit, visit.query.get("key", ""), visit.query.get("change", ""))

    def one(visit: Visit, text: str, change_name: str, *, unsure: bool = False) -> Response:
        known = service.subject_keys(visit.actor, text) if text else ()
        key = text if text in known else known[0] if len(known) == 1 else None
        change = _change(change_name)
        outcome = service.register_foreseen(visit.actor, key, change) if key and change else None

        def of(serial_numbers: tuple[int, ...]) -> list[tuple[object, object]]:
            found = (service.certificate(visit.actor, number) for number in serial_numbers)
            return [(each, each.certificate) for each in found]

        return shown(
            visit,
            "registers.html",
            status=400 if unsure else 200,
            text=text,
            key=key,
            candidates=known,
            change=change,
            changes=tuple(RegisterChange),
            revoked=of(outcome.revoked) if outcome else [],
            flagged=of(outcome.flagged) if outcome else [],
            foreseen=outcome is not None,
            flags=[
                (each, service.certificate(visit.actor, each.serial_number))
                for each in service.flags(visit.actor)
            ],
            unsure=unsure,
        )

    def follow(visit: Visit) -> Response:
        key, change = visit.form.get("key"), _change(visit.form.get("change"))
        if change is None or visit.form.get("sure") != "yes":
            return one(visit, key, visit.form.get("change"), unsure=True)
        outcome = service.register_changed(visit.actor, key, change)
        numbers = {"revoked": len(outcome.revoked), "flagged": len(outcome.flagged)}
        return visit.go(_HERE, "ca.registers.followed", **numbers)

    def settle(visit: Visit) -> Response:
        service.settle_flags(visit.actor, serial_number_of(visit))
        return visit.go(f"{_HERE}#flags", "ca.flags.settled")

    return [
        kit.get(_HERE, show, roles=LOOKERS),
        kit.post(_HERE, follow, roles=OPERATORS),
        kit.post(f"{_HERE}/{{serial}}/settlement", settle, roles=OPERATORS),
    ]


def _change(name: str) -> RegisterChange | None:
    return next((each for each in RegisterChange if each.value == name), None)
