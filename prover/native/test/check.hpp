// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <vector>

/// Tests of one program: TEST(name) { CHECK(...); } and at the end of the file TEST_MAIN.
namespace phalanx_test {

struct Case {
  const char* name;
  void (*run)();
};

inline std::vector<Case>& cases() {
  static std::vector<Case> all;
  return all;
}

struct Register {
  Register(const char* name, void (*run)()) { cases().push_back({name, run}); }
};

inline const char* current = "";

[[noreturn]] inline void fail(const char* file, int line, const char* what) {
  std::fprintf(stderr, "%s:%d: %s: %s\n", file, line, current, what);
  std::exit(1);
}

inline int runAll() {
  for (const Case& one : cases()) {
    current = one.name;
    try {
      one.run();
    } catch (const std::exception& error) {
      fail("", 0, error.what());
    }
    std::printf("ok %s\n", one.name);
  }
  // A program that lost its tests must not pass.
  return cases().empty() ? 1 : 0;
}

}  // namespace phalanx_test

#define TEST(name)                                                     \
  static void test_##name();                                           \
  static const phalanx_test::Register register_##name(#name, test_##name); \
  static void test_##name()

/// Ends the program with the place and the condition, unless the condition holds. Not switched off by NDEBUG.
#define CHECK(...)                                                            \
  do {                                                                        \
    if (!(__VA_ARGS__)) phalanx_test::fail(__FILE__, __LINE__, #__VA_ARGS__); \
  } while (0)

/// The statement throws an Exception for which `error` then passes `condition`.
#define CHECK_THROWS(statement, Exception, condition)                                            \
  do {                                                                                           \
    bool thrown = false;                                                                         \
    try {                                                                                        \
      statement;                                                                                 \
    } catch (const Exception& error) {                                                           \
      thrown = true;                                                                             \
      if (!(condition)) phalanx_test::fail(__FILE__, __LINE__, #condition);                       \
    }                                                                                            \
    if (!thrown) phalanx_test::fail(__FILE__, __LINE__, "no " #Exception " from " #statement);    \
  } while (0)

#define TEST_MAIN \
  int main() { return phalanx_test::runAll(); }
