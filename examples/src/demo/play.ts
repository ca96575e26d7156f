import { charge } from './charge.js';
import { exportContacts } from './export.js';
import { searchLoop } from './search-loop.js';
import { claim } from './story.js';
import type { Story } from './story.js';
import type { Surroundings } from './surroundings.js';
import { waysOf } from './trail.js';
import type { TimelineEvent, Way } from './trail.js';

const STORIES = [
  ['a charge whose connection drops', charge],
  ['a search loop that nobody watches', searchLoop],
  ['an agent that picks a tool outside its job', exportContacts],
] as const;

export interface Played {
  readonly story: Story;
  readonly trail: readonly Way[];
}

/** Plays the stories one after the other, and asks Tollgate afterwards what it has on record of each. */
export async function playAll(around: Surroundings, say: (line: string) => void): Promise<readonly Played[]> {
  const played: Played[] = [];
  for (const [name, play] of STORIES) {
    const start = performance.now();
    const story = await play(around);
    const events = await around.tollgate.timeline(story.runId);
    played.push({ story: withRecord(story, events), trail: waysOf(events) });
    say(`  played ${name} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
  }
  return played;
}

/** The record must say what the tools say. */
function withRecord(story: Story, events: readonly TimelineEvent[]): Story {
  const recorded = events.filter(({ type }) => type === 'tool_call').length;
  return {
    ...story,
    claims: [...story.claims, claim('the record shows the calls that the tools counted', story.toolCalls, recorded)],
  };
}
