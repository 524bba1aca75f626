import assert from "node:assert/strict";
import fc from "fast-check";
import { cidrProblems } from "../../../components/internal/cidr";

const allowed = (...given: unknown[]) =>
  cidrProblems("sshCidrs", given, "SSH").map(({ path, allowed }) => `${path}: ${allowed}`);
const wrong = (given: unknown) => allowed(given)[0] ?? "";

describe("ranges that may log in", () => {
  it("are IPv4 and IPv6 ranges that begin at their first address", () => {
    assert.deepEqual(
      allowed(
        "203.0.113.7/32",
        "203.0.113.0/24",
        "10.0.0.0/8",
        "2001:db8::/48",
        "2001:db8::1/128",
        "::/1",
        "fe80::/10",
      ),
      [],
    );
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 1, max: 32 }), (address, length) => {
        const bits = address
          .split(".")
          .map((part) => Number(part).toString(2).padStart(8, "0"))
          .join("");
        assert.equal(wrong(`${address}/${length}`) === "", !bits.slice(length).includes("1"));
      }),
    );
    fc.assert(
      fc.property(fc.ipV6(), (address) => assert.equal(wrong(`${address}/128`) === "", !address.includes("."))),
    );
  });

  it("are never the whole internet", () => {
    for (const all of ["0.0.0.0/0", "::/0", "0.0.0.0/00", "10.0.0.0/0", "2001:db8::/0"])
      assert.match(wrong(all), /^sshCidrs\[0\]: ranges that you know, not the whole internet: SSH open to all /);
  });

  it("are nothing else", () => {
    for (const given of [
      "",
      "203.0.113.7",
      "203.0.113.0/33",
      "::/129",
      "host/24",
      "1.2.3/24",
      "256.0.0.0/8",
      10,
      null,
      "203.0.113.0/24\n",
      "1.2.3.4/-1",
    ])
      assert.match(wrong(given), /^sshCidrs\[0\]: a range such as /, String(given));
    assert.match(wrong("203.0.113.7/24"), /no bits behind the prefix \/24/);
    assert.deepEqual(allowed("10.0.0.0/8", "10.0.0.0/8"), ["sshCidrs[1]: each range once"]);
    fc.assert(fc.property(fc.string(), (text) => assert.ok(text.includes("/") || wrong(text) !== "")));
  });
});
