import assert from "node:assert/strict";
import fc from "fast-check";
import { explain, stateReason } from "../../../components/gates/kit/stateReasons";

/** The codes that the EC2 API reference lists for StateReason, and those of a key that were seen beside them. */
const DOCUMENTED: { [code: string]: [meaning: RegExp, next: RegExp] } = {
  "Server.InsufficientInstanceCapacity": [/capacity/, /another instance type or subnet/],
  "Server.InternalError": [/a fault of its own/, /trying again/],
  "Server.ScheduledStop": [/AWS/, /trying again/],
  "Server.SpotInstanceShutdown": [/Spot/, /On-Demand/],
  "Server.SpotInstanceTermination": [/Spot/, /On-Demand/],
  "Client.InstanceTerminated": [/terminated|rebooted/, /./],
  "Client.InternalError": [/KMS key/, /aws kms describe-key/],
  "Client.InvalidSnapshot.NotFound": [/snapshot/, /bake a new version/],
  "Client.UserInitiatedHibernate": [/by the API/, /cloudtrail/],
  "Client.UserInitiatedShutdown": [/by the API/, /cloudtrail lookup-events .*AttributeValue=i-0123456789abcdef0$/],
  "Client.VolumeLimitExceeded": [/quota/, /raise the quota/],
  "Client.InvalidKMSKey.InvalidState": [/KMS key/, /aws kms describe-key/],
};
const instance = (Code?: string, Message?: string) => ({
  InstanceId: "i-0123456789abcdef0",
  StateReason: { Code, Message },
});

describe("components/gates/kit/stateReasons", () => {
  for (const [code, [meaning, next]] of Object.entries(DOCUMENTED)) {
    it(`explains ${code}, by its code or by its text`, () => {
      for (const given of [
        instance(code, `${code}: said AWS`),
        instance(code),
        instance(undefined, `${code}: said AWS`),
      ]) {
        const explained = explain(given);
        assert.match(explained.meaning ?? "", meaning);
        assert.equal(explained.next.length, 1);
        assert.match(explained.next[0]!, next);
      }
    });
  }

  it("says nothing of what it does not know, nor of a machine that shut itself down", () => {
    const known =
      /^(Server\.(Spot|Insufficient|Internal|Scheduled)|Client\.(Internal|Inv|Vol|User|InstanceTerminated))/;
    for (const given of [undefined, {}, instance(), instance("Client.InstanceInitiatedShutdown")]) {
      assert.deepEqual(explain(given), { meaning: undefined, next: [] });
    }
    fc.assert(
      fc.property(fc.string(), fc.string(), (code, message) => {
        fc.pre(!known.test(code) && !known.test(message));
        assert.deepEqual(explain(instance(code, message)), { meaning: undefined, next: [] });
      }),
    );
  });

  it("gives AWS's code and text, the code once", () => {
    assert.equal(stateReason(instance("Client.X", "Client.X: it ended")), "Client.X: it ended");
    assert.equal(stateReason(instance("Client.X", "it ended")), "Client.X: it ended");
    assert.equal(stateReason(instance("Client.X")), "Client.X");
    assert.equal(stateReason(instance(undefined, "it ended")), "it ended");
    for (const given of [undefined, {}, instance(), instance("", "")]) assert.equal(stateReason(given), undefined);
  });
});
