import type { Answer, Api, Installation } from '../../harness/index.js';
import { fresh } from '../installed.js';
import { PatientApi } from '../patient-api.js';

/** One character more than an id or a reason may have. */
export const LONG = 'x'.repeat(257);
/** Nested deeper than anything may be. */
export const BOMB = '['.repeat(40) + ']'.repeat(40);

/** Requests of every form to one installation that has one tool; it is there inside tests only. */
export class Transport {
  readonly tool = fresh('echo');

  constructor(readonly tollgate: () => Installation) {}

  api = () => PatientApi.of(this.tollgate().api);
  agentKey = async (...agents: string[]): Promise<Api> =>
    this.api().as((await this.api().post('/v1/keys', { role: 'agent', agents })).body.key);

  call = (more: object = {}) => ({ agent_id: fresh('agent'), tool: this.tool, ...more });
  raw = (body: string | Buffer, path = '/v1/ai/run'): Promise<Answer> => this.api().send('POST', path, { raw: body });

  /** Bodies that have the text as a value of a member, inside args, and inside an ignored member. */
  everywhere = (value: string) => [
    `{"agent_id":"a","tool":"${this.tool}","spend_usd":${value}}`,
    `{"agent_id":"a","tool":"${this.tool}","args":{"deep":[{"x":${value}}]}}`,
    `{"agent_id":"a","tool":"${this.tool}","ignored":[${value}]}`,
  ];
}
