/** Something that is not done, in words for the user: exit code 1. */
export class Refusal extends Error {}
