/** Reads the public classes and interfaces from their sources: names, types, doc comments. */
import ts from "typescript";

export interface Field {
  name: string;
  type: string;
  optional: boolean;
  text: string;
  /** What its `@default` says. */
  default?: string;
}

export interface Shape {
  name: string;
  kind: "component" | "interface";
  text: string;
  /** Arguments of a component, fields of an interface. */
  fields: Field[];
  /** Public properties of a component. */
  outputs: Field[];
  /** Methods of a component, as they are called. */
  methods: Field[];
}

export function readLibrary(entry: string): Shape[] {
  const program = ts.createProgram([entry], {
    strict: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.CommonJS,
    moduleResolution: ts.ModuleResolutionKind.Node10,
  });
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(entry) as ts.SourceFile);
  if (!module) throw new Error(`${entry} exports nothing`);
  const shapes = checker.getExportsOfModule(module).map((symbol) => {
    const aliased = (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol);
    return shapeOf(aliased, checker);
  });
  return shapes.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function shapeOf(symbol: ts.Symbol, checker: ts.TypeChecker): Shape {
  const declaration = symbol.declarations?.[0];
  const common = { name: symbol.name, text: textOf(symbol, checker) };
  if (declaration && ts.isInterfaceDeclaration(declaration)) {
    const fields = declaration.members.filter(ts.isPropertySignature).map((member) => fieldOf(member, checker));
    return { ...common, kind: "interface", fields, outputs: [], methods: [] };
  }
  if (!declaration || !ts.isClassDeclaration(declaration)) throw new Error(`${symbol.name} is no class or interface`);
  const isPublic = (member: ts.ClassElement): boolean =>
    (ts.getCombinedModifierFlags(member) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) === 0;
  const members = declaration.members.filter(isPublic);
  return {
    ...common,
    kind: "component",
    fields: [],
    outputs: members.filter(ts.isPropertyDeclaration).map((member) => fieldOf(member, checker)),
    methods: members.filter(ts.isMethodDeclaration).map((member) => fieldOf(member, checker)),
  };
}

type Member = ts.PropertySignature | ts.PropertyDeclaration | ts.MethodDeclaration;

function fieldOf(member: Member, checker: ts.TypeChecker): Field {
  const symbol = checker.getSymbolAtLocation(member.name) as ts.Symbol;
  const tag = symbol.getJsDocTags(checker).find(({ name }) => name === "default");
  const signature = ts.isMethodDeclaration(member)
    ? `(${member.parameters.map((parameter) => parameter.getText()).join(", ")})`
    : "";
  return {
    name: `${symbol.name}${signature}`,
    type: (member.type?.getText() ?? "unknown").replaceAll("pulumi.", "").replace(/\s+/g, " "),
    optional: member.questionToken !== undefined,
    text: textOf(symbol, checker),
    ...(tag && { default: ts.displayPartsToString(tag.text) }),
  };
}

const textOf = (symbol: ts.Symbol, checker: ts.TypeChecker): string =>
  ts.displayPartsToString(symbol.getDocumentationComment(checker)).replace(/\s*\n\s*/g, " ");
