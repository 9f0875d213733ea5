/**
 * The {@code .vsm} container. Integers are little-endian.
 *
 * <pre>
 *   file     = "VSUM"  version u16 (1)  kind u8  zero u8  section*  end
 *   section  = type (4 ASCII letters)  length u64  bytes
 *   end      = "END."  length u64 (32)  SHA-256 of every byte before it
 * </pre>
 *
 * <p>A type whose first letter is a capital is critical: a reader that does not know it refuses the
 * file. Others are passed over. Nothing follows the end.
 */
package dev.veilsum.file;
