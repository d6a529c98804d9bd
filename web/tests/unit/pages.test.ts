import { expect, test } from 'vitest';
import { address, brief, example, matches, operations, type Spec } from '../../src/docs/spec';

test('the API description becomes operations, addresses and bodies', () => {
  const spec: Spec = {
    info: { title: 'x', version: '1' },
    paths: {
      '/v1/a/{id}': {
        post: {
          tags: ['t'], operationId: 'a_post', summary: 'Make an A.',
          parameters: [{ name: 'id', in: 'path', required: true }, { name: 'q', in: 'query' }],
          requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/A' } } } },
        },
      },
    },
    components: { schemas: { A: { type: 'object', required: ['n', 's'], properties: { n: { type: 'integer', minimum: 1 }, s: { enum: ['x', 'y'] }, o: { $ref: '#/components/schemas/A' } } } } },
  };
  const [one] = operations(spec);
  if (!one) throw new Error('no operation');
  expect(address(one, { id: 'a/b', q: 'c d' })).toBe('/v1/a/a%2Fb?q=c+d');
  expect(example(spec, one.body?.schema)).toEqual({ n: 1, s: 'x' });
  expect(brief({ type: ['array', 'null'], items: { $ref: '#/components/schemas/A' } })).toBe('A[] | null');
  expect([matches(one, 'make POST'), matches(one, 'make delete')]).toEqual([true, false]);
});
