import type { Simulation } from './simulation.js';
import type { StoreAction } from './store-plan.js';

/** A look has found the record caught up by then, and has not read it yet, now and then. */
const LOOKING_MS = 20;

/** Does to gateways, audit and its stores what a plan says. */
export function trouble(sim: Simulation, action: StoreAction): void {
  const { world, redis, postgres } = sim;
  switch (action.does) {
    case 'kill gateway':
      sim.gateways[action.place]?.process.kill();
      world.after(action.downMs, () => {
        sim.replaceGateway(action.place);
      });
      break;
    case 'cut off gateway':
      sim.gateways[action.place]?.sever();
      break;
    case 'pause gateway':
      sim.gateways[action.place]?.process.pause(action.forMs);
      break;
    case 'kill audit': {
      const [killed, ...others] = sim.audits;
      if (killed === undefined) break;
      killed.process.kill();
      sim.audits = others;
      world.after(action.downMs, () => {
        sim.startAudit();
      });
      break;
    }
    case 'cut off audit':
      sim.audits[0]?.sever();
      break;
    case 'pause audit':
      sim.audits[0]?.process.pause(action.forMs);
      break;
    case 'wipe redis':
      world.note('redis', 'is wiped');
      redis.flushAll();
      break;
    case 'drop postgres':
      // Right when people look.
      sim.clients.lookAround(sim.calls, sim.gateways.length);
      world.after(LOOKING_MS, () => {
        world.note('postgres', 'is dropped');
        postgres.drop();
      });
      break;
    case 'stop redis':
      away(sim, 'redis', redis, action.forMs);
      break;
    case 'stop postgres':
      away(sim, 'postgres', postgres, action.forMs);
      break;
  }
}

function away({ world }: Simulation, name: string, store: { up: boolean }, forMs: number): void {
  world.note(name, `is away for ${Math.round(forMs)} ms`);

  store.up = false;
  world.after(forMs, () => {
    store.up = true;
  });
}
