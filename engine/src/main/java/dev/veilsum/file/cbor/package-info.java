/**
 * Canonical CBOR: the deterministic encoding of RFC 8949, section 4.2.1, read strictly. There is
 * one encoding of a value, and only that one is accepted.
 */
package dev.veilsum.file.cbor;
