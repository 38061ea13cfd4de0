// SPDX-License-Identifier: GPL-3.0-or-later
#include "keys_addon.hpp"

#include "../keys/generator_multiplier.hpp"
#include "async_job.hpp"
#include "pool_addon.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

template <>
struct HandleTag<GeneratorMultiplier> {
  static constexpr napi_type_tag value{0x5c0e9b7742ad18f3, 0x83f1d26ae5407b9c};
};

namespace {

class Multiply : public AsyncJob {
 public:
  Multiply(std::shared_ptr<ThreadPool> pool, std::shared_ptr<GeneratorMultiplier> multiplier, bool inG2,
           std::span<const uint8_t> scalars, std::span<uint8_t> points)
      : pool_(std::move(pool)),
        multiplier_(std::move(multiplier)),
        inG2_(inG2),
        scalars_(scalars),
        points_(points) {}

  void run(const CancelToken& cancel, const Progress&) override {
    if (inG2_)
      multiplier_->multiplyG2(scalars_, points_, *pool_, cancel);
    else
      multiplier_->multiplyG1(scalars_, points_, *pool_, cancel);
  }

  napi_value result(napi_env env) override { return makeUndefined(env); }

 private:
  std::shared_ptr<ThreadPool> pool_;
  std::shared_ptr<GeneratorMultiplier> multiplier_;
  bool inG2_;
  std::span<const uint8_t> scalars_;
  std::span<uint8_t> points_;
};

/** openMultiplier() */
napi_value openMultiplier(napi_env env, napi_callback_info) {
  return makeHandle(env, std::make_shared<GeneratorMultiplier>());
}

/** closeMultiplier(multiplier) */
napi_value closeMultiplier(napi_env env, napi_callback_info info) {
  closeHandle<GeneratorMultiplier>(env, arguments(env, info, 1)[0]);
  return nullptr;
}

/** multiplyGenerator(pool, multiplier, inG2, scalars, points) */
napi_value multiplyGenerator(napi_env env, napi_callback_info info) {
  const auto args = arguments(env, info, 5);
  auto job = std::make_unique<Multiply>(openHandle<ThreadPool>(env, args[0]),
                                        openHandle<GeneratorMultiplier>(env, args[1]), booleanOf(env, args[2]),
                                        bytesOf(env, args[3]), bytesOf(env, args[4]));
  napi_value memory;
  check(napi_create_array_with_length(env, 2, &memory));
  check(napi_set_element(env, memory, 0, args[3]));
  check(napi_set_element(env, memory, 1, args[4]));
  return startJob(env, "phalanx:multiplyGenerator", std::move(job), memory, makeUndefined(env));
}

}  // namespace

void registerKeys(napi_env env, napi_value exports) {
  exportFunction<openMultiplier>(env, exports, "openMultiplier");
  exportFunction<closeMultiplier>(env, exports, "closeMultiplier");
  exportFunction<multiplyGenerator>(env, exports, "multiplyGenerator");
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
