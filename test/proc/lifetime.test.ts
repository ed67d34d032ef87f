import { describe, expect, it } from 'vitest';

import { Lifetime } from '../../src/proc/lifetime.ts';
import { startWithPid } from '../fixtures/pids.ts';
import { startPuppet } from '../fixtures/puppet.ts';

describe('Lifetime', () => {
  it('lasts while the process runs, and ends with it', async () => {
    const puppet = await startPuppet();
    const lifetime = new Lifetime(puppet.pid);
    expect(lifetime.end()).toBeUndefined();
    await puppet.stop();
    expect(lifetime.end()).toBe('ended');
  });

  it('ends before the parent waits for a zombie', async () => {
    const puppet = await startPuppet();
    const zombie = Number(await puppet.tell('zombie'));
    expect(new Lifetime(zombie).end()).toBe('ended');
  });

  it('ends when another program replaces it by exec', async () => {
    const puppet = await startPuppet();
    const lifetime = new Lifetime(puppet.pid);
    lifetime.checkNotReplaced();
    await puppet.exec();
    expect(lifetime.end()).toBe('became another program (exec)');
    expect(() => lifetime.checkNotReplaced()).toThrow(
      /^process \d+ became another program \(exec\) meanwhile$/,
    );
  });

  it('has ended when another process has the pid', async () => {
    const puppet = await startPuppet();
    const lifetime = new Lifetime(puppet.pid);
    await puppet.stop();
    await startWithPid(puppet.pid);
    expect(lifetime.end()).toBe('ended, and its pid was given to another process,');
  });

  it('has ended if there is no such process', () => {
    expect(new Lifetime(2 ** 30).end()).toBe('ended');
  });
});
