// SPDX-License-Identifier: GPL-3.0-or-later
#include "prover_addon.hpp"

#include <optional>

#include "../groth16/prove.hpp"
#include "../groth16/witness_file.hpp"
#include "async_job.hpp"
#include "pool_addon.hpp"

namespace phalanx {
inline namespace PHALANX_PATH {

template <>
struct HandleTag<const ProvingKey> {
  static constexpr napi_type_tag value{0x1b8f64e0c7d34a9e, 0xb52d90f1686e4c07};
};

namespace {

class LoadKey : public AsyncJob {
 public:
  LoadKey(std::shared_ptr<ThreadPool> pool, Bytes zkey) : pool_(std::move(pool)), zkey_(zkey) {}

  void run(const CancelToken& cancel, const Progress& progress) override {
    key_ = std::make_shared<const ProvingKey>(zkey_, *pool_, cancel, progress);
  }

  napi_value result(napi_env env) override {
    const ZkeyHeader& header = key_->header();
    napi_value loaded;
    check(napi_create_object(env, &loaded));
    setProperty(env, loaded, "bytes", makeNumber(env, static_cast<double>(key_->bytes())));
    setProperty(env, loaded, "wires", makeNumber(env, header.wires));
    setProperty(env, loaded, "publicSignals", makeNumber(env, header.publicSignals));
    setProperty(env, loaded, "domain", makeNumber(env, static_cast<double>(header.domain())));
    setProperty(env, loaded, "handle", makeHandle(env, std::move(key_)));
    return loaded;
  }

  bool consumesInput() const override { return true; }

 private:
  std::shared_ptr<ThreadPool> pool_;
  Bytes zkey_;
  std::shared_ptr<const ProvingKey> key_;
};

class Prove : public AsyncJob {
 public:
  Prove(std::shared_ptr<ThreadPool> pool, std::shared_ptr<const ProvingKey> key, Bytes wtns)
      : pool_(std::move(pool)), key_(std::move(key)), wtns_(wtns) {}

  void run(const CancelToken& cancel, const Progress& progress) override {
    const Witness witness = readWitnessFile(wtns_, *pool_);
    const Groth16Proof proof = prove(*key_, witness.span(), Blinding::draw(), *pool_, cancel, progress);
    for (const Fq& coordinate : {proof.a.x, proof.a.y, proof.b.x.c0, proof.b.x.c1, proof.b.y.c0, proof.b.y.c1, proof.c.x,
                                 proof.c.y}) {
      numbers_.push_back(coordinate.toCanonical());
    }
    numbers_.insert(numbers_.end(), witness.begin() + 1, witness.begin() + 1 + key_->header().publicSignals);
  }

  napi_value result(napi_env env) override {
    return makeBytes(env, {reinterpret_cast<const uint8_t*>(numbers_.data()), numbers_.size() * sizeof numbers_[0]});
  }

 private:
  std::shared_ptr<ThreadPool> pool_;
  std::shared_ptr<const ProvingKey> key_;
  Bytes wtns_;
  std::vector<Words> numbers_;
};

/** loadKey(pool, zkey, onProgress) */
napi_value loadKey(napi_env env, napi_callback_info info) {
  const auto args = arguments(env, info, 3);
  auto job = std::make_unique<LoadKey>(openHandle<ThreadPool>(env, args[0]), bytesOf(env, args[1]));
  return startJob(env, "phalanx:loadKey", std::move(job), args[1], args[2]);
}

/** closeKey(key) */
napi_value closeKey(napi_env env, napi_callback_info info) {
  closeHandle<const ProvingKey>(env, arguments(env, info, 1)[0]);
  return nullptr;
}

/** prove(pool, key, wtns, onProgress) */
napi_value jsProve(napi_env env, napi_callback_info info) {
  const auto args = arguments(env, info, 4);
  auto job = std::make_unique<Prove>(openHandle<ThreadPool>(env, args[0]), openHandle<const ProvingKey>(env, args[1]),
                                     bytesOf(env, args[2]));
  return startJob(env, "phalanx:prove", std::move(job), args[2], args[3]);
}

}  // namespace

void registerProver(napi_env env, napi_value exports) {
  exportFunction<loadKey>(env, exports, "loadKey");
  exportFunction<closeKey>(env, exports, "closeKey");
  exportFunction<jsProve>(env, exports, "prove");
}

}  // namespace PHALANX_PATH
}  // namespace phalanx
