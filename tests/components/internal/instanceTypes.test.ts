import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import {
  allInstanceTypes,
  architecturesOf,
  instanceTypeOf,
  zonesOffering,
} from "../../../components/internal/instanceTypes";
import { INSTANCE_ZONES } from "../../../components/internal/instanceTypes/zonesTable";
import { architectureOf } from "../../../components/internal/names";
import { prepareVenv } from "../../support/emulator/venv";

/** Prints what the emulator's package has, as the generator reads it. */
const READ = `
import gzip, json, moto.ec2, pathlib
data = pathlib.Path(moto.ec2.__file__).parent / "resources"
read = lambda path: json.load(gzip.open(path))
types = {name: [one["VCpuInfo"]["DefaultVCpus"], one["ProcessorInfo"]["SupportedArchitectures"], one["SupportedBootModes"]] for name, one in read(data / "instance_types.json.gz").items()}
zones = {path.name[:-8]: [[row["InstanceType"], row["Location"]] for row in read(path)] for path in (data / "instance_type_offerings/availability-zone").iterdir()}
print(json.dumps({"types": types, "zones": zones}))
`;

interface Source {
  types: { [type: string]: [vcpus: number, architectures: string[], bootModes: string[]] };
  zones: { [region: string]: [type: string, zone: string][] };
}

describe("the table of instance types", function () {
  this.timeout(120_000);
  let source: Source;

  before(async () => {
    const python = await prepareVenv();
    const { stdout } = await promisify(execFile)(python, ["-c", READ], { maxBuffer: 1 << 26 });
    source = JSON.parse(stdout) as Source;
  });

  it("has every type of its source, with the same properties", () => {
    assert.deepEqual(allInstanceTypes().sort(), Object.keys(source.types).sort());
    for (const [type, [vcpus, architectures, bootModes]] of Object.entries(source.types)) {
      const found = instanceTypeOf(type);
      assert.deepEqual(
        { ...found, architectures: found?.architectures.sort(), bootModes: found?.bootModes.sort() },
        { vcpus, architectures: architectures.sort(), bootModes: bootModes.sort() },
        type,
      );
    }
  });

  it("has every zone that offers a type, in every region", () => {
    assert.deepEqual(Object.keys(INSTANCE_ZONES).sort(), Object.keys(source.zones).sort());
    for (const [region, rows] of Object.entries(source.zones)) {
      const zones = new Map<string, string[]>();
      for (const [type, zone] of rows) zones.set(type, [...(zones.get(type) ?? []), zone]);
      for (const type of Object.keys(source.types)) {
        assert.deepEqual(zonesOffering(type, region), (zones.get(type) ?? []).sort(), `${type} ${region}`);
      }
    }
  });

  it("agrees with what a type's name says of its architecture, so that newer types can be told by it", () => {
    const others = allInstanceTypes().filter((type) => !type.startsWith("mac"));
    assert.deepEqual(
      others.filter((type) => !instanceTypeOf(type)?.architectures.includes(architectureOf(type))),
      [],
    );
  });

  it("does not know what is not in it, and does not take names of methods for types", () => {
    for (const type of ["t3.smal", "t9.small", "t3", "", "constructor.name", "toString"]) {
      assert.equal(instanceTypeOf(type), undefined, type);
      assert.equal(zonesOffering(type, "us-east-1"), undefined, type);
    }
    assert.equal(zonesOffering("t3.small", "constructor"), undefined);
    assert.equal(zonesOffering("t3.small", "us-nowhere-1"), undefined);
    assert.deepEqual(architecturesOf("m99g.large"), ["arm64"]);
    assert.deepEqual(architecturesOf("mac2.metal"), ["arm64_mac"]);
  });
});
