/**
 * Updates as encrypted real numbers (CKKS), for what needs more than sums: means with real weights,
 * squared norms and inner products. Ten to twenty times the bytes of {@link dev.veilsum.aggregate},
 * and approximate. See docs/aggregation.md.
 */
package dev.veilsum.aggregate.ckks;
