package dev.veilsum.cli.federated;

/**
 * An image of a handwritten digit, 28 by 28.
 *
 * @param label which digit it is, 0 to 9
 * @param places of the pixels that are not black, ascending, 0 to 783
 * @param values of those pixels, above 0, at most 1
 */
public record Digit(int label, int[] places, double[] values) {
  /** Pixels of an image. */
  public static final int PIXELS = 28 * 28;

  /** From grey values, 0 (black) to 255; {@code from} is where the image begins. */
  static Digit of(int label, byte[] greys, int from) {
    int lit = 0;
    for (int i = 0; i < PIXELS; i++) {
      lit += greys[from + i] == 0 ? 0 : 1;
    }
    int[] places = new int[lit];
    double[] values = new double[lit];
    for (int i = 0, k = 0; i < PIXELS; i++) {
      if (greys[from + i] != 0) {
        places[k] = i;
        values[k++] = (greys[from + i] & 0xff) / 255.0;
      }
    }
    return new Digit(label, places, values);
  }
}
