// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "../wipe.hpp"
#include "huge_buffer.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/** A HugeBuffer that is overwritten before its memory is given back: for secrets, and what tells of them. */
template <class T>
class SecretBuffer : public HugeBuffer<T> {
 public:
  using HugeBuffer<T>::HugeBuffer;
  SecretBuffer(SecretBuffer&&) noexcept = default;
  SecretBuffer& operator=(SecretBuffer&& other) noexcept {
    if (this != &other) wipe(this->span());
    HugeBuffer<T>::operator=(std::move(other));
    return *this;
  }
  ~SecretBuffer() { wipe(this->span()); }
};

}  // namespace PHALANX_PATH
}  // namespace phalanx
