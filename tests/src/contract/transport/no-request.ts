import { row } from '../row.js';
import { wire, wireText } from '../wire.js';
import type { Transport } from './transport.js';

export function noRequest({ api }: Transport): void {
  describe('what is no request', () => {
    row('0/400-not-http', async () => {
      const broken = { status: 400, body: { detail: 'Bad Request' } };
      expect(await wireText(api(), 'hello\r\n\r\n')).toEqual(broken);
      expect(await wire(api(), 'POST', '/v1/ai/run', ['Content-Length: many'])).toEqual(broken);
      expect(await wire(api(), 'GET', '/v1/policies/\u00e9')).toEqual(broken);
      const header = `X-Much: ${'x'.repeat(100_000)}`;
      expect(await wire(api(), 'GET', '/v1/tools', [header])).toMatchObject({
        status: 431,
        body: { detail: expect.any(String) },
      });
    });
  });
}
