// SPDX-License-Identifier: GPL-3.0-or-later
#include "binary_file.hpp"

#include <bit>

namespace phalanx {
inline namespace PHALANX_PATH {

static_assert(std::endian::native == std::endian::little, "files are read as they lie in memory");

namespace {

constexpr size_t FILE_HEAD = 12;
constexpr size_t SECTION_HEAD = 12;
/** Far more than any file has; each id stands once, so a search through all stays short. */
constexpr uint32_t MAX_SECTIONS = 256;

std::string text(uint64_t number) { return std::to_string(number); }

}  // namespace

BinaryFile::BinaryFile(Bytes file, const FileKind& kind) : kind_(kind) {
  if (file.size() < FILE_HEAD) refuse("ends within its first " + text(FILE_HEAD) + " bytes");
  if (std::memcmp(file.data(), kind.magic, 4) != 0) refuse("does not begin with \"" + std::string(kind.magic) + "\"");
  ByteReader head(file.subspan(4));
  const uint32_t version = head.word(), count = head.word();
  if (version != kind.version) refuse("is of version " + text(version) + ", expected " + text(kind.version));
  if (count > MAX_SECTIONS) refuse("has " + text(count) + " sections, at most " + text(MAX_SECTIONS) + " expected");
  Bytes rest = file.subspan(FILE_HEAD);
  for (uint32_t i = 0; i < count; i++) {
    if (rest.size() < SECTION_HEAD) refuse("ends before section " + text(i + 1) + " of " + text(count));
    ByteReader section(rest);
    const uint32_t id = section.word();
    const uint64_t length = section.doubleWord();
    rest = rest.subspan(SECTION_HEAD);
    // Sections follow one another, so one that is too long is the only way for two to overlap.
    if (length > rest.size())
      refuse("section " + text(id) + " has a length of " + text(length) + " bytes, " + text(rest.size()) + " are left");
    for (const Section& other : sections_)
      if (other.id == id) refuse("has section " + text(id) + " twice");
    sections_.push_back({id, rest.first(length)});
    rest = rest.subspan(length);
  }
  if (!rest.empty()) refuse("has " + text(rest.size()) + " bytes after its last section");
}

Bytes BinaryFile::section(uint32_t id, const char* name) const {
  for (const Section& section : sections_)
    if (section.id == id) return section.bytes;
  refuse("lacks section " + text(id) + " (" + name + ")");
}

Bytes BinaryFile::section(uint32_t id, const char* name, uint64_t length) const {
  const Bytes bytes = section(id, name);
  if (bytes.size() != length) {
    refuse("section " + text(id) + " (" + name + ") has " + text(bytes.size()) + " bytes, expected " + text(length));
  }
  return bytes;
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
