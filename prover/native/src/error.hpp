// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stdexcept>
#include <string>

#include "path.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

/** An error thrown on purpose. JavaScript gets it with its `code`, and decides by that what kind of error it is. */
class CodedError : public std::runtime_error {
 public:
  /** @param code a string literal; stable */
  CodedError(const char* code, const std::string& message) : std::runtime_error(message), code_(code) {}
  const char* code() const { return code_; }

 private:
  const char* code_;
};

}  // namespace PHALANX_PATH
}  // namespace phalanx
