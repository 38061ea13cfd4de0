// SPDX-License-Identifier: GPL-3.0-or-later
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Hex } from '../../protocol/bytes.ts';

/** What a step leaves on a chain, when it leaves something. */
export interface StepResult {
  readonly gas?: bigint;
  readonly tx?: Hex;
}

interface StepRow {
  readonly name: string;
  readonly ok: boolean;
  readonly seconds: number;
  readonly gas: number | null;
  readonly tx: string | null;
}

/** A step of the demo did not come out as it must. */
export class StepFailedError extends Error {
  constructor(
    readonly step: string,
    cause: unknown,
  ) {
    super(`${step}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** More that a demo has to say: a table, and as JSON under its own name. */
export interface ReportTable {
  /** field of the JSON */
  readonly name: string;
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** what programs read */
  readonly json: unknown;
}

const TICK_MS = 200;

/** Runs steps one after the other, shows what runs and for how long, and keeps the table. */
export class Report {
  readonly #rows: StepRow[] = [];
  readonly #tables: ReportTable[] = [];
  readonly #started = Date.now();
  #doing = '';

  constructor(private readonly output: NodeJS.WriteStream = process.stdout) {}

  /** @throws StepFailedError; nothing after it makes sense */
  async step(name: string, run: () => Promise<StepResult | void>): Promise<void> {
    const started = Date.now();
    const seconds = (): number => (Date.now() - started) / 1000;
    this.#doing = '';
    const ticker = this.output.isTTY
      ? setInterval(() => {
          const doing = this.#doing === '' ? '' : ` (${this.#doing})`;
          this.output.write(
            `\r\u001b[K      ${seconds().toFixed(1).padStart(5)} s  ${name}${doing}`.slice(
              0,
              4 + (this.output.columns || 100),
            ),
          );
        }, TICK_MS)
      : undefined;
    if (!ticker) this.output.write(`           ${name} ...\n`);
    let failure: unknown;
    let result: StepResult = {};
    try {
      result = (await run()) ?? {};
    } catch (error) {
      failure = error;
    }
    if (ticker) clearInterval(ticker);
    const ok = failure === undefined;
    const { gas, tx } = result;
    this.#rows.push({
      name,
      ok,
      seconds: round(seconds()),
      gas: gas === undefined ? null : Number(gas),
      tx: tx ?? null,
    });
    const line = `${ok ? 'ok  ' : 'FAIL'}  ${seconds().toFixed(1).padStart(5)} s  ${name}`;
    this.output.write(`${this.output.isTTY ? '\r\u001b[K' : ''}${line}\n`);
    if (!ok) throw new StepFailedError(name, failure);
  }

  /** What a long step is at, for people. */
  doing(what: string): void {
    this.#doing = what;
    if (!this.output.isTTY) this.output.write(`           - ${what}\n`);
  }

  /** Shown at the end, below the steps. */
  addTable(table: ReportTable): void {
    this.#tables.push(table);
  }

  heading(text: string): void {
    this.output.write(`\n${text}\n`);
  }

  /** The table for people, the same as JSON for programs. */
  finish(file: string, ok: boolean): void {
    const seconds = (Date.now() - this.#started) / 1000;
    const width = Math.max(4, ...this.#rows.map(({ name }) => name.length));
    this.output.write(`\n${'step'.padEnd(width)}  ${'seconds'}  ${'gas'.padStart(9)}  transaction\n`);
    for (const row of this.#rows) {
      const gas = row.gas === null ? '' : row.gas.toLocaleString('en');
      const mark = row.ok ? '' : '  FAILED';
      this.output.write(
        `${row.name.padEnd(width)}  ${row.seconds.toFixed(1).padStart(7)}  ${gas.padStart(9)}  ${row.tx ?? ''}${mark}\n`,
      );
    }
    this.output.write(`${'total'.padEnd(width)}  ${seconds.toFixed(1).padStart(7)}\n`);
    for (const table of this.#tables) this.#writeTable(table);
    mkdirSync(dirname(file), { recursive: true });
    const more = Object.fromEntries(this.#tables.map(({ name, json }) => [name, json]));
    writeFileSync(file, `${JSON.stringify({ ok, seconds: round(seconds), steps: this.#rows, ...more }, null, 2)}\n`);
  }

  /** The first column to the left, numbers in the others to the right. */
  #writeTable({ title, head, rows }: ReportTable): void {
    const widths = head.map((name, i) => Math.max(name.length, ...rows.map((row) => (row[i] ?? '').length)));
    const line = (row: readonly string[]): string =>
      row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ');
    this.output.write(`\n${title}\n${[head, ...rows].map((row) => line(row).trimEnd()).join('\n')}\n`);
  }
}

const round = (seconds: number): number => Math.round(seconds * 10) / 10;
