// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "../field/element.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/**
 * Numbers distinct field elements in the order in which they first appear. A circuit has millions of coefficients and
 * few different ones, so a number of 4 bytes stands for one of 32.
 */
class ValueTable {
 public:
  ValueTable() : slots_(64, EMPTY) { number(Fr::zero()); }

  /** Zero's is 0. Fewer than 2^32 - 1 different elements. */
  uint32_t number(const Fr& value) {
    size_t slot = find(value);
    if (slots_[slot] != EMPTY) return slots_[slot];
    if (2 * (values_.size() + 1) > slots_.size()) {
      slots_.assign(2 * slots_.size(), EMPTY);
      for (uint32_t i = 0; i < values_.size(); i++) slots_[find(values_[i])] = i;
      slot = find(value);
    }
    slots_[slot] = static_cast<uint32_t>(values_.size());
    values_.push_back(value);
    return slots_[slot];
  }

  const std::vector<Fr>& values() const { return values_; }

 private:
  static constexpr uint32_t EMPTY = UINT32_MAX;

  /** The slot that holds the value, or the empty one where it belongs. */
  size_t find(const Fr& value) const {
    uint64_t hash = 0;
    for (const uint64_t word : value.v) {
      hash = (hash ^ word) * 0x9e3779b97f4a7c15;
      hash ^= hash >> 32;
    }
    const size_t mask = slots_.size() - 1;
    size_t slot = hash & mask;
    while (slots_[slot] != EMPTY && !(values_[slots_[slot]] == value)) slot = (slot + 1) & mask;
    return slot;
  }

  std::vector<Fr> values_;
  std::vector<uint32_t> slots_;
};

}  // namespace PHALANX_PATH
}  // namespace phalanx
