package dev.veilsum.circuit;

import java.util.Arrays;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/** Prints {@code SignCoefficients}: the designs with the least error of max. */
final class SignGenerator {
  static final int[][] DEGREES = {{7, 7}, {15, 15}, {7, 15, 31}, {7, 7, 15, 31}, {7, 7, 7, 15, 31}};

  private SignGenerator() {}

  public static void main(String[] arguments) {
    StringBuilder java = new StringBuilder();
    java.append("package dev.veilsum.circuit;\n\n");
    java.append("import dev.veilsum.circuit.SignComposite.Stage;\nimport java.util.List;\n\n");
    java.append(
        "/** Printed by SignGenerator (in the tests); SignCompositeTest makes them again. */\n");
    java.append("final class SignCoefficients {\n  private SignCoefficients() {}\n");
    for (int[] degrees : DEGREES) {
      SignDesign design = SignDesign.best(degrees);
      String name =
          Arrays.stream(degrees).mapToObj(Integer::toString).collect(Collectors.joining("_"));
      java.append(
          String.format(
              Locale.ROOT,
              "%n  /** 2^%.2f. */%n  static final double ERROR_%s = %s;%n%n",
              Math.log(design.maxError()) / Math.log(2),
              name,
              design.maxError()));
      StringJoiner stages =
          new StringJoiner(
              ",\n", "  static final List<Stage> OF_" + name + " = List.of(\n", ");\n");
      for (SignDesign.Stage stage : design.stages()) {
        String odd =
            Arrays.stream(stage.f().c())
                .mapToObj(Double::toString)
                .collect(Collectors.joining(", ", "new double[] {", "}"));
        stages.add("new Stage(" + odd + ", " + stage.lower() + ", " + stage.margin() + ")");
      }
      java.append(stages);
    }
    System.out.print(java.append("}\n"));
  }
}
