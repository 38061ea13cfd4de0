// SPDX-License-Identifier: GPL-3.0-or-later
import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';
import { processStart } from '../../runtime/process-start.ts';
import { RecordLockedError } from './errors.ts';

const ownerSchema = z.object({
  token: z.string(),
  pid: z.int(),
  /** when the process began, in clock ticks since boot: a later process with the same id has another */
  started: z.string(),
  host: z.string(),
  boot: z.string(),
});

type Owner = z.output<typeof ownerSchema>;

/**
 * One process at a time may write a record. The lock is a file beside it that names its owner; that of a dead process
 * of this machine is taken over, that of another machine never: its process may be alive.
 */
export class RecordLock {
  private readonly token = randomBytes(16).toString('hex');
  private readonly path: string;

  /** @throws RecordLockedError */
  constructor(recordPath: string) {
    this.path = `${recordPath}.lock`;
    const mine: Owner = {
      token: this.token,
      pid: process.pid,
      started: processStart(process.pid) ?? '',
      host: hostname(),
      boot: bootId(),
    };
    const draft = `${this.path}.${this.token}`;
    writeFileSync(draft, JSON.stringify(mine), { mode: 0o600, flag: 'wx' });
    try {
      // link fails when the lock exists, and never shows a half-written one.
      if (!tryLink(draft, this.path)) {
        this.evictDeadOwner();
        if (!tryLink(draft, this.path)) throw new RecordLockedError(`${this.path} was taken by another process`);
      }
    } finally {
      rmSync(draft, { force: true });
    }
  }

  /** @throws RecordLockedError when the lock is no longer ours */
  assertHeld(): void {
    if (readOwner(this.path)?.token !== this.token) {
      throw new RecordLockedError(`${this.path} is no longer held by this process`);
    }
  }

  release(): void {
    if (readOwner(this.path)?.token === this.token) rmSync(this.path, { force: true });
  }

  private evictDeadOwner(): void {
    const owner = readOwner(this.path);
    if (owner && isAlive(owner)) {
      throw new RecordLockedError(
        `${this.path} is held by process ${owner.pid} on ${owner.host}; if that process is gone for certain, remove the file`,
        { pid: owner.pid, host: owner.host },
      );
    }
    // Renamed, not removed: should another process have taken it over meanwhile, its lock is put back.
    const aside = `${this.path}.old.${this.token}`;
    try {
      renameSync(this.path, aside);
    } catch {
      return;
    }
    if (readOwner(aside)?.token !== owner?.token) {
      tryLink(aside, this.path);
      rmSync(aside, { force: true });
      throw new RecordLockedError(`${this.path} was taken by another process`);
    }
    rmSync(aside, { force: true });
  }
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function readOwner(path: string): Owner | undefined {
  try {
    return ownerSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}

function isAlive(owner: Owner): boolean {
  if (owner.host !== hostname()) return true;
  if (owner.boot !== bootId()) return false;
  const started = processStart(owner.pid);
  if (started !== undefined) return started === owner.started;
  try {
    process.kill(owner.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}
