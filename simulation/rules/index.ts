import { formatProblem } from "../../components/internal/problems";
import { type Inputs, resourceProblems } from "../../components/internal/resourceRules";
import { typeOf } from "../../components/internal/resourceRules/typeNames";
import { askersOf } from "../askers";
import { pathOf } from "../inputs";
import type { Problem, Simulation, Wire, WireObject } from "../types";
import { isSecret, UNKNOWN } from "../wire";
import { duplicateFindings } from "./duplicates";
import type { Finding } from "./finding";
import { Images } from "./imageFacts";
import { instanceTypeFindings, templateFindings } from "./instanceTypes";
import { quotaNotes } from "./quotas";
import { sharingFindings } from "./sharedImages";

/** What is known only later: the rules pass instances of classes over, as the constructors' do outputs. */
class Later {}
const LATER = new Later();

function judged(value: Wire): unknown {
  if (value === UNKNOWN) return LATER;
  if (Array.isArray(value)) return value.map(judged);
  return value !== null && typeof value === "object" ? judgedInputs(value) : value;
}

const judgedInputs = (inputs: WireObject): Inputs =>
  Object.fromEntries(Object.entries(inputs).map(([input, value]) => [input, judged(value)]));

/** No message may show a secret: to the rules it is unknown. */
function withoutSecrets(value: Wire): Wire {
  if (isSecret(value)) return UNKNOWN;
  if (Array.isArray(value)) return value.map(withoutSecrets);
  return value !== null && typeof value === "object" ? inputsWithoutSecrets(value) : value;
}

const inputsWithoutSecrets = (inputs: WireObject): WireObject =>
  Object.fromEntries(Object.entries(inputs).map(([input, value]) => [input, withoutSecrets(value)]));

/** What AWS would say of the resources that a program registered, which a preview does not ask it. */
export function checkByRules(simulation: Pick<Simulation, "resources" | "lookups">): {
  problems: Problem[];
  /** Quotas, which an account may have had raised. */
  notes: string[];
} {
  const resources = simulation.resources.map((one) => ({
    ...one,
    type: typeOf(one.type),
    inputs: inputsWithoutSecrets(one.inputs),
  }));
  const lookups = simulation.lookups.map((one) => ({ ...one, args: inputsWithoutSecrets(one.args) }));
  // Components are judged by their own constructors, and by what they make.
  const made = resources.filter(({ kind, type }) => kind !== "read" && kind !== "component" && /^awsx?:/.test(type));
  const byUrn = new Map(resources.map((one) => [one.urn, one]));
  const askers = askersOf(resources);
  const images = new Images(byUrn, lookups);
  const findings: Finding[] = [
    ...made.flatMap((resource) =>
      resourceProblems(resource.type, judgedInputs(resource.inputs), resource.region).map((problem): Finding => ({
        resource,
        severity: "error",
        problem,
      })),
    ),
    ...instanceTypeFindings(askers, images, byUrn),
    ...templateFindings(made, images, byUrn),
    ...duplicateFindings(made),
    ...sharingFindings(made, byUrn),
  ];
  const problems = findings.map(({ resource, severity, problem }): Problem => {
    const { source } = resource;
    const message = formatProblem(problem);
    return { severity, message, path: pathOf(resource, byUrn), ...(source !== undefined && { source }) };
  });
  // Several groups can launch one template.
  const once = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  return { problems: [...once.values()], notes: quotaNotes(made, askers, byUrn) };
}
