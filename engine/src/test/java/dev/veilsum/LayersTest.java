package dev.veilsum;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** Each layer of the engine may call only those below it; layers on one rank not each other. */
class LayersTest {
  /** Bottom to top; a name is a package beneath dev.veilsum, without those in it that are named. */
  private static final List<List<String>> RANKS =
      List.of(
          List.of("nativelib", "io", "parallel", "random"),
          List.of("params"),
          List.of("keys", "backend"),
          List.of("ckks", "bfv", "paillier"),
          List.of("file", "seal"),
          List.of("circuit"),
          List.of("table.where"),
          List.of("table", "aggregate", "sharing"),
          List.of("privacy", "threshold"));

  @Test
  void everyLayerCallsOnlyThoseBelowIt() {
    JavaClasses classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.veilsum");
    Assertions.assertThat(classes.size()).isGreaterThan(50);
    LayeredArchitecture layers =
        layeredArchitecture().consideringOnlyDependenciesInLayers().withOptionalLayers(true);
    for (List<String> rank : RANKS) {
      for (String name : rank) {
        layers = layers.layer(name).definedBy(classesOf(name));
      }
    }
    List<String> below = new ArrayList<>();
    for (List<String> rank : RANKS) {
      for (String name : rank) {
        layers =
            below.isEmpty()
                ? layers.whereLayer(name).mayNotAccessAnyLayer()
                : layers.whereLayer(name).mayOnlyAccessLayers(below.toArray(String[]::new));
      }
      below.addAll(rank);
    }
    layers.check(classes);
  }

  private static DescribedPredicate<JavaClass> classesOf(String name) {
    List<String> within =
        RANKS.stream().flatMap(List::stream).filter(each -> each.startsWith(name + ".")).toList();
    return DescribedPredicate.describe(
        name,
        javaClass ->
            isIn(javaClass, name) && within.stream().noneMatch(each -> isIn(javaClass, each)));
  }

  private static boolean isIn(JavaClass javaClass, String name) {
    return (javaClass.getPackageName() + ".").startsWith("dev.veilsum." + name + ".");
  }

  @Test
  void everyPackageIsInALayer() {
    JavaClasses classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.veilsum");
    List<String> known = RANKS.stream().flatMap(List::stream).toList();
    Assertions.assertThat(
            classes.stream()
                .map(c -> c.getPackageName())
                .filter(name -> name.startsWith("dev.veilsum."))
                .map(name -> name.split("\\.")[2])
                .distinct())
        .isSubsetOf(known);
  }
}
