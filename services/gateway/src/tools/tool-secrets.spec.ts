import type { ToolDocument } from '@tollgate/events';
import { systemClock } from '@tollgate/journal';
import { createSealer, mintSealingKey } from '@tollgate/sealing';
import { mergedTool, toolAnswer } from './tool-edit.js';
import { ToolSecrets } from './tool-secrets.js';
import { toolBody } from './tool.schema.js';

const DAY = 86_400_000;
const newSecrets = () => new ToolSecrets(createSealer({ keys: [mintSealingKey()], mode: 'on' }), systemClock);

/** A tool that its secrets are posted to, one after the other. */
class Posted {
  tool: ToolDocument | undefined;
  constructor(private readonly secrets = newSecrets()) {}

  post(secret: string | undefined, now: number, overlap_sec?: number): this {
    const auth = secret === undefined ? undefined : { type: 'hmac_sha256', secret, overlap_sec };
    const sent = toolBody.parse({ name: 'mail', url: 'https://tools.example/mail', auth });
    const stored = this.secrets.after('acme', this.tool, 'mail', sent.auth, now);
    this.tool = mergedTool(this.tool, sent, stored, now) as ToolDocument;
    return this;
  }

  at(now: number) {
    return toolAnswer(this.tool!, now);
  }
}

describe('contract 6, the secret of a tool', () => {
  it('that is replaced goes on signing for a day, where nothing else is said', () => {
    const posted = new Posted().post('old-secret', 0);
    const { secret_id: old } = posted.at(0);
    expect(posted.at(0)).toMatchObject({ previous_secret_id: null, previous_secret_until: null });
    posted.post('new-secret', 1_000);
    expect(posted.at(2_000)).toMatchObject({
      secret_id: expect.not.stringContaining(old),
      previous_secret_id: old,
      previous_secret_until: '1970-01-02T00:00:01.000Z',
    });
    expect(posted.at(DAY + 999).previous_secret_id).toBe(old);
    expect(posted.at(DAY + 1_000)).toMatchObject({ previous_secret_id: null, previous_secret_until: null });
  });

  it('overlaps for as long as was said, at once not at all', () => {
    const posted = new Posted().post('old-secret', 0).post('new-secret', 0, 60);
    expect(posted.at(0).previous_secret_until).toBe('1970-01-01T00:01:00.000Z');
    posted.post('third-secret', 0, 0);
    expect(posted.at(0).previous_secret_id).toBeNull();
    expect(posted.tool).not.toHaveProperty('previous');
  });

  it('sent again changes nothing, whatever was said of the overlap: a repeat does not make it longer', () => {
    const { tool } = new Posted().post('old-secret', 0);
    const posted = new Posted().post('old-secret', 0).post('new-secret', 0, 60);
    const once = posted.tool;
    for (const overlap of [undefined, 60, 3_600]) expect(posted.post('new-secret', 9_000, overlap).tool).toBe(once);
    expect(posted.post(undefined, 9_000).tool).toBe(once);
    expect(tool).not.toHaveProperty('previous');
  });

  it('sent again with an overlap of 0 is the only one from then on', () => {
    const posted = new Posted().post('old-secret', 0).post('new-secret', 0, 60);
    const { secret_id } = posted.at(0);
    posted.post('new-secret', 9_000, 0);
    expect(posted.at(9_000)).toMatchObject({ secret_id, previous_secret_id: null });
    expect(posted.tool).toMatchObject({ updatedAt: 9_000 });
  });

  it('is kept with the one before it when a third comes: of three the oldest goes', () => {
    const posted = new Posted().post('old-secret', 0).post('new-secret', 0, 60);
    const { secret_id: second } = posted.at(0);
    expect(posted.post('third-secret', 0, 60).at(0).previous_secret_id).toBe(second);
  });

  it('can be replaced where the key that sealed it is gone; it does not overlap then', () => {
    const lost = new Posted().post('old-secret', 0);
    const posted = new Posted();
    posted.tool = lost.tool;
    expect(posted.post('new-secret', 0).at(0)).toMatchObject({ has_secret: true, previous_secret_id: null });
  });

  it('is nowhere to be read', () => {
    const posted = new Posted().post('old-secret', 0).post('new-secret', 0);
    expect(JSON.stringify([posted.tool, posted.at(0)])).not.toContain('-secret');
  });
});
