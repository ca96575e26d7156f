import type { Api } from '../harness/index.js';

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What `/metricsz` says, one sample a line. */
export async function scrape(api: Api): Promise<readonly Sample[]> {
  const { body } = await api.as(undefined).get('/metricsz');
  const lines = String(body).split('\n');
  return lines.filter((line) => line !== '' && !line.startsWith('#')).map(sampleIn);
}

/** The value of the one sample with these labels; 0 when there is none, as Prometheus would count it. */
export function valueOf(samples: readonly Sample[], name: string, labels: Sample['labels'] = {}): number {
  const wanted = Object.entries(labels);
  const found = samples.filter(
    (one) => one.name === name && wanted.every(([label, value]) => one.labels[label] === value),
  );
  return found.reduce((sum, { value }) => sum + value, 0);
}

function sampleIn(line: string): Sample {
  const [, name = '', labels = '', value = ''] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  if (name === '') throw new Error(`not a sample: ${line}`);
  const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label = '', text = '']) => [label, text]);
  return { name, labels: Object.fromEntries(pairs) as Sample['labels'], value: Number(value) };
}
