import { policyPassed } from '@tollgate/events';
import { eventAt, header, messageOf, passed } from '../spec/events.js';
import { linksOf } from './project-span.js';

const [TRACE, SPAN] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'];
const traced = (trace: string) => eventAt('policy', 1, policyPassed.draft('acme', passed(header('call_1')), trace));

describe('the links of a projection', () => {
  it('lead to each sampled trace once', () => {
    const sampled = traced(`00-${TRACE}-${SPAN}-01`);
    expect(linksOf([messageOf('policy', 1, [sampled, sampled])])).toMatchObject([
      { context: { traceId: TRACE, spanId: SPAN } },
    ]);
  });

  it('lead to nothing that is not sampled or not a traceparent', () => {
    expect(linksOf([messageOf('policy', 1, [traced(`00-${TRACE}-${SPAN}-00`), traced('what')])])).toEqual([]);
  });
});
