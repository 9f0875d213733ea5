#include "arith/ntt.h"

#include <bit>
#include <map>
#include <mutex>
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
  static std::map<std::pair<std::size_t, std::uint64_t>, std::shared_ptr<const Ntt>> transforms;
  const std::lock_guard lock(mutex);
  std::shared_ptr<const Ntt>& transform = transforms[{n, q}];
  if (!transform) transform = std::make_shared<const Shared>(n, q);
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
  tables_ =
      std::make_unique<const Tables>(Tables{kernel::NttTwiddles(n, q, psi_, kernel::activeIsa())});
}

void Ntt::forward(std::uint64_t* a) const { kernel::table().nttForward(tables_->twiddles, a); }

void Ntt::inverse(std::uint64_t* a) const { kernel::table().nttInverse(tables_->twiddles, a); }

}  // namespace veilsum::arith
