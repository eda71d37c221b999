"""How subjects come to certificates: requests that are approved, ACME where it is set up, EST under its labels."""

from __future__ import annotations

from collections.abc import Sequence

from shirushi.ports.domain_control import DomainControl
from shirushi.services.ca.model.acme import AcmeTerms
from shirushi.services.ca.model.est import EstTerms
from shirushi.services.ca.service.acme import AcmeServer
from shirushi.services.ca.service.authority import CertificateAuthority
from shirushi.services.ca.service.est import EstServer
from shirushi.services.ca.service.renewing import Renewing
from shirushi.services.ca.service.requesting import Requests
from shirushi.services.ca.service.reviewing import Reviewing
from shirushi.services.ca.service.subscribing import Subscribing


class Enrolment:
    """The three ways, over one authority service. `acme` is None where no authority serves it.

    `reviews` tells operators what speaks for and against a request, `renewals` issues further certificates for subjects
    that have one; `subscribers` is for those who made a request.
    """

    def __init__(
        self,
        *,
        ca: CertificateAuthority,
        control: DomainControl,
        acme: AcmeTerms | None = None,
        est: Sequence[EstTerms] = (),
    ) -> None:
        compromised = ca.compromised
        self.ca = ca
        self.requests = Requests(ca, compromised)
        self.reviews = Reviewing(ca, self.requests)
        self.renewals = Renewing(ca, self.requests)
        self.subscribers = Subscribing(ca, self.requests)
        self.acme = AcmeServer(ca=ca, terms=acme, control=control, compromised=compromised) if acme else None
        self.est = EstServer(ca=ca, requests=self.requests, terms=est, compromised=compromised)
