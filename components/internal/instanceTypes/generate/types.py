#!/usr/bin/env python3
"""Writes ../typesTable.ts and ../zonesTable.ts: the types of EC2 instances, and the zones that offer them, from the data of moto (Apache-2.0).

    python3 components/internal/instanceTypes/generate/types.py

moto takes them over from DescribeInstanceTypes and DescribeInstanceTypeOfferings of a real account, and renews them with
its releases.
"""

import gzip
import json
import subprocess
import sys
import tempfile
import venv
from collections import defaultdict
from pathlib import Path

VERSION = "5.2.5"
# When this release was published: its data has no date of its own.
DATE = "2026-10-27"
ARCHITECTURES = {"x86_64": "x", "arm64": "a", "i386": "i", "x86_64_mac": "m", "arm64_mac": "n"}
BOOT_MODES = {"legacy-bios": "l", "uefi": "u"}
SIZES = ["nano", "micro", "small", "medium", "large", "xlarge"]


def read(path):
    with gzip.open(path) as file:
        return json.load(file)


def order(size):
    """Small before large, bare metal last."""
    head, _, rest = size.partition("xlarge")
    many = int(head) if head.isdigit() else 1
    return (size.startswith("metal"), SIZES.index(size) if size in SIZES else 5, many, rest, size)


def main():
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder, "bin", "python"))
        subprocess.run([python, "-m", "pip", "install", "-q", "--no-deps", f"moto=={VERSION}"], check=True)
        data = next(Path(folder).glob("lib/python*/site-packages/moto/ec2/resources"))
        types = read(data / "instance_types.json.gz")
        offered = {
            path.name.removesuffix(".json.gz"): read(path)
            for path in sorted((data / "instance_type_offerings" / "availability-zone").iterdir())
        }
    families = defaultdict(dict)
    for name, one in types.items():
        family, _, size = name.partition(".")
        architectures = "".join(sorted(ARCHITECTURES[a] for a in one["ProcessorInfo"]["SupportedArchitectures"]))
        modes = "".join(sorted(BOOT_MODES[mode] for mode in one["SupportedBootModes"]))
        families[family][size] = f"{size} {one['VCpuInfo']['DefaultVCpus']} {architectures} {modes}"
    regions = {}
    for region, rows in offered.items():
        letters = defaultdict(set)
        for row in rows:
            letters[row["InstanceType"]].add(row["Location"].removeprefix(region))
        where = lambda name: "".join(sorted(letters.get(name, ())))
        # Most families are in the same zones with all their sizes.
        zones = defaultdict(list)
        for family, sizes in families.items():
            places = defaultdict(list)
            for size in sizes:
                places[where(f"{family}.{size}")].append(size)
            most = max(places, key=lambda place: len(places[place]))
            zones[most].append(family)
            for place, names in places.items():
                if place != most:
                    zones[place] += [f"{family}.{size}" for size in names]
        del zones[""]  # Not offered: told by being absent, but for sizes of a family that is.
        absent = [
            f"{family}.{size}"
            for family, sizes in families.items()
            for size in sizes
            if where(f"{family}.{size}") == "" and any(family in found for found in zones.values())
        ]
        if absent:
            zones["none"] = absent
        regions[region] = {place: " ".join(sorted(found)) for place, found in sorted(zones.items())}
    sizes = lambda found: ", ".join(found[size] for size in sorted(found, key=order))
    rows = "".join(f"    {json.dumps(family)}: {json.dumps(sizes(families[family]))},\n" for family in sorted(families))
    places = "".join(
        f"  {json.dumps(region)}: {{\n"
        + "".join(f"    {json.dumps(place)}: {json.dumps(found)},\n" for place, found in zones.items())
        + "  },\n"
        for region, zones in regions.items()
    )
    here = Path(__file__).resolve().parent.parent
    head = "// Made by generate/types.py: not edited by hand.\n\n"
    (here / "typesTable.ts").write_text(
        head
        + f"""interface Table {{
  /** Of the source's release. */
  date: string;
  source: string;
  /** By family: size, vCPUs, architectures (x86_64, a: arm64, i386, m: Intel Mac, n: Apple silicon), boot modes (legacy, uefi). */
  types: {{ [family: string]: string }};
}}

export const INSTANCE_TYPES: Table = {{
  date: "{DATE}",
  source: "moto {VERSION} (Apache-2.0)",
  types: {{
{rows}  }},
}};
"""
    )
    (here / "zonesTable.ts").write_text(
        head
        + f"""/** By region and the letters of its zones: families, and sizes that differ from theirs. `none`: offered in no zone. */
export const INSTANCE_ZONES: {{ [region: string]: {{ [letters: string]: string }} }} = {{
{places}}};
"""
    )
    print(f"{len(types)} types, {len(regions)} regions", file=sys.stderr)


main()
