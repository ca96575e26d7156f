type Packages = Readonly<Record<string, object>>;

const { lockIsMet } = (await import(new URL('../../bootstrap/install.mjs', import.meta.url).href)) as {
  lockIsMet(wanted: Packages, installed: Packages): boolean;
};

const pinned = { 'node_modules/pg': { version: '8.23.1' } };

describe('the dependencies are those of the lock file', () => {
  it('when each has its version, whatever else is there', () => {
    expect(lockIsMet(pinned, { ...pinned, 'node_modules/left': { version: '1.0.0' } })).toBe(true);
  });

  it('not when one has another version or is missing', () => {
    expect(lockIsMet(pinned, { 'node_modules/pg': { version: '8.23.0' } })).toBe(false);
    expect(lockIsMet(pinned, {})).toBe(false);
  });

  it('without the optional ones, most of which are for other platforms', () => {
    expect(lockIsMet({ 'node_modules/darwin': { version: '1.0.0', optional: true } }, {})).toBe(true);
  });

  it('and says nothing about the packages of the workspace itself', () => {
    expect(lockIsMet({ '': {}, 'libs/events': { version: '0.1.0' } }, {})).toBe(true);
  });
});
