// SPDX-License-Identifier: GPL-3.0-or-later
import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { Point } from '../../protocol/eddsa.ts';
import { parseU64 } from '../../protocol/field.ts';
import { RecordError, RecordMissingError } from './errors.ts';
import { FIRST_SUM, formatLine, parseLine, voteBody, voteOf, type RecordBody } from './record-line.ts';
import { RecordLock } from './record-lock.ts';
import { VoteHistory, type Vote } from './slashing-rules.ts';

export interface RecordLimits {
  /** more votes than this and the file is written anew at the next opening */
  readonly compactAbove: number;
  /** votes kept one by one for each chain then */
  readonly keepPerChain: number;
}

const LIMITS: RecordLimits = { compactAbove: 20_000, keepPerChain: 1_000 };

/**
 * Every vote that a key has cast, on disk. A vote is written and flushed before its signature is given out, so that
 * after any crash the record knows at least what the world may know. Append only; a damaged record refuses everything.
 */
export class SlashingRecord {
  private readonly histories = new Map<string, VoteHistory>();
  private broken = false;
  private file = -1;
  private sum = FIRST_SUM;

  private constructor(
    private readonly path: string,
    private readonly lock: RecordLock,
  ) {}

  static exists(path: string): boolean {
    return existsSync(path);
  }

  /**
   * Begin the record of a key that has never voted, or whose earlier votes the operator vouches for.
   * @throws RecordError when there is one
   */
  static initialise(path: string, key: Point): void {
    if (existsSync(path)) throw new RecordError(`${path} exists; it is never begun anew`);
    const lock = new RecordLock(path);
    try {
      writeWhole(path, [header(key)]);
    } finally {
      lock.release();
    }
  }

  /**
   * Open for this process alone.
   * @throws RecordMissingError, RecordError when damaged or of another key, RecordLockedError
   */
  static open(path: string, key: Point, limits: RecordLimits = LIMITS): SlashingRecord {
    if (!existsSync(path)) throw new RecordMissingError(`there is no slashing-protection record at ${path}`, { path });
    const lock = new RecordLock(path);
    try {
      const record = new SlashingRecord(path, lock);
      const votes = record.load(key);
      if (votes > limits.compactAbove) record.compact(key, limits.keepPerChain);
      record.file = openSync(path, 'a');
      return record;
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /**
   * Judge a vote and put it on disk; after this its signature may be given out.
   * @throws SlashableVoteError, RecordError, RecordLockedError
   */
  commit(vote: Vote): void {
    if (this.broken || this.file < 0) throw new RecordError('the record was closed, or a write to it failed: restart');
    const history = this.history(vote.domain, vote.attestation.checkpoint.chainKey);
    history.assertSafe(vote.attestation);
    if (history.has(vote.attestation)) return;
    this.lock.assertHeld();
    const line = formatLine(this.sum, voteBody(vote));
    try {
      writeFully(this.file, line.text);
      fsyncSync(this.file);
    } catch (error) {
      // How much of it reached the disk is unknown: reading it again decides.
      this.broken = true;
      throw new RecordError(`cannot write ${this.path}`, {}, error);
    }
    this.sum = line.sum;
    history.add(vote.attestation);
  }

  close(): void {
    if (this.file >= 0) closeSync(this.file);
    this.file = -1;
    this.lock.release();
  }

  /** @returns number of votes */
  private load(key: Point): number {
    const text = readFileSync(this.path, 'utf8');
    const end = text.lastIndexOf('\n') + 1;
    const lines = text.slice(0, end).split('\n').slice(0, -1);
    let votes = 0;
    lines.forEach((line, i) => {
      const parsed = parseLine(this.sum, line);
      if (!parsed) throw new RecordError(`${this.path} is damaged at line ${i + 1}`, { path: this.path, line: i + 1 });
      this.take(parsed.body, i, key);
      this.sum = parsed.sum;
      if (parsed.body.type === 'vote') votes += 1;
    });
    if (lines.length === 0) throw new RecordError(`${this.path} has no header`, { path: this.path });
    if (end < text.length) this.mendTail(text.slice(0, end), text.slice(end), lines.length, key);
    return votes;
  }

  /**
   * What follows the last line's end was being written in a crash, and its signature was never given out: it is
   * dropped. If all of it is there but the end, it counts; if even the end's place is taken, it was a whole line and is
   * damaged.
   */
  private mendTail(whole: string, tail: string, index: number, key: Point): void {
    const complete = parseLine(this.sum, tail);
    if (!complete && parseLine(this.sum, tail.slice(0, -1))) {
      throw new RecordError(`${this.path} is damaged at its end`, { path: this.path, line: index + 1 });
    }
    if (complete) {
      this.take(complete.body, index, key);
      this.sum = complete.sum;
    }
    const file = openSync(this.path, 'r+');
    try {
      if (complete) writeSync(file, '\n', Buffer.byteLength(whole + tail));
      else ftruncateSync(file, Buffer.byteLength(whole));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  }

  private take(body: RecordBody, index: number, key: Point): void {
    if ((body.type === 'header') !== (index === 0))
      throw new RecordError(`${this.path} has a header where none belongs`);
    if (body.type === 'header') {
      if (body.keyX === String(key.x) && body.keyY === String(key.y)) return;
      throw new RecordError(`${this.path} is the record of another key`, { keyX: body.keyX });
    }
    if (body.type === 'vote') {
      const { domain, attestation } = voteOf(body);
      this.history(domain, attestation.checkpoint.chainKey).add(attestation);
      return;
    }
    const mark = { source: parseU64(body.source, 'source'), target: parseU64(body.target, 'target') };
    this.history(body.domain, body.chain).raise(mark);
  }

  private compact(key: Point, keep: number): void {
    const bodies = [header(key)];
    for (const [place, history] of this.histories) {
      const [domain, chain] = place.split(' ') as [Vote['domain'], Vote['attestation']['checkpoint']['chainKey']];
      history.prune(keep);
      const { watermark } = history;
      if (watermark) {
        bodies.push({ type: 'watermark', domain, chain, source: `${watermark.source}`, target: `${watermark.target}` });
      }
      bodies.push(...history.recorded.map((attestation) => voteBody({ domain, attestation })));
    }
    this.sum = writeWhole(this.path, bodies);
  }

  private history(domain: string, chain: string): VoteHistory {
    const place = `${domain} ${chain}`;
    const known = this.histories.get(place);
    if (known) return known;
    const history = new VoteHistory();
    this.histories.set(place, history);
    return history;
  }
}

function header({ x, y }: Point): RecordBody {
  return { type: 'header', version: 1, keyX: String(x), keyY: String(y) };
}

/** Replace the file in one step. @returns sum of the last line */
function writeWhole(path: string, bodies: readonly RecordBody[]): string {
  const draft = `${path}.new`;
  const file = openSync(draft, 'w', 0o600);
  let sum = FIRST_SUM;
  try {
    for (const body of bodies) {
      const line = formatLine(sum, body);
      writeFully(file, line.text);
      sum = line.sum;
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
  return sum;
}

function writeFully(file: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
}
