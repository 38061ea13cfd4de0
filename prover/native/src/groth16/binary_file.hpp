// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "../error.hpp"
#include "../field/parameters.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

using Bytes = std::span<const uint8_t>;

/** What kind of file is read: how it begins, and how it is named where it is refused. */
struct FileKind {
  char magic[5];
  uint32_t version;
  /** of the error */
  const char* code;
};

/** A file is not what its format says. The message names the section and the bound that it breaks. */
class FormatError : public CodedError {
 public:
  FormatError(const FileKind& kind, const std::string& what)
      : CodedError(kind.code, "." + std::string(kind.magic) + " file: " + what) {}
};

/**
 * iden3's binary container: magic, version, number of sections, then for each its id, its length and its bytes
 * (little-endian; the format of .zkey and .wtns). Looks into memory that the caller keeps.
 */
class BinaryFile {
 public:
  /** @throws FormatError unless it consists of whole sections, each id once, and nothing else */
  BinaryFile(Bytes file, const FileKind& kind);

  /** @throws FormatError when there is none, or it is of another length */
  Bytes section(uint32_t id, const char* name, uint64_t length) const;

  /** @throws FormatError when there is none */
  Bytes section(uint32_t id, const char* name) const;

  [[noreturn]] void refuse(const std::string& what) const { throw FormatError(kind_, what); }

 private:
  struct Section {
    uint32_t id;
    Bytes bytes;
  };

  FileKind kind_;
  std::vector<Section> sections_;
};

/** Takes little-endian numbers off the front of bytes that are known to be long enough. */
class ByteReader {
 public:
  explicit ByteReader(Bytes bytes) : rest_(bytes) {}

  uint32_t word() { return take<uint32_t>(); }
  uint64_t doubleWord() { return take<uint64_t>(); }
  Words words() { return take<Words>(); }

 private:
  template <class T>
  T take() {
    static_assert(std::is_trivially_copyable_v<T>);
    T value;
    std::memcpy(&value, rest_.first(sizeof value).data(), sizeof value);
    rest_ = rest_.subspan(sizeof value);
    return value;
  }

  Bytes rest_;
};

}  // namespace PHALANX_PATH
}  // namespace phalanx
