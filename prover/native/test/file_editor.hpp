// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <vector>

/** A .zkey or .wtns file that is about to get a fault. */
struct FileEditor {
  std::vector<uint8_t> bytes;

  template <class T>
  T read(size_t at) const {
    T value;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
  }

  template <class T>
  void write(size_t at, T value) {
    std::memcpy(bytes.data() + at, &value, sizeof value);
  }

  /** Where a section's id stands; its length is 4, its content 12 bytes further on. */
  size_t section(uint32_t id) const {
    for (size_t at = 12; at + 12 <= bytes.size();) {
      if (read<uint32_t>(at) == id) return at;
      const uint64_t length = read<uint64_t>(at + 4);
      if (length > bytes.size()) break;
      at += 12 + length;
    }
    throw std::out_of_range("no such section");
  }

  size_t content(uint32_t id) const { return section(id) + 12; }

  /** Take bytes off a section's end, or add zeros there, and keep the file whole. */
  void resize(uint32_t id, int64_t by) {
    const size_t at = section(id), length = read<uint64_t>(at + 4);
    const auto end = bytes.begin() + static_cast<std::ptrdiff_t>(at + 12 + length);
    if (by < 0)
      bytes.erase(end + by, end);
    else
      bytes.insert(end, static_cast<size_t>(by), 0);
    write<uint64_t>(at + 4, length + static_cast<uint64_t>(by));
  }
};
