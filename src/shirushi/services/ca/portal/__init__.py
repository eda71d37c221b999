"""The pages of the certification authority: its desk, requests, certificates, registers, authorities, enrolment."""

from __future__ import annotations

from starlette.routing import Route

from shirushi.faces.portal.kit import Kit, Task
from shirushi.services.ca.portal.authorities import authority_pages
from shirushi.services.ca.portal.certificates import certificate_pages
from shirushi.services.ca.portal.desk import desk_pages
from shirushi.services.ca.portal.enrolment import enrolment_pages
from shirushi.services.ca.portal.registers import register_pages
from shirushi.services.ca.portal.requests import request_pages
from shirushi.services.ca.portal.sections import EVERYBODY
from shirushi.services.ca.service.enrolment import Enrolment


def pages(enrolment: Enrolment, kit: Kit) -> list[Route]:
    """The pages, under `/ca`: for operators and auditors, and for subscribers those of their own requests."""
    kit.task(Task("certificates", "/ca", EVERYBODY, order=40))
    return [
        *desk_pages(enrolment, kit),
        *request_pages(enrolment, kit),
        *certificate_pages(enrolment, kit),
        *register_pages(enrolment.ca, kit),
        *authority_pages(enrolment.ca, kit),
        *enrolment_pages(enrolment, kit),
    ]
