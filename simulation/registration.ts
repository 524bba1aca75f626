import type * as proto from "@pulumi/pulumi/proto/resource_pb";

type Options = { [option: string]: unknown };

function aliasOf(alias: ReturnType<proto.RegisterResourceRequest["getAliasesList"]>[number]): unknown {
  const spec = alias.getSpec()?.toObject();
  if (spec === undefined) return alias.getUrn();
  return Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== "" && value !== false));
}

function isGiven(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== undefined && value !== "";
}

/** The options that a registration carries, without those at their default. */
export function optionsOf(req: proto.RegisterResourceRequest): Options {
  // Protocol buffers name the field after a reserved word differently.
  const timeouts = Object.entries(req.getCustomtimeouts()?.toObject() ?? {})
    .filter(([, limit]) => limit !== "")
    .map(([operation, limit]) => [operation.replace("pb_", ""), limit] as const);
  const options: Options = {
    protect: req.hasProtect() ? req.getProtect() : undefined,
    retainOnDelete: req.hasRetainondelete() ? req.getRetainondelete() : undefined,
    deleteBeforeReplace: req.getDeletebeforereplacedefined() ? req.getDeletebeforereplace() : undefined,
    ignoreChanges: req.getIgnorechangesList(),
    replaceOnChanges: req.getReplaceonchangesList(),
    replaceWith: req.getReplaceWithList(),
    additionalSecretOutputs: req.getAdditionalsecretoutputsList(),
    aliases: req.getAliasesList().map(aliasOf),
    customTimeouts: timeouts.length > 0 ? Object.fromEntries(timeouts) : undefined,
    deletedWith: req.getDeletedwith(),
    import: req.getImportid(),
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => isGiven(value)));
}

/** The resources that each input comes from, by input, without inputs that come from none; undefined when none does. */
export function inputsFromOf(req: proto.RegisterResourceRequest): { [input: string]: string[] } | undefined {
  const found: [string, string[]][] = [];
  req.getPropertydependenciesMap().forEach((dependencies, input) => {
    const urns = [...new Set(dependencies.getUrnsList())].sort();
    if (urns.length > 0) found.push([input, urns]);
  });
  return found.length > 0 ? Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1))) : undefined;
}
