// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

/** Folder with `<circuit>.zkey` and `<circuit>.wtns` of the test circuits: the program's first argument. */
inline std::string keyFolder;

inline std::vector<uint8_t> readFile(const std::string& name) {
  std::ifstream file(keyFolder + "/" + name, std::ios::binary);
  if (!file) throw std::runtime_error("no file " + keyFolder + "/" + name);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

#define TEST_MAIN_WITH_KEYS                                  \
  int main(int argc, char** argv) {                          \
    keyFolder = argc > 1 ? argv[1] : ".";                    \
    return phalanx_test::runAll();                           \
  }
