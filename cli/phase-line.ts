// SPDX-License-Identifier: GPL-3.0-or-later

/** Shows what runs and for how long: one line that is rewritten on a terminal, a line for each change elsewhere. */
export class PhaseLine {
  readonly #started = Date.now();
  #shown = '';

  constructor(private readonly output: NodeJS.WriteStream = process.stderr) {}

  /** @param fraction of the phase that is done, 0 to 1 */
  show(subject: string, phase: string, fraction: number): void {
    const seconds = ((Date.now() - this.#started) / 1000).toFixed(1);
    if (this.output.isTTY) {
      const share = fraction > 0 && fraction < 1 ? ` ${Math.round(fraction * 100)}%` : '';
      this.output.write(`\r\u001b[K${subject}: ${phase}${share} (${seconds} s)`);
      this.#shown = subject;
      return;
    }
    if (this.#shown === `${subject} ${phase}`) return;
    this.#shown = `${subject} ${phase}`;
    this.output.write(`${subject}: ${phase} (at ${seconds} s)\n`);
  }

  /** Leave the terminal clean for what follows. */
  end(): void {
    if (this.output.isTTY && this.#shown !== '') this.output.write('\r\u001b[K');
  }
}
