// SPDX-License-Identifier: GPL-3.0-or-later
#include "sparse_matrix.hpp"

#include <algorithm>
#include <stdexcept>

#include "value_table.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

SparseMatrix::SparseMatrix(std::span<const Coefficient> coefficients, uint32_t matrix, size_t rows, size_t wires)
    : rows_(rows) {
  std::vector<uint32_t> lengths(rows, 0);
  for (const Coefficient& c : coefficients) {
    if (c.row >= rows) throw std::invalid_argument("a coefficient's row is out of range");
    if (c.wire >= wires) throw std::invalid_argument("a coefficient's wire is out of range");
    if (c.matrix == matrix) lengths[c.row]++;
  }
  sortRows(lengths);
  placeEntries(coefficients, matrix);
  share();
  places_ = {};
  firstPiece_ = {};
}

size_t SparseMatrix::bytes() const {
  return (owners_.capacity() + targets_.capacity()) * sizeof(uint32_t) +
         (blockStart_.capacity() + partStart_.capacity()) * sizeof(size_t) + entries_.bytes() + values_.bytes();
}

void SparseMatrix::sortRows(const std::vector<uint32_t>& lengths) {
  firstPiece_.resize(rows_);
  std::vector<uint32_t> pieces(rows_);
  for (size_t row = 0; row < rows_; row++) {
    pieces[row] = std::min<uint32_t>(lengths[row], PIECE);
    firstPiece_[row] = static_cast<uint32_t>(owners_.size());
    for (uint32_t at = PIECE; at < lengths[row]; at += PIECE) owners_.push_back(static_cast<uint32_t>(row));
  }
  pieces.resize(resultSize());
  for (size_t row = 0; row < rows_; row++)
    for (uint32_t at = PIECE, i = firstPiece_[row]; at < lengths[row]; at += PIECE, i++)
      pieces[rows_ + i] = std::min<uint32_t>(lengths[row] - at, PIECE);

  // Counting sort, longest first, otherwise in order.
  std::array<uint32_t, PIECE + 2> next{};
  for (const uint32_t length : pieces) next[PIECE - length + 1]++;
  for (size_t i = 1; i < next.size(); i++) next[i] += next[i - 1];
  targets_.resize(pieces.size());
  places_.resize(pieces.size());
  for (size_t target = 0; target < pieces.size(); target++) {
    places_[target] = next[PIECE - pieces[target]]++;
    targets_[places_[target]] = static_cast<uint32_t>(target);
  }

  blockStart_.push_back(0);
  for (size_t place = 0; place < targets_.size(); place += BLOCK)
    blockStart_.push_back(blockStart_.back() + BLOCK * pieces[targets_[place]]);
}

void SparseMatrix::placeEntries(std::span<const Coefficient> coefficients, uint32_t matrix) {
  entries_ = HugeBuffer<Entry>(blockStart_.back() + AHEAD * BLOCK);
  std::fill(entries_.begin(), entries_.end(), Entry{0, 0});
  ValueTable table;
  std::vector<uint32_t> filled(rows_, 0);
  for (const Coefficient& c : coefficients) {
    if (c.matrix != matrix) continue;
    const uint32_t at = filled[c.row]++;
    const size_t target = at < PIECE ? c.row : rows_ + firstPiece_[c.row] + at / PIECE - 1;
    const size_t place = places_[target];
    entries_[blockStart_[place / BLOCK] + at % PIECE * BLOCK + place % BLOCK] = {c.wire, table.number(c.value)};
  }
  numberByUse(table.values());
}

void SparseMatrix::numberByUse(std::span<const Fr> values) {
  constexpr uint32_t NONE = UINT32_MAX;
  std::vector<uint32_t> number(values.size(), NONE);
  std::vector<Fr> ordered;
  ordered.reserve(values.size());
  for (Entry& entry : entries_) {
    uint32_t& renumbered = number[entry.value];
    if (renumbered == NONE) {
      renumbered = static_cast<uint32_t>(ordered.size());
      ordered.push_back(values[entry.value]);
    }
    entry.value = renumbered;
  }
  scaleValues(ordered);
}

