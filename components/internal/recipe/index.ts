export { type BootProof, type BootProofOptions, renderBootProof } from "./bootProof";
export { CHECK_PATH } from "./checkScript";
export { recipeDigest } from "./digest";
export { type RenderedRecipe, renderRecipe, type RenderOptions } from "./render";
export {
  type Architecture,
  ARCHITECTURES,
  architecturesOf,
  DEFAULT_ARCHITECTURE,
  type Family,
  findSystem,
  isArchitecture,
  type OperatingSystem,
  OPERATING_SYSTEMS,
  OS_IDS,
  isWindows,
  sourceOf,
  systemOf,
} from "./systems";
export { USER_DATA_LIMIT } from "../rules";
export { encodeUserData, type UserData, userDataProblems } from "./userData";
export { validateRecipe } from "./validate";
