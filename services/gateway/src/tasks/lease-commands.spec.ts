import { systemClock, type Clock } from '@tollgate/journal';
import type { Caller } from '../auth/caller.js';
import { Endings } from '../run/endings.js';
import { TenantHashKeys } from '../run/hash-keys.js';
import { InFlight } from '../run/in-flight.js';
import { LeaseCommands } from './lease-commands.js';

const caller: Caller = { tenant: 'acme', keyId: 'key_1', role: 'admin', agents: [] };

/** A wait is over as soon as it begins, and has taken its time. */
class Leaping {
  private at = 0;
  readonly clock: Clock = {
    ...systemClock,
    now: () => this.at,
    after: (ms, work) => {
      const soon = setImmediate(() => {
        this.pass(ms);
        work();
      });
      return () => {
        clearImmediate(soon);
      };
    },
  };

  pass(ms: number): void {
    this.at += ms;
  }
}

describe('a command of which nothing is heard', () => {
  it.each([0, 2_900])('is answered 503 before clients give up, also when its ack took %d ms', async (ackMs) => {
    const time = new Leaping();
    const commands = new LeaseCommands({
      gateway: 'gw',
      inbox: { put: async () => time.pass(ackMs) },
      endings: new Endings(),
      redis: { get: async () => null },
      inFlight: new InFlight(1, 1),
      hashKeys: new TenantHashKeys([]),
      clock: time.clock,
      upgradeUrl: null,
    });
    const asked = commands.ask({ caller, command: { does: 'lock', key: 'k', ttlSec: 60 } });
    await expect(asked).rejects.toMatchObject({ status: 503 });
    expect(time.clock.now()).toBe(4_000);
  });
});