void SparseMatrix::scaleValues(std::span<const Fr> values) {
  // Lanes may have another R than elements: their one tells which.
  std::array<Packed, FrLanes::width> ones;
  storePacked(ones[0].data(), FrLanes::one());
  const Fr lanesR = Fr::fromCanonical(ones[0]);
  constexpr size_t width = FrLanes::width;
  values_ = HugeBuffer<Packed>((values.size() + width - 1) / width * width);
  for (size_t i = 0; i < values.size(); i += width) {
    Fr scaled[width] = {};
    for (size_t l = 0; l < width && i + l < values.size(); l++)
      scaled[l] = mul(Fr::fromWords(values[i + l].toCanonical()), lanesR);
    storePacked(values_[i].data(), fromElements(scaled));
  }
}

void SparseMatrix::share() {
  // What a block costs beside its entries: writing its rows.
  constexpr size_t ROWS = BLOCK;
  const size_t blocks = blockStart_.size() - 1;
  const size_t total = blockStart_.back() + blocks * ROWS;
  partStart_.push_back(0);
  for (size_t block = 0; block < blocks; block++)
    if (blockStart_[block + 1] + (block + 1) * ROWS >= total * partStart_.size() / PARTS) partStart_.push_back(block + 1);
}

void SparseMatrix::multiply(size_t part, const Packed* witness, Packed* result) const {
  for (size_t block = partStart_[part]; block < partStart_[part + 1]; block++) multiplyBlock(block, witness, result);
}

void SparseMatrix::multiplyBlock(size_t block, const Packed* witness, Packed* result) const {
  constexpr size_t width = FrLanes::width;
  // Products are below 1.02, and what is reduced must be below 8.
  constexpr size_t UNREDUCED = 6;
  FrLanes sum[VECTORS];
  for (FrLanes& s : sum) s = FrLanes::zero();
  const Entry* entry = entries_.data() + blockStart_[block];
  const Entry* const end = entries_.data() + blockStart_[block + 1];
  while (entry < end) {
    for (size_t n = 0; n < UNREDUCED && entry < end; n++) {
      FrLanes value[VECTORS], wire[VECTORS];
      // Blocks lie one after another, so at a block's end this looks into the next.
      for (size_t i = AHEAD * BLOCK; i < (AHEAD + 1) * BLOCK; i++) {
        __builtin_prefetch(&witness[entry[i].wire]);
        __builtin_prefetch(&values_[entry[i].value]);
      }
      for (size_t v = 0; v < VECTORS; v++, entry += width) {
        const uint64_t *values[width], *wires[width];
        for (size_t l = 0; l < width; l++) {
          values[l] = values_[entry[l].value].data();
          wires[l] = witness[entry[l].wire].data();
        }
        value[v] = gatherPacked<FrParameters>(values);
        wire[v] = gatherPacked<FrParameters>(wires);
      }
      mulN<VECTORS>(value, value, wire);
      for (size_t v = 0; v < VECTORS; v++) sum[v] = addRaw(sum[v], value[v]);
    }
    for (FrLanes& s : sum) s = reduce(s);
  }
  const size_t first = block * BLOCK;
  for (size_t v = 0; v < VECTORS; v++) {
    std::array<Packed, width> out;
    storePacked(out[0].data(), reduceFully(sum[v]));
    for (size_t l = 0; l < width; l++) {
      const size_t place = first + v * width + l;
      if (place < targets_.size()) result[targets_[place]] = out[l];
    }
  }
}

void SparseMatrix::finish(Packed* result) const {
  // Sums modulo r are the same in every form.
  for (size_t i = 0; i < owners_.size(); i++) {
    Packed& row = result[owners_[i]];
    row = add(Fr::fromWords(row), Fr::fromWords(result[rows_ + i])).words();
  }
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
