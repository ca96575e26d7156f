import { z } from 'zod';

export type JsonSchema = Record<string, unknown>;

/**
 * What a schema takes, as JSON Schema 2020-12. A schema that first rewrites what was sent (leaves out nulls) is what comes
 * behind; one that makes something else of it is what stands before.
 */
export function schemaOf(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const behind = behindRewriting(zodSchema);
      if (behind !== undefined) Object.assign(jsonSchema, schemaOf(behind as z.ZodType));
      // A number in a query is read from text, and is a number to whoever writes it.
      if (jsonSchema.type === 'integer') delete jsonSchema.pattern;
    },
  });
  return rest;
}

function behindRewriting(schema: z.core.$ZodTypes): z.core.$ZodType | undefined {
  const { def } = schema._zod;
  if (def.type !== 'pipe') return undefined;
  return def.in._zod.def.type === 'transform' ? def.out : undefined;
}
