// SPDX-License-Identifier: GPL-3.0-or-later
#include "verify_addon.hpp"

#include "../verify/verify_batch.hpp"
#include "async_job.hpp"
#include "handle.hpp"

#include <cstring>

namespace phalanx {
inline namespace PHALANX_PATH {

template <> struct HandleTag<const VerifyingKey> {
  static constexpr napi_type_tag value{0x2c9d8b51e46f03a7, 0x871f5ae3c06d924b};
};

namespace {

class PrepareKey : public AsyncJob {
 public:
  explicit PrepareKey(std::vector<Words> words) : words_(std::move(words)) {}

  void run(const CancelToken&, const Progress&) override { key_ = std::make_shared<const VerifyingKey>(words_); }

  napi_value result(napi_env env) override { return makeHandle(env, std::move(key_)); }

 private:
  std::vector<Words> words_;
  std::shared_ptr<const VerifyingKey> key_;
};

class Verify : public AsyncJob {
 public:
  Verify(std::shared_ptr<const VerifyingKey> key, std::vector<Words> words, bool together)
      : key_(std::move(key)), words_(std::move(words)), together_(together) {
    const size_t length = proofCoordinates + key_->signalCount();
    if (words_.size() % length != 0) throw CodedError("INVALID_ARGUMENT", "proofs with all their signals expected");
    verdicts_.resize(words_.size() / length);
  }

  void run(const CancelToken&, const Progress&) override {
    const ProofList proofs{words_, key_->signalCount(), verdicts_};
    if (together_) verifyBatch(*key_, proofs);
    else verifyEach(*key_, proofs);
  }

  napi_value result(napi_env env) override {
    static_assert(sizeof(Verdict) == 1);
    return makeBytes(env, {reinterpret_cast<const uint8_t*>(verdicts_.data()), verdicts_.size()});
  }

 private:
  std::shared_ptr<const VerifyingKey> key_;
  std::vector<Words> words_;
  std::vector<Verdict> verdicts_;
  bool together_;
};

/** Numbers of 32 bytes, copied: the array is its owner's again at once. */
std::vector<Words> numbers(napi_env env, napi_value value) {
  napi_typedarray_type type;
  size_t length;
  void* data;
  if (napi_get_typedarray_info(env, value, &type, &length, &data, nullptr, nullptr) != napi_ok ||
      type != napi_biguint64_array || length % 4 != 0)
    throw CodedError("INVALID_ARGUMENT", "a BigUint64Array expected, four words a number");
  std::vector<Words> words(length / 4);
  if (!words.empty()) std::memcpy(words.data(), data, length * sizeof(uint64_t));
  return words;
}

/** prepareVerifyingKey(numbers) */
napi_value prepareVerifyingKey(napi_env env, napi_callback_info info) {
  const auto args = arguments(env, info, 1);
  return startJob(env, "phalanx:prepareVerifyingKey", std::make_unique<PrepareKey>(numbers(env, args[0])), args[0],
                  makeUndefined(env));
}

/** verify(key, numbers, together) */
napi_value jsVerify(napi_env env, napi_callback_info info) {
  const auto args = arguments(env, info, 3);
  auto job = std::make_unique<Verify>(openHandle<const VerifyingKey>(env, args[0]), numbers(env, args[1]),
                                      booleanOf(env, args[2]));
  return startJob(env, "phalanx:verify", std::move(job), args[1], makeUndefined(env));
}

}  // namespace

void registerVerifier(napi_env env, napi_value exports) {
  exportFunction<prepareVerifyingKey>(env, exports, "prepareVerifyingKey");
  exportFunction<jsVerify>(env, exports, "verify");
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
