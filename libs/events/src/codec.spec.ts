import { readdirSync, readFileSync } from 'node:fs';
import { decodeEvent, decodeJson, EventDecodeError, finish } from './codec.js';
import { agentEnabled } from './config/agent-enabled.js';
import { EVENT_KINDS, isEnding } from './kinds.js';

/** One event of each kind and version as a journal holds it. A recorded one is never edited: a new version adds a file. */
const RECORDED = new URL('../src/recorded/', import.meta.url);
const names = readdirSync(RECORDED).sort();
const recorded = (name: string): unknown => JSON.parse(readFileSync(new URL(name, RECORDED), 'utf8'));

describe('the recorded events', () => {
  it('hold the current version of every kind', () => {
    expect(EVENT_KINDS.filter(({ type, version }) => !names.includes(`${type}.v${version}.json`))).toEqual([]);
  });

  it.each(names)('%s is read as it was written, nothing lost or added', (name) => {
    const event = recorded(name);
    expect(decodeEvent(event)).toEqual(event);
    expect(decodeEvent(decodeJson(new TextEncoder().encode(JSON.stringify(decodeEvent(event)))))).toEqual(event);
  });

  it('bear what a policy that observes adds to them', () => {
    const passed = recorded('policy-passed.v1.json') as { data: { call: object; terms: object } };
    const [call, terms] = [
      { ...passed.data.call, wouldBlock: 'tool_explicitly_blocked' },
      { ...passed.data.terms, mode: 'observe' },
    ];
    const observed = { ...passed, data: { ...passed.data, call, terms } };
    expect(decodeEvent(observed)).toEqual(observed);
    const set = recorded('policy-set.v1.json') as { data: { policy: object } };
    const observing = { ...set, data: { ...set.data, policy: { ...set.data.policy, mode: 'observe' } } };
    expect(decodeEvent(observing)).toEqual(observing);
  });

  it('bear whose a job is', () => {
    const acquired = recorded('task-acquired.v1.json') as { data: { task: { job: object } } };
    const job = { ...acquired.data.task.job, agent: 'billing' };
    const named = { ...acquired, data: { ...acquired.data, task: { ...acquired.data.task, job } } };
    expect(decodeEvent(named)).toEqual(named);
  });

  it('say which of them end a call', () => {
    const endings = names.filter((name) => isEnding(decodeEvent(recorded(name))));
    expect(endings.map((name) => name.split('.')[0])).toEqual([
      'blocked',
      'deduplicated',
      'executed',
      'failed',
      'in-doubt',
      'resolved',
    ]);
  });
});

describe('an event that cannot be read', () => {
  const event = recorded('policy-passed.v1.json') as { data: Record<string, unknown> };
  const codeOf = (value: unknown): unknown => {
    try {
      return decodeEvent(value);
    } catch (error) {
      return (error as EventDecodeError).code;
    }
  };

  it.each([
    ['no event at all', 'text', 'undecodable'],
    ['no type', { ...event, type: undefined }, 'undecodable'],
    ['an id that is no safe integer', { ...event, id: 2 ** 53 }, 'undecodable'],
    ['data of another shape', { ...event, data: { ...event.data, terms: 'none' } }, 'undecodable'],
    ['an unknown kind', { ...event, type: 'charged-twice' }, 'unknown_type'],
    ['a version of a newer release', { ...event, v: 2 }, 'unknown_version'],
  ])('%s: says so with a code', (_what, value, code) => {
    expect(codeOf(value)).toBe(code);
  });

  it('keeps what could be parsed, so that its call can be ended', () => {
    const broken = { ...event, data: { ...event.data, terms: undefined } };
    expect(() => decodeEvent(broken)).toThrow(expect.objectContaining({ inputType: 'policy-passed', raw: broken }));
  });

  it.each([
    ['not JSON', new TextEncoder().encode('{')],
    ['not UTF-8', Uint8Array.of(0x22, 0xff, 0x22)],
  ])('%s: has no text in its error', (_what, bytes) => {
    expect(() => decodeJson(bytes)).toThrow(new EventDecodeError('undecodable'));
  });
});

describe('an event that is written', () => {
  it('bears its id, its time and the current version of its kind', () => {
    const data = { by: 'key_admin', agent: 'billing' };
    expect(finish(agentEnabled.draft('acme', data, '00-trace'), 7, 1_000)).toEqual({
      type: 'agent-enabled',
      v: agentEnabled.version,
      id: 7,
      at: 1_000,
      tenant: 'acme',
      trace: '00-trace',
      data,
    });
  });

  it('has no trace where it belongs to none', () => {
    expect(agentEnabled.draft('acme', { by: '-', agent: 'billing' })).not.toHaveProperty('trace');
  });
});
