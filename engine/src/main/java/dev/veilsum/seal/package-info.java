/**
 * Objects of Microsoft SEAL 4.x: its bytes, read and written, and their way to and from the
 * engine's own keys, plaintexts and ciphertexts. See docs/seal.md.
 */
package dev.veilsum.seal;
