// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "root_table.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/** An element in the lanes' form in memory: normal and below 1.1 (in the words of lanes_ifma.hpp). */
using Packed = std::array<uint64_t, 4>;

/**
 * From a polynomial's values on the roots of unity of order N to its values on their coset by the root of order 2N:
 * inverse transform, product with powers of that root, transform; N >= 64.
 *
 * The values form a matrix of R rows and S columns, value j at row j / S. Three sweeps, each a loop over groups that
 * any threads may share, take it in place:
 *
 *   1. columns: inverse transform of each, then entry (p, c) times w_N^(-c*p'), p' being p with its bits reversed
 *   2. rows:    inverse transform of each, coset, transform: row p then holds what columns p', p' + R, ... make of it
 *   3. columns: entry (p, c) times (g*w_N^c)^p' / N, then the transform of each
 *
 * A group's columns or rows are worked on in a scratch buffer that fits the second-level cache, and no sweep reads what
 * another group writes. Rows lie in bit-reversed order between sweeps and nothing is ever moved to mend that. Tables
 * take less than 200 bytes for each row and column.
 */
class CosetTransform {
 public:
  static constexpr unsigned MIN_LOG = 6;
  static constexpr unsigned MAX_LOG = 27;

  /** @param log of N, MIN_LOG to MAX_LOG */
  explicit CosetTransform(unsigned log);

  size_t columnGroups() const { return columns_ / GROUP; }
  size_t rowGroups() const { return rows_ / FrLanes::width; }

  /** Vectors in a group of columns: the size of the buffers below, but for rows. */
  size_t columnVectors() const { return VECTORS * rows_; }
  /** Vectors in a group of rows. */
  size_t rowVectors() const { return columns_; }
  size_t bytes() const;

  /** The factors of sweep 1 for a group, to be shared by all that is transformed. */
  void inverseTwiddles(size_t group, FrLanes* twiddles) const;
  /** The factors of sweep 3. */
  void forwardTwiddles(size_t group, FrLanes* twiddles) const;

  void loadColumns(size_t group, const Packed* values, FrLanes* columns) const;
  void storeColumns(size_t group, const FrLanes* columns, Packed* values) const;

  /** Sweep 1 between a load and a store. */
  void inverseColumns(FrLanes* columns, const FrLanes* twiddles) const;
  /** Sweep 2, from values to values. */
  void rows(size_t group, Packed* values, FrLanes* scratch) const;
  /** Sweep 3 after a load. */
  void forwardColumns(FrLanes* columns, const FrLanes* twiddles) const;

  /** Calls visit(vector of a group's columns, index of its first value). */
  template <class Visit>
  void eachVector(size_t group, Visit&& visit) const {
    for (size_t v = 0; v < VECTORS; v++)
      for (size_t p = 0; p < rows_; p++) visit(v * rows_ + p, p * columns_ + group * GROUP + v * FrLanes::width);
  }

 private:
  /** Columns in a group: 256 bytes of each row, whatever the lanes, so that whole cache lines are used. */
  static constexpr size_t GROUP = 8;
  static constexpr size_t VECTORS = GROUP / FrLanes::width;

  /** For twiddles: what the entries of column c are the powers of. */
  struct Ratios {
    /** for c = 0..7 */
    std::array<FrLanes, VECTORS> within;
    /** for the first column of each group */
    std::vector<FrLanes::Constant> group;
  };
  static Ratios ratios(Fr first, Fr step, size_t groups);
  void fillTwiddles(const Ratios& ratios, const FrLanes& start, size_t group, FrLanes* twiddles) const;

  unsigned logRows_, logColumns_;
  size_t rows_, columns_;
  RootTable inverseRoots_, roots_;
  Ratios inverseRatios_, forwardRatios_;
  FrLanes scale_;
  /** (g^R)^k for the columns k of a row, in bit-reversed order. */
  std::vector<FrLanes::Constant> coset_;
};

}  // namespace PHALANX_PATH
}  // namespace phalanx
