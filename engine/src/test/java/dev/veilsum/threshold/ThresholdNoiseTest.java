package dev.veilsum.threshold;

import static org.assertj.core.api.Assertions.assertThat;

import dev.veilsum.ErrorCode;
import dev.veilsum.aggregate.GradientParameters;
import dev.veilsum.aggregate.GradientRequest;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The parameters of sessions, and the statistical distance that flooding leaves. */
class ThresholdNoiseTest {
  @ParameterizedTest
  @CsvSource({"3, 2", "5, 3", "5, 5", "10, 6", "32, 32"})
  void uploadsAreSmall(int n, int t) {
    for (GradientRequest request :
        new GradientRequest[] {
          new GradientRequest(8, 1024).unitWeights(), new GradientRequest(8, 1024)
        }) {
      ThresholdSession session = ThresholdSession.create(n, t, request);
      GradientParameters parameters = session.parameters();
      double bytes = 2.0 * parameters.polynomialBytes() / parameters.chunkNumbers();
      assertThat(bytes).as(parameters.toString()).isLessThan(6.5);
      assertThat(session.noise().errorBound())
          .isLessThan(BigInteger.TWO.pow(parameters.noiseBits()));
      // The set has room for what is promised.
      assertThat(parameters.modulus())
          .isGreaterThan(session.noise().errorBound().shiftLeft(parameters.messageBits() + 1));
    }
  }

  @Test
  void refusesWhatHasNoRoom() {
    GradientRequest request = new GradientRequest(8, 1024);
    for (int[] wrong : new int[][] {{1, 1}, {3, 1}, {3, 4}, {33, 2}, {0, 0}}) {
      ThresholdTest.refused(
          ErrorCode.OUT_OF_RANGE,
          "threshold of",
          () -> ThresholdSession.create(wrong[0], wrong[1], request));
    }
    ThresholdTest.refused(
        ErrorCode.OUT_OF_RANGE,
        "bits",
        () -> ThresholdSession.create(3, 2, new GradientRequest(40, 2)));
    ThresholdTest.refused(
        ErrorCode.OUT_OF_RANGE,
        "weights",
        () -> ThresholdSession.create(3, 2, new GradientRequest(8, 0)));
    // A session file cannot say that less flooding would do.
    GradientParameters weak = request.ringDegree(8192).noiseBits(40).solve();
    ThresholdTest.refused(
        ErrorCode.NOISE_BUDGET,
        "room for 40",
        () -> new ThresholdSession(ByteBuffer.allocate(16), 3, 2, weak));
  }

  /** The probabilities of the sum of three uniform integers below w, from 0 to 3 w - 3. */
  private static double[] threeUniform(int w) {
    double[] sum = {1};
    for (int part = 0; part < 3; part++) {
      double[] next = new double[sum.length + w - 1];
      for (int i = 0; i < sum.length; i++) {
        for (int j = 0; j < w; j++) {
          next[i + j] += sum[i] / w;
        }
      }
      sum = next;
    }
    return sum;
  }

  /** 1 less the sum of the square roots of p(i) p(i - z): the squared Hellinger distance. */
  private static double hellinger(double[] p, int z) {
    double affinity = 0;
    for (int i = z; i < p.length; i++) {
      affinity += Math.sqrt(p[i] * p[i - z]);
    }
    return 1 - affinity;
  }

  /**
   * What the bound rests on, computed exactly: over k coefficients the distance is at most sqrt(2 k
   * H^2), which is at most 1.1 sqrt(k) z / w. The widths that are used are far larger; the ratio
   * falls towards sqrt(4.562) / 2 = 1.068 as they grow.
   */
  @Test
  void theDistanceOfAShiftIsQuadratic() {
    double before = 2;
    for (int w : new int[] {64, 256, 1024}) {
      double[] p = threeUniform(w);
      for (int z : new int[] {1, 2, w / 32}) {
        double ratio = Math.sqrt(2 * hellinger(p, z)) * w / z;
        assertThat(ratio).as("width %d, shift %d", w, z).isLessThan(w < 256 ? 1.15 : 1.1);
      }
      double ratio = Math.sqrt(2 * hellinger(p, 1)) * w;
      assertThat(ratio).isLessThan(before).isGreaterThan(1.0);
      before = ratio;
    }
  }

  @Test
  void floodingCoversTheErrors() {
    // The deviation of z by the same count, without any tail: the bound is 10 to 13 times that.
    GradientParameters parameters =
        ThresholdSession.create(3, 2, new GradientRequest(8, 1024).unitWeights()).parameters();
    int bits = ThresholdNoise.of(parameters, 3, 2).floodingBits();
    double proxy = 1024 * 9.0 * parameters.ringDegree() * (12 + 7.875);
    double distance =
        1.1 * Math.sqrt(proxy) * Math.scalb(1.0, ThresholdNoise.LOG_COEFFICIENTS / 2 - bits);
    assertThat(distance).isLessThan(0x1p-43).isGreaterThan(0x1p-46);
  }
}
