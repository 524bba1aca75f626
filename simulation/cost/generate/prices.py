#!/usr/bin/env python3
"""Writes ../ec2Prices.ts: hourly on-demand Linux prices of EC2, from the data of Apache Libcloud (Apache-2.0).

    python3 simulation/cost/generate/prices.py

Libcloud's rows are not used as they are: many are 0 and some are of dedicated tenancy, which is 6 to 10 % dearer. Within
a family prices go with the size, so the smallest unit price that a family has in a region is taken (the factors are those
by which AWS applies reservations across sizes). It is trusted when the region has at least three rows of the family, and
each of them is at that price, or above it by what dedicated tenancy adds: fewer rows may all be dedicated ones. Rows at
the price keep their own figure. Any other family has no price in that region, which is never 0. Accelerated families are
left out, because their prices go with the accelerators.
"""

import json
import re
import subprocess
import sys
import tempfile
import venv
from collections import defaultdict
from datetime import datetime, timezone
from pathlib import Path

VERSION = "3.9.0"
FACTORS = {"nano": 0.25, "micro": 0.5, "small": 1, "medium": 2, "large": 4, "xlarge": 8}
AGREES = 0.015
DEDICATED = (0.055, 0.11)
EXACT = 0.0005
LEAST = 3
ACCELERATED = re.compile(r"(p\d|g\d|gr\d|trn|inf|f\d|dl\d|vt\d)")


def factor(size):
    many = re.fullmatch(r"(\d+)xlarge", size)
    return 8 * int(many[1]) if many else FACTORS.get(size)


def rows():
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder, "bin", "python"))
        subprocess.run([python, "-m", "pip", "install", "-q", f"apache-libcloud=={VERSION}"], check=True)
        code = "import libcloud, pathlib; print((pathlib.Path(libcloud.__file__).parent / 'data/pricing.json').read_text())"
        return json.loads(subprocess.run([python, "-c", code], check=True, capture_output=True, text=True).stdout)


def main():
    pricing = rows()
    prices = defaultdict(dict)  # (family, region) -> {size: price}
    sizes = defaultdict(set)
    for name, regions in pricing["compute"]["ec2_linux"].items():
        family, _, size = name.partition(".")
        if factor(size) is None:
            continue
        sizes[family].add(size)
        for region, price in regions.items():
            if isinstance(price, (int, float)) and price > 0:
                prices[family, region][size] = price
    units = {at: min(price / factor(size) for size, price in found.items()) for at, found in prices.items()}

    def off(at, size, price):
        return price / (units[at] * factor(size)) - 1

    def is_plain(above):
        return above <= AGREES

    def is_trusted(at, found):
        above = [off(at, size, price) for size, price in found.items()]
        told = all(is_plain(one) or DEDICATED[0] <= one <= DEDICATED[1] for one in above)
        return len(above) >= LEAST and told and not ACCELERATED.match(at[0])

    trusted = {at for at, found in prices.items() if is_trusted(at, found)}
    families = {family for family, _ in trusted}
    by_region = defaultdict(dict)
    own = defaultdict(dict)
    for (family, region), unit in sorted(units.items()):
        if (family, region) not in trusted:
            continue
        by_region[region][family] = float(f"{unit:.6g}")
        for size, price in prices[family, region].items():
            above = off((family, region), size, price)
            if EXACT < above and is_plain(above):
                own[region][f"{family}.{size}"] = price
    line = lambda value: json.dumps(value, separators=(", ", ": "))
    table = lambda found: "{\n" + "".join(f"    {json.dumps(key)}: {line(value)},\n" for key, value in found) + "  }"
    date = datetime.fromtimestamp(pricing["updated"], timezone.utc).date().isoformat()
    text = f"""// Made by generate/prices.py: not edited by hand.

interface Ec2Prices {{
  /** Of the prices. */
  date: string;
  source: string;
  /** The sizes that a family has, by family. */
  sizes: {{ [family: string]: string[] }};
  /** US dollars an hour for a unit of size (`small` is one), by region and family. */
  units: {{ [region: string]: {{ [family: string]: number }} }};
  /** Types whose own price is a little off the unit's, by region. */
  own: {{ [region: string]: {{ [type: string]: number }} }};
}}

export const EC2_PRICES: Ec2Prices = {{
  date: "{date}",
  source: "apache-libcloud {VERSION} (Apache-2.0), pricing.json",
  sizes: {table((family, sorted(sizes[family], key=factor)) for family in sorted(families))},
  units: {table((region, by_region[region]) for region in sorted(by_region))},
  own: {table((region, dict(sorted(own[region].items()))) for region in sorted(own))},
}};
"""
    place = Path(__file__).resolve().parent.parent / "ec2Prices.ts"
    place.write_text(text)
    print(f"{place.name}: {len(families)} families, {len(by_region)} regions, {len(text)} bytes", file=sys.stderr)


main()
