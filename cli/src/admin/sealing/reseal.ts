import { secretCallId, toolSet, type SealedEnvelope, type ToolDocument } from '@tollgate/events';
import { BusError, ConfigReader, toolSubject, writeConfig, type Bus, type Versioned } from '@tollgate/journal';
import { createSealer, type Sealer } from '@tollgate/sealing';
import { AwayError } from '../away-error.js';
import { withBus } from '../servers.js';
import { neededKeys } from './own-keys.js';

/** Who made a change that no API key made. */
const INSTALLATION = '-';
const ROUNDS = 5;

export interface Resealed {
  /** Tools whose secret is sealed with the first key now, and was not. */
  readonly resealed: number;
  /** `<tenant> <scope> <name>`: sealed with a key that is not in the list; they must be registered again with a secret. */
  readonly lost: readonly string[];
}

type Tool = Versioned<ToolDocument>;

/** Seals the secrets of all tools with the first key of the list, so that the others need not open them any more. */
export async function reseal(): Promise<Resealed> {
  const { keys } = neededKeys();
  const [{ id: current } = { id: '' }] = keys;
  const sealer = createSealer({ keys, mode: 'on' });
  return await withBus(async (bus) => {
    let resealed = 0;
    // Whoever changed a tool at the same moment was first: what that made of it is looked at again.
    for (let round = 0; round < ROUNDS; round += 1) {
      const { old, lost } = await toolsOf(bus, current, sealer);
      if (old.length === 0) return { resealed, lost };
      for (const tool of old) resealed += await written(bus, tool);
    }
    throw new AwayError('too many others change tools at the moment: repeat this');
  });
}

async function toolsOf(
  bus: Bus,
  current: string,
  sealer: Sealer,
): Promise<{ old: readonly Tool[]; lost: readonly string[] }> {
  const { state } = await ConfigReader.open(bus);
  const [old, lost]: [Tool[], string[]] = [[], []];
  for (const { value, seq, tenant } of state.tools.values()) {
    if (value === undefined || isCurrent(value, current)) continue;
    const again = resealedTool({ value, seq, tenant }, sealer);
    if (again === undefined) lost.push(`${tenant} ${value.scope} ${value.name}`);
    else old.push({ value: again, seq, tenant });
  }
  return { old, lost };
}

const isCurrent = (tool: ToolDocument, current: string): boolean =>
  [tool.secret, ...previousOf(tool).map(({ secret }) => secret)].every((one) => 'k' in one && one.k === current);

/** The secret before, while it still signs. */
const previousOf = ({ previous }: ToolDocument) =>
  previous === undefined || previous.until <= Date.now() ? [] : [previous];

/** Undefined when the key that sealed it is gone. */
function resealedTool({ value, tenant }: Tool, sealer: Sealer): ToolDocument | undefined {
  const again = (secret: SealedEnvelope): SealedEnvelope => {
    const boundTo = { tenant, callId: secretCallId(value.name) };
    return sealer.seal(sealer.open(secret, boundTo), boundTo);
  };
  try {
    const { previous: _, ...tool } = value;
    const [before] = previousOf(value);
    const previous = before === undefined ? {} : { previous: { ...before, secret: again(before.secret) } };
    return { ...tool, secret: again(value.secret), ...previous };
  } catch {
    return undefined;
  }
}

async function written(bus: Bus, { value, seq: lastSubjectSeq, tenant }: Tool): Promise<0 | 1> {
  const draft = toolSet.draft(tenant, { by: INSTALLATION, tool: value });
  try {
    await writeConfig(bus, toolSubject(tenant, value.scope, value.name), draft, { lastSubjectSeq }, Date.now());
    return 1;
  } catch (error) {
    if (error instanceof BusError && error.code === 'wrong_last_sequence') return 0;
    throw error;
  }
}
