#include "wire/packed.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>

namespace veilsum::wire {

static_assert(std::endian::native == std::endian::little, "rows are read in the machine's order");

namespace {

[[noreturn]] void refuseSize(Code code, std::size_t found, std::size_t needed) {
  throw Error(code, "packed residues take " + std::to_string(needed) + " bytes, and there are " +
                        std::to_string(found));
}

// The b <= 61 bits at bit position `bit`, through a window of 64 bits and one byte more.
std::uint64_t bitsAt(const std::uint8_t* bytes, std::size_t bit) {
  std::uint64_t window;
  std::memcpy(&window, bytes + bit / 8, 8);
  const unsigned shift = bit % 8;
  return (window >> shift) | (std::uint64_t{bytes[bit / 8 + 8]} << 1 << (63 - shift));
}

}  // namespace

std::size_t packedRowSize(std::size_t n, const arith::Modulus& q) {
  return (n * static_cast<std::size_t>(q.bits()) + 7) / 8;
}

std::size_t packedSize(const ring::Basis& basis) {
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < basis.size(); ++i) {
    bytes += packedRowSize(basis.n(), basis.modulus(i));
  }
  return bytes;
}

void packRow(std::span<const std::uint64_t> residues, const arith::Modulus& q,
             std::span<std::uint8_t> out) {
  const std::size_t size = packedRowSize(residues.size(), q);
  if (out.size() != size) refuseSize(Code::kUsage, out.size(), size);
  const int bits = q.bits();
  std::uint8_t* next = out.data();
  std::uint64_t window = 0;
  int filled = 0;
  for (const std::uint64_t residue : residues) {
    window |= residue << filled;
    filled += bits;
    if (filled >= 64) {
      std::memcpy(next, &window, 8);
      next += 8;
      filled -= 64;
      window = residue >> (bits - filled);  // filled < bits, and bits < 64
    }
  }
  std::memcpy(next, &window, static_cast<std::size_t>(out.data() + size - next));
}

void unpackRow(std::span<const std::uint8_t> in, const arith::Modulus& q,
               std::span<std::uint64_t> out) {
  const std::size_t size = packedRowSize(out.size(), q);
  if (in.size() != size) refuseSize(Code::kCorrupt, in.size(), size);
  const auto bits = static_cast<std::size_t>(q.bits());
  const std::uint64_t mask = (std::uint64_t{1} << bits) - 1, largest = q.value() - 1;
  std::uint64_t beyond = 0;  // top bit set where a residue is not below q

  // Windows that lie within the row, then the last few from a padded copy of its end.
  const std::size_t whole = size < 9 ? 0 : std::min(out.size(), (8 * (size - 9)) / bits + 1);
  for (std::size_t i = 0; i < whole; ++i) {
    out[i] = bitsAt(in.data(), i * bits) & mask;
    beyond |= largest - out[i];
  }
  std::uint8_t end[8 + 32] = {};
  const std::size_t first = whole * bits / 8;
  if (first < size) std::memcpy(end, in.data() + first, size - first);
  for (std::size_t i = whole; i < out.size(); ++i) {
    out[i] = bitsAt(end, i * bits - first * 8) & mask;
    beyond |= largest - out[i];
  }
  if (beyond >> 63) {
    throw Error(Code::kCorrupt,
                "a packed residue is not below its modulus " + std::to_string(q.value()));
  }
  if (const std::size_t used = out.size() * bits % 8; used != 0 && in.back() >> used != 0) {
    throw Error(Code::kCorrupt, "an unused bit at the end of a packed row is set");
  }
}

void pack(std::span<const std::uint64_t> words, const ring::Basis& basis,
          std::span<std::uint8_t> out) {
  if (out.size() != packedSize(basis)) refuseSize(Code::kUsage, out.size(), packedSize(basis));
  require(words.size() == basis.n() * basis.size(), Code::kUsage,
          "a polynomial has n words for each prime");
  for (std::size_t i = 0; i < basis.size(); ++i) {
    const std::size_t bytes = packedRowSize(basis.n(), basis.modulus(i));
    packRow(words.subspan(i * basis.n(), basis.n()), basis.modulus(i), out.first(bytes));
    out = out.subspan(bytes);
  }
}

void unpack(std::span<const std::uint8_t> in, const ring::Basis& basis,
            std::span<std::uint64_t> words) {
  if (in.size() != packedSize(basis)) refuseSize(Code::kCorrupt, in.size(), packedSize(basis));
  require(words.size() == basis.n() * basis.size(), Code::kUsage,
          "a polynomial has n words for each prime");
  for (std::size_t i = 0; i < basis.size(); ++i) {
    const std::size_t bytes = packedRowSize(basis.n(), basis.modulus(i));
    unpackRow(in.first(bytes), basis.modulus(i), words.subspan(i * basis.n(), basis.n()));
    in = in.subspan(bytes);
  }
}

}  // namespace veilsum::wire
