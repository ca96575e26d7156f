import { armFaults, FaultError, faultPoint, parseFaults } from './faults.js';

afterEach(() => {
  armFaults([]);
});

describe('a list of faults', () => {
  it('names points, the time at which each acts, and what it does', () => {
    expect(parseFaults('dispatcher.after-request-sent=kill, audit.commit:3=stop,x=throw,y:1=delay250')).toEqual([
      { point: 'dispatcher.after-request-sent', nth: undefined, action: { kind: 'kill' } },
      { point: 'audit.commit', nth: 3, action: { kind: 'stop' } },
      { point: 'x', nth: undefined, action: { kind: 'throw' } },
      { point: 'y', nth: 1, action: { kind: 'delay', ms: 250 } },
    ]);
  });

  it.each(['x', 'x=explode', 'x:0=kill', 'x=delay', 'X=kill'])('is refused when it says %s', (text) => {
    expect(() => parseFaults(text)).toThrow(RangeError);
  });
});

describe('a fault point', () => {
  it('is nothing at all while none is armed', () => {
    expect(faultPoint('anything')).toBeUndefined();
  });

  it('acts at the time it is armed for, and at no other', async () => {
    armFaults(parseFaults('here:2=throw'));
    await faultPoint('elsewhere');
    await faultPoint('here');
    await expect(faultPoint('here')).rejects.toThrow(FaultError);
    await faultPoint('here');
  });

  it('delays', async () => {
    armFaults(parseFaults('here=delay30'));
    const before = performance.now();
    await faultPoint('here');
    expect(performance.now() - before).toBeGreaterThan(25);
  });
});
