import { own } from "../own";

/** Types that the provider has by two names. */
const SAME: { [type: string]: string } = {
  "aws:s3/bucketV2:BucketV2": "aws:s3/bucket:Bucket",
};

/** The name of a type by which everything here knows it. */
export const typeOf = (type: string): string => own(SAME, type) ?? type.replace(/^aws:alb\//, "aws:lb/");
