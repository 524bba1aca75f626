import assert from "node:assert/strict";
import fc from "fast-check";
import { isRetryableStart, retryDelay } from "../../../components/gates/kit/startRetry";

/** The provider's own texts: of the call that starts, and of the wait after it. */
const copying = (status: number, error: string): string =>
  "creating EC2 AMI (web/dev/1.0.0) from source EC2 AMI (ami-0123456789abcdef0): operation error EC2: CopyImage, " +
  `https response error StatusCode: ${status}, RequestID: 01234567-89ab-cdef-0123-456789abcdef, ${error}`;
const baking = (status: number, error: string): string =>
  "creating EC2 AMI (web/dev/1.0.0) from EC2 Instance (i-0123456789abcdef0): operation error EC2: CreateImage, " +
  `https response error StatusCode: ${status}, RequestID: 01234567-89ab-cdef-0123-456789abcdef, ${error}`;
const waiting = (error: string): string => `waiting for EC2 AMI (ami-0123456789abcdef0) create: ${error}`;

describe("components/gates/kit/startRetry", () => {
  const BUSY: [number, string][] = [
    [503, "api error RequestLimitExceeded: Request limit exceeded."],
    [400, "api error Throttling: Rate exceeded"],
    [400, "api error ThrottlingException: Rate exceeded"],
    [
      400,
      "api error ResourceLimitExceeded: Too many snapshot copies in progress. The limit is 20 for this destination",
    ],
    [400, "api error SnapshotCreationPerVolumeRateExceeded: The maximum per volume CreateSnapshot request rate"],
    [400, "api error ConcurrentSnapshotLimitExceeded: Maximum allowed in-progress snapshots for a single volume"],
    [500, "api error InternalError: An internal error has occurred"],
    [503, "api error ServiceUnavailable: The service is unavailable. Please try again shortly."],
    [502, "api error UnknownError: UnknownError"],
  ];
  for (const [status, error] of BUSY) {
    it(`tries the starting call again: ${error}`, () => {
      assert.equal(isRetryableStart(copying(status, error)), true);
      assert.equal(isRetryableStart(baking(status, error)), true);
      const wrapped = `1 error occurred:\n\t* ${copying(status, error)}\n\n`;
      assert.equal(isRetryableStart(wrapped), true);
    });
  }

  it("never tries again what AWS refuses for good", () => {
    for (const error of [
      "api error InvalidAMIID.NotFound: The image id '[ami-0123456789abcdef0]' does not exist",
      "api error InvalidAMIName.Duplicate: AMI name web/dev/1.0.0 is already in use by AMI ami-0123456789abcdef1",
      "api error UnauthorizedOperation: You are not authorized to perform this operation.",
      "api error InvalidRequest: The storage for the ami is not available in the source region.",
    ]) {
      assert.equal(isRetryableStart(copying(400, error)), false, error);
      assert.equal(isRetryableStart(baking(403, error)), false, error);
    }
  });

  it("never tries again after the wait: the half-made image would be lost track of", () => {
    for (const error of [
      waiting("unexpected state 'failed', wanted target 'available'. last error: %!s(<nil>)"),
      waiting("timeout while waiting for state to become 'available' (last state: 'pending', timeout: 4h0m0s)"),
      waiting(
        "operation error EC2: DescribeImages, https response error StatusCode: 503, api error RequestLimitExceeded",
      ),
      `${copying(503, "api error RequestLimitExceeded: Request limit exceeded.")}: ${waiting("unexpected state 'failed'")}`,
      "unexpected state 'failed', wanted target 'available': operation error EC2: CopyImage, StatusCode: 500",
    ]) {
      assert.equal(isRetryableStart(error), false, error);
    }
  });

  it("takes no other call for the starting one", () => {
    for (const call of ["DescribeImages", "CreateTags", "CopyImageX", "CopySnapshot", "ModifyImageAttribute"]) {
      const error = copying(503, "api error RequestLimitExceeded: Request limit exceeded.");
      assert.equal(isRetryableStart(error.replace("CopyImage", call)), false, call);
    }
    assert.equal(isRetryableStart("RequestLimitExceeded"), false);
    assert.equal(isRetryableStart(""), false);
  });

  it("doubles the delay from 15 seconds up to 10 minutes, and is random by half of it", () => {
    const ceilings = [15, 30, 60, 120, 240, 480, 600, 600];
    for (const [i, ceiling] of ceilings.entries()) {
      assert.equal(retryDelay(i + 1, 0), ceiling / 2);
      assert.equal(retryDelay(i + 1, 0.5), ceiling * 0.75);
      assert.equal(retryDelay(i + 1, 1), ceiling);
    }
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), (attempt) => {
        const seconds = retryDelay(attempt);
        assert.ok(seconds >= 7.5 && seconds <= 600, `${seconds}`);
        assert.ok(attempt < 7 || seconds >= 300, `${seconds}`);
      }),
    );
  });
});
