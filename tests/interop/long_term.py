"""A trust domain whose signers and time-stamping unit expire soon, and which goes on under a second unit."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from shirushi.adapters.configuration import TsaSection
from shirushi.adapters.configuration_file import read_configuration, write_configuration
from shirushi.adapters.data_directory import DataDirectory
from shirushi.codecs.asn1.pem import to_pem
from shirushi.core.algorithms import KeyType
from shirushi.demo.establish import establish
from shirushi.demo.plan import Plan, load_plan
from shirushi.domain import compose
from shirushi.services.ca.model import CertificateRequest, DistinguishedName
from tests.fakes import FakeClock
from tests.interop.ours import Ours

DAY = timedelta(days=1)
SIGNERS_END, FIRST_UNIT_ENDS = 30 * DAY, 90 * DAY
AFTER_SIGNERS, RENEWED, AFTER_FIRST_UNIT = 60 * DAY, 80 * DAY, 120 * DAY
"""Ages of the domain: all signers have expired; the first unit still lives; it has expired as well."""

_SIGNERS = ("alice", "bob", "sakura", "trading")


@dataclass(frozen=True, slots=True)
class Ageing:
    """The domain's folder, and when it was made."""

    folder: Path
    born: datetime

    @contextmanager
    def at(self, age: timedelta) -> Iterator[Ours]:
        """The domain as it is at that age."""
        directory = DataDirectory(self.folder)
        clock = FakeClock(self.born + age)
        with compose(directory, read_configuration(directory.configuration), clock) as domain:
            yield Ours(domain)

    def take_second_unit(self, age: timedelta) -> None:
        """Put a new time-stamping unit in the place of the first."""
        with self.at(age) as ours:
            key = ours.domain.keys.generate("tsu-2", KeyType.P_256)
            subject = DistinguishedName.of(
                countryName="JP", organizationName="Shirushi Demo", commonName="Shirushi Demo TSU 2"
            )
            issued = ours.domain.ca.issue(
                CertificateRequest(authority="issuing", profile="tsu", subject=subject, public_key=key.spki)
            )
            chain = ours.domain.ca.chain(issued)
        directory = DataDirectory(self.folder)
        path = Path("certificates") / "tsu-2.pem"
        (self.folder / path).write_text("".join(map(to_pem, chain)))
        unit = TsaSection(
            name="TSU 2", key="tsu-2", chain=path, policy="0.4.0.2023.1.1", accuracy_seconds=1.0
        )
        configuration = read_configuration(directory.configuration)
        write_configuration(directory.configuration, configuration.model_copy(update={"tsa": (unit,)}))


def ageing(folder: Path) -> Ageing:
    """Make the domain in `folder`."""
    plan: Plan = load_plan()
    lives = dict.fromkeys(_SIGNERS, SIGNERS_END) | {"tsu": FIRST_UNIT_ENDS}
    shortened = {
        name: plan.certificates[name].model_copy(update={"valid_seconds": int(life.total_seconds())})
        for name, life in lives.items()
    }
    plan = plan.model_copy(update={"certificates": {**plan.certificates, **shortened}})
    establish(folder, plan, lambda _: None)
    return Ageing(folder, datetime.now(UTC) + timedelta(seconds=2))
