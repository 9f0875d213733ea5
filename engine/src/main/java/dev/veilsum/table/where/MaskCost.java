package dev.veilsum.table.where;

/**
 * What the mask of one chunk of rows takes.
 *
 * @param depth products of ciphertexts in a row
 * @param layers products in a row, those with public bits among them: each costs noise, or a level
 *     of CKKS
 * @param products products of ciphertexts, in all
 * @param relinearizations key switches, in all
 * @param plainProducts products with public bits, in all
 * @param ciphertexts of the table's masks that are read, each once
 */
public record MaskCost(
    int depth, int layers, int products, int relinearizations, int plainProducts, int ciphertexts) {
  /** Of what is not computed. */
  static final MaskCost NONE = new MaskCost(0, 0, 0, 0, 0, 0);
}
