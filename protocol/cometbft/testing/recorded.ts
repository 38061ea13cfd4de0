// SPDX-License-Identifier: GPL-3.0-or-later
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Recorded answers of cosmoshub-4's RPC, beside the project's folder where they are there at all. */
export const RECORDED = resolve(import.meta.dirname, '../../../../shared/fixtures/cosmoshub-4');

export const RECORDED_HEIGHTS = [8_619_996n, 8_619_997n] as const;

/** Why a test that needs them is skipped, or false. */
export const noRecording = !existsSync(RECORDED) && `recorded answers of cosmoshub-4 are not in ${RECORDED}`;

/** @param what of the file's name, e.g. `commit` */
export function recordedFile(what: 'commit' | 'validators', height: bigint): string {
  return join(RECORDED, `${what}.${height}.json`);
}

export function recordedAnswer(what: 'commit' | 'validators', height: bigint): unknown {
  return JSON.parse(readFileSync(recordedFile(what, height), 'utf8'));
}
