#include "bindings/residue.h"

#include <string>

#include "arith/ntt.h"
#include "base/buffer.h"

namespace veilsum::bindings {

namespace {

struct Residue {
  std::shared_ptr<const arith::Ntt> ntt;
  Buffer<std::uint64_t> words;
};

}  // namespace

template <>
std::uint64_t memoryBytes(const Residue& a) {
  return a.words.size() * sizeof(std::uint64_t);
}

namespace residue_face {

namespace {

// The second operand, of the same ring as the first.
const Residue& like(const Residue& a, Handle b) {
  const auto& other = held<Residue>(b);
  require(other.ntt == a.ntt, Code::kParameterMismatch,
          "two residues of different degrees or primes");
  return other;
}

}  // namespace

Handle residue(int n, std::int64_t q) {
  const auto degree = static_cast<std::size_t>(n);
  return give(Residue{arith::Ntt::get(degree, static_cast<std::uint64_t>(q)),
                      Buffer<std::uint64_t>(degree)});
}

void set(Handle a, const std::int64_t* words) {
  auto& residue = held<Residue>(a);
  const std::uint64_t q = residue.ntt->modulus().value();
  for (std::size_t i = 0; i < residue.words.size(); ++i) {
    const auto word = static_cast<std::uint64_t>(words[i]);
    if (word >= q) {
      throw Error(Code::kOutOfRange, "word " + std::to_string(i) + " of a residue is " +
                                         std::to_string(word) + ", not below " + std::to_string(q) +
                                         "; reduce it first");
    }
    residue.words[i] = word;
  }
}

void get(Handle a, std::int64_t* words) {
  for (std::uint64_t word : held<Residue>(a).words) *words++ = static_cast<std::int64_t>(word);
}

void nttForward(Handle a) {
  auto& residue = held<Residue>(a);
  residue.ntt->forward(residue.words.data());
}

void nttInverse(Handle a) {
  auto& residue = held<Residue>(a);
  residue.ntt->inverse(residue.words.data());
}

void add(Handle a, Handle b) {
  auto& x = held<Residue>(a);
  const auto& y = like(x, b);
  kernel::table().add(x.words.data(), y.words.data(), x.words.size(), x.ntt->modulus().value(),
                      x.words.data());
}

void multiply(Handle a, Handle b) {
  auto& x = held<Residue>(a);
  const auto& y = like(x, b);
  kernel::table().multiply(x.words.data(), y.words.data(), x.words.size(),
                           x.ntt->modulus().barrett(), x.words.data());
}

}  // namespace residue_face

}  // namespace veilsum::bindings
