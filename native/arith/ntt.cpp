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

void Ntt::forward(std::uint64_t* a) const { kernel::table().nttForward(tables().twiddles, a); }

void Ntt::inverse(std::uint64_t* a) const { kernel::table().nttInverse(tables().twiddles, a); }

}  // namespace veilsum::arith
