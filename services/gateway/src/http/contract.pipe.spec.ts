import { z } from 'zod';
import { ContractError } from './contract-error.js';
import { body, jsonObject } from './contract-fields.js';
import { ContractPipe, readBody } from './contract.pipe.js';

const schema = body({ agent_id: z.string().optional(), args: jsonObject.optional() });
const pipe = new ContractPipe();

function answerTo(text: string): unknown {
  try {
    return pipe.transform(Buffer.from(text), { type: 'body', schema } as never);
  } catch (error) {
    if (error instanceof ContractError) return [error.status, error.detail];
    throw error;
  }
}

describe('the way in', () => {
  it('takes no body as an empty object', () => {
    expect([readBody(undefined), readBody(Buffer.alloc(0)), readBody(Buffer.from(' \n'))]).toEqual([{}, {}, {}]);
  });

  it('ignores unknown members', () => {
    expect(answerTo('{"agent_id":"a","other":1}')).toEqual({ agent_id: 'a' });
  });

  it('says what is no JSON, and what is no UTF-8', () => {
    expect(answerTo('{')).toEqual([
      422,
      [{ type: 'json_invalid', loc: ['body', 1], msg: 'JSON decode error', input: null }],
    ]);
    expect(() => readBody(Buffer.from([0x22, 0xff, 0x22]))).toThrow(ContractError);
  });

  it('shows no arguments', () => {
    expect(answerTo('{"args":"card 4242"}')).toMatchObject([
      422,
      [{ type: 'dict_type', loc: ['body', 'args'], input: null }],
    ]);
    expect(answerTo('{"args":{"n":1e400}}')).toMatchObject([422, [{ loc: ['body', 'args', 'n'], input: null }]]);
  });

  it('answers 413 for what was over 1 MB', () => {
    expect(() => readBody('too_large')).toThrow(expect.objectContaining({ status: 413 }));
  });

  it('names query and path as the origin', () => {
    const wrong = (type: string) => () =>
      pipe.transform({ limit: 1 }, { type, schema: z.object({ limit: z.string() }) } as never);
    expect(wrong('query')).toThrow(
      expect.objectContaining({ detail: [expect.objectContaining({ loc: ['query', 'limit'] })] }),
    );
    expect(wrong('param')).toThrow(
      expect.objectContaining({ detail: [expect.objectContaining({ loc: ['path', 'limit'] })] }),
    );
  });
});
