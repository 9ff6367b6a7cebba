// Judges PDF files with veraPDF: java Judge.java FLAVOUR FILE...
// One line per file, `yes` or `no`, a tab and the file; then one line per broken rule, with a tab in front.

import java.io.FileInputStream;
import java.util.Map;
import java.util.TreeMap;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

public class Judge {
  public static void main(String[] given) throws Exception {
    VeraGreenfieldFoundryProvider.initialise();
    PDFAFlavour flavour = PDFAFlavour.fromString(given[0]);
    for (int i = 1; i < given.length; i++) {
      try (PDFAParser file = Foundries.defaultInstance().createParser(new FileInputStream(given[i]), flavour)) {
        ValidationResult result = Foundries.defaultInstance().createValidator(flavour, false).validate(file);
        System.out.println((result.isCompliant() ? "yes" : "no") + "\t" + given[i]);
        broken(result).forEach((rule, times) -> System.out.println("\t" + rule + " (" + times + " times)"));
      }
    }
  }

  private static Map<String, Integer> broken(ValidationResult result) {
    Map<String, Integer> rules = new TreeMap<>();
    for (TestAssertion one : result.getTestAssertions())
      if (one.getStatus() == TestAssertion.Status.FAILED)
        rules.merge(one.getRuleId().getClause() + "-" + one.getRuleId().getTestNumber() + " " + one.getMessage(), 1, Integer::sum);
    return rules;
  }
}
