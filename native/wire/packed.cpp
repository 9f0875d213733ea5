#include "wire/packed.h"

#include <bit>
#include <cstring>

namespace veilsum::wire {

static_assert(std::endian::native == std::endian::little, "words are stored as they are");

std::size_t packedBytes(std::size_t n, const arith::Modulus& q) {
  return (n * static_cast<std::size_t>(q.bits()) + 7) / 8;
}

std::size_t packedBytes(const ring::Basis& basis) {
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < basis.size(); ++i) bytes += packedBytes(basis.n(), basis.modulus(i));
  return bytes;
}

void pack(std::span<const std::uint64_t> residues, const arith::Modulus& q,
          std::span<std::uint8_t> out) {
  require(out.size() == packedBytes(residues.size(), q), Code::kInternal,
          "packing needs a buffer of exactly packedBytes()");
  const int bits = q.bits();
  std::uint64_t word = 0;  // `filled` bits wait in it
  int filled = 0;
  std::uint8_t* next = out.data();
  for (std::uint64_t r : residues) {
    word |= r << filled;
    filled += bits;
    if (filled >= 64) {
      std::memcpy(next, &word, 8);
      next += 8;
      filled -= 64;
      word = filled ? r >> (bits - filled) : 0;
    }
  }
  std::memcpy(next, &word, static_cast<std::size_t>((filled + 7) / 8));
}

void unpack(std::span<const std::uint8_t> in, const arith::Modulus& q,
            std::span<std::uint64_t> residues) {
  require(in.size() == packedBytes(residues.size(), q), Code::kCorrupt,
          "packed residues have another length than their modulus and degree say");
  const int bits = q.bits();
  const std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
  const std::uint8_t* next = in.data();
  std::size_t left = in.size();
  std::uint64_t word = 0;
  int filled = 0;
  std::uint64_t out_of_range = 0;
  for (std::uint64_t& r : residues) {
    std::uint64_t value = word;
    if (filled < bits) {
      const std::size_t take = left < 8 ? left : 8;
      std::uint64_t more = 0;
      std::memcpy(&more, next, take);
      next += take;
      left -= take;
      value |= more << filled;
      const int used = bits - filled;  // of `more`
      word = more >> used;
      filled = static_cast<int>(8 * take) - used;
    } else {
      word >>= bits;
      filled -= bits;
    }
    r = value & mask;
    out_of_range |= static_cast<std::uint64_t>(r >= q.value());
  }
  require(out_of_range == 0, Code::kCorrupt, "a packed residue is not below its modulus");
  require(word == 0, Code::kCorrupt, "the bits after the last packed residue are not zero");
}

}  // namespace veilsum::wire
