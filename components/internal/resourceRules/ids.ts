import { matches, type Rule } from "../rule";

/** EC2's ids have 8 or 17 hex digits; those that the simulation assumes have the name of what they stand for. */
const id = (prefix: string, of: string, fix: string): Rule => ({
  test: matches(new RegExp(`^${prefix}-([0-9a-f]{8}|[0-9a-f]{17}|assumed-.+)$`)),
  allowed: `${of} such as ${prefix}-0123456789abcdef0`,
  fix,
});

/** EC2 API: `InvalidSubnetID.NotFound`. */
export const SUBNET_ID = id("subnet", "a subnet's id", "Give the id of a subnet in the resource's region");

/** EC2 API: `InvalidGroupId.Malformed`. */
export const SECURITY_GROUP_ID = id("sg", "a security group's id", "Give the id, not the name, of a security group");

/** EC2 API: `InvalidInstanceID.Malformed`. */
export const INSTANCE_ID = id("i", "an instance's id", "Give the id of an instance in the resource's region");
