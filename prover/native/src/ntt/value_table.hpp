// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "../field/element.hpp"
#include "../system_random.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/**
 * Numbers distinct field elements in the order in which they first appear. A circuit has millions of coefficients and
 * few different ones, so a number of 4 bytes stands for one of 32.
 *
 * Slots are picked by a hash with a secret key, new for every table, because a key file may be made by anyone: values
 * chosen to share the slots of a known hash would take quadratic time.
 */
class ValueTable {
 public:
  /** @throws CodedError RANDOM_UNAVAILABLE */
  ValueTable() : slots_(size_t{1} << log_, EMPTY) {
    fillRandom(factors_, sizeof factors_);
    number(Fr::zero());
  }

  /** Zero's is 0. Fewer than 2^32 - 1 different elements. */
  uint32_t number(const Fr& value) {
    size_t slot = find(value);
    if (slots_[slot] != EMPTY) return slots_[slot];
    if (2 * (values_.size() + 1) > slots_.size()) {
      slots_.assign(size_t{1} << ++log_, EMPTY);
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
    // Multiply-shift (Dietzfelbinger, "Universal hashing and k-wise independent random variables via integer arithmetic
    // without primes"): two different values share the sum's upper bits no more often than two random numbers would.
    unsigned __int128 sum = factors_[4];
    for (size_t i = 0; i < 4; i++) sum += factors_[i] * value.v[i];
    const size_t mask = slots_.size() - 1;
    size_t slot = static_cast<size_t>(static_cast<uint64_t>(sum >> 64) >> (64 - log_));
    while (slots_[slot] != EMPTY && !(values_[slots_[slot]] == value)) slot = (slot + 1) & mask;
    return slot;
  }

  unsigned __int128 factors_[5];
  unsigned log_ = 6;
  std::vector<Fr> values_;
  /** 2^log, at most half of them taken */
  std::vector<uint32_t> slots_;
};

}  // namespace PHALANX_PATH
}  // namespace phalanx
