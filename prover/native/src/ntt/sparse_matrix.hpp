// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "../parallel/huge_buffer.hpp"
#include "coefficient.hpp"
#include "coset_transform.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/**
 * One matrix of a circuit's constraints, laid out for the product with a witness.
 *
 * Rows are sorted by length, longest first, and taken a block of 4 vectors at a time: every lane has its own row, and
 * rows of a block are padded to the first one's length. Rows longer than PIECE are cut, so that a few long ones cost no
 * padding; the pieces after the first go to places behind the result and are added by `finish`.
 */
class SparseMatrix {
 public:
  /**
   * @param matrix which of the coefficients count
   * @param wires the witness's length
   * @throws std::invalid_argument when a row or a wire is out of range
   */
  SparseMatrix(std::span<const Coefficient> coefficients, uint32_t matrix, size_t rows, size_t wires);

  /** Elements that `multiply` writes: rows, then further pieces. */
  size_t resultSize() const { return rows_ + owners_.size(); }
  /** Pieces of the product that threads may share. */
  size_t parts() const { return partStart_.size() - 1; }
  size_t bytes() const;

  /**
   * @param witness plain numbers below r
   * @param result resultSize() elements, of which this part's are written; each below 1
   */
  void multiply(size_t part, const Packed* witness, Packed* result) const;
  /** After all parts. */
  void finish(Packed* result) const;

 private:
  static constexpr size_t VECTORS = 4;
  static constexpr size_t BLOCK = VECTORS * FrLanes::width;
  static constexpr size_t PIECE = 64;
  static constexpr size_t PARTS = 64;
  /** Steps by which the processor is told in advance what will be read, all over the witness: twice as fast at 2^19. */
  static constexpr size_t AHEAD = 2;

  struct Entry {
    uint32_t wire;
    uint32_t value;
  };

  void multiplyBlock(size_t block, const Packed* witness, Packed* result) const;
  void sortRows(const std::vector<uint32_t>& lengths);
  void placeEntries(std::span<const Coefficient> coefficients, uint32_t matrix);
  /** Puts the values in the order in which a product meets them: many are used once, and then lie one after another. */
  void numberByUse(std::span<const Fr> values);
  void scaleValues(std::span<const Fr> values);
  void share();

  size_t rows_;
  /** Row that each further piece belongs to. */
  std::vector<uint32_t> owners_;
  /** For every place in sorted order the index in the result. */
  std::vector<uint32_t> targets_;
  /** For every index in the result its place; only while building. */
  std::vector<uint32_t> places_;
  /** For every row its first further piece; only while building. */
  std::vector<uint32_t> firstPiece_;
  /** Where each block's entries start, and the end: a step's BLOCK entries lie together. AHEAD steps more follow. */
  std::vector<size_t> blockStart_;
  std::vector<size_t> partStart_;
  HugeBuffer<Entry> entries_;
  /** Different coefficients, in the form in which a product with a plain number is in the lanes' form. */
  HugeBuffer<Packed> values_;
};

}  // namespace PHALANX_PATH
}  // namespace phalanx
