import type {
  AppStep,
  FileStep,
  HttpCheck,
  Pm2Step,
  Recipe,
  RecipeCheck,
  RecipeStep,
  ServiceStep,
  UserStep,
} from "../../recipe";
import { DEFAULT_ARCHITECTURE } from "./systems";

/** A recipe with every default filled in: what rendering and the digest work on. */
export interface FullRecipe {
  os: string;
  architecture: string;
  steps: FullStep[];
  checks: FullCheck[];
  cleanup: boolean;
  keepUsers: string[];
}

export interface FullStep extends RecipeStep {
  app?: Required<Omit<AppStep, "install">> & { install?: string };
  pm2?: Required<Pm2Step>;
  file?: Required<FileStep>;
  user?: Required<UserStep>;
  service?: Required<ServiceStep>;
}

export interface FullCheck extends RecipeCheck {
  http?: HttpCheck & { status: number };
}

export function withDefaults(given: Recipe): FullRecipe {
  const recipe = withoutNulls(given) as Recipe;
  return {
    os: recipe.os,
    architecture: recipe.architecture ?? DEFAULT_ARCHITECTURE,
    steps: (recipe.steps ?? []).map(fullStep),
    checks: (recipe.checks ?? []).map(({ http, ...check }) => ({
      ...check,
      ...(http && { http: { ...http, status: http.status ?? 200 } }),
    })),
    cleanup: recipe.cleanup ?? true,
    keepUsers: [...(recipe.keepUsers ?? [])],
  };
}

/** Fields that are null or undefined are as good as left out: YAML writes an empty value as null. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined && field !== null);
  return Object.fromEntries(fields.map(([name, field]) => [name, withoutNulls(field)]));
}

function fullStep({ app, pm2, file, user, service, ...step }: RecipeStep): FullStep {
  return {
    ...step,
    ...(app && { app: { ...app, owner: app.owner ?? "root" } }),
    ...(pm2 && {
      pm2: { ...pm2, environment: pm2.environment ?? {}, user: pm2.user ?? "root", instances: pm2.instances ?? 1 },
    }),
    ...(file && { file: { ...file, mode: file.mode ?? "0644", owner: file.owner ?? "root" } }),
    ...(user && { user: { ...user, groups: user.groups ?? [], shell: user.shell ?? "/bin/bash" } }),
    ...(service && { service: { ...service, enabled: service.enabled ?? true } }),
  };
}

/** The steps' fields, each a kind of step, in the order of the documentation. */
export const STEP_KINDS = [
  "upgrade",
  "packages",
  "nodejs",
  "app",
  "pm2",
  "file",
  "user",
  "firewall",
  "environment",
  "service",
  "disableServices",
  "run",
] as const;
export type StepKind = (typeof STEP_KINDS)[number];

export const CHECK_KINDS = ["http", "service", "command"] as const;

/** The one field of a valid step. */
export function kindOf(step: RecipeStep): StepKind {
  const kind = STEP_KINDS.find((name) => step[name] !== undefined);
  if (!kind) throw new Error(`A step has none of the fields ${STEP_KINDS.join(", ")}: validate the recipe first.`);
  return kind;
}
