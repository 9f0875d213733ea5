// Rows of packed residues, of any modulus and length. Input: a byte for the modulus, the length
// less one, then the row.

#include "fuzz/instance.h"
#include "wire/packed.h"

namespace veilsum::fuzz {

namespace {

arith::Modulus modulusOf(std::uint8_t choice) {
  const int bits = 2 + choice % 60;
  // Just below and just above a power of two: nearly no residue, and nearly every other, is
  // refused.
  const std::uint64_t top = std::uint64_t{1} << bits;
  return arith::Modulus(choice < 128 ? top - 1 : top / 2 + 1);
}

}  // namespace

std::vector<ByteVector> seeds() {
  std::vector<ByteVector> all;
  for (const int choice : {0, 18, 28, 58, 130, 178}) {
    for (const int n : {1, 7, 8, 9, 64}) {
      const arith::Modulus q = modulusOf(static_cast<std::uint8_t>(choice));
      std::vector<std::uint64_t> residues(static_cast<std::size_t>(n));
      for (auto& residue : residues) residue = numbers()() % q.value();
      ByteVector bytes(2 + wire::packedRowSize(residues.size(), q));
      bytes[0] = static_cast<std::uint8_t>(choice);
      bytes[1] = static_cast<std::uint8_t>(n - 1);
      wire::packRow(residues, q, std::span(bytes).subspan(2));
      all.push_back(bytes);
    }
  }
  return all;
}

void read(Bytes input) {
  if (input.size() < 2) return;
  const arith::Modulus q = modulusOf(input[0]);
  std::vector<std::uint64_t> residues(1 + input[1]);
  const Bytes row = input.subspan(2);
  wire::unpackRow(row, q, residues);
  ByteVector again(row.size());
  wire::packRow(residues, q, again);
  require(std::ranges::equal(again, row), Code::kInternal, "a row is not packed as it was read");
}

}  // namespace veilsum::fuzz
