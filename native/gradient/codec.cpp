#include "gradient/codec.h"

#include <algorithm>
#include <array>
#include <string>

#include "arith/crt.h"
#include "base/buffer.h"
#include "kernel/table.h"
#include "ring/rows.h"
#include "wire/packed.h"

namespace veilsum::gradient {

namespace {

using arith::Modulus;
using u128 = unsigned __int128;
constexpr std::size_t kMostWords = 4;  // of a message

void validate(const rlwe::Context& context, const Layout& layout) {
  const auto refuse = [](const std::string& message) {
    throw Error(Code::kParameterMismatch, message);
  };
  if (layout.bits < 2 || layout.bits > 32) {
    refuse("numbers of " + std::to_string(layout.bits) + " bits; 2 to 32 are possible");
  }
  if (layout.digit_bits < layout.bits || layout.digit_bits > 62) {
    refuse("digits of " + std::to_string(layout.digit_bits) + " bits for numbers of " +
           std::to_string(layout.bits) + "; as many to 62 are possible");
  }
  const int message_bits = layout.per_coefficient * layout.digit_bits;
  if (layout.per_coefficient < 1 || message_bits > 64 * static_cast<int>(kMostWords)) {
    refuse(std::to_string(layout.per_coefficient) + " digits of " +
           std::to_string(layout.digit_bits) + " bits do not fit a message of 256 bits");
  }
  if (context.canKeySwitch()) refuse("gradients take no special primes");
  const auto& q = context.parameters().q;
  if (!std::is_sorted(q.begin(), q.end())) refuse("the primes of gradients must ascend");
  const double room = context.basisQ(context.maxLevel())->log2() - message_bits;
  if (room < 3) {
    refuse("messages of " + std::to_string(message_bits) + " bits leave no room for errors in " +
           std::to_string(room + message_bits) + " bits; take fewer numbers a coefficient");
  }
}

// t floor(Q / (2 t)) for t = 2^bits: Q with its lowest bits + 1 bits cleared, halved.
std::vector<std::uint64_t> halfRoundedDown(std::span<const std::uint64_t> product, int bits) {
  std::vector<std::uint64_t> half(product.size());
  for (std::size_t i = 0; i < half.size(); ++i) {
    const std::uint64_t above = i + 1 < product.size() ? product[i + 1] : 0;
    half[i] = product[i] >> 1 | above << 63;
    const int kept = bits - static_cast<int>(64 * i);  // bits of this word that are cleared
    if (kept >= 64) {
      half[i] = 0;
    } else if (kept > 0) {
      half[i] &= ~std::uint64_t{0} << kept;
    }
  }
  return half;
}

// a = a * factor modulo 2^256.
void multiplyWord(std::vector<std::uint64_t>& a, std::uint64_t factor) {
  std::uint64_t carry = 0;
  for (std::uint64_t& word : a) {
    const u128 product = u128{word} * factor + carry;
    word = static_cast<std::uint64_t>(product);
    carry = static_cast<std::uint64_t>(product >> 64);
  }
}

}  // namespace

std::shared_ptr<const Codec> Codec::create(rlwe::ContextPtr context, Layout layout) {
  validate(*context, layout);
  return std::shared_ptr<const Codec>(new Codec(std::move(context), layout));
}

Codec::Codec(rlwe::ContextPtr context, Layout layout)
    : context_(std::move(context)), layout_(layout) {
  const ring::Basis& primes = *basis();
  polynomial_bytes_ = wire::packedSize(primes);
  std::vector<Modulus> moduli;
  for (std::size_t i = 0; i < primes.size(); ++i) moduli.push_back(primes.modulus(i));
  const arith::Crt crt(moduli);
  centre_.resize(primes.size());
  crt.decompose(halfRoundedDown(crt.product(), layout.per_coefficient * layout.digit_bits),
                centre_);
  std::vector<std::uint64_t> product(kMostWords, 0);
  product[0] = 1;
  for (std::size_t i = 0; i < primes.size(); ++i) {
    const Modulus& q = moduli[i];
    std::vector<std::uint64_t> scalars, inverses;
    for (int j = 0; j <= layout.per_coefficient; ++j) {
      scalars.push_back(q.pow(2, static_cast<std::uint64_t>(j * layout.digit_bits)));
    }
    for (std::size_t j = 0; j < i; ++j) inverses.push_back(q.inverse(moduli[j].value()));
    scalars_.push_back(std::move(scalars));
    inverses_.push_back(std::move(inverses));
    products_.push_back(product);
    multiplyWord(product, q.value());
  }
}

void Codec::encodeRow(std::size_t i, std::span<const std::uint64_t> numbers,
                      std::span<const std::uint64_t> error, std::span<std::uint64_t> out) const {
  require(numbers.size() == chunkNumbers() && error.size() == n() && out.size() == n(),
          Code::kInternal, "a chunk of another size");
  std::vector<const std::uint64_t*> rows;
  for (int j = 0; j < layout_.per_coefficient; ++j) {
    rows.push_back(numbers.data() + static_cast<std::size_t>(j) * n());
  }
  rows.push_back(error.data());
  const Modulus& q = basis()->modulus(i);
  kernel::table().linearCombination(rows.data(), scalars_[i].data(), rows.size(), n(),
                                    std::max(layout_.bits, q.bits()), q.barrett(), out.data());
}

void Codec::decode(ring::Poly<ring::Coeff>& x, std::span<std::uint64_t> digits) const {
  require(x.basis() == *basis() && digits.size() == chunkNumbers(), Code::kInternal,
          "a chunk of another size");
  // x + t floor(Q / (2 t)) lies in [0, Q) as an integer, and is M modulo t.
  // Its mixed-radix digits d_i: x = sum_i d_i q_0 ... q_(i-1) (Garner 1959).
  for (std::size_t i = 0; i < x.size(); ++i) {
    const Modulus& q = x.basis().modulus(i);
    std::uint64_t* row = x.residue(i);
    for (std::size_t k = 0; k < n(); ++k) row[k] = q.add(row[k], centre_[i]);
    for (std::size_t j = 0; j < i; ++j) {
      // The primes ascend: digits of smaller ones are residues here too.
      ring::rows::subScale(q, n(), row, x.residue(j), inverses_[i][j], row);
    }
  }
  switch ((layout_.per_coefficient * layout_.digit_bits + 63) / 64) {
    case 1:
      return digitsOf<1>(x, digits);
    case 2:
      return digitsOf<2>(x, digits);
    case 3:
      return digitsOf<3>(x, digits);
    default:
      return digitsOf<4>(x, digits);
  }
}

template <std::size_t kWords>
void Codec::digitsOf(const ring::Poly<ring::Coeff>& mixed, std::span<std::uint64_t> digits) const {
  constexpr std::size_t kBlock = 128;  // divides n
  const int width = layout_.digit_bits;
  const std::uint64_t mask = (std::uint64_t{1} << width) - 1;
  // Words of a block of integers modulo 2^(64 kWords), and one of zeros for the highest windows.
  std::array<std::array<std::uint64_t, kBlock>, kWords + 1> words{};
  for (std::size_t begin = 0; begin < n(); begin += kBlock) {
    std::copy_n(mixed.residue(0) + begin, kBlock, words[0].begin());
    for (std::size_t w = 1; w < kWords; ++w) words[w].fill(0);
    for (std::size_t i = 1; i < mixed.size(); ++i) {
      const std::uint64_t* row = mixed.residue(i) + begin;
      std::array<std::uint64_t, kWords> product;
      std::copy_n(products_[i].begin(), kWords, product.begin());
      for (std::size_t k = 0; k < kBlock; ++k) {
        std::uint64_t carry = 0;
        for (std::size_t w = 0; w < kWords; ++w) {
          const u128 sum = u128{row[k]} * product[w] + words[w][k] + carry;
          words[w][k] = static_cast<std::uint64_t>(sum);
          carry = static_cast<std::uint64_t>(sum >> 64);
        }
      }
    }
    for (int j = 0; j < layout_.per_coefficient; ++j) {
      const int bit = j * width, shift = bit % 64;
      const auto& low = words[static_cast<std::size_t>(bit / 64)];
      const auto& high = words[static_cast<std::size_t>(bit / 64) + 1];
      std::uint64_t* out = digits.data() + static_cast<std::size_t>(j) * n() + begin;
      for (std::size_t k = 0; k < kBlock; ++k) {
        out[k] = (low[k] >> shift | high[k] << 1 << (63 - shift)) & mask;
      }
    }
  }
  wipe(words.data(), sizeof(words));
}

}  // namespace veilsum::gradient
