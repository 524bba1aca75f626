/**
 * The plugin for other Pulumi languages. Pulumi loads package.json's `main`, and calls it when it is a function; programs
 * load what `exports` names. Pulumi's own host reads the schema from TypeScript sources, which a package does not have:
 * this one serves schema.json, which a test keeps equal to that.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as library from "./components";

const NAME = "pulumi-ami-lifecycle";

interface Schema {
  version: string;
  resources: { [type: string]: { properties: { [name: string]: unknown } } };
}

type Component = new (
  name: string,
  args: pulumi.Inputs,
  options: pulumi.ComponentResourceOptions,
) => pulumi.ComponentResource;

class ComponentPlugin implements pulumi.provider.Provider {
  readonly schema = readFileSync(join(__dirname, "..", "schema.json"), "utf8");
  private readonly described = JSON.parse(this.schema) as Schema;
  readonly version = this.described.version;

  construct(
    name: string,
    type: string,
    inputs: pulumi.Inputs,
    options: pulumi.ComponentResourceOptions,
  ): Promise<pulumi.provider.ConstructResult> {
    const made = this.described.resources[type];
    const Class = (library as unknown as { [name: string]: Component | undefined })[type.split(":")[2] ?? ""];
    if (!made || !Class) return Promise.reject(new Error(`${NAME} has no component ${type}`));
    const component = new Class(name, inputs, options);
    const outputs = component as unknown as { [name: string]: unknown };
    const state = Object.fromEntries(Object.keys(made.properties).map((key) => [key, outputs[key]]));
    return Promise.resolve({ urn: component.urn, state });
  }
}

const host = (): Promise<void> => pulumi.provider.main(new ComponentPlugin(), process.argv.slice(2));

export = Object.assign(host, library);
