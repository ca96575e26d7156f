import { replicasIn } from './replicas.js';

describe('the copies of the journals, out of /metricsz', () => {
  it('are a number with labels or without, and unknown otherwise', () => {
    const text = '# TYPE tollgate_stream_replicas gauge\ntollgate_stream_replicas';
    expect(replicasIn(`${text}{otel_scope_name="tollgate"} 3\n`)).toBe(3);
    expect(replicasIn(`up 1\n${text} 1 1795262400\n`)).toBe(1);
    expect(replicasIn('up 1\n')).toBeUndefined();
    expect(replicasIn({ detail: 'Not Found' })).toBeUndefined();
  });
});
