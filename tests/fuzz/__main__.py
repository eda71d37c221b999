"""`make fuzz`: each target under atheris for SECONDS, one process each; a finding is kept in the folder and ends it."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

FOLDER = Path(os.environ.get("SHIRUSHI_FUZZ") or Path(tempfile.gettempdir()) / "shirushi-fuzz")
SECONDS = int(os.environ.get("SECONDS_EACH") or 20)


def fuzz(name: str) -> None:
    """One target, in this process, which libFuzzer ends."""
    import atheris

    with atheris.instrument_imports(include=["shirushi"]):
        from tests.fuzz.targets import targets
    (target,) = [each for each in targets() if each.name == name]
    place = target.lay_seeds(FOLDER)
    arguments = [f"-max_total_time={SECONDS}", "-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1"]
    atheris.Setup([name, *arguments, f"-artifact_prefix={place}.finding-", str(place)], target.once)
    atheris.Fuzz()


def main() -> int:
    """Every target, or those named; as many as have findings is the status."""
    from tests.fuzz.targets import targets

    wanted = sys.argv[1:] or [each.name for each in targets()]
    found = 0
    for name in wanted:
        done = subprocess.run(
            [sys.executable, "-c", f"from tests.fuzz.__main__ import fuzz; fuzz({name!r})"],
            check=False,
            capture_output=True,
            text=True,
        )
        runs = [line.split()[-1] for line in done.stderr.splitlines() if "number_of_executed_units" in line]
        outcome = "a finding" if done.returncode else "no finding"
        sys.stdout.write(f"{name}: {runs[-1] if runs else '?'} inputs, {outcome}\n")
        sys.stdout.flush()
        if done.returncode:
            found += 1
            sys.stdout.write(f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}\n")
    return min(found, 99)


if __name__ == "__main__":
    sys.exit(main())
