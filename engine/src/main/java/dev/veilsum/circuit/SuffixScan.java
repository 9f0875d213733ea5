package dev.veilsum.circuit;

import java.util.List;
import java.util.function.BinaryOperator;

/**
 * All products of a suffix, q_g q_{g+1} ... q_{n-1}, in place and ceil(log2 n) products deep
 * (Sklansky 1960): blocks of length h that hold their own suffix products are joined to blocks of
 * 2h, by the first product of the right half.
 */
final class SuffixScan {
  private SuffixScan() {}

  /**
   * @param q at least one; each element is replaced by its suffix product
   * @param product takes the element that is replaced first, and the right half's first product
   */
  static <T> void run(List<T> q, BinaryOperator<T> product) {
    int n = q.size();
    for (int h = 1; h < n; h *= 2) {
      for (int b = 0; b + h < n; b += 2 * h) {
        T right = q.get(b + h);
        for (int g = b; g < b + h; g++) {
          q.set(g, product.apply(q.get(g), right));
        }
      }
    }
  }
}
