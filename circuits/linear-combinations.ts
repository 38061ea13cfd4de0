// SPDX-License-Identifier: GPL-3.0-or-later

/**
 * Many sums of coefficient times wire, term after term in flat arrays: a circuit has a million terms and few distinct
 * coefficients.
 */
export class LinearCombinations {
  /**
   * @param starts where each combination's terms begin, and after the last one where they end
   * @param wires of each term
   * @param places of each term, in `coefficients`
   */
  constructor(
    private readonly starts: Uint32Array,
    private readonly wires: Uint32Array,
    private readonly places: Uint32Array,
    private readonly coefficients: readonly bigint[],
  ) {}

  get count(): number {
    return this.starts.length - 1;
  }

  /** Of one combination, its terms. */
  forEachTerm(combination: number, use: (wire: number, coefficient: bigint) => void): void {
    const end = this.starts[combination + 1] ?? 0;
    for (let term = this.starts[combination] ?? 0; term < end; term++)
      use(this.wires[term] as number, this.coefficients[this.places[term] as number] as bigint);
  }

  /** Of one combination at these values of the wires; not reduced. */
  value(combination: number, values: readonly bigint[]): bigint {
    let sum = 0n;
    this.forEachTerm(combination, (wire, coefficient) => (sum += coefficient * (values[wire] ?? 0n)));
    return sum;
  }
}
