// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "../parallel/huge_buffer.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/** Memory that is kept from one use to the next, because taking it from the system anew costs page faults. */
template <class T>
class Scratch {
 public:
  /** Room for `count` elements, whose contents are lost. @throws std::bad_alloc */
  T* atLeast(size_t count) {
    if (buffer_.size() < count) {
      buffer_ = HugeBuffer<T>();
      buffer_ = HugeBuffer<T>(count + count / 8);
    }
    return buffer_.data();
  }
  T* data() { return buffer_.data(); }

 private:
  HugeBuffer<T> buffer_;
};

}  // namespace PHALANX_PATH
}  // namespace phalanx
