import { COMMANDS } from './commands.js';
import { admin } from './index.js';

describe('the help of tollgate admin', () => {
  it('names every command', async () => {
    const help = await admin(['--help']);
    expect(await admin([])).toBe(help);
    for (const [name, { says }] of Object.entries(COMMANDS)) {
      expect(help).toContain(`npx tollgate admin ${name}`);
      expect(help).toContain(says);
    }
  });

  it.each(Object.keys(COMMANDS))('explains %s, with examples that it takes', async (name) => {
    const help = await admin([...name.split(' '), '--help']);
    expect(help).toContain(`tollgate admin ${name}: `);
    for (const example of COMMANDS[name]!.examples) {
      expect(help).toContain(`\n  npx tollgate admin ${example}\n`);
      expect(example.startsWith(name)).toBe(true);
      const given = example.replace(/ --.*/, '').split(' ').slice(2);
      expect(given).toHaveLength(COMMANDS[name]!.takes.length);
    }
  });

  it('names what there is of a thing, where it is asked about that', async () => {
    const help = await admin(['tenant', '--help']);
    expect(help).toContain('npx tollgate admin tenant email');
    expect(help).not.toContain('npx tollgate admin key');
  });

  it('is shown with what is wrong', async () => {
    await expect(admin(['tenant', 'destroy'])).rejects.toMatchObject({
      message: 'there is no command "admin tenant destroy"',
      help: await admin(['tenant', '--help']),
    });
    await expect(admin(['key', 'create'])).rejects.toMatchObject({
      message: '"admin key create" takes <tenant id>',
      help: await admin(['key', 'create', '--help']),
    });
    await expect(admin(['tenant', 'list', '--never'])).rejects.toMatchObject({ name: 'UsageError' });
  });
});
