#include "arith/ntt.h"

#include <bit>
#include <map>
#include <string>
#include <utility>

#include "arith/primes.h"
#include "kernel/table.h"

namespace veilsum::arith {

struct Ntt::Tables {
  kernel::NttTwiddles twiddles;
};

std::shared_ptr<const Ntt> Ntt::get(std::size_t n, std::uint64_t q) {
  struct Shared final : Ntt {
    Shared(std::size_t n, std::uint64_t q) : Ntt(n, q) {}
  };
  static std::mutex mutex;
  static std::map<std::pair<std::size_t, std::uint64_t>, std::weak_ptr<const Ntt>> transforms;
  const std::lock_guard lock(mutex);
  if (const auto found = transforms.find({n, q}); found != transforms.end()) {
    if (auto transform = found->second.lock()) return transform;
  }
  std::erase_if(transforms, [](const auto& entry) { return entry.second.expired(); });
  std::shared_ptr<const Ntt> transform = std::make_shared<const Shared>(n, q);
  transforms.emplace(std::pair(n, q), transform);
  return transform;
}

Ntt::Ntt(std::size_t n, std::uint64_t q) : n_(n), modulus_(q), psi_(0) {
  if (n < 16 || n > 131072 || !std::has_single_bit(n)) {
    throw Error(Code::kOutOfRange,
                "a transform's length must be a power of two in [16, 131072], "
                "not " +
                    std::to_string(n));
  }
  psi_ = minimalPrimitiveRoot(2 * n, q);
}

const Ntt::Tables& Ntt::tables() const {
  std::call_once(once_, [this] {
    tables_ = std::make_unique<const Tables>(
        Tables{kernel::NttTwiddles(n_, modulus_.value(), psi_, kernel::activeIsa())});
  });
  return *tables_;
}

void Ntt::forward(const std::uint64_t* in, std::uint64_t* out) const {
  kernel::table().nttForward(tables().twiddles, in, out);
}

void Ntt::inverse(const std::uint64_t* in, std::uint64_t* out) const {
  kernel::table().nttInverse(tables().twiddles, in, tables().twiddles.scale, out);
}

void Ntt::inverse(const std::uint64_t* in, std::uint64_t* out, ShoupFactor factor) const {
  const kernel::NttTwiddles& twiddles = tables().twiddles;
  kernel::table().nttInverse(twiddles, in, twiddles.scaledBy(factor.w), out);
}

void Ntt::forwardIntegers(const std::int64_t* in, int bits, std::uint64_t* out) const {
  kernel::table().nttForwardIntegers(tables().twiddles, in, bits, modulus_.barrett(), out);
}

bool Ntt::lifts(std::uint64_t from) const {
  return from < 2 * modulus_.value() || from <= tables().twiddles.widest;
}

void Ntt::forwardLazy(const std::uint64_t* in, std::uint64_t* out) const {
  forwardLiftedLazy(in, modulus_.value(), out);
}

void Ntt::forwardLiftedLazy(const std::uint64_t* in, std::uint64_t from, std::uint64_t* out) const {
  kernel::table().nttForwardLazy(tables().twiddles, in, from, out);
}

void Ntt::forwardSmallLazy(const std::int8_t* in, std::uint64_t* out) const {
  kernel::table().nttForwardSmallLazy(tables().twiddles, in, out);
}

void Ntt::forwardSubtractScale(std::uint64_t* in, const std::uint64_t* x, ShoupFactor w,
                               std::uint64_t* out) const {
  kernel::table().nttForwardSubtractScale(tables().twiddles, in, modulus_.value(), in, x, w.w,
                                          w.quotient, out);
}

void Ntt::forwardLiftedSubtractScale(const std::uint64_t* in, std::uint64_t from,
                                     const std::uint64_t* x, ShoupFactor w,
                                     std::uint64_t* out) const {
  kernel::table().nttForwardSubtractScale(tables().twiddles, in, from, out, x, w.w, w.quotient,
                                          out);
}

}  // namespace veilsum::arith
