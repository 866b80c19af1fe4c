"""Run every measurement, or those named: register, report, chain."""

import sys

from tests.benchmarks import chain, register, report

MEASUREMENTS = {"register": register.measure, "report": report.measure, "chain": chain.measure}


def main() -> None:
    """Print one block of lines for each measurement."""
    for name in sys.argv[1:] or MEASUREMENTS:
        print(f"\n{name}")
        for line in MEASUREMENTS[name]():
            print(f"  {line}")


main()
