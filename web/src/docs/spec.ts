/** The parts of OpenAPI 3.1 that the page reads, and how it reads them. */

export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: Schema | boolean;
  allOf?: Schema[];
  oneOf?: Schema[];
  anyOf?: Schema[];
  default?: unknown;
  minimum?: number;
  maximum?: number;
}

interface Content {
  schema?: Schema;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  description?: string;
  required?: boolean;
  schema?: Schema;
}

interface RawOperation {
  tags?: string[];
  summary?: string;
  description?: string;
  operationId?: string;
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content?: Record<string, Content> };
  responses?: Record<string, { description?: string; content?: Record<string, Content> }>;
  security?: Record<string, string[]>[];
}

export interface Spec {
  info: { title: string; version: string; description?: string };
  tags?: { name: string; description?: string }[];
  paths: Record<string, Record<string, RawOperation>>;
  components?: { schemas?: Record<string, Schema>; securitySchemes?: Record<string, { description?: string }> };
}

export interface Operation {
  id: string;
  method: string;
  path: string;
  tag: string;
  summary: string;
  description: string;
  parameters: Parameter[];
  body: { type: string; schema: Schema | undefined; required: boolean } | null;
  answers: { status: string; description: string; type: string; schema: Schema | undefined }[];
  credentials: string[];
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

export function operations(spec: Spec): Operation[] {
  return Object.entries(spec.paths).flatMap(([path, methods]) =>
    METHODS.flatMap((method) => {
      const raw = methods[method];
      return raw ? [operation(path, method, raw)] : [];
    }),
  );
}

function operation(path: string, method: string, raw: RawOperation): Operation {
  const [type, content] = Object.entries(raw.requestBody?.content ?? {})[0] ?? [];
  const answers = Object.entries(raw.responses ?? {}).map(([status, answer]) => {
    const [media = '', told] = Object.entries(answer.content ?? {})[0] ?? [];
    return { status, description: answer.description ?? '', type: media, schema: told?.schema };
  });
  return {
    id: raw.operationId ?? `${method}-${path}`.replace(/\W+/g, '-'),
    method,
    path,
    tag: raw.tags?.[0] ?? 'other',
    summary: raw.summary ?? '',
    description: raw.description ?? '',
    parameters: raw.parameters ?? [],
    body: type === undefined ? null : { type, schema: content?.schema, required: raw.requestBody?.required ?? false },
    answers,
    credentials: (raw.security ?? []).flatMap((one) => Object.keys(one)),
  };
}

/** Every word must be somewhere in the operation. */
export function matches(one: Operation, search: string): boolean {
  const text = `${one.method} ${one.path} ${one.id} ${one.summary} ${one.description} ${one.tag}`.toLowerCase();
  return search.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

export function nameOf(schema: Schema): string | null {
  return schema.$ref?.split('/').at(-1) ?? null;
}

export function resolve(spec: Spec, schema: Schema | undefined): Schema {
  const name = schema ? nameOf(schema) : null;
  return name === null ? (schema ?? {}) : (spec.components?.schemas?.[name] ?? {});
}

/** A schema in a few words: `string`, `Card[]`, `"a" | "b"`. */
export function brief(schema: Schema | undefined, depth = 0): string {
  if (!schema) return 'any';
  const name = nameOf(schema);
  if (name !== null) return name;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(' | ');
  const union = schema.oneOf ?? schema.anyOf;
  if (depth > 4) return '…';
  if (union) return union.map((one) => brief(one, depth + 1)).join(' | ');
  if (schema.allOf) return schema.allOf.map((one) => brief(one, depth + 1)).join(' & ');
  const types = [schema.type ?? 'object'].flat().map((type) => {
    if (type === 'array') return `${brief(schema.items, depth + 1)}[]`;
    if (type === 'object' && typeof schema.additionalProperties === 'object') return `{ [name]: ${brief(schema.additionalProperties, depth + 1)} }`;
    return schema.format && type !== 'null' ? `${type} (${schema.format})` : type;
  });
  return types.join(' | ');
}

/** A body to begin with: the required fields, with a value of their type. */
export function example(spec: Spec, schema: Schema | undefined, depth = 0): unknown {
  const found = resolve(spec, schema);
  if (found.default !== undefined) return found.default;
  if (found.const !== undefined) return found.const;
  if (found.enum) return found.enum[0];
  if (depth > 6) return null;
  const first = found.oneOf?.[0] ?? found.anyOf?.[0];
  if (first) return example(spec, first, depth + 1);
  if (found.allOf) return Object.assign({}, ...found.allOf.map((one) => example(spec, one, depth + 1)));
  const type = [found.type ?? 'object'].flat()[0];
  if (type === 'object') {
    const wanted = Object.entries(found.properties ?? {}).filter(([name]) => found.required?.includes(name));
    return Object.fromEntries(wanted.map(([name, one]) => [name, example(spec, one, depth + 1)]));
  }
  const values: Record<string, unknown> = { array: [], string: '', integer: found.minimum ?? 0, number: 0, boolean: false };
  return values[type ?? ''] ?? null;
}

/** The address of a request, with its path and query filled in. */
export function address(one: Operation, given: Record<string, string>): string {
  const path = one.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(given[name] ?? ''));
  const query = one.parameters.filter((parameter) => parameter.in === 'query' && (given[parameter.name] ?? '') !== '');
  const search = new URLSearchParams(query.map((parameter) => [parameter.name, given[parameter.name] ?? '']));
  return query.length > 0 ? `${path}?${search}` : path;
}
